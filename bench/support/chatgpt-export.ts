import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pick, randomFrom, textOf, uuidOf, wholeBetween } from './random.ts'

const models = ['gpt-4o', 'gpt-4o-mini', 'o1']

export interface Written {
  readonly bytes: number
  readonly conversations: number
  readonly messages: number
}

/**
 * Writes a folder as ChatGPT's data export has it, of about so many bytes: 20 messages in a conversation and some 1,300 bytes for each
 * with its metadata, as in real exports. One conversation a line, so that the control can read it line by line.
 */
export async function writeChatgptExport(folder: string, bytes: number, seed: number): Promise<Written> {
  const random = randomFrom(seed)
  const written = { bytes: 0, conversations: 0, messages: 0 }
  function* pieces(): Generator<string> {
    yield '[\n'
    while (written.bytes < bytes) {
      const { text, messages } = conversation(random)
      yield `${written.conversations > 0 ? ',\n' : ''}${text}`
      written.bytes += Buffer.byteLength(text) + 2
      written.conversations++
      written.messages += messages
    }
    yield '\n]\n'
  }
  const user = { id: 'user-DaybookBenchPerson0000001', email: 'person@example.com', chatgpt_plus_user: true }
  await writeFile(join(folder, 'user.json'), JSON.stringify(user))
  await pipeline(Readable.from(pieces(), { objectMode: true, highWaterMark: 64 }), createWriteStream(join(folder, 'conversations.json')))
  return written
}

function conversation(random: () => number): { text: string; messages: number } {
  const id = uuidOf(random)
  const started = 1_700_000_000 + Math.floor(random() * 30_000_000)
  const messages = wholeBetween(random, 4, 36)
  const nodes = Array.from({ length: messages + 2 }, () => uuidOf(random))
  const mapping: Record<string, unknown> = {}
  nodes.forEach((node, i) => {
    const parent = nodes[i - 1] ?? null
    const children = nodes.slice(i + 1, i + 2)
    mapping[node] = {
      id: node,
      message: i === 0 ? null : message(random, { id: node, place: i, at: started + i * 12, parent }),
      parent,
      children,
    }
  })
  const text = JSON.stringify({
    title: textOf(random, wholeBetween(random, 10, 50)),
    create_time: started + 0.176554,
    update_time: started + messages * 12 + 0.704764,
    mapping,
    moderation_results: [],
    current_node: nodes.at(-1),
    plugin_ids: null,
    conversation_id: id,
    conversation_template_id: null,
    gizmo_id: null,
    gizmo_type: null,
    is_archived: false,
    is_starred: null,
    safe_urls: [],
    default_model_slug: pick(random, models),
    id,
  })
  return { text, messages: messages + 1 }
}

function message(random: () => number, of: { id: string; place: number; at: number; parent: string | null }): object {
  if (of.place === 1) return hiddenRoot(of.id)
  const asked = of.place % 2 === 0
  const model = pick(random, models)
  return {
    id: of.id,
    author: { role: asked ? 'user' : 'assistant', name: null, metadata: {} },
    create_time: of.at + 0.185255,
    update_time: null,
    content: { content_type: 'text', parts: [textOf(random, asked ? wholeBetween(random, 20, 400) : wholeBetween(random, 100, 1600))] },
    status: 'finished_successfully',
    end_turn: asked ? null : true,
    weight: 1,
    metadata: {
      ...(asked ? { serialization_metadata: { custom_symbol_offsets: [] }, message_source: null } : answerMetadata(model, of.parent)),
      request_id: '8ed581f1189035f5-MAN',
      timestamp_: 'absolute',
      message_type: null,
    },
    recipient: 'all',
    channel: null,
  }
}

function answerMetadata(model: string, parent: string | null): object {
  return {
    finish_details: { type: 'stop', stop_tokens: [200_002] },
    is_complete: true,
    citations: [],
    content_references: [],
    model_slug: model,
    default_model_slug: model,
    parent_id: parent,
  }
}

/** Every real conversation begins with one hidden message without a time. */
function hiddenRoot(id: string): object {
  return {
    id,
    author: { role: 'system', name: null, metadata: {} },
    create_time: null,
    update_time: null,
    content: { content_type: 'text', parts: [''] },
    status: 'finished_successfully',
    end_turn: true,
    weight: 0,
    metadata: { is_visually_hidden_from_conversation: true },
    recipient: 'all',
    channel: null,
  }
}
