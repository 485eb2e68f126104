import { setTimeout as sleep } from 'node:timers/promises'
import type { ReconciledMetric } from '../../contract/analytics.ts'
import type { Context } from '../ledger/context.ts'
import { readPosition, withTurn } from './follow-position.ts'
import { ask } from './query.ts'
import { todayOf } from './query-answer.ts'
import type { RecordScope } from './reconcile-scope.ts'

/** The figure of the query path, and where the log stood when it was counted. */
export interface FactsSide {
  readonly cursor: number
  readonly through: string | null
  readonly counted: number
}

type Asked = Omit<RecordScope, 'cursor'>

const pause = 100
const tries = 50

/**
 * Counted in the follower's turn, so that the facts stand exactly at the cursor. The turn is only ever taken when it is free: who waited for it would hold a
 * connection that the follower may need to end its own. Where the follower catches up without a pause it is counted all the same,
 * and may be a batch ahead of the cursor.
 */
export async function countFacts(ctx: Context, asked: Asked, metric: ReconciledMetric): Promise<FactsSide> {
  const { database, organization } = ctx.ledger
  for (let attempt = 1; attempt <= tries; attempt++) {
    const turn = await withTurn(database.reads, organization.number, false, () => countNow(ctx, asked, metric))
    if (turn && !turn.result.isBetween) return turn.result
    await sleep(pause)
  }
  return countNow(ctx, asked, metric)
}

async function countNow(ctx: Context, { workspace, period, filters }: Asked, metric: ReconciledMetric) {
  const { database, facts, organization } = ctx.ledger
  const { cursor, through, planTo } = await readPosition(database.reads, organization.number)
  const question = { metrics: [metric], by: [], period, comparison: null, filters, today: todayOf(ctx) }
  const { total } = await ask(facts, organization.number, workspace.number, question)
  // A batch that was begun may be there in part.
  return { cursor, through, counted: total[0] ?? 0, isBetween: planTo !== null }
}
