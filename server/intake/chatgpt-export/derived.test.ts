import { expect, test } from 'vitest'
import type { JsonObject } from '../found.ts'
import { canvasesOf, textdocRecord } from './canvases.ts'
import { type Conversation, readConversation } from './conversation.ts'
import { conversation, type Loose, message } from './examples.ts'
import { memoriesOf } from './memories.ts'

function told(messages: Loose[]): Conversation {
  const reading = readConversation(
    conversation('c1', messages),
    'user-1',
    { file: 'conversations.json', index: 0 },
    { inexact: false, large: false },
  )
  for (let next = reading.next(); ; next = reading.next()) if (next.done && next.value) return next.value
}

const remembered = message('call', 'assistant', 'User is learning Esperanto.', { recipient: 'bio' })
const confirmed = message('answer', 'tool', 'Model set context updated.', {
  author: { role: 'tool', name: 'bio' },
  recipient: 'assistant',
  create_time: 1733417200,
})

test('a call to remember and its answer are a memory', () => {
  expect([...memoriesOf(told([message('a', 'user', 'hi'), remembered, confirmed]), 'user-1')]).toEqual([
    {
      kind: 'memory',
      source: 'chatgpt',
      id: 'c1/call',
      person_id: 'user-1',
      content: 'User is learning Esperanto.',
      conversation_id: 'c1',
      message_id: 'call',
      updated_at: '2024-12-05T16:46:40.000000Z',
    },
  ])
})

test('a call that was never answered, or answered with an error, remembered nothing', () => {
  const failed = { ...confirmed, content: { content_type: 'system_error', name: 'x', text: 'no' } }
  expect([...memoriesOf(told([remembered]), 'user-1')]).toEqual([])
  expect([...memoriesOf(told([remembered, failed]), 'user-1')]).toEqual([])
})

function call(id: string, verb: string, body: JsonObject): Loose {
  return message(
    id,
    'assistant',
    { content_type: 'code', language: 'json', text: JSON.stringify(body) },
    { recipient: `canmore.${verb}_textdoc` },
  )
}

function answer(id: string, verb: string, canvas: JsonObject): Loose {
  return message(id, 'tool', 'done', {
    author: { role: 'tool', name: `canmore.${verb}_textdoc` },
    metadata: { canvas: { textdoc_id: 'doc', textdoc_type: 'document', title: 'Plan', ...canvas } },
  })
}

test('a canvas has a version for each call, with its text where that is certain', () => {
  const versions = canvasesOf(
    told([
      call('1', 'create', { name: 'Plan', type: 'document', content: 'one' }),
      answer('2', 'create', { version: 1, textdoc_content_length: 3 }),
      call('3', 'comment', { comments: [{ pattern: 'one', comment: 'why?' }] }),
      answer('4', 'comment', { version: 2, from_version: 1, comment_ids: ['k1'] }),
      call('5', 'update', { updates: [{ pattern: 'o', multiple: true, replacement: '0' }] }),
      answer('6', 'update', { version: 3, from_version: 2 }),
      call('7', 'update', { updates: [{ pattern: '.*', multiple: false, replacement: 'two' }] }),
      answer('8', 'update', { version: 4, from_version: 3, textdoc_content_length: 3 }),
      call('9', 'update', { updates: [{ pattern: '.*', multiple: false, replacement: 'a\\nb' }] }),
      answer('10', 'update', { version: 5, from_version: 4, textdoc_content_length: 3 }),
    ]),
    'user-1',
  )
  expect(versions.map(({ version, content, message_id }) => [version, content, message_id])).toEqual([
    [1, 'one', '1'],
    [2, 'one', '3'],
    [3, undefined, '5'],
    [4, 'two', '7'],
    [5, undefined, '9'],
  ])
  expect(versions[1]).toMatchObject({
    id: 'doc',
    name: 'Plan',
    type: 'document',
    conversation_id: 'c1',
    comments: [{ type: 'comment', id: 'k1', content: 'why?', pattern: 'one' }],
  })
})

test('a prompt about a canvas is no version of it', () => {
  expect(
    canvasesOf(told([message('a', 'user', 'shorter', { metadata: { canvas: { textdoc_id: 'doc', version: 1 } } })]), 'user-1'),
  ).toEqual([])
})

test('a textdoc completes the last version and keeps what is not known', () => {
  const last = { kind: 'canvas', id: 'doc', version: 3, name: 'Plan', updated_at: '2024-12-05T16:45:37.000000Z' }
  expect(textdocRecord({ id: 'doc', content: 'final', new_member: 1 }, 'doc', 'user-1', last)).toMatchObject({
    ...last,
    content: 'final',
    original: { id: 'doc', new_member: 1 },
  })
  expect(textdocRecord({ content: 'typed', version: 4, updated_at: '2024-12-06T00:00:00Z' }, 'doc', 'user-1', last)).toMatchObject({
    version: 4,
    updated_at: '2024-12-06T00:00:00.000000Z',
  })
})
