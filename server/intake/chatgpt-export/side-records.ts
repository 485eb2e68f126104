import type { JsonObject } from '../found.ts'
import { momentOf } from './times.ts'
import { known, objectOf, textOf, without } from './values.ts'

/** One element of a side file as a record, or what keeps it from being one. */
export type SideRecord = (value: JsonObject, personId: string) => JsonObject | string

/** Both are named by the message they judge; `content` is kept as it is: it may hold a whole conversation. */
export function feedbackRecord(value: JsonObject, personId: string): JsonObject | string {
  return judgment('feedback', value, personId, value.rating)
}

export function comparisonRecord(value: JsonObject, personId: string): JsonObject | string {
  const step = objectOf(objectOf(objectOf(value.content).output).feedback_step_2)
  return judgment('comparison', value, personId, step.completion_comparison_rating)
}

function judgment(kind: 'feedback' | 'comparison', value: JsonObject, personId: string, rating: unknown): JsonObject | string {
  const id = textOf(value.id)
  if (id === undefined) return 'id: there is none'
  const created = momentOf(value.create_time)
  const user = isRedacted(value.user_id) ? undefined : textOf(value.user_id)
  const carried = [
    'id',
    'content',
    ...(kind === 'feedback' ? ['rating'] : []),
    ...(created.whole ? ['create_time'] : []),
    ...(user ? ['user_id'] : []),
  ]
  return {
    kind,
    source: 'chatgpt',
    id,
    message_id: id,
    person_id: user ?? personId,
    created_at: created.at,
    ...known({ conversation_id: textOf(value.conversation_id), rating, content: value.content }),
    original: without(value, [...carried, ...(textOf(value.conversation_id) === undefined ? [] : ['conversation_id'])]),
  }
}

/** A link to a conversation. The export says neither when it was made nor who may open it. */
export function shareRecord(value: JsonObject, personId: string): JsonObject | string {
  const id = textOf(value.id)
  const conversation = textOf(value.conversation_id)
  if (id === undefined) return 'id: there is none'
  if (conversation === undefined) return 'conversation_id: there is none'
  return {
    kind: 'share',
    source: 'chatgpt',
    id,
    of: { kind: 'conversation', id: conversation },
    person_id: personId,
    original: without(value, ['id', 'conversation_id']),
  }
}

/** A file of the account's library (exports since 2026). */
export function libraryRecord(value: JsonObject, personId: string): JsonObject | string {
  const id = textOf(value.file_id)
  if (id === undefined) return 'file_id: there is none'
  const size = value.file_size_bytes
  return {
    kind: 'file',
    source: 'chatgpt',
    id,
    person_id: personId,
    origin: textOf(value.image_gen_generation_id) === undefined ? 'library' : 'generated',
    ...known({
      name: textOf(value.file_name),
      mime_type: textOf(value.mime_type),
      size: Number.isSafeInteger(size) && Number(size) >= 0 ? size : undefined,
      conversation_id: textOf(value.origination_thread_id) ?? textOf(value.initiating_conversation_id),
      message_id: textOf(value.origination_message_id),
      created_at: momentOf(value.created_at).at ?? undefined,
      deleted_at: momentOf(value.deleted_at).at ?? undefined,
    }),
    original: without(value, ['file_id', 'file_name', 'mime_type']),
  }
}

/** The account's owner. Values that the owner blanked out with asterisks are kept, but name nobody. */
export function personRecord(value: JsonObject, personId: string): JsonObject {
  const email = isRedacted(value.email) ? undefined : textOf(value.email)
  const name = isRedacted(value.name) ? undefined : textOf(value.name)
  const carried = [...(value.id === personId ? ['id'] : []), ...(email ? ['email'] : []), ...(name ? ['name'] : [])]
  return { kind: 'person', source: 'chatgpt', id: personId, ...known({ email, name }), original: without(value, carried) }
}

export function isRedacted(value: unknown): boolean {
  return typeof value === 'string' && (/\*{2}|^\[?redacted\]?$/i.test(value) || value.trim() === '')
}
