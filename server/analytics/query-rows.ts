import type { Dimension } from '../../contract/metrics.ts'
import { bucketsOf, type Step } from '../../contract/periods.ts'
import { Refusal } from '../platform/refusal.ts'
import type { CountedRow, Key, Question } from './query-question.ts'
import { isTime } from './sql-facts.ts'

/** More cannot be looked at, and would have to fit into memory. */
const mostRows = 100_000

/**
 * Rows without a gap, in order: every day, week or month of the period, every weekday and hour, for each of the others that occur at
 * all. Times ascending; then by the first metric, the most first.
 */
export function completeRows(rows: readonly CountedRow[], question: Question, empty: readonly (number | null)[]): CountedRow[] {
  const { by } = question
  if (by.length === 0) return []
  const axes = by.map((dimension, place) => axisOf(dimension, question) ?? occurring(rows, place))
  const size = by.some(isCalendar) ? axes.reduce((product, axis) => product * axis.length, 1) : rows.length
  if (size > mostRows) throw tooMany(size)
  const complete = by.some(isCalendar) ? filled(rows, axes, empty) : [...rows]
  return complete.sort((a, b) => inOrder(a, b, by))
}

const tooMany = (size: number) =>
  new Refusal('bad_request', `by: the answer would have ${size} rows, more than ${mostRows}: choose a shorter range or a filter`, {
    param: 'by',
  })

/** All keys that a dimension has in a period, or null when only those that occur are shown. */
function axisOf(dimension: Dimension, { period, today }: Pick<Question, 'period' | 'today'>): Key[] | null {
  if (dimension === 'weekday') return [...Array(7).keys()]
  if (dimension === 'hour') return [...Array(24).keys()]
  // A time dimension is a step of the calendar by the same name.
  return isTime(dimension) ? bucketsOf(period, dimension as Step, today).map(({ key }) => key) : null
}

const occurring = (rows: readonly CountedRow[], place: number): Key[] => [...new Set(rows.flatMap(({ keys }) => keys[place] ?? []))]

function filled(rows: readonly CountedRow[], axes: readonly Key[][], empty: readonly (number | null)[]): CountedRow[] {
  const known = new Map(rows.map((row) => [JSON.stringify(row.keys), row]))
  const combinations = axes.reduce<Key[][]>((heads, axis) => heads.flatMap((head) => axis.map((key) => [...head, key])), [[]])
  return combinations.map((keys) => known.get(JSON.stringify(keys)) ?? { keys, values: empty })
}

/** Calendar first, then the most of the first metric, then by key, so that the order is always the same one. */
function inOrder(a: CountedRow, b: CountedRow, by: readonly Dimension[]): number {
  const calendar = [...by.keys()].filter((place) => isCalendar(by[place]))
  return compareKeys(a, b, calendar) || (b.values[0] ?? -1) - (a.values[0] ?? -1) || compareKeys(a, b, [...by.keys()])
}

const isCalendar = (dimension: Dimension | undefined) =>
  dimension !== undefined && (isTime(dimension) || dimension === 'weekday' || dimension === 'hour')

function compareKeys(a: CountedRow, b: CountedRow, places: readonly number[]): number {
  for (const place of places) {
    const [one, other] = [a.keys[place] ?? '', b.keys[place] ?? '']
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
