import { Temporal } from 'temporal-polyfill'
import type { HiddenValue, ShownValue } from '../contract/analytics.ts'
import { type Metric, type MetricId, metrics } from '../contract/metrics.ts'

/** Every number and every date on the screen is written here. Digits follow the reader's locale; dates are spelled out and never move. */

type Unit = Metric['unit']

export function isHidden(value: unknown): value is HiddenValue {
  return typeof value === 'object' && value !== null && 'hidden' in value
}

const hiddenWords: Record<HiddenValue['hidden'], string> = {
  'too-few-people': 'fewer than 10 people',
  'not-permitted': 'not for your role',
}

/** A value as people read it; what is not defined is a dash, what may not be shown says why. */
export function shown(value: ShownValue | undefined, unit: Unit): string {
  if (value === null || value === undefined) return '–'
  return isHidden(value) ? hiddenWords[value.hidden] : written(value, unit)
}

export const unitOf = (metric: MetricId): Unit => metrics[metric].unit

export function written(value: number, unit: Unit): string {
  switch (unit) {
    case 'count':
      return wholes.format(value)
    case 'ratio':
      return tenths.format(value)
    case 'share':
      return `${tenths.format(value * 100)} %`
    case 'seconds':
      return duration(value)
  }
}

const wholes = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** For an axis, where there is no room. */
export function brief(value: number): string {
  return compact.format(value)
}

function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

export interface Change {
  readonly direction: 'up' | 'down' | 'same'
  /** `+630, +5.3 %`; percentage points for shares; `new` where there was nothing. */
  readonly text: string
}

/** Percentages of less than this say nothing. */
const smallestBase = 10

/** null: one of the two is hidden or not defined, so there is nothing to compare. */
export function changeOf(value: ShownValue | undefined, base: ShownValue | undefined, unit: Unit): Change | null {
  if (typeof value !== 'number' || typeof base !== 'number') return null
  const difference = value - base
  const text = changeText(value, base, unit)
  if (text === null) return { direction: 'same', text: 'no change' }
  return { direction: difference > 0 ? 'up' : 'down', text }
}

function changeText(value: number, base: number, unit: Unit): string | null {
  const difference = value - base
  const size = unit === 'share' ? `${tenths.format(Math.abs(difference) * 100)} pp` : written(Math.abs(difference), unit)
  if (difference === 0 || size === (unit === 'share' ? `${tenths.format(0)} pp` : written(0, unit))) return null
  if (base === 0) return 'new'
  const signed = `${sign(difference)}${size}`
  const percentSaysSomething = unit === 'seconds' || unit === 'ratio' || (unit === 'count' && base >= smallestBase)
  return percentSaysSomething ? `${signed}, ${sign(difference)}${tenths.format(Math.abs(difference / base) * 100)} %` : signed
}

const sign = (difference: number) => (difference > 0 ? '+' : '−')

const day = (text: string) => Temporal.PlainDate.from(text)
const dates = (options: Intl.DateTimeFormatOptions) => (text: string) => day(text).toLocaleString('en-GB', options)

/** `Wed 4 Nov 2026` */
export const longDay = dates({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
/** `4 Nov 2026` */
export const fullDay = dates({ day: 'numeric', month: 'short', year: 'numeric' })
/** `4 Nov`, for an axis. */
export const shortDay = dates({ day: 'numeric', month: 'short' })
/** `November 2026` */
export const monthName = dates({ month: 'long', year: 'numeric' })
/** `Nov 2026`, for an axis. */
export const shortMonth = dates({ month: 'short', year: 'numeric' })

/** `24 Oct – 20 Nov 2026`; a year is said once where it is the same. */
export function daysSpan({ first, last }: { first: string; last: string }): string {
  if (first === last) return fullDay(first)
  return `${first.slice(0, 4) === last.slice(0, 4) ? shortDay(first) : fullDay(first)} – ${fullDay(last)}`
}

/** A moment in UTC: its day, and its time of day. */
export function utcMoment(instant: string): { day: string; time: string; localTime: string } {
  const moment = Temporal.Instant.from(instant)
  const utc = moment.toZonedDateTimeISO('UTC')
  const local = moment.toZonedDateTimeISO(Temporal.Now.timeZoneId())
  return { day: fullDay(utc.toPlainDate().toString()), time: clock(utc), localTime: clock(local) }
}

const clock = (time: Temporal.ZonedDateTime) => time.toPlainTime().toString({ smallestUnit: 'minute' })
