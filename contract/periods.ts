import { Temporal } from 'temporal-polyfill'

/**
 * Periods are calendars in UTC: whole days, both ends included. Weeks run Sunday to Saturday, as the providers' exports define them.
 * A range is stored as its meaning (`28d`, `2026-10`), so that a bookmark stays alive; it becomes days only against a today.
 */
export interface Period {
  readonly first: Temporal.PlainDate
  readonly last: Temporal.PlainDate
}

/**
 * - `month`, `week`: one calendar month or week, which may still be running
 * - `days`: anything else
 */
export type PeriodKind = 'month' | 'week' | 'days'

export interface Range extends Period {
  /** The meaning, in its shortest form. */
  readonly text: string
  readonly kind: PeriodKind
  /** The month or week is not over: it ends today and is compared with as many days. */
  readonly running: boolean
}

export const rangePresets = [
  'today',
  'yesterday',
  '7d',
  '28d',
  '30d',
  '90d',
  'week-to-date',
  'last-week',
  'month-to-date',
  'last-month',
  'quarter-to-date',
  'last-quarter',
  '12m',
] as const

export const longestMonths = 12

/** Why a text is no range, in a sentence for people. */
export class BadRange extends Error {}

/** `28d`, `2026-10`, `week-2026-10-25` (any day of the week), `2026-10-01..2026-10-19`, or a preset. */
export function parseRange(text: string, today: Temporal.PlainDate): Range {
  const range = preset(text, today) ?? named(text, today)
  if (!range) {
    throw new BadRange(
      `"${text.slice(0, 40)}" is not a range: use ${rangePresets.join(', ')}, 2026-10, week-2026-10-25 or 2026-10-01..2026-10-19`,
    )
  }
  if (before(today, range.last)) throw new BadRange('a range may not end after today')
  if (before(range.last, range.first)) throw new BadRange('a range may not end before it begins')
  // From the end: twelve months on from a 29 February are a day short.
  if (!before(range.last.subtract({ months: longestMonths }), range.first))
    throw new BadRange(`a range may have ${longestMonths} months at most`)
  return range
}

function preset(text: string, today: Temporal.PlainDate): Range | null {
  const thisMonth = today.with({ day: 1 })
  const quarter = thisMonth.subtract({ months: (today.month - 1) % 3 })
  switch (text) {
    case 'today':
      return days(text, today, today)
    case 'yesterday':
      return days(text, today.subtract({ days: 1 }), today.subtract({ days: 1 }))
    case 'week-to-date':
      return week(text, today, today)
    case 'last-week':
      return week(text, today.subtract({ weeks: 1 }), today)
    case 'month-to-date':
      return month(text, thisMonth, today)
    case 'last-month':
      return month(text, thisMonth.subtract({ months: 1 }), today)
    case 'quarter-to-date':
      return days(text, quarter, today)
    case 'last-quarter':
      return days(text, quarter.subtract({ months: 3 }), quarter.subtract({ days: 1 }))
    case '12m':
      return days(text, today.subtract({ months: 12 }).add({ days: 1 }), today)
    default:
      return lastDays(text, today)
  }
}

function lastDays(text: string, today: Temporal.PlainDate): Range | null {
  const count = Number(/^([1-9]\d{0,2})d$/.exec(text)?.[1])
  return Number.isNaN(count) ? null : days(text, today.subtract({ days: count - 1 }), today)
}

function named(text: string, today: Temporal.PlainDate): Range | null {
  const custom = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text)
  const first = date(custom?.[1])
  const last = date(custom?.[2])
  if (first && last) return ofDays(text, first, last, today)
  const wholeMonth = /^\d{4}-\d\d$/.test(text) ? date(`${text}-01`) : null
  if (wholeMonth) return month(text, wholeMonth, today)
  const inWeek = date(/^week-(\d{4}-\d\d-\d\d)$/.exec(text)?.[1])
  return inWeek ? week(text, inWeek, today) : null
}

function date(text: string | undefined): Temporal.PlainDate | null {
  try {
    return text === undefined ? null : Temporal.PlainDate.from(text)
  } catch {
    return null
  }
}

/** Days that happen to be one whole month or week are that month or week, so that they compare as one. */
function ofDays(text: string, first: Temporal.PlainDate, last: Temporal.PlainDate, today: Temporal.PlainDate): Range {
  if (isWholeMonth({ first, last })) return { ...month(text, first, today), last }
  if (isWholeWeek({ first, last })) return { ...week(text, first, today), last }
  return days(text, first, last)
}

