import { Temporal } from 'temporal-polyfill'
import type { AnalyticsReply, AnalyticsRow, ShownValue } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import { bucketsOf, type Step } from '../../contract/periods.ts'
import { daysSpan, longDay, monthName, shortDay, shortMonth } from '../format.ts'
import { drawable, figureOf } from './sheet.ts'

/** A step of the time axis with the step of the comparison that stands in the same place. */
export interface Tick {
  readonly key: string
  /** Under the axis, and in full. */
  readonly label: string
  readonly name: string
  /** Not over yet, or cut off by the ends of the range. */
  readonly partial: boolean
  readonly beforeKey: string | null
  readonly beforeName: string | null
}

export function ticksOf(reply: AnalyticsReply, step: Step, today: Temporal.PlainDate): Tick[] {
  const before = reply.comparison === null ? [] : bucketsOf(periodOf(reply.comparison), step, today)
  return bucketsOf(periodOf(reply.range), step, today).map((bucket, place) => {
    const there = before[place]
    return {
      key: bucket.key,
      label: step === 'month' ? shortMonth(bucket.key) : shortDay(bucket.first.toString()),
      name: bucketName(bucket, step),
      partial: bucket.partial,
      beforeKey: there?.key ?? null,
      beforeName: there ? bucketName(there, step) : null,
    }
  })
}

const periodOf = ({ first, last }: { first: string; last: string }) => ({
  first: Temporal.PlainDate.from(first),
  last: Temporal.PlainDate.from(last),
})

function bucketName({ key, first, last }: { key: string; first: Temporal.PlainDate; last: Temporal.PlainDate }, step: Step): string {
  if (step === 'day') return longDay(key)
  const days = daysSpan({ first: first.toString(), last: last.toString() })
  return step === 'week' ? days : first.day === 1 && last.day === last.daysInMonth ? monthName(key) : days
}

export interface TrendPoint extends Tick {
  readonly value: ShownValue
  readonly before: ShownValue
  /** The same for drawing: the line of finished steps, and the one that leads to and from the others. */
  readonly solid: number | null
  readonly dotted: number | null
  readonly base: number | null
}

export interface Trend {
  readonly step: Step
  readonly points: readonly TrendPoint[]
  readonly compared: boolean
}

/** One metric over time. Steps without a row are zero. */
export function prepareTrend(reply: AnalyticsReply, metric: MetricId, { step, today }: { step: Step; today: Temporal.PlainDate }): Trend {
  const rows = byKey(reply.rows, step)
  const bases = byKey(reply.comparison?.rows ?? [], step)
  const ticks = ticksOf(reply, step, today)
  const points = ticks.map((tick, place): TrendPoint => {
    const value = figureOf(rows.get(tick.key)?.[metric] ?? 0)
    const before = tick.beforeKey === null ? null : figureOf(bases.get(tick.beforeKey)?.[metric] ?? 0)
    const besidePartial = ticks[place + 1]?.partial === true || ticks[place - 1]?.partial === true
    return {
      ...tick,
      value,
      before,
      solid: tick.partial && ticks.length > 1 ? null : drawable(value),
      dotted: tick.partial || besidePartial ? drawable(value) : null,
      base: drawable(before),
    }
  })
  return { step, points, compared: reply.comparison !== null }
}

function byKey(rows: readonly AnalyticsRow[], step: Step): Map<string, AnalyticsRow> {
  return new Map(rows.map((row) => [String(row[step]), row]))
}
