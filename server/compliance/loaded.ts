import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import type { JsonObject } from '../ledger/json.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import type { Listed } from './conversation-list.ts'
import type { FileObject } from './openai-common.ts'

interface MessageRow extends SealedRow {
  conversation: number
  first_seq: number
  id: string
  repeated_id: boolean
}

export type FileLookup = (loaded: Loaded, message: LoadedMessage) => readonly FileObject[]

export interface LoadedMessage {
  readonly wireId: string
  readonly sourceId: string
  readonly record: JsonObject
}

export interface Loaded {
  readonly row: Listed
  /** null: its own record has not arrived, or is erased. */
  readonly record: JsonObject | null
  readonly messages: readonly LoadedMessage[]
}

/** Conversations with their messages in the order of arrival, parents before children as sources send them. Erased ones are left out. */
export async function loadChunk(ctx: Context, rows: readonly Listed[]): Promise<Loaded[]> {
  const { database, organization } = ctx.ledger
  const numbers = rows.map(({ number }) => number)
  const [records, messages] = await Promise.all([
    rowsOf<SealedRow & { number: number }>(
      database,
      'conversation records',
      `select i.number, ${sealedColumns} from item i join log l on l.organization_id = i.organization_id and l.seq = i.seq
       left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
       where i.organization_id = $1 and i.number = any($2::bigint[])`,
      [organization.number, numbers],
    ),
    rowsOf<MessageRow>(
      database,
      'conversation messages',
      `select m.conversation, m.first_seq, m.id, m.repeated_id, ${sealedColumns} from message m
       join log l on l.organization_id = m.organization_id and l.seq = m.seq
       left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
       where m.organization_id = $1 and m.conversation = any($2::bigint[]) order by m.conversation, m.first_seq`,
      [organization.number, numbers],
    ),
  ])
  const recordOf = new Map(records.map((row) => [row.number, openRow(organization, row)]))
  const messagesOf = new Map<number, LoadedMessage[]>(numbers.map((number) => [number, []]))
  for (const row of messages) {
    const record = openRow(organization, row)
    if (record)
      messagesOf.get(row.conversation)?.push({ wireId: messageWireId(row.conversation, row.id, row.repeated_id), sourceId: row.id, record })
  }
  return rows.map((row) => ({ row, record: recordOf.get(row.number) ?? null, messages: messagesOf.get(row.number) ?? [] }))
}
