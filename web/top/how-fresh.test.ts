import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { freshnessOf } from './how-fresh.ts'

const now = Temporal.Instant.from('2026-11-21T12:00:00Z')
const after = (hours: number) => freshnessOf(now.subtract({ hours }), now)

test('data are late past twelve hours and too late past two days', () => {
  expect([0, 12, 13, 48, 49].map((hours) => after(hours).level)).toEqual(['fresh', 'fresh', 'late', 'late', 'too-late'])
  expect(after(13).words).toBe('13 hours ago: counting is behind')
  expect(after(80).words).toBe('3 days ago: counting is behind')
})
