import { describe, expect, test } from 'vitest'
import { autocorrelation, distanceOf, kolmogorovSmirnov, shapeOf } from './distribution.ts'
import { realDays, realTimeline } from './real-timeline.ts'
import { simulatedTimeline } from './simulated-timeline.ts'

describe('the shape of a timeline', () => {
  const days = (volumes: readonly number[]) =>
    volumes.flatMap((volume, i) => new Array<string>(volume).fill(`2026-06-${String(i + 1).padStart(2, '0')}`))

  test('is counted from its days and turns', () => {
    const dates = days([10, 20, 20, 20, 20, 10, 4, 10, 20, 20, 20, 20, 10, 4])
    const shape = shapeOf({ dates, turns: [1, 1, 1, 1, 2, 2, 3, 3, 8, 18] })
    expect(shape).toMatchObject({ conversations: 208, days: 14, closed: 0 })
    expect([shape.variation, shape.roughness]).toEqual([expect.closeTo(0, 10), expect.closeTo(0, 10)])
    // 2026-06-01 is a Monday.
    expect(shape.week).toEqual([10, 20, 20, 20, 20, 10, 4].map((volume) => expect.closeTo(volume / 104, 10)))
    expect(shape.turns).toEqual({ mean: 4, p50: 2, p90: 18, p99: 18 })
  })

  test('takes a closed day as the weeks around it', () => {
    const { closed, variation } = shapeOf({ dates: days([9, 9, 9, 9, 9, 9, 9, 9, 9, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]), turns: [1] })
    expect(closed).toBe(1)
    expect(variation).toBeLessThan(0.2)
  })

  test('has the autocorrelation worked out by hand', () => {
    expect(autocorrelation([1, 2, 3, 4], 1)).toBeCloseTo((-1.5 * -0.5 + -0.5 * 0.5 + 0.5 * 1.5) / 5, 12)
    expect(autocorrelation([1, -1, 1, -1, 1, -1], 2)).toBeCloseTo(4 / 6, 12)
  })

  test('has a Kolmogorov–Smirnov distance of 0 to itself, 1 to what it does not meet, and a share between', () => {
    expect(kolmogorovSmirnov([3, 1, 2, 2], [2, 3, 2, 1])).toBe(0)
    expect(kolmogorovSmirnov([1, 2], [3, 4, 5])).toBe(1)
    expect(kolmogorovSmirnov([1, 1, 2, 3], [1, 2, 3, 3])).toBe(0.25)
  })

  test('is no distance from itself', () => {
    const timeline = { dates: days([3, 5, 8, 2, 9, 1, 7, 3, 4, 4]), turns: [1, 2, 5] }
    const zero = { variation: 0, roughness: 0, week: 0, autocorrelation: { lag1: 0, lag7: 0 }, turns: { kolmogorovSmirnov: 0, mean: 0 } }
    expect(distanceOf(timeline, timeline)).toEqual(zero)
  })
})

describe('a simulated company beside the real timeline', () => {
  const real = realTimeline()

  test.skipIf(real === null).each(['a', 'b', 'c'])('moves as slowly and asks as often, whatever the seed (%s)', (seed) => {
    if (!real) return
    const distance = distanceOf(real, simulatedTimeline({ seed, people: 300, ...realDays }))
    expect(distance.turns.kolmogorovSmirnov).toBeLessThan(0.02)
    expect(distance.turns.mean).toBeLessThan(0.15)
    expect(distance.autocorrelation.lag1).toBeLessThan(0.2)
    expect(distance.autocorrelation.lag7).toBeLessThan(0.3)
    expect(distance.roughness).toBeLessThan(0.1)
    // A company rests at weekends: its week is meant to differ.
    expect(distance.week).toBeGreaterThan(0.1)
  })
})
