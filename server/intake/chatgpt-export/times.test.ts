import fc from 'fast-check'
import { expect, test } from 'vitest'
import { momentOf } from './times.ts'

test.each([
  [1733417137.176554, '2024-12-05T16:45:37.176554Z', true],
  [1750537482, '2025-06-21T20:24:42.000000Z', true],
  [1733230201.9453042, '2024-12-03T12:50:01.945304Z', false],
  [0, '1970-01-01T00:00:00.000000Z', true],
  [-1.5, '1969-12-31T23:59:58.500000Z', true],
  ['1733417137.176554', '2024-12-05T16:45:37.176554Z', false],
  ['2024-12-04T15:29:58.202606Z', '2024-12-04T15:29:58.202606Z', true],
  ['2026-07-15T12:25:30.970665+00:00', '2026-07-15T12:25:30.970665Z', false],
  ['2024-12-04 15:29:58', '2024-12-04T15:29:58.000000Z', false],
  ['2024-12-04T15:29:58.2026061+02:00', '2024-12-04T13:29:58.202606Z', false],
])('%j is %s (nothing lost: %s)', (value, at, whole) => {
  expect(momentOf(value)).toEqual({ at, whole })
})

test.each([[1733417137176], ['yesterday'], ['2024-13-40T00:00:00Z'], [true], [{}], [Number.NaN]])(
  '%j names no time and stays with the original',
  (value) => {
    expect(momentOf(value)).toEqual({ at: null, whole: false })
  },
)

test('no time is no loss', () => {
  expect([momentOf(null), momentOf(undefined)]).toEqual([
    { at: null, whole: true },
    { at: null, whole: true },
  ])
})

test('every whole microsecond of this age comes back as the number it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e15 }), (micros) => {
      const { at, whole } = momentOf(micros / 1e6)
      expect(whole).toBe(true)
      expect(Date.parse(`${at?.slice(0, 19)}Z`) * 1000 + Number(at?.slice(20, 26))).toBe(micros)
    }),
  )
})
