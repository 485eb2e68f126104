import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochSeconds, isTime, microseconds } from './times.ts'

describe('microseconds', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.000001Z', 1],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['2024-05-01T12:00:00.123456Z', 1_714_564_800_123_456],
    ['2024-05-01T12:00Z', 1_714_564_800_000_000],
    ['2024-05-01T14:30:00.5+02:30', 1_714_564_800_500_000],
    ['2024-05-01T09:00:00-03:00', 1_714_564_800_000_000],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000_000],
  ])('of %s are %d', (time, expected) => {
    expect(microseconds(time)).toBe(expected)
  })

  test('are rounded to the nearest, and a half to the even one, as PostgreSQL does', () => {
    const of = (fraction: string) => microseconds(`2024-05-01T12:00:00.${fraction}Z`) - 1_714_564_800_000_000
    expect(['0000004', '0000006', '0000005', '0000015', '1234565', '9999996'].map(of)).toEqual([0, 1, 0, 2, 123_456, 1_000_000])
  })

  test('tell apart any two times that differ by one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), fc.integer({ min: 0, max: 999_998 }), (second, micro) => {
        const at = (m: number) => microseconds(`${new Date(second * 1000).toISOString().slice(0, 19)}.${String(m).padStart(6, '0')}Z`)
        expect(at(micro + 1) - at(micro)).toBe(1)
        expect(at(micro)).toBe(second * 1_000_000 + micro)
      }),
    )
  })
})

test('a provider gets seconds as a number, with the fraction the source gave', () => {
  expect(epochSeconds('2024-05-01T12:00:00Z')).toBe(1_714_564_800)
  expect(epochSeconds('2024-05-01T12:00:00.25Z')).toBe(1_714_564_800.25)
  expect(epochSeconds('2024-05-01T12:00:00.123456Z')).toBe(1_714_564_800.123456)
})

test('only what names an instant is a time', () => {
  expect(['2024-02-29T00:00:00Z', '2024-05-01T12:00:00+14:00', '9999-12-31T23:59:59.999999Z'].map(isTime)).toEqual([true, true, true])
  expect(['yesterday', '', '2024-05-01', '2024-05-01T12:00:00', '2024-13-01T00:00:00Z', '1714564800'].map(isTime)).toEqual(
    Array.from({ length: 6 }, () => false),
  )
})
