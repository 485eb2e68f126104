import type { Dimension } from '../../contract/metrics.ts'
import { bucketsOf, type Period, type Step } from '../../contract/periods.ts'
import { type Formula, formulas, type Measure, parts } from './metrics-sql.ts'
import { byOf, filtersOf, nameOf, planOf, type Run, runOf } from './query-plan.ts'
import type { Counted, CountedRow, Key, Question } from './query-question.ts'
import { completeRows } from './query-rows.ts'
import { Binds, type FactRow, type FactsReader, factRows } from './sql.ts'
import { endColumn } from './sql-actives.ts'
import { isTime, keyColumn, type Slice } from './sql-facts.ts'

export interface Answer extends Counted {
  readonly comparison: Counted | null
  readonly rowsRead: number
}

interface Asker {
  readonly facts: FactsReader
  readonly organization: number
  readonly workspace: number
  read: number
}

/**
 * The one way to ask the facts. A total is its own question, never the sum of the rows: people of several days are not the sum of the
 * days' people. Everything is asked at once; the engine has the two cores.
 */
export async function ask(facts: FactsReader, organization: number, workspace: number, question: Question): Promise<Answer> {
  const asker: Asker = { facts, organization, workspace, read: 0 }
  const [now, before] = await Promise.all([
    count(asker, question),
    question.comparison ? count(asker, { ...question, period: question.comparison }) : null,
  ])
  return { ...now, comparison: before, rowsRead: asker.read }
}

async function count(asker: Asker, question: Question): Promise<Counted> {
  const whole = { ...question, by: [] }
  const [rows, [total]] = await Promise.all([question.by.length > 0 ? cells(asker, question) : [], cells(asker, whole)])
  const nothing = question.metrics.map((metric) => resultOf(formulas[metric], () => null))
  return { rows: completeRows(rows, question, nothing), total: total?.values ?? nothing }
}

/** The answers of the parts put together, cell by cell. */
async function cells(asker: Asker, question: Question): Promise<CountedRow[]> {
  const runs = planOf(question)
  const answers = new Map(await Promise.all(runs.map(async (run) => [nameOf(run), await answer(asker, question, run)] as const)))
  const keys = new Map<string, readonly Key[]>()
  // A whole that a share is of has fewer dimensions; its cells are no rows of their own.
  for (const run of runs)
    if (!run.without || !question.by.includes(run.without))
      for (const cell of answers.get(nameOf(run))?.values() ?? []) keys.set(JSON.stringify(cell.keys), cell.keys)
  return [...keys.values()].map((cell) => ({
    keys: cell,
    values: question.metrics.map((metric) =>
      resultOf(formulas[metric], (measure) => {
        const run = runOf(measure, question)
        const name = answers.has(nameOf(run)) ? nameOf(run) : 'senders'
        const its = cell.filter((_, place) => question.by[place] !== run.without)
        return answers.get(name)?.get(JSON.stringify(its))?.figures[measure.column] ?? null
      }),
    ),
  }))
}

function resultOf({ of, per }: Formula, figure: (measure: Measure) => unknown): number | null {
  const upper = numberOf(figure(of), of)
  if (!per) return upper
  const lower = numberOf(figure(per), per)
  return upper === null || lower === null || lower === 0 ? null : upper / lower
}

function numberOf(value: unknown, { part, column }: Measure): number | null {
  const missing = (parts[part].columns as Record<string, 0 | null>)[column] ?? null
  return value === null || value === undefined ? missing : Number(value)
}

interface Cell {
  readonly keys: readonly Key[]
  readonly figures: FactRow
}

/** One part's query, its rows by their keys. */
async function answer(asker: Asker, question: Question, run: Run): Promise<Map<string, Cell>> {
  const slice = sliceOf(asker, question, run)
  const binds = new Binds()
  const { rows, rowsRead } = await factRows(asker.facts, parts[run.part].select(slice, binds), binds)
  asker.read += rowsRead
  const steps = stepsByEnd(question, slice.by)
  const found = rows.map((row): Cell => ({ keys: slice.by.map((dimension) => keyIn(row, dimension, steps)), figures: row }))
  return new Map(found.map((cell) => [JSON.stringify(cell.keys), cell]))
}

function keyIn(row: FactRow, dimension: Dimension, steps: ReadonlyMap<string, string>): Key {
  const end = row[endColumn]
  const key = isTime(dimension) && typeof end === 'string' ? steps.get(end) : row[keyColumn(dimension)]
  return typeof key === 'number' ? key : String(key)
}

/** A rolling figure reads the days before the period too, and has one value for the last day of each step. */
function sliceOf({ organization, workspace }: Asker, { by, filters, period, today }: Question, run: Run): Slice {
  const { window = 1 } = parts[run.part] as { window?: number }
  const its = byOf(run, by)
  const ends = [...stepsByEnd({ period, today }, its).keys()]
  const first = period.first.subtract({ days: window - 1 }).toString()
  return { organization, workspace, first, last: period.last.toString(), by: its, filters: filtersOf(run, filters), ends }
}

/** Each step's key by its last day; without steps the last day of all. */
function stepsByEnd({ period, today }: Pick<Question, 'period' | 'today'>, by: readonly Dimension[]): Map<string, string> {
  const step = by.find(isTime)
  if (!step) return new Map([[period.last.toString(), '']])
  // A time dimension is a step of the calendar by the same name.
  return new Map(bucketsOf(period satisfies Period, step as Step, today).map(({ key, last }) => [last.toString(), key]))
}
