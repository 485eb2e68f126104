import type { Dimension } from '../../contract/metrics.ts'
import { bucketsOf, type Step } from '../../contract/periods.ts'
import { Refusal } from '../platform/refusal.ts'
import type { CountedRow, Key, Question } from './query-question.ts'
import { isTime } from './sql-facts.ts'

/** More cannot be looked at, and would have to fit into memory. */
const mostRows = 100_000

/**
 * Rows without a gap, in order: every day, week or month of the period, every weekday and hour, for each of the others that occur at
 * all. Times ascending; then by the first metric, the most first. A row that fills a gap is worked out like any other: people may use
 * a GPT in another week, which is a share of zero in this one.
 */
export function completeRows(
  found: readonly (readonly Key[])[],
  question: Question,
  row: (keys: readonly Key[]) => CountedRow,
): CountedRow[] {
  const { by } = question
  const hasGaps = by.some(isCalendar)
  const axes = by.map((dimension, place) => axisOf(dimension, question) ?? occurring(found, place))
  const size = hasGaps ? axes.reduce((product, axis) => product * axis.length, 1) : found.length
  if (size > mostRows) throw tooMany(size)
  return (hasGaps ? combinationsOf(axes) : found).map(row).sort((a, b) => inOrder(a, b, by))
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

const occurring = (found: readonly (readonly Key[])[], place: number): Key[] => [...new Set(found.flatMap((keys) => keys[place] ?? []))]

const combinationsOf = (axes: readonly Key[][]) =>
  axes.reduce<Key[][]>((heads, axis) => heads.flatMap((head) => axis.map((key) => [...head, key])), [[]])

/** Calendar first, then the most of the first metric, then by key, so that the order is always the same one. */
function inOrder(a: CountedRow, b: CountedRow, by: readonly Dimension[]): number {
  const calendar = [...by.keys()].filter((place) => isCalendar(by[place]))
  return compareKeys(a, b, calendar) || (b.values[0] ?? -1) - (a.values[0] ?? -1) || compareKeys(a, b, [...by.keys()])
}

/** Of these every key has a row, whatever was counted. */
export const isCalendar = (dimension: Dimension | undefined) =>
  dimension !== undefined && (isTime(dimension) || dimension === 'weekday' || dimension === 'hour')

function compareKeys(a: CountedRow, b: CountedRow, places: readonly number[]): number {
  for (const place of places) {
    const [one, other] = [a.keys[place] ?? '', b.keys[place] ?? '']
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