const days = (text: string, first: Temporal.PlainDate, last: Temporal.PlainDate): Range => ({
  text,
  kind: 'days',
  first,
  last,
  running: false,
})

function month(text: string, first: Temporal.PlainDate, today: Temporal.PlainDate): Range {
  return until(today, { text, kind: 'month', first, last: first.with({ day: first.daysInMonth }), running: false })
}

function week(text: string, day: Temporal.PlainDate, today: Temporal.PlainDate): Range {
  const first = startOfWeek(day)
  return until(today, { text, kind: 'week', first, last: first.add({ days: 6 }), running: false })
}

/** A month or week that holds today ends today for now. One that begins later stays as it is, and is refused. */
function until(today: Temporal.PlainDate, range: Range): Range {
  return before(today, range.last) && !before(today, range.first) ? { ...range, last: today, running: true } : range
}

/** Temporal counts Monday as 1 and Sunday as 7. */
export function startOfWeek(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.subtract({ days: day.dayOfWeek % 7 })
}

export function before(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0
}

export function isWholeMonth({ first, last }: Period): boolean {
  return first.day === 1 && last.day === last.daysInMonth && first.toPlainYearMonth().equals(last.toPlainYearMonth())
}

export function isWholeWeek({ first, last }: Period): boolean {
  return first.dayOfWeek === 7 && first.add({ days: 6 }).equals(last)
}

/** Days of a period, both ends included. */
export function lengthOf({ first, last }: Period): number {
  return first.until(last).days + 1
}

/**
 * The prior equivalent period: a month with the month before, a week with the week before, a running one with as many of its days
 * (a longer one is clipped to its length), anything else with as many days just before.
 */
export function previous(range: Range): Period {
  const { first, last, kind } = range
  if (kind === 'week') return { first: first.subtract({ weeks: 1 }), last: last.subtract({ weeks: 1 }) }
  if (kind === 'days') return { first: first.subtract({ days: lengthOf(range) }), last: first.subtract({ days: 1 }) }
  const start = first.subtract({ months: 1 })
  return { first: start, last: range.running ? clipped(start, last.day) : start.with({ day: start.daysInMonth }) }
}

function clipped(month: Temporal.PlainDate, day: number): Temporal.PlainDate {
  return month.with({ day: Math.min(day, month.daysInMonth) })
}

/** The same days a year earlier; a whole February stays whole. */
export function yearEarlier(range: Range): Period {
  const first = range.first.subtract({ years: 1 })
  const last = range.last.subtract({ years: 1 })
  return { first, last: isWholeMonth(range) ? last.with({ day: last.daysInMonth }) : last }
}

/** As many days before, moved back to begin on the same weekday. */
export function sameWeekdays(range: Range): Period {
  const weeks = Math.ceil(lengthOf(range) / 7)
  return { first: range.first.subtract({ weeks }), last: range.last.subtract({ weeks }) }
}

export const steps = ['day', 'week', 'month'] as const
export type Step = (typeof steps)[number]

/** One point on a time axis: named by its first day, cut to the period, and whether that made it incomplete. */
export interface Bucket extends Period {
  readonly key: string
  readonly partial: boolean
}

/** Short periods by day, up to half a year by week, longer ones by month. */
export function usualStep(period: Period): Step {
  const length = lengthOf(period)
  if (length <= 62) return 'day'
  return length <= 184 ? 'week' : 'month'
}

export function startOf(step: Step, day: Temporal.PlainDate): Temporal.PlainDate {
  if (step === 'day') return day
  return step === 'week' ? startOfWeek(day) : day.with({ day: 1 })
}

/** Every bucket of a period without a gap, the oldest first. `today` itself is not over, so its bucket is partial. */
export function bucketsOf(period: Period, step: Step, today: Temporal.PlainDate): Bucket[] {
  const buckets: Bucket[] = []
  for (let start = startOf(step, period.first); !before(period.last, start); start = start.add({ [`${step}s`]: 1 })) {
    const end = start.add({ [`${step}s`]: 1 }).subtract({ days: 1 })
    const first = before(start, period.first) ? period.first : start
    const last = before(period.last, end) ? period.last : end
    buckets.push({ key: start.toString(), first, last, partial: !first.equals(start) || !last.equals(end) || !before(last, today) })
  }
  return buckets
}
