import type { JsonObject } from '../found.ts'
import type { Conversation, Turn } from './conversation.ts'
import { saidText } from './memories.ts'
import { momentOf } from './times.ts'
import { isObject, known, listOf, objectOf, textOf, without } from './values.ts'

/**
 * The versions of each canvas that a conversation tells of: the tool's answer names the canvas and its version, the call
 * above it says what was written. Versions a person typed are in no message. In the order of their versions, so that the
 * newest is the current one.
 */
export function canvasesOf({ id, turns }: Conversation, personId: string): JsonObject[] {
  const contents = new Map<string, string>()
  const versions: JsonObject[] = []
  for (const turn of turns) {
    const author = objectOf(turn.message.author)
    const facts = objectOf(objectOf(turn.message.metadata).canvas)
    const textdoc = textOf(facts.textdoc_id)
    if (author.role !== 'tool' || !textOf(author.name)?.startsWith('canmore.') || textdoc === undefined) continue
    const call = callOf(turn.parent)
    const content = contentAfter(call, facts, contents.get(`${textdoc}/${facts.from_version}`))
    if (content !== undefined) contents.set(`${textdoc}/${facts.version}`, content)
    versions.push({
      kind: 'canvas',
      source: 'chatgpt',
      id: textdoc,
      person_id: personId,
      conversation_id: id,
      message_id: turn.parent?.id ?? turn.id,
      ...known({
        version: versionOf(facts.version),
        name: textOf(facts.title) ?? textOf(call.name),
        type: textOf(facts.textdoc_type) ?? textOf(call.type),
        content,
        comments: commentsOf(call, facts),
        updated_at: momentOf(turn.message.create_time).at ?? undefined,
      }),
    })
  }
  return versions.sort((a, b) => Number(a.version ?? 0) - Number(b.version ?? 0))
}

/** What a call said: an object with `name`, `type` and `content`, or `updates`, or `comments`. */
function callOf(turn: Turn | null): JsonObject {
  const text = turn === null ? undefined : saidText(turn.message)
  try {
    return text === undefined ? {} : objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

/**
 * The whole text after a call, when it is certain: the first text, a rewrite of everything, or the text before a comment.
 * Other updates are regular expressions of another language; what they did is not guessed. The length that the answer names
 * must agree; a rewrite with backslashes, which that language expands, needs one that does.
 */
function contentAfter(call: JsonObject, facts: JsonObject, before: string | undefined): string | undefined {
  const [update, ...more] = listOf(call.updates)
  const rewrite = more.length === 0 && isObject(update) && update.pattern === '.*' ? update.replacement : undefined
  const content = call.content ?? rewrite ?? (Array.isArray(call.comments) ? before : undefined)
  if (typeof content !== 'string') return undefined
  const length = facts.textdoc_content_length
  if (typeof length !== 'number') return content === rewrite && content.includes('\\') ? undefined : content
  return length === content.length || length === [...content].length ? content : undefined
}

function commentsOf(call: JsonObject, facts: JsonObject): JsonObject[] | undefined {
  if (!Array.isArray(call.comments)) return undefined
  const ids = listOf(facts.comment_ids)
  return call.comments.filter(isObject).map((comment, at) => ({
    type: 'comment',
    ...known({ id: textOf(ids[at]) }),
    content: comment.comment ?? null,
    ...known({ pattern: comment.pattern }),
  }))
}

function versionOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
}

/**
 * A file of `textdocs/` is the text a canvas ended with. No public description names its members, so the likely ones are
 * read and everything but the text is kept as well. With the last version a conversation told of, it completes that version.
 */
export function textdocRecord(value: JsonObject, id: string, personId: string, last: JsonObject | undefined): JsonObject {
  const time = momentOf(value.updated_at ?? value.update_time ?? value.created_at ?? value.create_time)
  return {
    kind: 'canvas',
    source: 'chatgpt',
    id,
    person_id: personId,
    ...last,
    ...known({
      version: versionOf(value.version),
      name: textOf(value.title) ?? textOf(value.name),
      type: textOf(value.textdoc_type) ?? textOf(value.type),
      content: typeof value.content === 'string' ? value.content : undefined,
      comments: Array.isArray(value.comments) ? value.comments : undefined,
      conversation_id: textOf(value.conversation_id),
      updated_at: time.at ?? undefined,
    }),
    original: without(value, [
      ...(typeof value.content === 'string' ? ['content'] : []),
      ...(Array.isArray(value.comments) ? ['comments'] : []),
    ]),
  }
}
