import { describe, expect, test } from 'vitest'
import { full, minimal } from '../test/support/record-examples.ts'
import { recordKinds, recordShapes } from './records.ts'

/** The ★ of the table of records, `kind` apart. */
const needed: Record<string, string[]> = {
  ...{ person: ['id'], group: ['id', 'name'], conversation: ['id', 'person_id'], message: ['id', 'conversation_id', 'role'], file: ['id'] },
  ...{ gpt: ['id', 'name'], project: ['id', 'name'], memory: ['id', 'person_id'], canvas: ['id', 'person_id'] },
  ...{ automation: ['id', 'person_id'], recording: ['id', 'person_id'], share: ['id', 'of'], feedback: ['id'], comparison: ['id'] },
  ...{ agent: ['id'], plugin: ['id'], codex_task: ['id'], skill: ['id', 'name'], connector: ['id', 'name'] },
  ...{ coding_session: ['id', 'person_id', 'started_at'], activity: ['id', 'type', 'occurred_at', 'actor'] },
  ...{
    survey: ['id', 'name', 'questions'],
    survey_response: ['id', 'survey_id', 'answers'],
    credit: ['id', 'person_id', 'day', 'credits'],
  },
  ...{ deletion: ['of', 'deleted_at'], seats: ['id', 'day', 'purchased'] },
}

const passes = (kind: keyof typeof recordShapes, record: object) => recordShapes[kind].safeParse(record).success

test('every kind has its line in the table', () => {
  expect(Object.keys(needed).sort()).toEqual([...recordKinds].sort())
})

describe.each(recordKinds)('a %s', (kind) => {
  test('is taken with what it needs and with all it may have', () => {
    expect(recordShapes[kind].safeParse(minimal[kind]).error?.issues ?? []).toEqual([])
    expect(recordShapes[kind].safeParse(full[kind]).error?.issues ?? []).toEqual([])
  })

  test('is refused without any one of the fields it needs, or with null in its place', () => {
    for (const field of needed[kind] ?? []) {
      expect(passes(kind, { ...minimal[kind], [field]: undefined }), field).toBe(false)
      expect(passes(kind, { ...minimal[kind], [field]: null }), field).toBe(false)
    }
  })

  test('may have null wherever it may have nothing', () => {
    const optional = Object.keys(recordShapes[kind].shape).filter((field) => !(needed[kind] ?? []).includes(field) && field !== 'id')
    const filled = Object.fromEntries(optional.map((field) => [field, null]))
    expect(recordShapes[kind].safeParse({ ...filled, ...minimal[kind] }).error?.issues ?? []).toEqual([])
  })

  test('is refused with a time that is none', () => {
    for (const time of ['yesterday', '2024-13-01T00:00:00Z', '2024-05-01', '2024-05-01T00:00:00', 1714550400, '0000-01-01T00:00:00Z'])
      expect(passes(kind, { ...minimal[kind], updated_at: time }), String(time)).toBe(false)
  })
})

describe('an id', () => {
  const conversation = (id: unknown) => passes('conversation', { id, person_id: 'p1' })

  test('is any text of 1 to 512 characters', () => {
    expect(['a', 'x'.repeat(512), ' ', '漢字', '😀', '../../etc', '"\\'].map(conversation)).not.toContain(false)
    expect(['', 'x'.repeat(513), 7, null, undefined, {}].map(conversation)).not.toContain(true)
  })

  test('holds neither NUL nor a lone surrogate: no database text and no address could hold them', () => {
    expect(['a\0', '\ud800', 'a\udfff'].map(conversation)).toEqual([false, false, false])
  })
})

test('a source is a short plain name', () => {
  const source = (name: unknown) => passes('person', { id: 'p', source: name })
  expect(['chatgpt', 'open-webui', 'a.b_c-1', null].map(source)).not.toContain(false)
  expect(['', 'Chat GPT', '-a', 'x'.repeat(65), 'a/b', 'ä'].map(source)).not.toContain(true)
})

test('a part of a message that nobody knows has to say that it is raw', () => {
  const message = (part: object) => passes('message', { id: 'm', conversation_id: 'c', role: 'user', content: [part] })
  expect(message({ type: 'raw', value: { type: 'hologram' } })).toBe(true)
  expect(message({ type: 'hologram' })).toBe(false)
  expect(message({ type: 'text' })).toBe(false)
})
