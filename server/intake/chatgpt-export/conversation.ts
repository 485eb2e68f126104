import type { Found, JsonObject, Place, Rejected } from '../found.ts'
import { type Doubts, doubt, type Problem, refusal } from './doubts.ts'
import { assistantOf, messageProblem, messageRecord } from './message.ts'
import { momentOf } from './times.ts'
import { treeOrder } from './tree.ts'
import { isObject, known, textOf, without } from './values.ts'

/** A message that became a record, with what its neighbors need to know of it. */
export interface Turn {
  id: string
  message: JsonObject
  /** The nearest turn above, however many empty or bad nodes lie between. */
  parent: Turn | null
  nodeId: string
}

export interface Conversation {
  id: string
  turns: Turn[]
}

/** The conversation's record, then its messages, parents before children; answers what became of it for what is derived. */
export function* readConversation(value: unknown, personId: string, at: Place, doubts: Doubts): Generator<Found, Conversation | null> {
  const id = isObject(value) ? (textOf(value.conversation_id) ?? textOf(value.id)) : undefined
  const place = id === undefined ? at : { ...at, id }
  const wrong = conversationProblem(value)
  if (wrong !== null || id === undefined || !isObject(value) || !isObject(value.mapping)) {
    yield refusal(wrong ?? { code: 'bad_field', message: 'conversation_id: the conversation has none' }, value, place)
    return null
  }
  const { turns, problems } = plan(value.mapping, at, doubts)
  const head = without(value, ['mapping'])
  const problem = doubt(head, doubts)
  if (problem) yield refusal(problem, head, place)
  else yield { type: 'record', record: conversationRecord(head, id, personId, turns), at: place }
  yield* problems
  for (const turn of turns) {
    const record = messageRecord(turn.message, { conversationId: id, personId, nodeId: turn.nodeId, parentId: turn.parent?.id ?? null })
    yield { type: 'record', record, at: { ...at, id: turn.id } }
  }
  return { id, turns }
}

function conversationProblem(value: unknown): Problem | null {
  if (!isObject(value)) return { code: 'bad_record', message: 'the element is not an object' }
  return isObject(value.mapping)
    ? null
    : { code: 'bad_record', message: 'mapping: not the tree of messages that a conversation of a ChatGPT export has' }
}

/** Which nodes become messages and which are refused; children of the refused attach to the nearest good ancestor. */
function plan(mapping: JsonObject, at: Place, doubts: Doubts): { turns: Turn[]; problems: Rejected[] } {
  const turns: Turn[] = []
  const problems: Rejected[] = []
  const nearest = new Map<string, Turn | null>()
  const ids = new Set<string>()
  for (const { id: nodeId, node, parent } of treeOrder(mapping)) {
    const above = parent === null ? null : (nearest.get(parent) ?? null)
    nearest.set(nodeId, above)
    const message = isObject(node) ? (node.message ?? null) : node
    if (message === null) continue
    const problem = messageProblem(message) ?? doubt(message, doubts)
    const id = isObject(message) ? textOf(message.id) : undefined
    if (problem !== null || id === undefined || !isObject(message)) {
      problems.push(refusal(problem ?? NO_ID, message, { ...at, id: id ?? nodeId }))
    } else if (ids.has(id)) {
      problems.push(refusal({ code: 'bad_field', message: 'id: used twice in this conversation' }, message, { ...at, id }))
    } else {
      const turn = { id, message, parent: above, nodeId }
      ids.add(id)
      turns.push(turn)
      nearest.set(nodeId, turn)
    }
  }
  return { turns, problems }
}

const NO_ID: Problem = { code: 'bad_field', message: 'id: the message has none' }

function conversationRecord(head: JsonObject, id: string, personId: string, turns: Turn[]): JsonObject {
  const created = momentOf(head.create_time)
  const updated = momentOf(head.update_time)
  const carried = ['id', 'conversation_id', 'title', 'create_time', 'update_time', 'default_model_slug'].filter((name) =>
    isCarried(head, name, id),
  )
  return {
    kind: 'conversation',
    source: 'chatgpt',
    id,
    person_id: personId,
    title: typeof head.title === 'string' ? head.title : null,
    created_at: created.at,
    ...known({
      updated_at: updated.at ?? undefined,
      default_model: textOf(head.default_model_slug),
      ...assistantOf(head.conversation_template_id),
      ...assistantOf(head.gizmo_id),
      temporary: [head.is_temporary_chat, head.is_temporary].find((value) => typeof value === 'boolean'),
      pinned: pinnedOf(head),
      mode: modeOf(head),
      current_message_id: turns.find((turn) => turn.nodeId === head.current_node)?.id,
    }),
    original: { ...without(head, [...carried, ...SETS]), ...sortedSets(head) },
  }
}

function isCarried(head: JsonObject, name: string, id: string): boolean {
  const value = head[name]
  if (name === 'id' || name === 'conversation_id') return value === id
  if (name === 'create_time' || name === 'update_time') return momentOf(value).whole
  return value === null || typeof value === 'string'
}

/** Sets that an export writes in any order: sorted, the same conversation is the same bytes in the next export. */
const SETS = ['safe_urls', 'blocked_urls']

function sortedSets(head: JsonObject): JsonObject {
  return known(Object.fromEntries(SETS.map((name) => [name, Array.isArray(head[name]) ? head[name].toSorted() : head[name]])))
}

function pinnedOf({ is_starred: starred, pinned_time: pinned }: JsonObject): boolean | undefined {
  if (typeof pinned === 'number' || typeof pinned === 'string' || starred === true) return true
  return starred === false ? false : undefined
}

function modeOf({ voice, is_study_mode: study }: JsonObject): string | undefined {
  if (study === true) return 'study'
  return voice === null || voice === undefined || voice === false ? undefined : 'voice'
}
