import { z } from 'zod'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { type ConversationPage, findConversation, findItems, type Listed, listConversations, oneConversation } from './conversation-list.ts'
import type { FileForm } from './conversation-parts.ts'
import { messagesJson, pageJson } from './conversation-stream.ts'
import { hasMoreThan, placeOfMessage } from './loaded.ts'
import { conversationId, cursor, fileFormat, limit, manyUsers, noted, origin, sinceTimestamp, workspaceId } from './openai-parameters.ts'

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
      conversations: null,
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
    const after = input.after === null ? 0 : await placeOfMessage(ctx, row.number, input.after)
    if (after === null) throw new Refusal('not_found', 'the message named by "after" is not known', { param: 'after' })
    const span = { after, most: input.limit }
    const hasMore = await hasMoreThan(ctx, row.number, span)
    return { ids: [row.id], result: messagesJson(ctx, row, { format: input.file_format, origin: input.origin }, { ...span, hasMore }) }
  },
})

async function listedConversation(ctx: Context, workspace: Workspace, id: string): Promise<Listed> {
  const number = await findConversation(ctx, [workspace.number], id)
  const row = number === null ? undefined : await oneConversation(ctx, workspace.number, number)
  if (!row) throw new Refusal('not_found', 'there is no such conversation')
  return row
}

export function present(workspace: Workspace | null): Workspace {
  if (!workspace) throw new Error('this question is about one workspace')
  return workspace
}
