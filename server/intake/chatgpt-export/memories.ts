import type { JsonObject } from '../found.ts'
import { calledTool } from './audience.ts'
import { contentOf } from './content.ts'
import type { Conversation, Turn } from './conversation.ts'
import { momentOf } from './times.ts'
import { known, objectOf, textOf } from './values.ts'

/**
 * What the assistant was told to remember: a call to the tool `bio` that the tool answered. The export has no list of
 * memories and gives them no id; message ids repeat across conversations, so a memory is named by both.
 */
export function* memoriesOf({ id, turns }: Conversation, personId: string): Generator<JsonObject> {
  const told = new Set<Turn>()
  for (const { message, parent: call } of turns) {
    if (call === null || told.has(call) || calledTool(call.message) !== 'bio' || !confirms(message)) continue
    const content = saidText(call.message)
    if (content === undefined) continue
    told.add(call)
    yield {
      kind: 'memory',
      source: 'chatgpt',
      id: `${id}/${call.id}`,
      person_id: personId,
      content,
      conversation_id: id,
      message_id: call.id,
      ...known({ updated_at: momentOf(message.create_time).at ?? momentOf(call.message.create_time).at ?? undefined }),
    }
  }
}

function confirms(answer: JsonObject): boolean {
  const author = objectOf(answer.author)
  return author.role === 'tool' && author.name === 'bio' && objectOf(answer.content).content_type !== 'system_error'
}

/** The text of a call, whether it was said as text or as code. */
export function saidText(message: JsonObject): string | undefined {
  return textOf(
    contentOf(message.content, undefined)
      .parts.map((part) => (typeof part.text === 'string' ? part.text : ''))
      .join(''),
  )
}
