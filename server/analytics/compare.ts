import type { Temporal } from 'temporal-polyfill'
import {
  BadRange,
  isWholeMonth,
  isWholeWeek,
  type Period,
  parseRange,
  previous,
  type Range,
  sameWeekdays,
  yearEarlier,
} from '../../contract/periods.ts'
import { Refusal } from '../platform/refusal.ts'

/** The range that a question names, as days. */
export function rangeOf(text: string, today: Temporal.PlainDate, param = 'range'): Range {
  try {
    return parseRange(text, today)
  } catch (error) {
    if (error instanceof BadRange) throw new Refusal('bad_request', `${param}: ${error.message}`, { param })
    throw error
  }
}

/** What it is compared with: the prior equivalent period, the year before, the same weekdays before, or any range. */
export function comparisonOf(vs: string | undefined, range: Range, today: Temporal.PlainDate): Period | null {
  if (vs === undefined || vs === '') return null
  if (vs === 'prev') return previous(range)
  if (vs === 'year') return yearEarlier(range)
  return vs === 'weekdays' ? sameWeekdays(range) : rangeOf(vs, today, 'vs')
}

/** A period as a range that means the same days for ever. */
export function fixedText(period: Period): string {
  if (isWholeMonth(period)) return period.first.toString().slice(0, 7)
  return isWholeWeek(period) ? `week-${period.first}` : `${period.first}..${period.last}`
}
