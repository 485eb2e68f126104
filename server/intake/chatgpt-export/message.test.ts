import { expect, test } from 'vitest'
import type { JsonObject } from '../found.ts'
import { message } from './examples.ts'
import { messageProblem, messageRecord } from './message.ts'

function record(role: string, said: unknown, more: JsonObject = {}): JsonObject {
  return messageRecord(message('m1', role, said, more), { conversationId: 'c1', personId: 'user-1', nodeId: 'm1', parentId: null })
}

test('a prompt becomes a record that says who wrote it and keeps everything else', () => {
  const made = record('user', 'What is Esperanto?', { metadata: { request_id: 'r', message_source: 'instant-query' } })
  expect(made).toEqual({
    kind: 'message',
    source: 'chatgpt',
    id: 'm1',
    conversation_id: 'c1',
    role: 'user',
    parent_id: null,
    created_at: '2024-12-05T16:45:37.185255Z',
    content: [{ type: 'text', text: 'What is Esperanto?' }],
    person_id: 'user-1',
    client: 'instant-query',
    original: {
      status: 'finished_successfully',
      end_turn: null,
      weight: 1,
      recipient: 'all',
      channel: null,
      metadata: { request_id: 'r', message_source: 'instant-query' },
      author: { name: null, metadata: {} },
      content: { content_type: 'text' },
    },
  })
})

test('an answer names its model from its own metadata, and nobody as its author', () => {
  expect(record('assistant', 'A language.', { metadata: { model_slug: 'gpt-4o', default_model_slug: 'o1' } })).toMatchObject({
    model: 'gpt-4o',
  })
  const late = record('assistant', 'A language.', { metadata: { default_model_slug: 'o1' } })
  expect(late).toMatchObject({ model: 'o1' })
  expect(late).not.toHaveProperty('person_id')
})

test('a call to a tool and its answer are marked and hidden', () => {
  expect(record('assistant', { content_type: 'code', language: 'unknown', text: 'search("x")' }, { recipient: 'web' })).toMatchObject({
    tools: ['web'],
    hidden: true,
  })
  const answer = record('tool', 'Model set context updated.', { author: { role: 'tool', name: 'bio' }, recipient: 'assistant' })
  expect(answer).toMatchObject({ tool_name: 'bio', hidden: true })
  expect(answer).not.toHaveProperty('tools')
})

test.each([
  [
    'a hidden message',
    'assistant',
    'x',
    { metadata: { is_visually_hidden_from_conversation: true } },
    { hidden: true, injected: undefined },
  ],
  ['a message without weight', 'tool', 'x', { weight: 0 }, { hidden: true, injected: undefined }],
  ['a system message', 'system', '', {}, { hidden: true, injected: undefined }],
  ['reasoning', 'assistant', { content_type: 'thoughts', thoughts: [] }, {}, { hidden: true, injected: undefined }],
  ['custom instructions', 'user', { content_type: 'user_editable_context', user_profile: 'me' }, {}, { hidden: true, injected: true }],
  ['the older memory', 'user', { content_type: 'model_editable_context', model_set_context: 'x' }, {}, { hidden: true, injected: true }],
  [
    'a system message in the name of a person',
    'user',
    'x',
    { metadata: { is_user_system_message: true } },
    { hidden: true, injected: true },
  ],
  [
    'a prompt that was put in and never shown',
    'user',
    'x',
    { metadata: { is_visually_hidden_from_conversation: true } },
    { hidden: true, injected: true },
  ],
  [
    'a conversation that the system began',
    'user',
    'x',
    { author: { role: 'user', metadata: { is_system_initiated_conversation: true } } },
    { hidden: undefined, injected: true },
  ],
  ['a prompt', 'user', 'x', {}, { hidden: undefined, injected: undefined }],
  [
    'a prompt of 2026 without metadata, weight and recipient',
    'user',
    'x',
    { metadata: undefined, weight: undefined, recipient: undefined },
    { hidden: undefined, injected: undefined },
  ],
])('%s', (_name, role, said, more, marks) => {
  const { hidden, injected } = record(role, said, more)
  expect({ hidden, injected }).toEqual(marks)
})

test('a custom GPT and a project are told apart, and neither is taken from the conversation', () => {
  expect(record('assistant', 'x', { metadata: { gizmo_id: 'g-abc' } })).toMatchObject({ gpt_id: 'g-abc' })
  expect(record('assistant', 'x', { metadata: { gizmo_id: 'g-p-abc' } })).toMatchObject({ project_id: 'g-p-abc' })
  expect(record('assistant', 'x')).not.toHaveProperty('gpt_id')
})

test('files are named by attachment and by pointer, each once', () => {
  const made = record(
    'user',
    {
      content_type: 'multimodal_text',
      parts: [
        { content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-abc' },
        { content_type: 'image_asset_pointer', asset_pointer: 'sediment://9f#file_0002#p_0.png' },
      ],
    },
    {
      metadata: {
        attachments: [
          { id: 'file-abc', name: 'a.png' },
          { id: 'file-def', name: 'b.pdf' },
        ],
      },
    },
  )
  expect(made.file_ids).toEqual(['file-abc', 'file-def', 'file_0002'])
})

test('a time finer than a microsecond, or none that can be read, stays with the original', () => {
  expect(record('user', 'x', { create_time: 1733230201.9453042 })).toMatchObject({
    created_at: '2024-12-03T12:50:01.945304Z',
    original: { create_time: 1733230201.9453042 },
  })
  expect(record('user', 'x', { create_time: 'soon' })).toMatchObject({ created_at: null, original: { create_time: 'soon' } })
  expect(record('user', 'x', { create_time: null, update_time: 1733230202 })).toMatchObject({
    created_at: null,
    updated_at: '2024-12-03T12:50:02.000000Z',
  })
})

test('a node that is called other than its message is remembered', () => {
  const made = messageRecord(message('m1', 'user', 'x'), { conversationId: 'c1', personId: 'user-1', nodeId: 'node', parentId: 'm0' })
  expect(made).toMatchObject({ parent_id: 'm0', original: { node_id: 'node' } })
})

test('a member called __proto__ does no harm and is kept', () => {
  const made = record('user', 'x', JSON.parse('{"__proto__": {"polluted": true}, "metadata": {"__proto__": 1}}'))
  expect(JSON.stringify(made.original)).toContain('"__proto__":{"polluted":true}')
  expect(made).not.toHaveProperty('polluted')
})

test.each([
  ['text', 'bad_record'],
  [{ author: { role: 'user' } }, 'bad_field'],
  [{ id: '', author: { role: 'user' } }, 'bad_field'],
  [{ id: 'm', author: null }, 'bad_field'],
  [{ id: 'm', author: { role: 'function' } }, 'bad_field'],
])('%j is refused', (value, code) => {
  expect(messageProblem(value)?.code).toBe(code)
})
