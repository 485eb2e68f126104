import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  BadRange,
  bucketsOf,
  lengthOf,
  parseRange,
  previous,
  rangePresets,
  sameWeekdays,
  steps,
  usualStep,
  yearEarlier,
} from './periods.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const today = day('2026-11-20')
const span = ({ first, last }: { first: Temporal.PlainDate; last: Temporal.PlainDate }) => `${first}..${last}`

describe('a range means', () => {
  test.each([
    ['today', '2026-11-20..2026-11-20'],
    ['yesterday', '2026-11-19..2026-11-19'],
    ['7d', '2026-11-14..2026-11-20'],
    ['28d', '2026-10-24..2026-11-20'],
    ['week-to-date', '2026-11-15..2026-11-20'],
    ['last-week', '2026-11-08..2026-11-14'],
    ['month-to-date', '2026-11-01..2026-11-20'],
    ['last-month', '2026-10-01..2026-10-31'],
    ['quarter-to-date', '2026-10-01..2026-11-20'],
    ['last-quarter', '2026-07-01..2026-09-30'],
    ['12m', '2025-11-21..2026-11-20'],
    ['2026-10', '2026-10-01..2026-10-31'],
    ['2026-11', '2026-11-01..2026-11-20'],
    ['week-2026-10-25', '2026-10-25..2026-10-31'],
    ['week-2026-10-28', '2026-10-25..2026-10-31'],
    ['2026-10-01..2026-10-19', '2026-10-01..2026-10-19'],
  ])('%s: %s', (text, days) => {
    expect(span(parseRange(text, today))).toBe(days)
  })

  test.each([
    '',
    '0d',
    '2026-13',
    '2026-02-30..2026-03-01',
    '2026-12',
    'week-2026-11-22',
    '2026-10-19..2026-10-01',
    '2026-11-01..2026-11-21',
    '2025-10-01..2026-10-01',
    '400d',
    '2026-W44',
  ])('nothing: %s is refused with a sentence', (text) => {
    expect(() => parseRange(text, today)).toThrow(BadRange)
  })

  test('every preset, on every day of leap years and others', () => {
    for (let now = day('2023-12-31'); now.year < 2026; now = now.add({ days: 1 }))
      for (const text of rangePresets) expect(lengthOf(parseRange(text, now)), `${text} on ${now}`).toBeGreaterThan(0)
    expect(span(parseRange('12m', day('2025-02-28')))).toBe('2024-02-29..2025-02-28')
  })
})

describe('a range is compared with', () => {
  test.each([
    ['2026-10', '2026-09-01..2026-09-30'],
    ['2026-03', '2026-02-01..2026-02-28'],
    ['month-to-date', '2026-10-01..2026-10-20'],
    ['last-week', '2026-11-01..2026-11-07'],
    ['week-to-date', '2026-11-08..2026-11-13'],
    ['28d', '2026-09-26..2026-10-23'],
    ['2026-10-01..2026-10-31', '2026-09-01..2026-09-30'],
    ['2026-10-01..2026-10-19', '2026-09-12..2026-09-30'],
  ])('%s: %s', (text, days) => {
    expect(span(previous(parseRange(text, today)))).toBe(days)
  })

  test('a month to date is clipped to a shorter month before', () => {
    expect(span(previous(parseRange('month-to-date', day('2026-03-30'))))).toBe('2026-02-01..2026-02-28')
  })

  test('a year earlier, a whole leap February is whole', () => {
    expect(span(yearEarlier(parseRange('2028-02', day('2028-03-05'))))).toBe('2027-02-01..2027-02-28')
    expect(span(yearEarlier(parseRange('2029-02', day('2029-03-05'))))).toBe('2028-02-01..2028-02-29')
  })
})

const anyDay = fc.integer({ min: 0, max: 20_000 }).map((days) => day('2000-01-01').add({ days }))
const anyCustom = fc.tuple(anyDay, fc.integer({ min: 0, max: 300 })).map(([first, length]) => `${first}..${first.add({ days: length })}`)
const late = day('2060-01-01')

describe('for every period', () => {
  test('the one before touches it and never overlaps', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...rangePresets), (now, text) => {
        const range = parseRange(text, now)
        const earlier = previous(range)
        expect(Temporal.PlainDate.compare(earlier.last, range.first)).toBeLessThan(0)
        if (!range.running) expect(earlier.last.add({ days: 1 }).equals(range.first)).toBe(true)
        if (range.kind === 'days') expect(lengthOf(earlier)).toBe(lengthOf(range))
      }),
    )
    fc.assert(
      fc.property(anyCustom, (text) => {
        const range = parseRange(text, late)
        expect(previous(range).last.add({ days: 1 }).equals(range.first)).toBe(true)
      }),
    )
  })

  test('the same weekdays begin on the same weekday and do not overlap', () => {
    fc.assert(
      fc.property(anyCustom, (text) => {
        const range = parseRange(text, late)
        const earlier = sameWeekdays(range)
        expect(earlier.first.dayOfWeek).toBe(range.first.dayOfWeek)
        expect(lengthOf(earlier)).toBe(lengthOf(range))
        expect(Temporal.PlainDate.compare(earlier.last, range.first)).toBeLessThan(0)
      }),
    )
  })

  test('its buckets cover each day once, in order', () => {
    fc.assert(
      fc.property(anyCustom, fc.constantFrom(...steps), (text, step) => {
        const range = parseRange(text, late)
        const buckets = bucketsOf(range, step, late)
        expect(buckets[0]?.first.equals(range.first)).toBe(true)
        expect(buckets.at(-1)?.last.equals(range.last)).toBe(true)
        buckets.slice(1).forEach((bucket, i) => {
          expect(buckets[i]?.last.add({ days: 1 }).equals(bucket.first)).toBe(true)
        })
        expect(buckets.reduce((sum, bucket) => sum + lengthOf(bucket), 0)).toBe(lengthOf(range))
      }),
    )
  })

  test('parsing its own text again gives the same days', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...rangePresets), (now, text) => {
        expect(span(parseRange(parseRange(text, now).text, now))).toBe(span(parseRange(text, now)))
      }),
    )
  })
})

test('a bucket that is cut or not over yet says it is partial', () => {
  const buckets = bucketsOf(parseRange('2026-10-27..2026-11-20', today), 'week', today)
  expect(buckets.map(({ key, partial }) => [key, partial])).toEqual([
    ['2026-10-25', true],
    ['2026-11-01', false],
    ['2026-11-08', false],
    ['2026-11-15', true],
  ])
})

test('short periods go by day, longer ones by week and month', () => {
  expect(usualStep(parseRange('28d', today))).toBe('day')
  expect(usualStep(parseRange('90d', today))).toBe('week')
  expect(usualStep(parseRange('12m', today))).toBe('month')
})
