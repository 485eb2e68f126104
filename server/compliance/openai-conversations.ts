import { z } from 'zod'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { type ConversationPage, findConversation, findItems, type Listed, listConversations } from './conversation-list.ts'
import { type FileForm, loadFiles } from './conversation-parts.ts'
import { messageListJson, pageJson } from './conversation-stream.ts'
import { loadChunk } from './loaded.ts'
import { conversationId, cursor, fileFormat, limit, manyUsers, noted, origin, sinceTimestamp, workspaceId } from './openai-parameters.ts'
import { loadPeople } from './people-named.ts'

export const conversationsQuery = z.object({
  since_timestamp: sinceTimestamp,
  after: cursor,
  limit: limit(500, 500),
  users: manyUsers,
  file_format: fileFormat,
})

/** GET /v1/compliance/workspaces/{workspace_id}/conversations: whole conversations in the order of their last update, as a stream of JSON. */
export const conversations = question({
  action: 'conversations.list',
  scope: 'compliance:read',
  input: conversationsQuery.extend({ workspace_id: workspaceId, origin }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const its = present(workspace)
    const people = input.users ? await findItems(ctx, [its.number], 'person', input.users) : null
    const page = await listConversations(ctx, {
      workspaces: [its.number],
      people,
      conversation: null,
      from: null,
      until: null,
      since: input.since_timestamp,
      after: input.after,
      limit: input.limit,
      selection: JSON.stringify([its.id, input.users?.toSorted() ?? null]),
    })
    return answer(ctx, page, new Map([[its.number, its.id]]), { format: input.file_format, origin: input.origin })
  },
})

/** What a page gives away, and the page itself, which starts flowing once the access record is committed. */
export function answer(ctx: Context, page: ConversationPage, workspaceIds: ReadonlyMap<number, string>, form: FileForm) {
  return { ids: page.rows.map(({ id }) => id), result: pageJson(ctx, page, workspaceIds, form) }
}

export const messagesQuery = z.object({ after: cursor, limit: limit(500, 500), file_format: fileFormat })

/** GET …/conversations/{id}/messages: one conversation's messages in the order of their arrival. */
export const conversationMessages = question({
  action: 'messages.list',
  scope: 'compliance:read',
  input: messagesQuery.extend({ workspace_id: workspaceId, conversation_id: conversationId, origin }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const row = await listedConversation(ctx, present(workspace), input.conversation_id)
    const [loaded] = await loadChunk(ctx, [row])
    if (!loaded) throw new Refusal('not_found', 'there is no such conversation')
    const from =
      input.after === null ? 0 : loaded.messages.findIndex(({ wireId, sourceId }) => wireId === input.after || sourceId === input.after) + 1
    if (input.after !== null && from === 0) throw new Refusal('not_found', 'the message named by "after" is not known', { param: 'after' })
    const shown = loaded.messages.slice(from, from + input.limit)
    const form = { format: input.file_format, origin: input.origin }
    const files = await loadFiles(ctx, [{ ...loaded, messages: shown }], form, await loadPeople(ctx, [row.person]))
    return { ids: [row.id], result: messageListJson(loaded, files, shown, from + shown.length < loaded.messages.length) }
  },
})

async function listedConversation(ctx: Context, workspace: Workspace, id: string): Promise<Listed> {
  const number = await findConversation(ctx, [workspace.number], id)
  if (number === null) throw new Refusal('not_found', 'there is no such conversation')
  const page = { people: null, from: null, until: null, since: null, after: null, limit: 1, selection: '' }
  const { rows } = await listConversations({ ...ctx }, { ...page, workspaces: [workspace.number], conversation: number })
  const [row] = rows
  if (!row) throw new Refusal('not_found', 'there is no such conversation')
  return row
}

export function present(workspace: Workspace | null): Workspace {
  if (!workspace) throw new Error('this question is about one workspace')
  return workspace
}
