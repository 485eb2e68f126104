import type { JsonObject } from '../ledger/candidate.ts'
import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import type { ConversationPage, Listed } from './conversation-list.ts'
import { loadFiles, loadOwners, type Owner } from './conversation-parts.ts'
import { type FileObject, messageJson, textOrNull } from './openai-objects.ts'

export type FileFormat = 'url' | 'id'

interface MessageRow extends SealedRow {
  conversation: number
  first_seq: number
  id: string
  repeated_id: boolean
}

/** So many conversations are fetched together: one round trip for all their messages, and memory for no more than these. */
const together = 25

/** The page as JSON text, piece by piece; the next conversations are fetched while these are written. */
export async function* pageJson(
  ctx: Context,
  page: ConversationPage,
  workspaceIds: ReadonlyMap<number, string>,
  format: FileFormat,
): AsyncGenerator<string> {
  const owners = await loadOwners(ctx, page.rows)
  yield '{"object":"list","data":['
  let ahead = loadChunk(ctx, page.rows.slice(0, together))
  for (let at = 0; at < page.rows.length; at += together) {
    const chunk = await ahead
    const next = page.rows.slice(at + together, at + 2 * together)
    ahead = next.length > 0 ? loadChunk(ctx, next) : ahead
    // An error is thrown where the chunk is awaited; until then it must not count as unhandled.
    ahead.catch(() => undefined)
    const files = await loadFiles(ctx, chunk, format, owners)
    yield chunk.map((loaded, i) => (at + i > 0 ? ',' : '') + conversationJson(loaded, workspaceIds, owners, files)).join('')
  }
  const last = page.rows.at(-1)
  yield `],"last_id":${JSON.stringify(last?.id ?? null)},"has_more":${page.hasMore}}`
}

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

/** Times must be numbers, and messages lie between them: a conversation without a time of its own takes those of its messages. */
function conversationJson(
  { row, record, messages }: Loaded,
  workspaceIds: ReadonlyMap<number, string>,
  owners: ReadonlyMap<number, Owner>,
  files: FileLookup,
): string {
  const owner = row.person === null ? undefined : owners.get(row.person)
  const createdAt = row.created_at ?? row.first_message_at ?? row.changed_at
  const head = JSON.stringify({
    object: 'compliance.workspace.conversation',
    id: row.id,
    workspace_id: workspaceIds.get(row.workspace_id),
    user_id: owner?.id ?? null,
    user_email: owner?.email ?? null,
    created_at: createdAt,
    last_active_at: row.last_active_at ?? createdAt,
    title: textOrNull(record?.title),
  })
  return `${head.slice(0, -1)},"messages":${messageListJson({ row, record, messages }, files, messages, false)}}`
}

export type FileLookup = (loaded: Loaded, message: LoadedMessage) => readonly FileObject[]

/** A list envelope of some of a conversation's messages. Parents are looked for among all of them. */
export function messageListJson(loaded: Loaded, files: FileLookup, shown: readonly LoadedMessage[], hasMore: boolean): string {
  const wireIds = new Map(loaded.messages.map(({ sourceId, wireId }) => [sourceId, wireId]))
  const data = shown.map((message) => {
    const { record, wireId } = message
    const parent = textOrNull(record.parent_id)
    return messageJson(record, {
      id: wireId,
      parentId: parent === null ? null : (wireIds.get(parent) ?? messageWireId(loaded.row.number, parent, false)),
      gptId: textOrNull(record.gpt_id) ?? textOrNull(loaded.record?.gpt_id),
      projectId: textOrNull(record.project_id) ?? textOrNull(loaded.record?.project_id),
      files: files(loaded, message),
    })
  })
  return `{"object":"list","data":[${data.join(',')}],"last_id":${JSON.stringify(shown.at(-1)?.wireId ?? null)},"has_more":${hasMore}}`
}
