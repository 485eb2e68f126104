import type { FilterId } from '../../contract/analytics.ts'
import { type Dimension, dimensions, type MetricId, metrics } from '../../contract/metrics.ts'
import { Refusal } from '../platform/refusal.ts'
import { formulas, type Measure, measuresOf, type PartId, parts } from './metrics-sql.ts'
import type { Filter, Question } from './query-question.ts'
import { isTime } from './sql-facts.ts'

/** One query to be run: a part, and what of the question it leaves aside. */
export interface Run {
  readonly part: PartId
  readonly without: FilterId | null
  /** The figures of the part that are asked for. */
  readonly columns: ReadonlySet<string>
}

type Asked = Pick<Question, 'metrics' | 'by' | 'filters'>

/** The queries that answer a question, each once. Refuses what cannot be counted that way, in words. */
export function planOf(question: Asked): Run[] {
  checkSteps(question.by)
  const runs = new Map<string, Run & { columns: Set<string> }>()
  for (const metric of question.metrics)
    for (const measure of measuresOf(formulas[metric])) {
      const place = placeOf(measure, question)
      const run = runs.get(nameOf(place)) ?? { ...place, columns: new Set<string>() }
      checkPart(run, metric, question)
      run.columns.add(measure.column)
      runs.set(nameOf(run), run)
    }
  foldSent(runs)
  return [...runs.values()]
}

/** Who counts senders counts their messages on the way. */
function foldSent(runs: Map<string, Run & { columns: Set<string> }>): void {
  const [sent, senders] = [runs.get('sent'), runs.get('senders')]
  if (!sent || !senders) return
  for (const column of sent.columns) senders.columns.add(column)
  runs.delete('sent')
}

/** Which query a figure comes from. */
export function placeOf({ part, without }: Measure, { by, filters }: Pick<Asked, 'by' | 'filters'>): Omit<Run, 'columns'> {
  const differs = without !== null && (by.includes(without) || filters.some(({ id }) => id === without))
  return { part, without: differs ? without : null }
}

/** The same for the same query: results are kept under it. */
export const nameOf = ({ part, without }: Omit<Run, 'columns'>) => (without ? `${part} without ${without}` : part)

/** What of the question's dimensions and filters a query has. */
export const byOf = ({ without }: Run, by: readonly Dimension[]) => by.filter((dimension) => dimension !== without)
export const filtersOf = ({ without }: Omit<Run, 'columns'>, filters: readonly Filter[]) => filters.filter(({ id }) => id !== without)

function checkSteps(by: readonly Dimension[]): void {
  if (by.filter(isTime).length > 1) throw refused('by', 'only one of day, week and month can be asked for at once')
}

function checkPart(run: Run, metric: MetricId, { by, filters }: Asked): void {
  const dimension = byOf(run, by).find((one) => !parts[run.part].by.has(personOr(one)))
  if (dimension) throw refused('by', `${metrics[metric].label} (${metric}) cannot be broken down by ${labelOf(dimension)}`)
  const filter = unknownFilter(run, filters)
  if (filter) throw refused(filter, `${metrics[metric].label} (${metric}) cannot be narrowed by ${labelOf(filter)}`)
}

const unknownFilter = (run: Omit<Run, 'columns'>, filters: readonly Filter[]) =>
  filtersOf(run, filters).find(({ id }) => !parts[run.part].filters.has(personOr(id)))?.id

/** What knows the person knows their groups and their role. */
function personOr<D extends Dimension>(id: D): D | 'person' {
  return id === 'group' || id === 'role' ? 'person' : id
}

/** Whether it has to be known who belongs to which group, or is there at all. */
export function needsMembership({ metrics: asked, by, filters }: Asked): boolean {
  const isOfGroups = (id: Dimension) => personOr(id) !== id
  const isOfPeople = (metric: MetricId) => measuresOf(formulas[metric]).some(({ part }) => ofMembers.has(part))
  return by.some(isOfGroups) || filters.some(({ id }) => isOfGroups(id)) || asked.some(isOfPeople)
}

const ofMembers: ReadonlySet<PartId> = new Set(['members', 'activated', 'weeks'])

/** The filter that a metric cannot be narrowed by, if there is one: coding belongs to no GPT. */
export function unfitFilter(metric: MetricId, asked: Pick<Asked, 'by' | 'filters'>): FilterId | undefined {
  const places = measuresOf(formulas[metric]).map((measure) => placeOf(measure, asked))
  return places.map((place) => unknownFilter(place, asked.filters)).find((id) => id !== undefined)
}

const labelOf = (dimension: Dimension) => dimensions[dimension].label.toLowerCase()
const refused = (param: string, sentence: string) => new Refusal('bad_request', `${param}: ${sentence}`, { param })
