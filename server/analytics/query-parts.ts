import { Temporal } from 'temporal-polyfill'
import type { Dimension } from '../../contract/metrics.ts'
import { bucketsOf, type Period, type Step } from '../../contract/periods.ts'
import { type PartId, parts } from './metrics-sql.ts'
import { byOf, filtersOf, type Run } from './query-plan.ts'
import type { Key, Question } from './query-question.ts'
import { Binds, type FactRow, type FactsReader, factRows } from './sql.ts'
import { endColumn } from './sql-actives.ts'
import { isTime, keyColumn, type Slice } from './sql-facts.ts'
import type { Part } from './sql-part.ts'
import { spreadOverGroups } from './sql-people.ts'

export interface Asker {
  readonly facts: FactsReader
  readonly organization: number
  readonly workspace: number
  /** Rows read so far. */
  read: number
}

/** What one query says of one cell. */
export interface Cell {
  readonly keys: readonly Key[]
  readonly figures: FactRow
}

/** The cells of one query by their keys as text. */
export type Cells = ReadonlyMap<string, Cell>
export const nameOfCell = (keys: readonly Key[]) => JSON.stringify(keys)

/** Runs one part's query. */
export async function askPart(asker: Asker, question: Question, run: Run): Promise<Cells> {
  const slice = sliceOf(asker, question, run)
  const binds = new Binds()
  const { rows, rowsRead } = await factRows(asker.facts, textOf(run, slice, binds), binds)
  asker.read += rowsRead
  const steps = stepsByEnd(question, slice.by)
  const found = rows.map((row): Cell => ({ keys: slice.by.map((dimension) => keyIn(row, dimension, steps)), figures: row }))
  return new Map(found.map((cell) => [nameOfCell(cell.keys), cell]))
}

/** Parts whose figures are sums over people, each of whom they count once at most. */
const overPeople: ReadonlySet<PartId> = new Set([
  ...(['sent', 'senders', 'tools', 'skills', 'connectors', 'tool_users', 'skill_users', 'connector_users'] as const),
  ...(['coding', 'tokens', 'members', 'activated', 'weeks'] as const),
])

/** By group, such a part is asked by person: groups are then looked up for people and not for rows, of which there are many more. */
function textOf({ part: id, columns }: Run, slice: Slice, binds: Binds): string {
  const part: Part = parts[id]
  if (!slice.by.includes('group') || !overPeople.has(id)) return part.select(slice, binds, columns)
  const by = [...new Set(slice.by.map((dimension) => (dimension === 'group' ? 'person' : dimension)))]
  const figures = { keys: slice.by.map(keyColumn), columns: [...columns], membership: slice.membership }
  return spreadOverGroups(part.select({ ...slice, by }, binds, columns), figures, binds)
}

function keyIn(row: FactRow, dimension: Dimension, steps: ReadonlyMap<string, string>): Key {
  const end = row[endColumn]
  const key = isTime(dimension) && typeof end === 'string' ? steps.get(end) : row[keyColumn(dimension)]
  return typeof key === 'number' ? key : String(key)
}

/** A rolling figure reads from before the first step's end, which may be before the period begins or long after. */
function sliceOf({ organization, workspace }: Asker, { by, filters, period, today, membership = null }: Question, run: Run): Slice {
  const { window }: Part = parts[run.part]
  const its = byOf(run, by)
  const ends = [...stepsByEnd({ period, today }, its).keys()]
  const [end] = ends
  const first = window && end ? Temporal.PlainDate.from(end).subtract({ days: window - 1 }) : period.first
  return {
    ...{ organization, workspace, first: `${first}`, last: `${period.last}` },
    ...{ by: its, filters: filtersOf(run, filters), ends, membership },
  }
}

/** Each step's key by its last day; without steps the last day of all. */
function stepsByEnd({ period, today }: Pick<Question, 'period' | 'today'>, by: readonly Dimension[]): Map<string, string> {
  const step = by.find(isTime)
  if (!step) return new Map([[period.last.toString(), '']])
  // A time dimension is a step of the calendar by the same name.
  return new Map(bucketsOf(period satisfies Period, step as Step, today).map(({ key, last }) => [last.toString(), key]))
}

/** Dimensions of which every row has exactly one key. */
const separate: ReadonlySet<Dimension> = new Set([
  ...(['day', 'week', 'month', 'weekday', 'hour', 'person', 'role', 'model', 'model_family', 'source'] as const),
])

/** Whether the whole of a part's figures is the sum of its cells. */
export function addsUp(run: Run, by: readonly Dimension[]): boolean {
  const part: Part = parts[run.part]
  return part.adds === true && by.length > 0 && by.every((dimension) => separate.has(dimension))
}

export function sumOf(cells: Cells, run: Run): Cells {
  const sums = [...run.columns].map((column) => {
    const values = [...cells.values()].map(({ figures }) => Number(figures[column] ?? 0))
    return [column, values.reduce((sum, value) => sum + value, 0)] as const
  })
  return new Map([[nameOfCell([]), { keys: [], figures: Object.fromEntries(sums) }]])
}
