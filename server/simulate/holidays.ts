import { Temporal } from 'temporal-polyfill'

/** What is left of a day's work, 1 on days that are no holiday: those that most of Europe keeps, and the days around them. */
export function holidayShare(date: Temporal.PlainDate): number {
  return fixed.get(`${date.month}-${date.day}`) ?? moving(date)
}

/** Month and day. Between Christmas and New Year few are at work. */
const fixed: ReadonlyMap<string, number> = new Map([
  ['1-1', 0.03],
  ['1-2', 0.5],
  ['5-1', 0.1],
  ['12-23', 0.55],
  ['12-24', 0.12],
  ['12-25', 0.03],
  ['12-26', 0.05],
  ...[27, 28, 29, 30].map((day) => [`12-${day}`, 0.3] as const),
  ['12-31', 0.12],
])

/** Days after Easter Sunday: Maundy Thursday to Easter Monday, Ascension and the Friday after it, Whit Monday. */
const afterEaster: ReadonlyMap<number, number> = new Map([
  [-3, 0.75],
  [-2, 0.1],
  [-1, 0.6],
  [0, 0.4],
  [1, 0.1],
  [39, 0.12],
  [40, 0.55],
  [50, 0.12],
])

function moving(date: Temporal.PlainDate): number {
  return afterEaster.get(easter(date.year).until(date).days) ?? 1
}

const easters = new Map<number, Temporal.PlainDate>()

/** Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher. */
export function easter(year: number): Temporal.PlainDate {
  const known = easters.get(year)
  if (known) return known
  const golden = year % 19
  const century = Math.floor(year / 100)
  const inCentury = year % 100
  const correction = Math.floor((8 * century + 13) / 25)
  const moon = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - moon - (inCentury % 4)) % 7
  const late = Math.floor((golden + 11 * moon + 22 * weekday) / 451)
  const days = moon + weekday - 7 * late + 114
  const date = Temporal.PlainDate.from({ year, month: Math.floor(days / 31), day: (days % 31) + 1 })
  easters.set(year, date)
  return date
}
