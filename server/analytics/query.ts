import type { MetricId } from '../../contract/metrics.ts'
import { type Formula, formulas, type Measure, parts } from './metrics-sql.ts'
import { type Asker, addsUp, askPart, type Cells, nameOfCell, sumOf } from './query-parts.ts'
import { nameOf, placeOf, planOf, type Run } from './query-plan.ts'
import type { Counted, CountedRow, Key, Question } from './query-question.ts'
import { completeRows } from './query-rows.ts'
import type { FactsReader } from './sql.ts'
import type { Part } from './sql-part.ts'

export interface Answer extends Counted {
  readonly comparison: Counted | null
  readonly rowsRead: number
}

/**
 * The one way to ask the facts. Everything is asked at once; the engine has the cores. A total is its own question, since people of
 * several days are not the sum of the days' people; only sums over cells that do not overlap are added up from them.
 */
export async function ask(facts: FactsReader, organization: number, workspace: number, question: Question): Promise<Answer> {
  const asker: Asker = { facts, organization, workspace, read: 0 }
  const [now, before] = await Promise.all([
    count(asker, question),
    question.comparison ? count(asker, { ...question, period: question.comparison, membership: question.membershipBefore ?? null }) : null,
  ])
  return { ...now, comparison: before, rowsRead: asker.read }
}

async function count(asker: Asker, question: Question): Promise<Counted> {
  const whole = { ...question, by: [] }
  const inCells = new Map(
    question.by.length === 0 ? [] : planOf(question).map((run) => [nameOf(run), { run, cells: askPart(asker, question, run) }]),
  )
  const inAll = planOf(whole).map((run) => {
    const known = inCells.get(nameOf(run))
    const isKnown = known && known.run.without === null && addsUp(run, question.by)
    return { run, cells: isKnown ? known.cells.then((cells) => sumOf(cells, run)) : askPart(asker, whole, run) }
  })
  const [cells, all] = await Promise.all([answersOf(question, [...inCells.values()]), answersOf(whole, inAll)])
  return { rows: question.by.length > 0 ? completeRows(cells.keys, question, cells.row) : [], total: all.row([]).values }
}

interface Running {
  readonly run: Run
  readonly cells: Promise<Cells>
}

interface Answers {
  /** Of every cell that any part says something of. */
  readonly keys: readonly (readonly Key[])[]
  row(keys: readonly Key[]): CountedRow
}

/** The answers of the parts put together, cell by cell. */
async function answersOf(question: Question, running: readonly Running[]): Promise<Answers> {
  const answers = new Map(await Promise.all(running.map(async ({ run, cells }) => [nameOf(run), await cells] as const)))
  const keys = new Map<string, readonly Key[]>()
  // A whole that a share is of has fewer dimensions; its cells are no rows of their own.
  for (const { run } of running)
    if (!run.without || !question.by.includes(run.without))
      for (const [name, cell] of answers.get(nameOf(run)) ?? []) keys.set(name, cell.keys)
  const valueIn = (cell: readonly Key[], metric: MetricId) =>
    resultOf(formulas[metric], (measure) => {
      const run = placeOf(measure, question)
      // Who counted senders has counted their messages.
      const cells = answers.get(nameOf(run)) ?? answers.get('senders')
      const its = cell.filter((_, place) => question.by[place] !== run.without)
      return cells?.get(nameOfCell(its))?.figures[measure.column] ?? null
    })
  const row = (cell: readonly Key[]) => ({ keys: cell, values: question.metrics.map((metric) => valueIn(cell, metric)) })
  return { keys: [...keys.values()], row }
}

function resultOf({ of, per }: Formula, figure: (measure: Measure) => unknown): number | null {
  const upper = numberOf(figure(of), of)
  if (!per) return upper
  const lower = numberOf(figure(per), per)
  return upper === null || lower === null || lower === 0 ? null : upper / lower
}

function numberOf(value: unknown, { part, column }: Measure): number | null {
  const { columns }: Part = parts[part]
  const missing = columns[column] ?? null
  return value === null || value === undefined ? missing : Number(value)
}
