import { sql } from 'kysely'
import { z } from 'zod'
import type { DeadLetterSummary } from '../../contract/sources.ts'
import type { Context, Ledger, Workspace } from '../ledger/context.ts'
import { open } from '../ledger/entry.ts'
import { question } from '../ledger/question.ts'
import { listWorkspaces } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'

/** What waits, by reason and source and the way it came. */
export async function summarizeDeadLetters(
  ledger: Ledger,
  workspace: number,
  { orNowhere }: { orNowhere: boolean },
): Promise<DeadLetterSummary> {
  const rows = await ledger.database.reader
    .selectFrom('dead_letter')
    .select(['code', 'source', 'via'])
    .select((is) => [
      is.fn.countAll<number>().as('waiting'),
      sql<string>`min(received_at)`.as('oldest_at'),
      sql<string>`max(received_at)`.as('newest_at'),
    ])
    .where('organization_id', '=', ledger.organization.number)
    .where((is) => is.or([is('workspace_id', '=', workspace), ...(orNowhere ? [is('workspace_id', 'is', null)] : [])]))
    .where('replayed_at', 'is', null)
    .groupBy(['code', 'source', 'via'])
    .orderBy('waiting', 'desc')
    .orderBy('code')
    .orderBy('source')
    .orderBy('via')
    .execute()
  return { waiting: rows.reduce((sum, { waiting }) => sum + waiting, 0), reasons: rows }
}

export const letterParams = z.object({ number: z.coerce.number().int().positive().describe('Number of the dead letter') })

/** The bytes of a refused record as they were sent: content, so who reads them is on record. */
export const readLetterBytes = question({
  action: 'dead-letters.read',
  scope: 'compliance:read',
  input: letterParams,
  workspace: async (ctx, { number }) => workspaceOfLetter(ctx, number),
  query: ({ number }) => ({ number }),
  async ask({ ledger }, { number }) {
    const row = await ledger.database.reader
      .selectFrom('dead_letter as d')
      .innerJoin('salts.dead_letter as s', (join) =>
        join.onRef('s.organization_id', '=', 'd.organization_id').onRef('s.number', '=', 'd.number'),
      )
      .select(['d.commitment', 'd.payload', 's.salt'])
      .where('d.organization_id', '=', ledger.organization.number)
      .where('d.number', '=', number)
      .executeTakeFirst()
    if (!row?.payload) throw new Refusal('not_found', 'nothing was kept of this dead letter')
    const { commitment, payload, salt } = row
    return { ids: [String(number)], result: open(ledger.organization.keys, { commitment, payload, salt }) }
  },
})

/** One that is replayed, one of another workspace and one that never was answer alike. */
async function workspaceOfLetter({ ledger, actor }: Context, number: number): Promise<Workspace | null> {
  const letter = await ledger.database.reader
    .selectFrom('dead_letter')
    .select('workspace_id')
    .where('organization_id', '=', ledger.organization.number)
    .where('number', '=', number)
    .where('replayed_at', 'is', null)
    .executeTakeFirst()
  if (!letter || (actor.workspace !== null && actor.workspace !== letter.workspace_id))
    throw new Refusal('not_found', 'there is no such dead letter')
  return (await listWorkspaces(ledger)).find((one) => one.number === letter.workspace_id) ?? null
}
