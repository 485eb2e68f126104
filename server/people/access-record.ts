import { z } from 'zod'
import { type AccessEntry, type AccessPage, accessQuery } from '../../contract/access.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { ownSource } from '../ledger/entry.ts'
import { question } from '../ledger/question.ts'
import { openRow, type SealedRow } from '../ledger/read.ts'
import { listWorkspaces } from './workspaces.ts'

/** The access record: who read, changed or was denied what. Looking at it is an entry of its own. */
export const listAccess = question({
  action: 'access.list',
  scope: 'activity:read',
  input: accessQuery,
  workspace: async ({ ledger, actor }): Promise<Workspace | null> =>
    (await listWorkspaces(ledger)).find(({ number }) => number === actor.workspace) ?? null,
  query: ({ before, limit, outcome, action }) => ({ before: before ?? null, limit, outcome: outcome ?? null, action: action ?? null }),
  async ask(ctx, input) {
    const page = await readPage(ctx, input)
    return { ids: page.data.map(({ id }) => id), result: page }
  },
})

/** What an entry says is sealed, so filters look at opened entries, this many at most before a page is given out as it is. */
const rowsPerRead = 500
const mostOpened = 5000

async function readPage(ctx: Context, { before, limit, outcome, action }: z.output<typeof accessQuery>): Promise<AccessPage> {
  const data: AccessEntry[] = []
  let at = before ?? Number.MAX_SAFE_INTEGER
  for (let opened = 0; opened < mostOpened; ) {
    const rows = await rowsBefore(ctx, at)
    for (const row of rows) {
      at = row.seq
      const entry = entryOf(ctx, row)
      if (!entry || (outcome && entry.outcome !== outcome) || (action && !entry.action.startsWith(action))) continue
      data.push(entry)
      if (data.length === limit) return { data, next_before: at }
    }
    opened += rows.length
    if (rows.length < rowsPerRead) return { data, next_before: null }
  }
  return { data, next_before: at }
}

/** The ledger's other entries, such as tombstones, say what happened to the record, not who did it. */
const entryKinds = ['access', 'change'] as const

type Row = SealedRow & { seq: number; kind: string; occurred_at: string | null; received_at: string }

/** Walks the index of the ledger's own entries backwards; whoever is bound to a workspace sees that workspace's. */
function rowsBefore({ ledger, actor }: Context, before: number): Promise<Row[]> {
  let query = ledger.database.reader
    .selectFrom('log as l')
    .leftJoin('salts.log as s', (join) => join.onRef('s.organization_id', '=', 'l.organization_id').onRef('s.seq', '=', 'l.seq'))
    .select(['l.seq', 'l.kind', 'l.occurred_at', 'l.received_at', 'l.commitment', 'l.payload', 's.salt'])
    .where('l.organization_id', '=', ledger.organization.number)
    .where('l.source', '=', ownSource)
    .where('l.kind', 'in', entryKinds)
    .where('l.seq', '<', before)
    .orderBy('l.seq', 'desc')
    .limit(rowsPerRead)
  if (actor.workspace !== null) query = query.where('l.workspace_id', '=', actor.workspace)
  return query.execute()
}

const storedEntry = z.looseObject({
  id: z.string(),
  kind: z.enum(entryKinds),
  action: z.string(),
  outcome: z.enum(['allowed', 'denied']),
  reason: z.string().optional(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  workspace_id: z.string().optional(),
  address: z.string().optional(),
  request_id: z.string().optional(),
  occurred_at: z.string(),
  query: z.record(z.string(), z.unknown()).default({}),
  count: z.int().default(0),
  ids: z.array(z.string()).optional(),
  ids_root: z.string().optional(),
})

/** null for an entry that was erased. */
function entryOf({ ledger }: Context, row: Row): AccessEntry | null {
  const record = openRow(ledger.organization, row)
  if (!record) return null
  const {
    reason = null,
    workspace_id = null,
    address = null,
    request_id = null,
    ids = null,
    ids_root = null,
    ...rest
  } = storedEntry.parse(record)
  const { id, kind, action, outcome, actor, occurred_at, query, count } = rest
  return {
    seq: row.seq,
    id,
    kind,
    occurred_at,
    action,
    outcome,
    reason,
    actor,
    workspace_id,
    address,
    request_id,
    query,
    count,
    ids,
    ids_root,
  }
}
