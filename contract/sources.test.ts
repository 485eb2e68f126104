import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { sourceState } from './sources.ts'

const now = Temporal.Instant.from('2026-11-20T12:00:00Z')
const after = (hours: number, minutes = 0) => sourceState(now.subtract({ hours, minutes }).toString(), now)

test('a source is late past 12 hours, very late past 48, and silent past four weeks or when it never sent anything', () => {
  expect([after(0), after(12), after(12, 1)]).toEqual(['on-time', 'on-time', 'late'])
  expect([after(48), after(48, 1)]).toEqual(['late', 'too-late'])
  expect([after(28 * 24), after(28 * 24, 1)]).toEqual(['too-late', 'silent'])
  expect(sourceState(null, now)).toBe('silent')
})

test('a clock that runs ahead makes nothing late', () => {
  expect(after(-5)).toBe('on-time')
})
