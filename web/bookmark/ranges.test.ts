import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { lengthOf, parseRange, rangePresets } from '../../contract/periods.ts'
import { fixed, neighbour, presets, rangeName, recentMonths, recentWeeks } from './ranges.ts'

const today = Temporal.PlainDate.from('2026-11-21')
const range = (text: string) => parseRange(text, today)

test('every preset of the contract can be chosen, by a letter that no other has', () => {
  expect(presets.map(({ text }) => text)).toEqual([...rangePresets])
  expect(new Set(presets.map(({ letter }) => letter)).size).toBe(presets.length)
  expect(presets.map(({ letter }) => letter)).not.toContain('c')
})

test('a period back and on again is where one was', () => {
  const texts = fc.constantFrom('2026-10', 'week-2026-10-25', '28d', '7d', '2026-02-03..2026-03-01', 'yesterday', 'last-month', 'last-week')
  fc.assert(
    fc.property(texts, (text) => {
      const earlier = neighbour(range(text), -1, today)
      const back = earlier && neighbour(earlier, 1, today)
      expect(back && fixed(back)).toBe(fixed(range(text)))
    }),
  )
})

test('a month stays a month and days keep their number', () => {
  expect(neighbour(range('2026-10'), -1, today)?.text).toBe('2026-09')
  expect(neighbour(range('2026-10'), 1, today)).toMatchObject({ text: '2026-11', running: true })
  const earlier = neighbour(range('28d'), -1, today)
  expect(earlier?.text).toBe('2026-09-27..2026-10-24')
  expect(earlier && lengthOf(earlier)).toBe(28)
  expect(earlier && neighbour(earlier, 1, today)?.text).toBe('28d')
})

test('twelve months with a 29 February in them have twelve months before them', () => {
  const leap = Temporal.PlainDate.from('2024-06-10')
  expect(neighbour(parseRange('12m', leap), -1, leap)?.text).toBe('2022-06-11..2023-06-10')
})

test('nothing leads past today', () => {
  expect(['28d', 'today', '2026-11', 'week-to-date'].map((text) => neighbour(range(text), 1, today))).toEqual([null, null, null, null])
})

test('ranges are named as people call them', () => {
  expect(['28d', '2026-10', 'week-2026-10-25', '2026-10-01..2026-10-19', '2026-11'].map((text) => rangeName(range(text)))).toEqual([
    'Last 28 days',
    'October 2026',
    'Week of 25 Oct – 31 Oct 2026',
    '1 Oct – 19 Oct 2026',
    'November 2026, so far',
  ])
})

test('every month and week on offer is a range', () => {
  for (const { text } of [...recentMonths(today), ...recentWeeks(today)]) expect(() => range(text)).not.toThrow()
})
