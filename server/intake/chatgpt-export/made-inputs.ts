import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { zipOf } from '../archive/made-zips.ts'
import type { Found, JsonObject, SourceReader } from '../found.ts'
import { conversation, message, owner } from './examples.ts'
import { readChatgptExport } from './read.ts'

/** Inputs on disk for tests, in a folder of their own that `removeInputs` takes away. */

export const read: SourceReader = readChatgptExport

export type Files = Record<string, unknown>

let folder: Promise<string> | null = null
let inputs = 0

async function nextPath(): Promise<string> {
  folder ??= mkdtemp(join(tmpdir(), 'daybook-chatgpt-'))
  return join(await folder, `input-${inputs++}`)
}

export async function removeInputs(): Promise<void> {
  if (folder) await rm(await folder, { recursive: true })
}

export function bytesOf(content: unknown): Buffer {
  return Buffer.isBuffer(content) ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
}

export async function onDisk(files: Files): Promise<string> {
  const path = await nextPath()
  await mkdir(path)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), bytesOf(content))
  }
  return path
}

export async function zipBytes(files: Files): Promise<Buffer> {
  return await zipOf(Object.entries(files).map(([name, content]) => ({ name, bytes: bytesOf(content) })))
}

export async function zipped(files: Files): Promise<string> {
  return await single('export.zip', await zipBytes(files))
}

export async function single(name: string, content: unknown): Promise<string> {
  return join(await onDisk({ [name]: content }), name)
}

/** Reads to the end, the bytes of files too: they can only be opened while their turn lasts. */
export async function readAll(path: string, resume: Record<string, number> = {}): Promise<(Found & { content?: string })[]> {
  const all: (Found & { content?: string })[] = []
  for await (const found of read(path, { resumeAt: (file) => resume[file] ?? 0 }))
    all.push(found.type === 'bytes' ? { ...found, content: await text(await found.open()) } : found)
  return all
}

export const image = { content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-abc', size_bytes: 7 }
export const talks = [
  conversation('c1', [
    message('a', 'user', { content_type: 'multimodal_text', parts: ['look', image] }),
    message('b', 'assistant', 'nice'),
  ]),
  conversation('c2', [message('d', 'user', { content_type: 'multimodal_text', parts: ['again', image] })]),
]
/** One of everything. */
export const whole: Files = {
  'user.json': owner,
  'conversations.json': talks,
  'message_feedback.json': [
    {
      id: 'b',
      conversation_id: 'c1',
      user_id: owner.id,
      rating: 'thumbs_up',
      create_time: '2024-12-03T11:44:11.423823Z',
      content: '{}',
      workspace_id: null,
    },
  ],
  'model_comparisons.json': [
    {
      id: 'b',
      conversation_id: 'c1',
      user_id: owner.id,
      create_time: '2024-12-03T11:44:11.423823Z',
      content: { input: {}, output: { feedback_step_2: { completion_comparison_rating: 'original' } } },
    },
  ],
  'shared_conversations.json': [{ id: 's', conversation_id: 'c1', title: 'A talk', is_anonymous: true }],
  'file-abc-cat.png': 'picture',
  'dalle-generations/drawn.webp': 'drawing',
  'chat.html': '<html>',
  'group_chats.json': { chats: [] },
  'surprise.json': {},
}

export function canvasTalk(id: string): JsonObject {
  const call = message(
    '1',
    'assistant',
    { content_type: 'code', language: 'json', text: '{"name":"Plan","type":"document","content":"one"}' },
    { recipient: 'canmore.create_textdoc' },
  )
  const answer = message('2', 'tool', 'done', {
    author: { role: 'tool', name: 'canmore.create_textdoc' },
    metadata: { canvas: { textdoc_id: 'doc', version: 1 } },
  })
  return conversation(id, [call, answer])
}
