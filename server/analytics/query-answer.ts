import type { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { type AnalyticsQuery, type AnalyticsReply, type AnalyticsRow, analyticsQuery } from '../../contract/analytics.ts'
import { type Dimension, type MetricId, rulesVersion } from '../../contract/metrics.ts'
import type { Period } from '../../contract/periods.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { comparisonOf, fixedText, rangeOf } from './compare.ts'
import { readPosition } from './follow-position.ts'
import { isItem, type Named, namesOf, nobody } from './names.ts'
import { ask } from './query.ts'
import { resolveFilters } from './query-filters.ts'
import { unfitFilter } from './query-plan.ts'
import type { Counted, CountedRow, Filter, Question } from './query-question.ts'

/** A parameter nobody knows would else be a filter that does not filter. */
export const strictAnalyticsQuery = z.strictObject(analyticsQuery.shape)

/** Question → rows → names → reply: what pages, exports and the API all go through. */
export async function answerQuery(ctx: Context, workspace: Workspace, input: AnalyticsQuery): Promise<AnalyticsReply> {
  const later = input.by.find((id) => id === 'group' || id === 'role')
  if (later) throw new Refusal('bad_request', `by: counts cannot be broken down by ${later} yet`, { param: 'by' })
  const today = todayOf(ctx)
  const range = rangeOf(input.range, today)
  const comparison = comparisonOf(input.vs, range, today)
  const filters = await resolveFilters(ctx, workspace.number, input)
  const { able, unable } = narrowable(input, filters)
  const question = { metrics: able, by: input.by, period: range, comparison, filters, today }
  // Read before the facts are: what comes in between is counted and not claimed.
  const { through } = await readPosition(ctx.ledger.database.reads, ctx.ledger.organization.number)
  const answer = await ask(ctx.ledger.facts, ctx.ledger.organization.number, workspace.number, question)
  const names = await namesIn(ctx, workspace.number, question, [answer, answer.comparison])
  return {
    range: { text: range.text, first: range.first.toString(), last: range.last.toString(), running: range.running },
    ...shown(answer, question, input.metrics, names),
    comparison:
      comparison && answer.comparison ? { ...spanOf(comparison), ...shown(answer.comparison, question, input.metrics, names) } : null,
    hidden: unable.map(({ metric, filter }) => ({ dimension: 'metric', key: metric, reason: `cannot be narrowed by ${filter}` })),
    data_through: through,
    rules_version: rulesVersion,
    rows_read: answer.rowsRead,
  }
}

/**
 * A filter stays set while a page asks for many things; a metric that it makes no sense for is left out and said, and does not spoil the
 * others. Only a question of which nothing is left is refused.
 */
function narrowable({ metrics, by }: AnalyticsQuery, filters: readonly Filter[]) {
  const unable = metrics.flatMap((metric) => {
    const filter = unfitFilter(metric, { by, filters })
    return filter ? [{ metric, filter }] : []
  })
  const able = metrics.filter((metric) => !unable.some((one) => one.metric === metric))
  return able.length > 0 ? { able, unable } : { able: metrics, unable: [] }
}

/** Days are those of UTC. */
export function todayOf(ctx: Context): Temporal.PlainDate {
  return ctx.ledger.clock.now().toZonedDateTimeISO('UTC').toPlainDate()
}

const spanOf = (period: Period) => ({ range: fixedText(period), first: period.first.toString(), last: period.last.toString() })

async function namesIn(
  ctx: Context,
  workspace: number,
  { by }: Question,
  counted: readonly (Counted | null)[],
): Promise<Map<number, Named>> {
  const places = [...by.keys()].filter((place) => isItem(by[place] ?? ''))
  const rows = counted.flatMap((one) => one?.rows ?? [])
  const numbers = rows.flatMap(({ keys }) => places.map((place) => Number(keys[place]))).filter((number) => number !== 0)
  return namesOf(ctx, workspace, numbers)
}

function shown({ rows, total }: Counted, { by, metrics }: Question, asked: readonly MetricId[], names: ReadonlyMap<number, Named>) {
  // What cannot be told under these filters is null, at its place.
  const figuresOf = (values: CountedRow['values']) =>
    Object.fromEntries(asked.map((metric) => [metric, values[metrics.indexOf(metric)] ?? null]))
  const keysOf = ({ keys }: CountedRow) => Object.assign({}, ...by.map((dimension, place) => keyOf(dimension, keys[place] ?? '', names)))
  return {
    rows: rows.map((row): AnalyticsRow => ({ ...keysOf(row), ...figuresOf(row.values) })),
    total: figuresOf(total),
  }
}

function keyOf(dimension: Dimension, key: string | number, names: ReadonlyMap<number, Named>): AnalyticsRow {
  if (!isItem(dimension)) return { [dimension]: key }
  const { id, name } = key === 0 ? nobody : (names.get(Number(key)) ?? { id: String(key), name: null })
  return { [dimension]: id, [`${dimension}_name`]: name }
}
