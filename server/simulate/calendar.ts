import { Temporal } from 'temporal-polyfill'

/** Days since 1970 and seconds since 1970, in UTC: the simulator plans with whole numbers. */
export const secondsOfDay = 86_400

const epoch = Temporal.PlainDate.from('1970-01-01')

export const dayNumber = (date: Temporal.PlainDate): number => epoch.until(date).days
export const dateOf = (day: number): Temporal.PlainDate => epoch.add({ days: day })
export const dayOfSecond = (second: number): number => Math.floor(second / secondsOfDay)

/** Sunday is 0: 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (day + 4) % 7

const texts = new Map<number, string>()

/** `2026-10-25`; there are few days and many records. */
export function dayText(day: number): string {
  const known = texts.get(day)
  if (known !== undefined) return known
  const text = dateOf(day).toString()
  texts.set(day, text)
  return text
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** `2026-10-25T09:05:00Z`. */
export function timeText(second: number): string {
  const day = dayOfSecond(second)
  const rest = second - day * secondsOfDay
  const [hour, minute] = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60)]
  return `${dayText(day)}T${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[rest % 60]}Z`
}
