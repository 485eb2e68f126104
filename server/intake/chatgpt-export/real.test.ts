import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordShapes } from '../../../contract/records.ts'
import type { Found, JsonObject } from '../found.ts'
import { recordsOf, rejectedOf } from './examples.ts'
import { readChatgptExport } from './read.ts'

const repository = join(import.meta.dirname, '../../..')
const sample = join(repository, 'sample')
const many = join(repository, '../shared/data/chatgpt-export-multiuser')
const samples = join(repository, '../shared/data/samples/chatgpt')
/** The larger real sets lie beside the repository and not in it. */
const withMany = existsSync(many) ? test : test.skip
const withSamples = existsSync(samples) ? test : test.skip

async function readAll(path: string): Promise<Found[]> {
  return await Array.fromAsync(readChatgptExport(path))
}

interface RawConversation {
  id: string
  mapping: Record<
    string,
    {
      message: (JsonObject & { id: string; author: { role: string; name: string | null }; content: JsonObject; recipient: string }) | null
      parent: string | null
      children: string[]
    }
  >
}

function rawOf(folder: string, file: string): JsonObject[] {
  return readdirSync(folder).flatMap((account) => {
    const path = join(folder, account, file)
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []
  })
}

function talksOf(folder: string): RawConversation[] {
  // The shape is what every parser of these files relies on; a wrong one fails the counts below.
  return rawOf(folder, 'conversations.json') as unknown as RawConversation[]
}

