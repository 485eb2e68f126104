import type { JsonObject } from '../found.ts'
import { calledTool, isHidden, isInjected } from './audience.ts'
import { citedUrls } from './citations.ts'
import { contentOf } from './content.ts'
import type { Problem } from './doubts.ts'
import { mentionsOf } from './pointers.ts'
import { momentOf } from './times.ts'
import { isObject, known, objectOf, textOf } from './values.ts'

/** What a message's place in its conversation says about it. */
export interface Setting {
  conversationId: string
  personId: string
  nodeId: string
  parentId: string | null
}

/**
 * A message record says what the message itself says, and nothing that its conversation says: the model or project of a
 * conversation may change later, and then every old message would look changed in the next export.
 */
export function messageRecord(message: JsonObject, { conversationId, personId, nodeId, parentId }: Setting): JsonObject {
  const { id, author, create_time, update_time, content, ...others } = message
  const metadata = objectOf(message.metadata)
  const { role, ...authorRest } = objectOf(author)
  const toolName = role === 'tool' ? textOf(authorRest.name) : undefined
  const created = momentOf(create_time)
  const updated = momentOf(update_time)
  const { parts, rest } = contentOf(content, toolName)
  const urls = citedUrls(message)
  const files = mentionsOf(message).map((file) => file.id)
  const tool = calledTool(message)
  return {
    kind: 'message',
    source: 'chatgpt',
    id,
    conversation_id: conversationId,
    role,
    parent_id: parentId,
    created_at: created.at,
    content: urls.length === 0 ? parts : [...parts, { type: 'citation', urls }],
    ...known({
      person_id: role === 'user' ? personId : undefined,
      updated_at: updated.at ?? undefined,
      model: textOf(metadata.model_slug) ?? textOf(metadata.default_model_slug),
      tool_name: toolName,
      hidden: isHidden(message) || undefined,
      injected: isInjected(message) || undefined,
      file_ids: files.length > 0 ? files : undefined,
      ...assistantOf(metadata.gizmo_id),
      tools: tool === undefined ? undefined : [tool],
      client: textOf(metadata.message_source),
    }),
    original: {
      ...others,
      author: authorRest,
      ...known({
        content: rest,
        create_time: created.whole ? undefined : create_time,
        update_time: updated.whole ? undefined : update_time,
        node_id: nodeId === id ? undefined : nodeId,
      }),
    },
  }
}

/** Projects are kept among custom GPTs, under ids that begin with `g-p-`. */
export function assistantOf(gizmoId: unknown): { gpt_id?: string; project_id?: string } {
  if (typeof gizmoId !== 'string' || !gizmoId.startsWith('g-')) return {}
  return gizmoId.startsWith('g-p-') ? { project_id: gizmoId } : { gpt_id: gizmoId }
}

const ROLES = new Set(['user', 'assistant', 'system', 'tool'])

/** Why a message cannot become a record; never its content. */
export function messageProblem(message: unknown): Problem | null {
  if (!isObject(message)) return { code: 'bad_record', message: 'the message is not an object' }
  if (textOf(message.id) === undefined) return { code: 'bad_field', message: 'id: the message has none' }
  if (!isObject(message.author)) return { code: 'bad_field', message: 'author: the message has none' }
  if (!ROLES.has(String(message.author.role)))
    return { code: 'bad_field', message: 'author.role: is none of user, assistant, system, tool' }
  return null
}
