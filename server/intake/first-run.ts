import { Temporal } from 'temporal-polyfill'
import type { FirstRunReply, FirstRunStep } from '../../contract/sources.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { listKeys } from '../people/api-keys.ts'
import { listMembers } from '../people/members.ts'
import { type Counted, firstArrival } from './sources-status.ts'

/** How far a new installation has come: each step is looked up, none is ticked off by hand. */
export async function firstRun(ctx: Context, workspace: Workspace | null, counted: Counted): Promise<FirstRunReply> {
  const arrival = workspace === null ? null : await firstArrival(ctx.ledger, workspace.number)
  const done: Record<FirstRunStep, boolean> = {
    workspace: workspace !== null,
    source: arrival !== null,
    counts: arrival !== null && isCounted(arrival, counted),
    key: await hasKey(ctx, workspace),
    viewer: (await listMembers(ctx.ledger, null)).length > 1,
  }
  return { steps: (Object.keys(done) as FirstRunStep[]).map((step) => ({ step, done: done[step] })) } // the keys of a record of steps
}

function isCounted(arrival: string, { data_through: through }: Counted): boolean {
  return through !== null && Temporal.Instant.compare(Temporal.Instant.from(through), Temporal.Instant.from(arrival)) >= 0
}

/** Whether a key lets a program write there today. */
async function hasKey({ ledger }: Context, workspace: Workspace | null): Promise<boolean> {
  const now = ledger.clock.now()
  const keys = await listKeys(ledger)
  return keys.some(
    ({ scopes, revoked_at, expires_at, workspace_id }) =>
      scopes.includes('ingest:write') &&
      revoked_at === null &&
      (expires_at === null || Temporal.Instant.compare(Temporal.Instant.from(expires_at), now) > 0) &&
      (workspace_id === null || workspace_id === workspace?.id),
  )
}
