import { describe, expect, test } from 'vitest'
import { brief, changeOf, daysSpan, longDay, shown, utcMoment } from './format.ts'

describe('a change', () => {
  const text = (value: number, base: number, unit: 'count' | 'share' | 'ratio' | 'seconds' = 'count') => changeOf(value, base, unit)?.text

  test('is a difference and a percentage', () => {
    expect(changeOf(630, 600, 'count')).toEqual({ direction: 'up', text: '+30, +5.0 %' })
    expect(changeOf(570, 600, 'count')).toEqual({ direction: 'down', text: '−30, −5.0 %' })
  })

  test('has no percentage on a base under ten, and none at all on nothing', () => {
    expect(text(12, 9)).toBe('+3')
    expect(text(12, 0)).toBe('new')
    expect(text(12, 12)).toBe('no change')
  })

  test('of a share is in percentage points', () => {
    expect(text(0.5, 0.482, 'share')).toBe('+1.8 pp')
    expect(text(0.5, 0.49999, 'share')).toBe('no change')
  })

  test('of something hidden or not defined is not worked out', () => {
    expect(changeOf({ hidden: 'too-few-people' }, 5, 'count')).toBeNull()
    expect(changeOf(5, { hidden: 'too-few-people' }, 'count')).toBeNull()
    expect(changeOf(null, 5, 'ratio')).toBeNull()
  })
})

test('a hidden value is words, never a number', () => {
  expect(shown({ hidden: 'too-few-people' }, 'count')).toBe('fewer than 10 people')
  expect(shown(null, 'ratio')).toBe('–')
  expect(shown(0, 'count')).toBe('0')
})

test('lengths of time read as people say them', () => {
  expect([42, 371, 3600, 7265].map((value) => shown(value, 'seconds'))).toEqual(['42 s', '6 min 11 s', '1 h 0 min', '2 h 1 min'])
})

test('days are spelled out, and a year that is the same is said once', () => {
  expect(longDay('2026-11-04')).toBe('Wed, 4 Nov 2026')
  expect(daysSpan({ first: '2026-10-24', last: '2026-11-20' })).toBe('24 Oct – 20 Nov 2026')
  expect(daysSpan({ first: '2025-12-24', last: '2026-01-20' })).toBe('24 Dec 2025 – 20 Jan 2026')
  expect(daysSpan({ first: '2026-01-20', last: '2026-01-20' })).toBe('20 Jan 2026')
})

test('a moment keeps its day in UTC', () => {
  expect(utcMoment('2026-11-19T23:59:59.5Z')).toMatchObject({ day: '19 Nov 2026', time: '23:59' })
})

test('an axis has short numbers', () => {
  expect([0, 950, 1200, 3_400_000].map(brief)).toEqual(['0', '950', '1.2K', '3.4M'])
})
