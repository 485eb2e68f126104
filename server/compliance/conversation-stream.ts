import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import type { ConversationPage } from './conversation-list.ts'
import { type FileForm, loadFiles } from './conversation-parts.ts'
import { type FileLookup, type Loaded, type LoadedMessage, loadChunk } from './loaded.ts'
import { textOrNull } from './openai-common.ts'
import { messageJson } from './openai-objects.ts'
import { loadPeople, type Owner } from './people-named.ts'

/** So many conversations are fetched together: one round trip for all their messages, and memory for no more than these. */
const together = 25

/** The page as JSON text, piece by piece; the next conversations are fetched while these are written. */
export async function* pageJson(
  ctx: Context,
  page: ConversationPage,
  workspaceIds: ReadonlyMap<number, string>,
  form: FileForm,
): AsyncGenerator<string> {
  const owners = await loadPeople(
    ctx,
    page.rows.map(({ person }) => person),
  )
  yield '{"object":"list","data":['
  let ahead = loadChunk(ctx, page.rows.slice(0, together))
  for (let at = 0; at < page.rows.length; at += together) {
    const chunk = await ahead
    const next = page.rows.slice(at + together, at + 2 * together)
    ahead = next.length > 0 ? loadChunk(ctx, next) : ahead
    // An error is thrown where the chunk is awaited; until then it must not count as unhandled.
    ahead.catch(() => undefined)
    const files = await loadFiles(ctx, chunk, form, owners)
    yield chunk.map((loaded, i) => (at + i > 0 ? ',' : '') + conversationJson(loaded, workspaceIds, owners, files)).join('')
  }
  const last = page.rows.at(-1)
  yield `],"last_id":${JSON.stringify(last?.id ?? null)},"has_more":${page.hasMore}}`
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
