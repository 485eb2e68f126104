import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import {
  type ConversationReply,
  conversationReply,
  type EntriesReply,
  type EntryReply,
  entriesReply,
  entryReply,
} from '../../contract/record.ts'
import type { Place, TestApp } from './app.ts'
import { conversation, message, person } from './records.ts'

/** The pages of the record as somebody who may read it asks for them. */

export const purpose = 'Case 4711'

interface Asked {
  readonly key?: string
  readonly cookie?: string
  readonly body: object
}

export function post(daybook: TestApp, path: string, { key, cookie, body }: Asked) {
  const headers = cookie === undefined ? {} : { cookie, 'sec-fetch-site': 'same-origin' }
  return daybook.inject({ method: 'POST', url: `/api/record/${path}`, payload: body, headers, ...(key === undefined ? {} : { key }) })
}

export async function entries(daybook: TestApp, place: Pick<Place, 'id' | 'read'>, body: object = {}): Promise<EntriesReply> {
  const answer = await post(daybook, 'entries', { key: place.read, body: { workspace_id: place.id, ...body } })
  expect(answer.statusCode, answer.body).toBe(200)
  return entriesReply.parse(answer.json())
}

export async function everyEntry(daybook: TestApp, place: Place, body: object, limit: number): Promise<EntriesReply['data']> {
  const found: EntriesReply['data'] = []
  for (let cursor: number | null | undefined; cursor !== null; ) {
    const page = await entries(daybook, place, { ...body, limit, ...(cursor === undefined ? {} : { cursor }) })
    expect(page.data.length).toBeLessThanOrEqual(limit)
    found.push(...page.data)
    cursor = page.cursor
    expect(page.data.length > 0 || cursor === null).toBe(true)
  }
  return found
}

export async function entry(daybook: TestApp, place: Place, seq: number): Promise<EntryReply> {
  const answer = await post(daybook, 'entry', { key: place.read, body: { workspace_id: place.id, seq, purpose } })
  expect(answer.statusCode, answer.body).toBe(200)
  return entryReply.parse(answer.json())
}

export async function read(daybook: TestApp, place: Pick<Place, 'id' | 'read'>, id: string): Promise<ConversationReply> {
  const pages: ConversationReply[] = []
  for (let cursor: number | null | undefined; cursor !== null; ) {
    const body = { workspace_id: place.id, conversation_id: id, purpose, ...(cursor === undefined ? {} : { cursor }) }
    const answer = await post(daybook, 'conversation', { key: place.read, body })
    expect(answer.statusCode, answer.body).toBe(200)
    const page = conversationReply.parse(answer.json())
    pages.push(page)
    cursor = page.cursor
  }
  const [first] = pages
  if (!first) throw new Error('there was no page')
  return { ...first, messages: pages.flatMap(({ messages }) => messages), cursor: null }
}

export const [one, two] = [randomUUID(), randomUUID()]

/** A workspace of two people, two conversations, a file, a memory, changes and deletions. */
export async function mixed(daybook: TestApp): Promise<Place> {
  const place = await daybook.place()
  const at = (day: number) => ({ created_at: `2024-05-${String(day).padStart(2, '0')}T12:00:00Z` })
  await daybook.take(place.ingest, [
    person('user-1', { email: 'ada@example.com', name: 'Ada' }),
    person('user-2'),
    conversation(one, 'user-1', at(1)),
    message('m1', one, { ...at(1), person_id: 'user-1' }),
    message('m2', one, { ...at(2), role: 'assistant', parent_id: 'm1', file_ids: ['f1'] }),
    { kind: 'file', id: 'f1', name: 'plan.pdf', person_id: 'user-1', conversation_id: one, ...at(2) },
    conversation(two, 'user-2', at(3)),
    message('m1', two, { ...at(3), person_id: 'user-2' }),
    message('m3', two, { ...at(10), role: 'assistant', parent_id: 'm1' }),
    { kind: 'memory', id: 'mem', person_id: 'user-2', content: 'likes tea', updated_at: '2024-05-20T00:00:00Z' },
  ])
  await daybook.take(place.ingest, [
    message('m1', one, { ...at(1), person_id: 'user-1', content: [{ type: 'text', text: 'edited' }] }),
    conversation(one, 'user-1', { ...at(1), title: 'Another title' }),
    { kind: 'deletion', of: { kind: 'message', id: 'm3', conversation_id: two }, deleted_at: '2024-06-01T00:00:00Z' },
  ])
  return place
}
