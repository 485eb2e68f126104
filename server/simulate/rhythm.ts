import { dateOf, weekdayOf } from './calendar.ts'
import { holidayShare } from './holidays.ts'
import type { Random } from './random.ts'

/**
 * How busy a day since 1970 is in a company, about 1 on a working day: weekday, holidays, summer, and a chance that moves slowly. It depends
 * on the seed of `random` and the day alone, so any day can be asked for by itself.
 */
export function dayFactor(random: Random, day: number): number {
  const date = dateOf(day)
  const weekday = weekdays[weekdayOf(day)] ?? 1
  const summer = (date.month === 7 && date.day > 14) || (date.month === 8 && date.day < 16) ? 0.85 : 1
  return weekday * holidayShare(date) * summer * drift(random, day)
}

/** Sunday first. Fridays end early. */
const weekdays = [0.09, 0.98, 1.08, 1.07, 1.04, 0.83, 0.11]

/** Days a wave takes and how far it goes. The longest gives the movement over a season, the shortest the difference between neighbors. */
const waves = [
  { days: 83, reach: 0.5 },
  { days: 29, reach: 0.28 },
  { days: 7, reach: 0.14 },
  { days: 1, reach: 0.05 },
] as const

/** Value noise: numbers drawn at the nodes of each wave, a smooth line between them, as close to an autoregressive series as one alone. */
function drift(random: Random, day: number): number {
  let factor = 1
  for (const { days, reach } of waves) {
    const node = Math.floor(day / days)
    const [from, to] = [random.fork('drift', days, node).float(), random.fork('drift', days, node + 1).float()]
    const share = (day - node * days) / days
    const smooth = share * share * (3 - 2 * share)
    factor *= 1 + reach * (2 * (from + (to - from) * smooth) - 1)
  }
  return factor
}

/** When in a day, in seconds of local time, something is done. Sunday is 0 or 7. */
export function secondOfDay(random: Random, weekday: number): number {
  const day = weekday % 7
  const halfHours = day === 0 || day === 6 ? atWeekends : day === 5 ? onFridays : onWorkdays
  return (halfHours[random.int(halfHours.length)] ?? 0) * 1800 + random.int(1800)
}

/** Weights of the half hours of a day: nights nearly empty, two humps with lunch between, an evening tail. */
const night = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 5]
const morning = [12, 26, 48, 66, 78, 84, 86, 82, 72, 60]
const evening = [16, 13, 12, 13, 14, 15, 15, 13, 11, 8, 6, 4, 2]
const onWorkdays = spread([...night, ...morning, 46, 50, 66, 76, 82, 80, 74, 62, 46, 32, 22, ...evening])
const onFridays = spread([...night, ...morning, 46, 50, 62, 66, 62, 52, 40, 30, 22, 17, 14, 11, 9, 8, 8, 8, 8, 8, 8, 7, 6, 5, 4, 3])
const atWeekends = spread([
  ...[3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 10, 14, 18, 22, 25, 27, 27, 26],
  ...[24, 23, 23, 24, 25, 26, 26, 26, 25, 24, 23, 23, 24, 25, 27, 28, 28, 26, 22, 18, 14, 10, 7, 5],
])

/** Each half hour as often as it weighs. */
function spread(weights: readonly number[]): Uint8Array {
  return Uint8Array.from(weights.flatMap((weight, halfHour) => new Array<number>(weight).fill(halfHour)))
}