function tally(values: unknown[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1
  return counts
}

function expectAllOf(folder: string, found: Found[]): void {
  const nodes = talksOf(folder).flatMap((talk) => Object.values(talk.mapping))
  const messages = nodes.flatMap((node) => (node.message === null ? [] : [node.message]))
  expect(tally(recordsOf(found, 'message').map((record) => record.role))).toEqual(tally(messages.map((message) => message.author.role)))
  expect(recordsOf(found, 'conversation')).toHaveLength(talksOf(folder).length)
  expect(recordsOf(found, 'memory')).toHaveLength(messages.filter((message) => message.author.name === 'bio').length)
  expect(recordsOf(found, 'feedback')).toHaveLength(rawOf(folder, 'message_feedback.json').length)
  expect(recordsOf(found, 'comparison')).toHaveLength(rawOf(folder, 'model_comparisons.json').length)
  expect(recordsOf(found, 'share')).toHaveLength(rawOf(folder, 'shared_conversations.json').length)
  expect(rejectedOf(found)).toEqual([])
}

/** Text of a message: what its parts say, in the record and in the source. */
function expectSameTexts(folder: string, found: Found[]): void {
  const said = new Map<string, string>()
  for (const talk of talksOf(folder)) {
    for (const { message } of Object.values(talk.mapping)) {
      const { parts, text } = (message?.content ?? {}) as { parts?: unknown[]; text?: string }
      if (message) said.set(`${talk.id} ${message.id}`, parts?.filter((part) => typeof part === 'string').join('\n') ?? text ?? '')
    }
  }
  for (const record of recordsOf(found, 'message')) {
    const parts = record.content as { type: string; text?: string; field?: string }[]
    const text = parts.filter((part) => part.text !== undefined).map((part) => part.text)
    expect(text.join('\n')).toBe(said.get(`${record.conversation_id} ${record.id}`))
  }
}

function expectShapes(found: Found[]): void {
  for (const record of recordsOf(found)) {
    const shape = recordShapes[record.kind as keyof typeof recordShapes]
    const checked = shape.safeParse(record)
    expect(checked.error?.issues ?? []).toEqual([])
  }
}

test('the sample in the repository is read whole, by four people, and every record has its shape', async () => {
  const found = await readAll(sample)
  expect(recordsOf(found, 'person')).toHaveLength(4)
  expect(recordsOf(found, 'conversation')).toHaveLength(81)
  expect(recordsOf(found, 'message')).toHaveLength(1800)
  expectAllOf(sample, found)
  expectSameTexts(sample, found)
  expectShapes(found)
})

test('the tree of every talk is the one the export draws', async () => {
  const parents = new Map(
    recordsOf(await readAll(sample), 'message').map((record) => [`${record.conversation_id} ${record.id}`, record.parent_id]),
  )
  for (const { id, mapping } of talksOf(sample)) {
    for (const [node, { parent, message }] of Object.entries(mapping)) {
      const above = parent === null ? null : (mapping[parent]?.message?.id ?? null)
      if (message) expect(parents.get(`${id} ${node}`)).toBe(above)
    }
  }
})

test('a real import interrupted behind any conversation goes on exactly where it was', async () => {
  const path = join(sample, 'CSN8')
  const all = await readAll(path)
  for (const at of all.flatMap((found, place) => (found.type === 'step' && found.file === 'conversations.json' ? [place] : []))) {
    const step = all[at]
    const taken = step?.type === 'step' ? step.index + 1 : 0
    const rest = await Array.fromAsync(readChatgptExport(path, { resumeAt: (file) => (file === 'conversations.json' ? taken : 0) }))
    expect(recordsOf(rest).slice(1)).toEqual(recordsOf(all.slice(at)))
  }
})

test('members that the study added to conversations survive', async () => {
  const originals = recordsOf(await readAll(join(sample, 'CSN7')), 'conversation').map((record) => record.original as JsonObject)
  expect(
    originals.every((original) => 'final_id' in original && typeof original.duration_min === 'number' && original.is_archived === true),
  ).toBe(true)
})

test('conversations of 2023 and 2024 with the browser are read with what they quote', async () => {
  const found = await readAll(join(repository, 'test/data/chatgpt/conversations-2023-2024.json'))
  expect(tally(recordsOf(found).map((record) => record.kind))).toEqual({ conversation: 2, message: 21 })
  const quotes = recordsOf(found, 'message').filter(
    (record) => (record.original as { content: JsonObject }).content.content_type === 'tether_quote',
  )
  expect(quotes.map((record) => [record.tool_name, (record.content as { type: string }[]).map((part) => part.type)])).toEqual(
    Array(3).fill(['browser', ['text', 'citation']]),
  )
  expectShapes(found)
  expect(rejectedOf(found)).toEqual([])
})

withMany('thirteen real exports: every person, conversation and message, and nothing refused', async () => {
  const found = await readAll(many)
  expect(tally(recordsOf(found).map((record) => record.kind))).toEqual({
    person: 13,
    conversation: 237,
    message: 6269,
    memory: 85,
    file: 20,
    feedback: 2,
    comparison: 17,
    share: 2,
  })
  expect(tally(recordsOf(found, 'message').map((record) => record.role))).toEqual({ assistant: 3169, user: 2689, system: 263, tool: 148 })
  expect(found.filter((each) => each.type === 'skipped')).toEqual([])
  expectAllOf(many, found)
  expectSameTexts(many, found)
  expectShapes(found)
})

withMany('an export without any conversation is a person and nothing else', async () => {
  expect(recordsOf(await readAll(join(many, 'CSN12'))).map((record) => record.kind)).toEqual(['person'])
})

withSamples('every single-file sample is read as what it is', async () => {
  const counts: Record<string, Record<string, number>> = {}
  for (const file of readdirSync(samples)) {
    const found = await readAll(join(samples, file))
    counts[file] = tally(recordsOf(found).map((record) => record.kind))
    expect(rejectedOf(found)).toEqual([])
    expectShapes(found)
  }
  expect(counts).toEqual({
    'chatgpt-export.json': { conversation: 2, message: 21 },
    'gpt_example.json': { conversation: 1, message: 12 },
    'native-conversation-v1.json': { conversation: 1, message: 8, file: 3 },
  })
})

withSamples('custom instructions are hidden and nobody’s prompt', async () => {
  for (const file of ['gpt_example.json', 'native-conversation-v1.json']) {
    const injected = recordsOf(await readAll(join(samples, file)), 'message').filter((record) => record.injected)
    expect(injected).toMatchObject([{ hidden: true, original: { content: { content_type: 'user_editable_context' } } }])
  }
})
