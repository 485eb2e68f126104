import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { Refusal } from '../platform/refusal.ts'
import { comparisonOf, fixedText, rangeOf } from './compare.ts'

const today = Temporal.PlainDate.from('2026-11-21')

test.each([
  ['2026-10', 'prev', '2026-09'],
  ['2026-10', 'year', '2025-10'],
  ['week-2026-10-25', 'prev', 'week-2026-10-18'],
  ['month-to-date', 'prev', '2026-10-01..2026-10-21'],
  ['28d', 'prev', '2026-09-27..2026-10-24'],
  ['2026-11-16..2026-11-18', 'weekdays', '2026-11-09..2026-11-11'],
  ['28d', '2026-01', '2026-01'],
])('%s compared with %s is compared with %s', (text, vs, expected) => {
  const period = comparisonOf(vs, rangeOf(text, today), today)
  expect(period && fixedText(period)).toBe(expected)
})

test('nothing to compare with is nothing', () => {
  expect(comparisonOf(undefined, rangeOf('28d', today), today)).toBeNull()
})

test('a period is written so that it means the same days on any day', () => {
  const later = today.add({ years: 1 })
  for (const text of ['28d', 'month-to-date', 'last-week', '2026-10']) {
    const range = rangeOf(text, today)
    const again = rangeOf(fixedText(range), later)
    expect([again.first.toString(), again.last.toString()]).toEqual([range.first.toString(), range.last.toString()])
  }
})

test.each([['sometime'], ['2027-01'], ['2026-01-01..2027-06-01']])('"%s" is refused with its parameter', (text) => {
  expect(() => comparisonOf(text, rangeOf('28d', today), today)).toThrow(
    expect.objectContaining({ code: 'bad_request', detail: { param: 'vs' } }),
  )
  expect(() => rangeOf(text, today)).toThrow(Refusal)
})
