import type { Found, JsonObject } from '../found.ts'

/** Pieces of exports made for tests, in the shapes that real ones have. */

export type Loose = JsonObject & { id: string }

export function message(id: string, role: string, said: unknown, more: JsonObject = {}): Loose {
  return {
    id,
    author: { role, name: null, metadata: {} },
    create_time: 1733417137.185255,
    update_time: null,
    content: typeof said === 'string' ? { content_type: 'text', parts: [said] } : said,
    status: 'finished_successfully',
    end_turn: null,
    weight: 1.0,
    metadata: {},
    recipient: 'all',
    channel: null,
    ...more,
  }
}

/** A conversation of messages that follow one another, below an empty root as ChatGPT makes it. */
export function conversation(id: string, messages: Loose[], more: JsonObject = {}): JsonObject {
  const ids = ['root', ...messages.map((each) => each.id)]
  const mapping = Object.fromEntries(
    ids.map((node, at) => [
      node,
      { id: node, message: messages[at - 1] ?? null, parent: ids[at - 1] ?? null, children: ids.slice(at + 1, at + 2) },
    ]),
  )
  return {
    title: 'A talk',
    create_time: 1733417137.5,
    update_time: 1733418074.25,
    mapping,
    current_node: ids.at(-1),
    conversation_id: id,
    id,
    default_model_slug: 'gpt-4o',
    ...more,
  }
}

export const owner = { id: 'user-3iLvPcubCeWBtcCmrcjbBpfJ', email: 'owner@example.org', chatgpt_plus_user: true, birth_year: 2000 }

export function recordsOf(found: Found[], kind?: string): JsonObject[] {
  return found.flatMap((each) => (each.type === 'record' && (kind === undefined || each.record.kind === kind) ? [each.record] : []))
}

export function rejectedOf(found: Found[]): { code: string; file: string; id?: string | undefined; message: string }[] {
  return found.flatMap((each) =>
    each.type === 'rejected' ? [{ code: each.code, file: each.at.file, id: each.at.id, message: each.message }] : [],
  )
}
