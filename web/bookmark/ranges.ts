import type { Temporal } from 'temporal-polyfill'
import { before, lengthOf, longestMonths, type Range } from '../../contract/periods.ts'
import { daysSpan, monthName } from '../format.ts'
import { rangeOrNot } from './bookmark.ts'

/** The presets, each with its letter: after `d`, and alone while the picker is open. */
export const presets = [
  { text: 'today', letter: 't', name: 'Today, so far' },
  { text: 'yesterday', letter: 'y', name: 'Yesterday' },
  { text: '7d', letter: 's', name: 'Last 7 days' },
  { text: '28d', letter: 'f', name: 'Last 28 days' },
  { text: '30d', letter: 'h', name: 'Last 30 days' },
  { text: '90d', letter: 'n', name: 'Last 90 days' },
  { text: 'week-to-date', letter: 'w', name: 'Week to date' },
  { text: 'last-week', letter: 'l', name: 'Last week' },
  { text: 'month-to-date', letter: 'm', name: 'Month to date' },
  { text: 'last-month', letter: 'p', name: 'Last month' },
  { text: 'quarter-to-date', letter: 'q', name: 'Quarter to date' },
  { text: 'last-quarter', letter: 'r', name: 'Last quarter' },
  { text: '12m', letter: 'a', name: 'Last 12 months' },
] as const

export function rangeName(range: Range): string {
  const preset = presets.find(({ text }) => text === range.text)
  if (preset) return preset.name
  if (range.kind === 'month') return `${monthName(range.first.toString())}${range.running ? ', so far' : ''}`
  if (range.kind === 'week') return `Week of ${daysSpan(daysOf(range))}`
  return daysSpan(daysOf(range))
}

export const daysOf = ({ first, last }: Range) => ({ first: first.toString(), last: last.toString() })

/** The range as days, which stay the same days tomorrow. */
export const fixed = ({ first, last }: Range) => `${first}..${last}`

/** The period of the same shape just before or after; null where it would lie ahead of today. */
export function neighbour(range: Range, direction: -1 | 1, today: Temporal.PlainDate): Range | null {
  return rangeOrNot(neighbourText(range, direction, today), today) ?? null
}

function neighbourText(range: Range, direction: -1 | 1, today: Temporal.PlainDate): string {
  const { first, last } = range
  if (range.kind === 'month') return first.add({ months: direction }).toString().slice(0, 7)
  if (range.kind === 'week') return `week-${first.add({ weeks: direction })}`
  const days = lengthOf(range) * direction
  const end = last.add({ days })
  // Twelve months with a 29 February in them are a day longer than those before.
  const longest = end.subtract({ months: longestMonths }).add({ days: 1 })
  const start = first.add({ days })
  const moved = { first: before(start, longest) ? longest : start, last: end }
  const preset = moved.last.equals(today) ? rangeOrNot(`${Math.abs(days)}d`, today) : undefined
  return preset?.text ?? `${moved.first}..${moved.last}`
}

/** The last twelve months and weeks that can be named, the running one first. */
export function recentMonths(today: Temporal.PlainDate): { text: string; name: string }[] {
  return Array.from({ length: 13 }, (_, back) => today.with({ day: 1 }).subtract({ months: back })).map((first) => ({
    text: first.toString().slice(0, 7),
    name: monthName(first.toString()),
  }))
}

export function recentWeeks(today: Temporal.PlainDate): { text: string; name: string }[] {
  const sunday = today.subtract({ days: today.dayOfWeek % 7 })
  return Array.from({ length: 53 }, (_, back) => sunday.subtract({ weeks: back })).map((first) => ({
    text: `week-${first}`,
    name: daysSpan({ first: first.toString(), last: first.add({ days: 6 }).toString() }),
  }))
}
