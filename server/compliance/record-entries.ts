import { type EntriesReply, type EntryReply, entriesInput, entryInput } from '../../contract/record.ts'
import { recordKinds } from '../../contract/records.ts'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { openBytes, openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { findItems } from './conversation-list.ts'
import { present } from './openai-conversations.ts'
import { describeEntries, versionsOf } from './record-about.ts'
import { excerptOf } from './record-excerpt.ts'
import { type EntryRow, entryColumns, entrySalt, selectEntries } from './record-select.ts'

/** POST /api/record/entries: what there is, the newest first. What it says only with a stated purpose. */
export const recordEntries = question({
  action: 'record.list',
  scope: 'compliance:read',
  input: entriesInput,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: ({ kind, person_id, conversation_id, id, since, until, cursor, limit, purpose }) => ({
    ...{ kind: kind ?? null, person_id: person_id ?? null, conversation_id: conversation_id ?? null, id: id ?? null },
    ...{ since: since ?? null, until: until ?? null, cursor: cursor ?? null, limit, purpose: purpose ?? null },
  }),
  async ask(ctx, input, workspace): Promise<{ ids: string[]; result: EntriesReply }> {
    const its = present(workspace)
    const [person, conversation] = await Promise.all([
      numberNamed(ctx, its.number, 'person', input.person_id),
      numberNamed(ctx, its.number, 'conversation', input.conversation_id),
    ])
    // Who is not known wrote nothing.
    if (person === undefined || conversation === undefined) return { ids: [], result: { data: [], cursor: null } }
    const rows = await selectEntries(ctx, { ...input, workspace: its.number, person, conversation, limit: input.limit + 1 })
    const page = rows.slice(0, input.limit)
    const [described, excerpts] = await Promise.all([
      describeEntries(ctx, page),
      input.purpose === undefined ? new Map<number, string | null>() : excerptsOf(ctx, page),
    ])
    const data = described.map((entry) => ({ ...entry, excerpt: excerpts.get(entry.seq) ?? null }))
    const cursor = rows.length > input.limit ? (page.at(-1)?.seq ?? null) : null
    return { ids: data.map(({ id }) => id), result: { data, cursor } }
  },
})

/** null: nobody was named; undefined: who is named is not known. */
async function numberNamed(ctx: Context, workspace: number, kind: string, id: string | undefined): Promise<number | null | undefined> {
  if (id === undefined) return null
  const [number] = await findItems(ctx, [workspace], kind, [id])
  return number
}

async function excerptsOf(ctx: Context, rows: readonly EntryRow[]): Promise<Map<number, string | null>> {
  const sealed = await rowsOf<SealedRow & { seq: number }>(
    ctx.ledger.database,
    'record excerpts',
    `select l.seq, ${sealedColumns} from log l ${entrySalt} where l.organization_id = $1 and l.seq = any($2::bigint[])`,
    [ctx.ledger.organization.number, rows.map(({ seq }) => seq)],
  )
  return new Map(
    sealed.map((row) => {
      const record = openRow(ctx.ledger.organization, row)
      return [row.seq, record && excerptOf(record)]
    }),
  )
}

/** POST /api/record/entry: one record as it is stored, with its versions. */
export const recordEntry = question({
  action: 'record.read',
  scope: 'compliance:read',
  input: entryInput,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: ({ seq, purpose }) => ({ seq, purpose }),
  async ask(ctx, { seq }, workspace): Promise<{ ids: string[]; result: EntryReply }> {
    const [row] = await rowsOf<EntryRow & SealedRow>(
      ctx.ledger.database,
      'record entry',
      `select ${entryColumns}, ${sealedColumns} from log l ${entrySalt}
       where l.organization_id = $1 and l.seq = $2 and l.workspace_id = $3 and l.kind = any($4::text[])`,
      [ctx.ledger.organization.number, seq, present(workspace).number, recordKinds],
    )
    const [described] = row ? await describeEntries(ctx, [row]) : []
    if (!row || !described) throw new Refusal('not_found', 'there is no such entry')
    const bytes = openBytes(ctx.ledger.organization, row)
    const record = openRow(ctx.ledger.organization, row)
    const entry = { ...described, excerpt: record && excerptOf(record) }
    return { ids: [entry.id], result: { entry, record: bytes?.toString('utf8') ?? null, versions: await versionsOf(ctx, row) } }
  },
})
