import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type ReconciliationReply, type ReconciliationStep, reconciliationQuery, reconciliationSteps } from '../../contract/analytics.ts'
import type { Period } from '../../contract/periods.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { rangeOf } from './compare.ts'
import { readPosition } from './follow-position.ts'
import { ask } from './query.ts'
import { todayOf } from './query-answer.ts'
import { resolveFilters } from './query-filters.ts'
import type { Filter } from './query-question.ts'
import { checkFilters, countRecord, type RecordCounts, type RecordScope, surfacedConversations } from './reconcile-record.ts'

export const strictReconciliationQuery = z.strictObject(reconciliationQuery.shape)

/**
 * Two stores asked independently: the record is read for every step, the facts are asked as a page would ask them. That the steps lead
 * from the one to the other is what the reply claims in `adds_up`.
 */
export async function reconcile(
  ctx: Context,
  workspace: Workspace,
  input: z.output<typeof reconciliationQuery>,
): Promise<ReconciliationReply> {
  const range = rangeOf(input.range, todayOf(ctx))
  const filters = await resolveFilters(ctx, workspace.number, input)
  checkFilters(filters)
  const { record, counted, scope, through } = await bothSides(ctx, workspace, range, filters)
  const figures: Record<ReconciliationStep, number> = {
    returned: record.returned,
    outside_range: record.excluded.get('outside_range') ?? 0,
    no_time: record.excluded.get('no_time') ?? 0,
    system: record.excluded.get('system') ?? 0,
    tool: record.excluded.get('tool') ?? 0,
    assistant: record.excluded.get('assistant') ?? 0,
    hidden_or_injected: record.excluded.get('hidden_or_injected') ?? 0,
    deleted_since: record.deletedSince,
    counted,
  }
  return {
    range: { text: range.text, first: range.first.toString(), last: range.last.toString() },
    steps: reconciliationSteps.map((step) => ({ step, messages: figures[step], sentence: sentences[step] })),
    surfaced_conversations: await surfacedConversations(ctx, scope),
    adds_up: leftOver(figures) === counted,
    data_through: through,
  }
}

/** What the steps before the last one leave. */
function leftOver(figures: Record<ReconciliationStep, number>): number {
  const { returned, deleted_since, counted: _, ...taken } = figures
  return Object.values(taken).reduce((left, messages) => left - messages, returned) + deleted_since
}

const sentences: Record<ReconciliationStep, string> = {
  returned: 'All messages of the conversations that the compliance API returns for the range: those last updated since its start.',
  outside_range: 'Written before or after the range; their conversation came back because something in it changed since.',
  no_time: 'Without a time: they cannot belong to any day.',
  system: 'Written by the system.',
  tool: 'Results of tools.',
  assistant: 'Answers of a model.',
  hidden_or_injected: 'Messages of people that nobody saw: hidden, or written by the system in their name.',
  deleted_since: 'Counted, though the API does not return them (any more): purged since, or dated after they arrived.',
  counted: 'The messages that the dashboard shows.',
}

interface Sides {
  readonly record: RecordCounts
  readonly counted: number
  readonly scope: RecordScope
  readonly through: string | null
}

const tries = 5

/**
 * Reads both sides at one moment: the record up to where the facts have followed it. While the follower is at work on these very
 * messages it looks again, a few times; what it says after that is still what both stores hold, a moment apart.
 */
async function bothSides(ctx: Context, workspace: Workspace, period: Period, filters: readonly Filter[]): Promise<Sides> {
  for (let attempt = 1; ; attempt++) {
    const { cursor, through } = await readPosition(ctx.ledger.database.reads, ctx.ledger.organization.number)
    const scope: RecordScope = { workspace, period, filters, cursor }
    const before = await countFacts(ctx, scope)
    const record = await countRecord(ctx, scope)
    const counted = await countFacts(ctx, scope)
    if ((before === counted && !record.isAhead) || attempt === tries) return { record, counted, scope, through }
    await sleep(200)
  }
}

async function countFacts(ctx: Context, { workspace, period, filters }: RecordScope): Promise<number> {
  const question = { metrics: ['messages' as const], by: [], period, comparison: null, filters, today: todayOf(ctx) }
  const { total } = await ask(ctx.ledger.facts, ctx.ledger.organization.number, workspace.number, question)
  return total[0] ?? 0
}
