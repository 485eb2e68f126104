import { expect, test } from 'vitest'
import type { Found, JsonObject, Place } from '../found.ts'
import { readConversation } from './conversation.ts'
import { conversation, message, recordsOf, rejectedOf } from './examples.ts'

const at: Place = { file: 'conversations.json', index: 3 }

function read(value: unknown, doubts = { inexact: false, large: false }): Found[] {
  return [...readConversation(value, 'user-1', at, doubts)]
}

function parents(found: Found[]): (string | null)[][] {
  return recordsOf(found, 'message').map(({ id, parent_id }) => [String(id), parent_id === null ? null : String(parent_id)])
}

test('a conversation comes before its messages and keeps every member it came with', () => {
  const [head, ...rest] = recordsOf(
    read(
      conversation('c1', [message('a', 'user', 'hi'), message('b', 'assistant', 'hello')], {
        final_id: 'x',
        is_archived: true,
        gizmo_id: null,
      }),
    ),
  )
  expect(head).toEqual({
    kind: 'conversation',
    source: 'chatgpt',
    id: 'c1',
    person_id: 'user-1',
    title: 'A talk',
    created_at: '2024-12-05T16:45:37.500000Z',
    updated_at: '2024-12-05T17:01:14.250000Z',
    default_model: 'gpt-4o',
    current_message_id: 'b',
    original: { current_node: 'b', final_id: 'x', is_archived: true, gizmo_id: null },
  })
  expect(rest.map((record) => record.kind)).toEqual(['message', 'message'])
})

test('exports of 2023 have only an id, later ones a null title, and neither is a problem', () => {
  const { conversation_id: _, ...old } = conversation('c1', [], { title: null })
  expect(recordsOf(read(old))).toMatchObject([{ id: 'c1', title: null }])
})

test('two different ids are both kept', () => {
  expect(recordsOf(read(conversation('c1', [], { id: 'other' })))).toMatchObject([{ id: 'c1', original: { id: 'other' } }])
})

test.each([
  [{ gizmo_id: 'g-abc', gizmo_type: 'gpt' }, { gpt_id: 'g-abc' }],
  [{ gizmo_id: 'g-p-abc', gizmo_type: 'snorlax' }, { project_id: 'g-p-abc' }],
  [
    { gizmo_id: 'g-abc', conversation_template_id: 'g-p-def' },
    { gpt_id: 'g-abc', project_id: 'g-p-def' },
  ],
  [{ is_temporary_chat: true }, { temporary: true }],
  [{ is_starred: false }, { pinned: false }],
  [{ pinned_time: 1733417137 }, { pinned: true }],
  [{ voice: 'juniper' }, { mode: 'voice' }],
  [{ is_study_mode: true }, { mode: 'study' }],
])('%j is mapped to %j and kept', (more, fields) => {
  expect(recordsOf(read(conversation('c1', [], more)))).toMatchObject([{ ...fields, original: more }])
})

test('lists that an export writes in any order do not make the conversation look changed', () => {
  const one = read(conversation('c1', [], { safe_urls: ['b', 'a', 'c'] }))
  expect(one).toEqual(read(conversation('c1', [], { safe_urls: ['c', 'b', 'a'] })))
})

test('an edited prompt keeps both branches', () => {
  const talk = conversation('c1', [message('a', 'user', 'hi'), message('b', 'assistant', 'hello')]) as { mapping: JsonObject }
  talk.mapping.root = { id: 'root', message: null, parent: null, children: ['a2', 'a'] }
  talk.mapping.a2 = { id: 'a2', parent: 'root', children: [], message: message('a2', 'user', 'hi!') }
  expect(parents(read(talk))).toEqual([
    ['a2', null],
    ['a', null],
    ['b', 'a'],
  ])
})

test('nodes may be called other than their messages; links go by node', () => {
  const talk = conversation('c1', [message('a', 'user', 'hi'), message('b', 'assistant', 'hello')]) as {
    mapping: Record<string, { message: JsonObject | null }>
  }
  for (const node of Object.values(talk.mapping)) if (node.message) node.message.id = `${node.message.id}-message`
  expect(parents(read(talk))).toEqual([
    ['a-message', null],
    ['b-message', 'a-message'],
  ])
  expect(recordsOf(read(talk))[0]).toMatchObject({ current_message_id: 'b-message' })
})

test('bad messages are refused by name and their children attach to the nearest good one', () => {
  const found = read(
    conversation('c1', [
      message('a', 'user', 'hi'),
      message('b', 'alien', 'x'),
      message('c', 'assistant', 'hello'),
      message('d', 'user', 'bye'),
    ]),
  )
  expect(parents(found)).toContainEqual(['c', 'a'])
  expect(rejectedOf(found)).toMatchObject([
    { code: 'bad_field', id: 'b', message: 'author.role: is none of user, assistant, system, tool' },
  ])
})

test('an id used twice in a conversation is refused the second time', () => {
  const talk = conversation('c1', [message('a', 'user', 'hi')]) as { mapping: JsonObject }
  talk.mapping.twin = { id: 'twin', parent: 'a', children: ['last'], message: message('a', 'user', 'other') }
  talk.mapping.last = { id: 'last', parent: 'twin', children: [], message: message('last', 'assistant', 'x') }
  const found = read(talk)
  expect(rejectedOf(found)).toMatchObject([{ code: 'bad_field', id: 'a' }])
  expect(parents(found)).toEqual([
    ['a', null],
    ['last', 'a'],
  ])
})

test.each([
  [null, 'bad_record'],
  [[], 'bad_record'],
  [{ id: 'c1' }, 'bad_record'],
  [{ mapping: {} }, 'bad_field'],
])('%j is no conversation', (value, code) => {
  expect(read(value)).toMatchObject([{ type: 'rejected', code, at }])
})

test('a message over 32 MB is refused by name, its bytes are not kept, and the talk goes on', () => {
  const long = message('b', 'assistant', 'x'.repeat(33 * 1024 * 1024))
  const found = read(conversation('c1', [message('a', 'user', 'hi'), long, message('c', 'user', 'bye')]), { inexact: false, large: true })
  expect(found.filter((each) => each.type === 'rejected')).toEqual([
    { type: 'rejected', code: 'too_large', message: expect.any(String), at: { ...at, id: 'b' } },
  ])
  expect(parents(found)).toEqual([
    ['a', null],
    ['c', 'a'],
  ])
})
