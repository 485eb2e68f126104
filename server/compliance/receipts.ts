import { z } from 'zod'
import type { Scope } from '../../contract/people.ts'
import { type Receipt, type ReceiptPage, receipt, receiptsQuery } from '../../contract/receipts.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { listWorkspaces, workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'

/** Who may read the record may know what is missing from it; who may delete, what they deleted. */
export const receiptScopes: readonly Scope[] = ['compliance:read', 'compliance:delete']

/** GET /api/receipts: what was deleted from the record, in the order in which it was. */
export const listReceipts = question({
  action: 'receipts.list',
  scope: receiptScopes,
  input: receiptsQuery,
  workspace: async (ctx, { workspace_id }) => (workspace_id === undefined ? ownWorkspace(ctx) : workspaceOf(ctx, workspace_id)),
  query: ({ after, limit }) => ({ after, limit }),
  async ask(ctx, { after, limit }, workspace): Promise<{ ids: string[]; result: ReceiptPage }> {
    const found = await select(ctx, { workspace: workspace?.number ?? null, id: null, after, limit: limit + 1 })
    const page = found.slice(0, limit)
    const data = page.map(({ entries, blobs: _, dead_letters: __, ...rest }) => ({ ...rest, entries: entries.length }))
    return { ids: page.map(({ id }) => id), result: { data, next: found.length > limit ? (page.at(-1)?.seq ?? null) : null } }
  },
})

export const receiptParams = z.object({ id: z.uuid('there is no such receipt').describe('Id of the receipt') })

/** GET /api/receipts/{id}: one of them with every entry that it accounts for. */
export const readReceipt = question({
  action: 'receipts.read',
  scope: receiptScopes,
  input: receiptParams,
  workspace: async (ctx) => ownWorkspace(ctx),
  query: ({ id }) => ({ id }),
  async ask(ctx, { id }, workspace) {
    const [found] = await select(ctx, { workspace: workspace?.number ?? null, id, after: 0, limit: 1 })
    if (!found) throw new Refusal('not_found', 'there is no such receipt')
    return { ids: [id], result: found }
  },
})

/** The workspace that an actor is bound to; null: they may ask about all. */
async function ownWorkspace({ ledger, actor }: Context): Promise<Workspace | null> {
  return (await listWorkspaces(ledger)).find(({ number }) => number === actor.workspace) ?? null
}

interface Wanted {
  readonly workspace: number | null
  readonly id: string | null
  readonly after: number
  readonly limit: number
}

/** As their tombstones in the log say them: nothing of them is stored twice. */
async function select({ ledger }: Context, { workspace, id, after, limit }: Wanted): Promise<Receipt[]> {
  const rows = await rowsOf<SealedRow & { seq: number }>(
    ledger.database,
    'receipts',
    `select r.seq, ${sealedColumns} from receipt r join log l on l.organization_id = r.organization_id and l.seq = r.seq
     join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where r.organization_id = $1 and ($2::integer is null or r.workspace_id = $2) and ($3::uuid is null or r.id = $3) and r.seq > $4
     order by r.seq limit $5`,
    [ledger.organization.number, workspace, id, after, limit],
  )
  return rows.map((row) => {
    const record = openRow(ledger.organization, row)
    return receipt.parse({ ...record, seq: row.seq, at: record?.occurred_at })
  })
}
