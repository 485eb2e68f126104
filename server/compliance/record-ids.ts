import { recordKinds } from '../../contract/records.ts'
import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import { rowsOf } from '../ledger/read.ts'

/** Where in the log the versions stand of whatever has this id, on the wire or at its source; and the deletions of messages of that id. */
export async function entriesAbout(ctx: Context, workspace: number, id: string, conversation: number | null): Promise<number[]> {
  const { database, organization } = ctx.ledger
  const values = [organization.number, workspace, id]
  const [items, messages] = await Promise.all([
    rowsOf<{ seq: number }>(
      database,
      'entries of items',
      `select v.seq from (
         select number from item where organization_id = $1 and workspace_id = $2 and kind = any($4::text[]) and id = $3
         union select number from item where organization_id = $1 and workspace_id = $2 and kind = any($4::text[]) and wire_id = $3) i
       join version v on v.organization_id = $1 and v.item = i.number`,
      [...values, recordKinds],
    ),
    rowsOf<{ seq: number }>(
      database,
      'entries of messages',
      `select seq from (
         select m.seq from message m where m.organization_id = $1 and m.workspace_id = $2 and m.id = $3 and m.seq is not null
         union select v.seq from message m join message_version v
           on v.organization_id = m.organization_id and v.conversation = m.conversation and v.first_seq = m.first_seq
           where m.organization_id = $1 and m.workspace_id = $2 and m.id = $3
         union select l.seq from message m join log l on l.organization_id = m.organization_id and l.conversation = m.conversation
           where m.organization_id = $1 and m.workspace_id = $2 and m.id = $3 and l.kind = 'deletion' and l.remains::json ->> 'id' = $3) found`,
      values,
    ),
  ])
  const found = [...items, ...messages].map(({ seq }) => seq)
  if (found.length > 0 || conversation === null) return found
  const own = await sourceIdOfMessage(ctx, conversation, id)
  return own === null || own === id ? [] : entriesAbout(ctx, workspace, own, null)
}

/** A message id that was made for the wire leads back to the message only within its conversation: it is a digest of both. */
async function sourceIdOfMessage(ctx: Context, conversation: number, wireId: string): Promise<string | null> {
  const rows = await rowsOf<{ id: string; repeated_id: boolean }>(
    ctx.ledger.database,
    'message ids',
    'select id, repeated_id from message where organization_id = $1 and conversation = $2',
    [ctx.ledger.organization.number, conversation],
  )
  return rows.find(({ id, repeated_id }) => messageWireId(conversation, id, repeated_id) === wireId)?.id ?? null
}
