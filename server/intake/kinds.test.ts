import { describe, expect, test } from 'vitest'
import { recordKinds } from '../../contract/records.ts'
import { openTestApp } from '../../test/support/app.ts'
import { full, minimal } from '../../test/support/record-examples.ts'

const daybook = openTestApp()

/** What a record is once stored: what was sent, where it went, and for a deletion the id it is given. */
const withoutOurs = ({ seq, received_at, ...record }: Record<string, unknown>) => record

describe.each([
  ['with the fields it needs', minimal],
  ['with every field it may have', full],
])('a record %s', (_what, examples) => {
  test('of every kind is stored and given back unchanged, in one batch and in its order', async () => {
    const place = await daybook.place()
    const sent = recordKinds.map((kind) => ({ kind, ...examples[kind], source: 'example' }))
    const reply = await daybook.take(place.ingest, sent)
    expect(reply).toMatchObject({ accepted: sent.length, duplicates: 0, updated: 0, rejected: [] })
    const stored = (await daybook.records(place.read)).filter(({ source }) => source === 'example')
    expect(stored.map(withoutOurs)).toEqual(sent.map((record) => ({ ...record, workspace_id: place.id })))
    expect(stored.map(({ seq }) => seq)).toEqual(sent.map((_, i) => reply.last_seq - sent.length + 1 + i))
  })

  test('of every kind is a duplicate when it comes again', async () => {
    const place = await daybook.place()
    const sent = recordKinds.map((kind) => ({ kind, ...examples[kind] }))
    await daybook.take(place.ingest, sent)
    expect(await daybook.take(place.ingest, sent)).toMatchObject({ accepted: 0, duplicates: sent.length, updated: 0, rejected: [] })
  })

  test('of every kind may come in the opposite order: nothing is refused for what is not there yet', async () => {
    const place = await daybook.place()
    const sent = recordKinds.toReversed().map((kind) => ({ kind, ...examples[kind] }))
    for (const record of sent) expect(await daybook.take(place.ingest, [record])).toMatchObject({ accepted: 1, rejected: [] })
    expect((await daybook.records(place.read, 'message')).map(({ id }) => id)).toHaveLength(1)
  })

  test.each(recordKinds)('and kind %s is found by its kind', async (kind) => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [
      { kind, ...examples[kind] },
      { kind: kind === 'file' ? 'gpt' : 'file', id: 'other', name: 'x' },
    ])
    const found = await daybook.records(place.read, kind)
    expect(found.map(withoutOurs)).toEqual([{ kind, ...examples[kind], source: 'api', workspace_id: place.id }])
  })
})

describe('fields that nobody knows', () => {
  test('are kept whatever they are called, those of another kind among them', async () => {
    const place = await daybook.place()
    const text = `{"kind":"message","id":"m1","conversation_id":"c1","role":"user","of":{"kind":"conversation","id":"c9"},"day":"someday","__proto__":{"a":1},"questions":7,"gpt_id":"g-1","constructor":{"prototype":null},"content":[{"type":"text","text":"x","__proto__":2}]}`
    expect(await daybook.take(place.ingest, [text])).toMatchObject({ accepted: 1, rejected: [] })
    const [stored] = await daybook.records(place.read, 'message')
    const sent = JSON.parse(text)
    expect(stored).toEqual({ ...ours(stored), ...ownMembers(sent), source: 'api', workspace_id: place.id })
    expect(Object.hasOwn(stored ?? {}, '__proto__')).toBe(true)
    const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations/c1/messages`, place.read)
    expect(answer.json().data).toHaveLength(1)
  })

  test('never decide where a record belongs: an id that no id may be is only kept', async () => {
    const place = await daybook.place()
    const memory = (id: string, conversation: unknown) => ({ kind: 'memory', id, person_id: 'p1', conversation_id: conversation })
    const odd = ['a\0b', '\ud800', 'x'.repeat(10_000), '', 7, null, { id: 'c' }]
    const sent = odd.flatMap((id, i) => [memory(`a${i}`, id), memory(`b${i}`, id)])
    for (const record of sent) expect(await daybook.take(place.ingest, [record])).toMatchObject({ accepted: 1, rejected: [] })
    expect((await daybook.records(place.read, 'memory')).map(({ conversation_id }) => conversation_id)).toEqual(
      sent.map(({ conversation_id }) => conversation_id),
    )
  })

  test('may hold a time that is none', async () => {
    const place = await daybook.place()
    const sent = ['yesterday', '1714550400', '2024-05-01', '2024-99-99T00:00:00Z', '1 2'].map((created_at, i) => {
      return { kind: 'memory', id: `m${i}`, person_id: 'p1', created_at, started_at: created_at, day: created_at }
    })
    expect(await daybook.take(place.ingest, sent)).toMatchObject({ accepted: sent.length, rejected: [] })
  })

  const ours = (record: Record<string, unknown> | undefined) => ({ seq: record?.seq, received_at: record?.received_at })

  function ownMembers(record: object): object {
    const copy: object = {}
    for (const [key, value] of Object.entries(record)) Object.defineProperty(copy, key, { value, enumerable: true, configurable: true })
    return copy
  }
})
