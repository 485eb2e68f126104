import type { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { type AnalyticsQuery, type AnalyticsReply, type AnalyticsRow, analyticsQuery, type ShownValue } from '../../contract/analytics.ts'
import { type Dimension, type MetricId, rulesVersion } from '../../contract/metrics.ts'
import type { Period } from '../../contract/periods.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { comparisonOf, fixedText, rangeOf } from './compare.ts'
import { readPosition } from './follow-position.ts'
import type { Membership } from './groups.ts'
import { membershipOf } from './groups-kept.ts'
import { isItem, type Named, namesOf, nobody } from './names.ts'
import { checkAllowed, checkGroupView, type Reader, readerOf, turnedOff } from './privacy.ts'
import { type Curtain, curtainOf, hiddenEntries, rowsBefore, shownFigure, tooFew, totalBefore } from './privacy-groups.ts'
import { ask } from './query.ts'
import { resolveFilters } from './query-filters.ts'
import { needsMembership, unfitFilter } from './query-plan.ts'
import type { Counted, CountedRow, Filter, Key, Question } from './query-question.ts'

/** A parameter nobody knows would else be a filter that does not filter. */
export const strictAnalyticsQuery = z.strictObject(analyticsQuery.shape)

/** Question → rows → what may be shown → names → reply: what pages, exports and the API all go through. */
export async function answerQuery(ctx: Context, workspace: Workspace, input: AnalyticsQuery): Promise<AnalyticsReply> {
  const reader = await readerOf(ctx, workspace.number)
  for (const dimension of input.by) checkAllowed(reader, 'by', dimension)
  const today = todayOf(ctx)
  const range = rangeOf(input.range, today)
  const comparison = comparisonOf(input.vs, range, today)
  const filters = await resolveFilters(ctx, workspace.number, input)
  checkGroupView(reader, { by: input.by, filters, periods: comparison ? [range, comparison] : [range] })
  const { able, unable } = answerable(reader, input, filters)
  const asked = { metrics: able, by: input.by, period: range, comparison, filters, today }
  const question = { ...asked, ...(await membershipsFor(ctx, workspace, asked)) }
  // Read before the facts are: what comes in between is counted and not claimed.
  const { through } = await readPosition(ctx.ledger.database.reads, ctx.ledger.organization.number)
  const answer = await ask(ctx.ledger.facts, ctx.ledger.organization.number, workspace.number, question)
  const names = await namesIn(ctx, { workspace, reader, by: input.by }, [answer, answer.comparison])
  const now = viewOf(reader, question, question.membership, names)
  const before = viewOf(reader, question, question.membershipBefore, names)
  return {
    range: { text: range.text, first: range.first.toString(), last: range.last.toString(), running: range.running },
    ...shown(answer, input.metrics, now),
    comparison: comparison && answer.comparison ? { ...spanOf(comparison), ...shown(answer.comparison, input.metrics, before) } : null,
    hidden: [
      ...unable.map(({ metric, reason }) => ({ dimension: 'metric', key: metric, reason })),
      ...hiddenEntries(now.curtain, (key) => wireIdIn(now, key)),
    ],
    data_through: through,
    rules_version: rulesVersion,
    rows_read: now.curtain?.closed ? 0 : answer.rowsRead,
  }
}

/**
 * A filter stays set while a page asks for many things; a metric that it makes no sense for, or that is turned off, is left out and
 * said, and does not spoil the others. Only a question of which nothing is left is refused.
 */
function answerable(reader: Reader, { metrics, by }: AnalyticsQuery, filters: readonly Filter[]) {
  const unable = metrics.flatMap((metric) => {
    const filter = unfitFilter(metric, { by, filters })
    const reason = turnedOff(reader, metric) ?? (filter && `cannot be narrowed by ${filter}`)
    return reason ? [{ metric, reason }] : []
  })
  const able = metrics.filter((metric) => !unable.some((one) => one.metric === metric))
  if (able.length > 0) return { able, unable }
  const off = metrics.find((metric) => turnedOff(reader, metric))
  if (off) throw new Refusal('forbidden', `metrics: ${off} is ${turnedOff(reader, off)}`, { param: 'metrics' })
  return { able: metrics, unable: [] }
}

/** Each period has its own: groups and roles are those of its end. */
async function membershipsFor(ctx: Context, workspace: Workspace, question: Question) {
  if (!needsMembership(question)) return { membership: null, membershipBefore: null }
  const [membership, membershipBefore] = await Promise.all([
    membershipOf(ctx, workspace.number, question.period),
    question.comparison && membershipOf(ctx, workspace.number, question.comparison),
  ])
  return { membership, membershipBefore }
}

/** Days are those of UTC. */
export function todayOf(ctx: Context): Temporal.PlainDate {
  return ctx.ledger.clock.now().toZonedDateTimeISO('UTC').toPlainDate()
}

const spanOf = (period: Period) => ({ range: fixedText(period), first: period.first.toString(), last: period.last.toString() })

interface Naming {
  readonly workspace: Workspace
  readonly reader: Reader
  readonly by: readonly Dimension[]
}

async function namesIn(
  ctx: Context,
  { workspace, reader, by }: Naming,
  counted: readonly (Counted | null)[],
): Promise<ReadonlyMap<number, Named>> {
  const places = [...by.keys()].filter((place) => isItem(by[place] ?? ''))
  const rows = counted.flatMap((one) => one?.rows ?? [])
  const numbers = rows.flatMap(({ keys }) => places.map((place) => Number(keys[place]))).filter((number) => number !== 0)
  return namesOf(ctx, workspace.number, reader, numbers)
}

/** All that stands between the figures of one period and their reader. */
interface View {
  readonly question: Question
  readonly curtain: Curtain | null
  readonly membership: Membership | null
  readonly names: ReadonlyMap<number, Named>
}

function viewOf(reader: Reader, question: Question, membership: Membership | null, names: View['names']): View {
  return { question, curtain: curtainOf(reader, question, membership), membership, names }
}

function shown({ rows, total }: Counted, asked: readonly MetricId[], view: View) {
  const { by, metrics } = view.question
  const figureIn = (values: CountedRow['values'] | null, metric: MetricId): ShownValue => {
    const place = metrics.indexOf(metric)
    // What cannot be told under these filters is null, at its place.
    if (place < 0) return null
    return values === null ? tooFew : shownFigure(view.curtain, metric, values[place] ?? null)
  }
  const figuresOf = (values: CountedRow['values'] | null) => Object.fromEntries(asked.map((metric) => [metric, figureIn(values, metric)]))
  const keysOf = (keys: readonly Key[]) => Object.assign({}, ...by.map((dimension, place) => keyOf(dimension, keys[place] ?? '', view)))
  return {
    rows: rowsBefore(view.curtain, rows, { by }).map(({ keys, values }): AnalyticsRow => ({ ...keysOf(keys), ...figuresOf(values) })),
    total: figuresOf(totalBefore(view.curtain, total)),
  }
}

function keyOf(dimension: Dimension, key: Key, { membership, names }: View): AnalyticsRow {
  if (dimension === 'group') {
    const group = membership?.groups.get(Number(key))
    return { group: group?.id ?? String(key), group_name: group?.name ?? null, group_origin: group?.origin ?? null }
  }
  if (!isItem(dimension)) return { [dimension]: key }
  const { id, name } = key === 0 ? nobody : (names.get(Number(key)) ?? { id: String(key), name: null })
  return { [dimension]: id, [`${dimension}_name`]: name }
}

const wireIdIn = ({ membership }: View, key: Key) => membership?.groups.get(Number(key))?.id ?? String(key)
