import { Temporal } from 'temporal-polyfill'

/** Conversations as the real timeline has them: the day each began and how often its person asked. */
export interface Timeline {
  readonly dates: readonly string[]
  readonly turns: readonly number[]
}

/**
 * What a timeline is like. Volumes are taken without the profile of the week, since a company rests at weekends and a public service does
 * not, and without the days that were closed (holidays here, outages there), which count as the weeks around them.
 */
export interface Shape {
  readonly conversations: number
  readonly days: number
  /** Days with less than a quarter of what the weeks around them had. */
  readonly closed: number
  /** How alike days are that lie 1 and 7 apart. */
  readonly autocorrelation: { readonly lag1: number; readonly lag7: number }
  /** Standard deviation by mean. */
  readonly variation: number
  /** The same of each day against the week around it: what is left without the slow movement. */
  readonly roughness: number
  /** Part of the volume of each weekday, Monday first. */
  readonly week: readonly number[]
  readonly turns: { readonly mean: number; readonly p50: number; readonly p90: number; readonly p99: number }
}

export function shapeOf({ dates, turns }: Timeline): Shape {
  const { volumes, firstWeekday } = dailyVolumes(dates)
  const week = weekOf(volumes, firstWeekday)
  const level = opened(volumes.map((volume, i) => volume / ((week[(firstWeekday + i) % 7] ?? 0) * 7 || 1)))
  const sorted = [...turns].sort((a, b) => a - b)
  return {
    conversations: dates.length,
    days: volumes.length,
    closed: level.closed,
    autocorrelation: { lag1: autocorrelation(level.series, 1), lag7: autocorrelation(level.series, 7) },
    variation: deviation(level.series) / mean(level.series),
    roughness: roughness(level.series),
    week,
    turns: { mean: mean(turns), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), p99: quantile(sorted, 0.99) },
  }
}

/** How far one shape is from another; every distance is 0 for two of the same. */
export interface Distance {
  readonly autocorrelation: { readonly lag1: number; readonly lag7: number }
  readonly variation: number
  readonly roughness: number
  /** Total variation: the part of a week's volume that lies on other weekdays. */
  readonly week: number
  readonly turns: {
    /** Kolmogorov and Smirnov: the largest difference of the shares of conversations up to a number of turns. */
    readonly kolmogorovSmirnov: number
    readonly mean: number
  }
}

export function distanceOf(real: Timeline, simulated: Timeline): Distance {
  const [a, b] = [shapeOf(real), shapeOf(simulated)]
  return {
    autocorrelation: {
      lag1: Math.abs(a.autocorrelation.lag1 - b.autocorrelation.lag1),
      lag7: Math.abs(a.autocorrelation.lag7 - b.autocorrelation.lag7),
    },
    variation: Math.abs(a.variation - b.variation),
    roughness: Math.abs(a.roughness - b.roughness),
    week: a.week.reduce((sum, share, i) => sum + Math.abs(share - (b.week[i] ?? 0)) / 2, 0),
    turns: { kolmogorovSmirnov: kolmogorovSmirnov(real.turns, simulated.turns), mean: Math.abs(a.turns.mean - b.turns.mean) },
  }
}

/** Conversations of every day from the first to the last, days without any among them. */
function dailyVolumes(dates: readonly string[]): { volumes: number[]; firstWeekday: number } {
  const counts = new Map<string, number>()
  for (const date of dates) counts.set(date, (counts.get(date) ?? 0) + 1)
  const named = [...counts.keys()].sort()
  const [first, last] = [named[0], named.at(-1)].map((date) => Temporal.PlainDate.from(date ?? '1970-01-01'))
  if (!first || !last) return { volumes: [], firstWeekday: 0 }
  const days = first.until(last).days + 1
  const volumes = Array.from({ length: days }, (_, i) => counts.get(first.add({ days: i }).toString()) ?? 0)
  return { volumes, firstWeekday: first.dayOfWeek - 1 }
}

/** The part of the volume of each weekday, Monday first, each weekday by the mean of its days. */
function weekOf(volumes: readonly number[], firstWeekday: number): number[] {
  const means = Array.from({ length: 7 }, (_, weekday) => mean(volumes.filter((_, i) => (firstWeekday + i) % 7 === weekday)))
  const sum = means.reduce((total, value) => total + value, 0)
  return means.map((value) => value / sum)
}

function opened(level: readonly number[]): { series: number[]; closed: number } {
  let closed = 0
  const series = level.map((value, i) => {
    const around = quantile(
      [...level.slice(Math.max(0, i - 14), i + 15)].sort((a, b) => a - b),
      0.5,
    )
    if (value >= around / 4) return value
    closed++
    return around
  })
  return { series, closed }
}

export function autocorrelation(series: readonly number[], lag: number): number {
  const middle = mean(series)
  const off = series.map((value) => value - middle)
  const together = off.slice(lag).reduce((sum, value, i) => sum + value * (off[i] ?? 0), 0)
  return together / off.reduce((sum, value) => sum + value * value, 0)
}

function roughness(level: readonly number[]): number {
  return deviation(level.map((value, i) => value / (mean(level.slice(Math.max(0, i - 3), i + 4)) || 1)))
}

export function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): number {
  const [first, second] = [[...a].sort((x, y) => x - y), [...b].sort((x, y) => x - y)]
  let [i, j, largest] = [0, 0, 0]
  while (i < first.length && j < second.length) {
    const value = Math.min(first[i] ?? 0, second[j] ?? 0)
    while (i < first.length && first[i] === value) i++
    while (j < second.length && second[j] === value) j++
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length))
  }
  return largest
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}

const quantile = (sorted: readonly number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
