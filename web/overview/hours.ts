import type { AnalyticsReply, ShownValue } from '../../contract/analytics.ts'
import { drawable, figureOf } from '../sheet/sheet.ts'

export interface HourCell {
  readonly hour: string
  readonly value: ShownValue
  /** 0: nothing; 1 to 5 by fifths of the largest. */
  readonly heat: 0 | 1 | 2 | 3 | 4 | 5
}

export interface HourGrid {
  readonly days: readonly { readonly name: string; readonly cells: readonly HourCell[] }[]
  readonly largest: number
  /** `Tue 10:00`; null where nothing happened at all. */
  readonly peak: string | null
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const hourNames = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

/** The week as a grid; an hour without a row is zero. */
export function prepareHours(reply: AnalyticsReply, metric: 'messages' | 'active_people'): HourGrid {
  const rows = new Map(reply.rows.map((row) => [`${Number(row.weekday)} ${Number(row.hour)}`, row]))
  const valueAt = (weekday: number, hour: number) => figureOf(rows.get(`${weekday} ${hour}`)?.[metric] ?? 0)
  const numbers = reply.rows.map((row) => drawable(row[metric]) ?? 0)
  const largest = Math.max(0, ...numbers)
  const days = weekdays.map((name, weekday) => ({
    name,
    cells: hourNames.map((hour, at): HourCell => {
      const value = valueAt(weekday, at)
      return { hour, value, heat: heatOf(drawable(value), largest) }
    }),
  }))
  return { days, largest, peak: peakOf(days, largest) }
}

function heatOf(value: number | null, largest: number): HourCell['heat'] {
  if (value === null || value <= 0 || largest === 0) return 0
  const fifth = Math.ceil((value / largest) * 5)
  return fifth >= 5 ? 5 : fifth === 4 ? 4 : fifth === 3 ? 3 : fifth === 2 ? 2 : 1
}

function peakOf(days: HourGrid['days'], largest: number): string | null {
  if (largest === 0) return null
  for (const { name, cells } of days) {
    const cell = cells.find(({ value }) => value === largest)
    if (cell) return `${name} ${cell.hour}:00`
  }
  return null
}

/** From where to where each step of the key reaches. */
export function heatKey(largest: number): { heat: 1 | 2 | 3 | 4 | 5; from: number; to: number }[] {
  const steps = [1, 2, 3, 4, 5] as const
  const upTo = (step: number) => Math.floor((largest * step) / 5)
  return steps.map((heat) => ({ heat, from: upTo(heat - 1) + 1, to: upTo(heat) })).filter(({ from, to }) => from <= to)
}
