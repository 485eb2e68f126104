import { z } from 'zod'
import { type ReconciliationReply, reconciliationQuery } from '../../contract/analytics.ts'
import { reconciliations, type StepMeaning } from '../../contract/reconciliation.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { rangeOf } from './compare.ts'
import { demandShown } from './privacy.ts'
import { todayOf } from './query-answer.ts'
import { resolveFilters } from './query-filters.ts'
import type { Sums } from './reconcile-effects.ts'
import { countFacts } from './reconcile-facts.ts'
import { countRecord, surfacedConversations } from './reconcile-record.ts'
import { checkFilters } from './reconcile-scope.ts'

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
  const { metric } = input
  const period = rangeOf(input.range, todayOf(ctx))
  const filters = await resolveFilters(ctx, workspace.number, input)
  checkFilters(filters)
  await demandShown(ctx, workspace.number, metric)
  const { cursor, through, counted } = await countFacts(ctx, { workspace, period, filters }, metric)
  const scope = { workspace, period, filters, cursor }
  const record = await countRecord(ctx, scope, metric)
  const { unit, steps } = reconciliations[metric]
  const amountOf = ({ step, sign }: StepMeaning) => (sign === 'end' ? counted : (record.get(step) ?? 0))
  return {
    range: { text: period.text, first: period.first.toString(), last: period.last.toString() },
    metric,
    unit,
    steps: steps.map((meaning) => {
      const amount = amountOf(meaning)
      return { ...meaning, amount, ...(metric === 'messages' ? { messages: amount } : {}) }
    }),
    surfaced_conversations: await surfacedConversations(ctx, scope),
    adds_up: leftOver(steps, record) === counted,
    data_through: through,
  }
}

/** What the steps before the last one leave. */
function leftOver(steps: readonly StepMeaning[], record: Sums): number {
  const signs = { start: 1, minus: -1, plus: 1, end: 0 }
  return steps.reduce((left, { step, sign }) => left + signs[sign] * (record.get(step) ?? 0), 0)
}
