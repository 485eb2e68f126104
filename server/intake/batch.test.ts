import { describe, expect, test } from 'vitest'
import { isErasedBefore, rejectionCodes } from '../../contract/records.ts'
import { ndjson, openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, userId, uuid } from '../../test/support/records.ts'
import { open } from '../ledger/entry.ts'
import { operatorContext } from '../people/operator.ts'
import { createWorkspace } from '../people/workspaces.ts'
import { listDeadLetters } from './dead-letters.ts'
import { replayDeadLetters } from './replay.ts'

const daybook = openTestApp()

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

/** What is kept of the refused lines of one batch: the newest letters. */
async function letters(count: number) {
  const rows = await daybook.rows<{ number: number; place: string; code: string; commitment: Buffer; payload: Buffer; salt: Buffer }>(
    'select d.number, place, code, commitment, payload, salt from dead_letter d join salts.dead_letter using (organization_id, number) order by number desc limit $1',
    [count],
  )
  return rows.reverse().map((row) => ({ ...row, bytes: open(daybook.ledger.organization.keys, row) }))
}

describe('one batch with a line of every kind of mistake', () => {
  /** Every bad line with its code, the id that could be read and what its message says; good lines stand before, between and after them. */
  function lines(place: Place, one: string): { line: string | Buffer | object; code?: string; id?: string | null; says?: string }[] {
    const at = { workspace_id: place.id }
    const bad = (id: string, more: object) => ({ ...message(id, 'c1'), ...at, ...more })
    return [
      { line: { ...person(one), ...at, updated_at: '2024-05-01T08:00:00Z' } },
      { line: '{"kind":"person","id":"p1"', code: 'bad_json', id: null, says: 'not a JSON document' },
      { line: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), code: 'bad_json', id: null, says: 'UTF-8' },
      { line: '["kind","person"]', code: 'bad_record', id: null, says: 'not a JSON object' },
      { line: 'null', code: 'bad_record', id: null, says: 'not a JSON object' },
      { line: { ...person(userId()), ...at } },
      { line: { kind: 'robot', id: 'r1', ...at }, code: 'unknown_kind', id: 'r1', says: 'not one that Daybook knows' },
      { line: { kind: 'toString', id: 'r2' }, code: 'unknown_kind', id: 'r2' },
      { line: { id: 'r3', ...at }, code: 'unknown_kind', id: 'r3', says: 'has no kind' },
      { line: bad('m1', { role: undefined }), code: 'bad_field', id: 'm1', says: 'role: ' },
      {
        line: bad('m2', { content: [{ type: 'text', text: 'a' }, { type: 'text' }] }),
        code: 'bad_field',
        id: 'm2',
        says: 'content.1.text: ',
      },
      { line: bad('m3', { created_at: '2024-02-30T00:00:00Z' }), code: 'bad_field', id: 'm3', says: 'created_at: ' },
      { line: bad('m4', { created_at: '2024-05-01T00:00:00+16:00' }), code: 'bad_field', id: 'm4' },
      { line: { kind: 'person', ...at }, code: 'bad_field', id: null, says: 'id: ' },
      { line: bad('m5', { content: [{ type: 'text', text: 'x'.repeat(1_048_576) }] }), code: 'too_large', id: null, says: '1048576' },
      { line: '{"kind":"person","id":"p2","seat_cost":9007199254740993}', code: 'bad_number', id: 'p2', says: 'write it as a string' },
      { line: `{"kind":"person","id":"p3","x":${nested(64)},"workspace_id":"${place.id}"}`, code: 'too_deep', id: 'p3', says: '64 levels' },
      { line: `{"kind":"person","id":"p4","x":${nested(63)},"workspace_id":"${place.id}"}` },
      { line: `{"kind":"person","id":"p5","y":1e5,"x":${nested(200_000)},"workspace_id":"${place.id}"}`, code: 'too_deep', id: 'p5' },
      { line: { ...person('p6'), workspace_id: uuid() }, code: 'wrong_workspace', id: 'p6', says: 'no such workspace' },
      { line: person('p7'), code: 'wrong_workspace', id: 'p7', says: 'names no workspace' },
      { line: { ...person(one), ...at, name: 'Other', updated_at: '2024-05-01T08:00:00Z' }, code: 'conflict', id: one },
      { line: { ...message('m6', 'c1'), ...at } },
    ]
  }

  test('reports each bad line, stores every good one, and keeps what was refused', async () => {
    const place = await daybook.place()
    const everywhere = await daybook.key(['ingest:write'])
    const sent = lines(place, userId())
    const bad = sent.flatMap(({ code, id, says }, i) => (code ? [{ line: i + 1, id, code, says: says ?? '' }] : []))
    // Of what was deleted from the record for good nothing is kept: the tests of deletion send it again.
    expect(new Set(bad.map(({ code }) => code))).toEqual(new Set(rejectionCodes.filter((code) => !isErasedBefore(code))))

    const reply = await daybook.take(
      everywhere,
      sent.map(({ line }) => line),
    )
    expect(reply.rejected).toEqual(bad.map(({ line, id, code, says }) => ({ line, id, code, message: expect.stringContaining(says) })))
    expect(reply).toMatchObject({ accepted: sent.length - bad.length, duplicates: 0, updated: 0 })
    const stored = (await daybook.records(place.read)).filter(({ kind }) => kind === 'person' || kind === 'message')
    expect(stored.map(({ id }) => id)).toEqual(sent.filter(({ code }) => !code).map(({ line }) => idIn(line)))
    expect(stored.at(-1)?.seq).toBeLessThanOrEqual(reply.last_seq)

    const kept = await letters(bad.length)
    expect(kept.map(({ code }) => code)).toEqual(bad.map(({ code }) => code))
    expect(kept.map(({ place }) => Number(/^line (\d+) of request /.exec(place)?.[1]))).toEqual(bad.map(({ line }) => line))
    const asSent = bad.map(({ line }) => ndjson([sent[line - 1]?.line ?? '']).subarray(0, -1))
    expect(kept.every(({ bytes }, i) => bytes.equals(asSent[i] ?? Buffer.alloc(0)))).toBe(true)
    expect(daybook.logs).not.toContain('"level":50')
  })

  test('is refused the same way when it comes again, and takes nothing twice', async () => {
    const place = await daybook.place()
    const everywhere = await daybook.key(['ingest:write'])
    const sent = lines(place, userId()).map(({ line }) => line)
    const first = await daybook.take(everywhere, sent)
    const again = await daybook.take(everywhere, sent)
    expect(again).toEqual({ ...first, accepted: 0, duplicates: first.accepted })
  })

  test('gets messages that say what is wrong without a word of what was written', async () => {
    const place = await daybook.place()
    const marker = 'planted-secret'
    const { rejected } = await daybook.take(place.ingest, [
      `{"text":"${marker}"`,
      { kind: marker, id: 'a' },
      { kind: 'message', id: 'b', conversation_id: 'c', role: marker },
      { kind: 'person', id: 'c', email: { [marker]: marker }, created_at: marker },
      { kind: 'deletion', of: { kind: marker, id: marker }, deleted_at: '2024-05-01T00:00:00Z' },
      { kind: 'person', id: 'd', workspace_id: marker },
    ])
    expect(rejected).toHaveLength(6)
    expect(JSON.stringify(rejected)).not.toContain(marker)
  })

  const idIn = (line: unknown): unknown => {
    const record: unknown = typeof line === 'string' ? JSON.parse(line) : line
    return typeof record === 'object' && record !== null && 'id' in record ? record.id : null
  }
})

describe('dead letters', () => {
  test('are listed with their reason and replayed once what was missing is there', async () => {
    const later = uuid()
    const key = await daybook.key(['ingest:write'])
    const sender = userId()
    const { rejected } = await daybook.take(key, [{ ...person(sender), workspace_id: later }])
    expect(rejected).toMatchObject([{ line: 1, code: 'wrong_workspace' }])
    const listed = (await listDeadLetters(daybook.ledger, { code: 'wrong_workspace' })).filter(({ id }) => id === sender)
    expect(listed).toMatchObject([{ via: 'http', code: 'wrong_workspace', message: rejected[0]?.message, replayable: true }])

    const made = await createWorkspace(operatorContext(daybook.ledger), { name: 'Later', id: later })
    const numbers = listed.map(({ number }) => number)
    expect(await replayDeadLetters(operatorContext(daybook.ledger), { numbers })).toMatchObject({ taken: numbers, refused: [] })
    const found = await daybook.records(await daybook.key(['compliance:read'], made), 'person')
    expect(found.map(({ id }) => id)).toEqual([sender])
    expect((await listDeadLetters(daybook.ledger, {})).filter(({ number }) => numbers.includes(number))).toEqual([])
    const [left] = await daybook.rows<{ payload: Buffer | null }>('select payload from dead_letter where number = $1', numbers)
    expect(left?.payload).toBeNull()
  })

  test('of a key that is bound to one workspace stay in it', async () => {
    const place = await daybook.place()
    const other = await daybook.place()
    const id = userId()
    await daybook.take(place.ingest, [{ ...person(id), workspace_id: other.id }])
    const [letter] = (await listDeadLetters(daybook.ledger, {})).filter((one) => one.id === id)
    expect(letter).toMatchObject({ workspace_id: place.id, code: 'wrong_workspace' })
    const replayed = await replayDeadLetters(operatorContext(daybook.ledger), { numbers: [letter?.number ?? 0] })
    expect(replayed).toMatchObject({ taken: [], refused: [{ code: 'wrong_workspace' }] })
    expect(await daybook.records(other.read, 'person')).toEqual([])
  })
})

describe('lines', () => {
  test('are counted with the empty ones, and may end as Windows ends them', async () => {
    const place = await daybook.place()
    const body = `\n  \t\n${JSON.stringify(person(userId()))}\r\n\r\nnot json\r\n${JSON.stringify(person(userId()))}`
    const reply = await daybook.take(place.ingest, [Buffer.from(body)])
    expect(reply).toMatchObject({ accepted: 2, rejected: [{ line: 5, code: 'bad_json' }] })
  })

  test('that say the same twice count once as taken and once as known', async () => {
    const place = await daybook.place()
    const one = person(userId())
    const chat = conversation(uuid(), one.id)
    expect(await daybook.take(place.ingest, [one, chat, one, chat, one])).toMatchObject({ accepted: 2, duplicates: 3, updated: 0 })
  })

  test('may be none at all', async () => {
    const place = await daybook.place()
    const { last_seq: before } = await daybook.take(place.ingest, [person(userId())])
    expect(await daybook.take(place.ingest, ['', ''])).toEqual({ accepted: 0, duplicates: 0, updated: 0, rejected: [], last_seq: before })
  })
})

describe('text is given back byte for byte', () => {
  test('NUL, lone surrogates and every other character', async () => {
    const place = await daybook.place()
    const text = `nul \0, alone \ud800 and \udfff, pair \ud83d\ude00, line \u2028, \u0085, \ufeff, \ufffe, é and é`
    const sent = message(uuid(), uuid(), { content: [{ type: 'text', text }], source: 'a', workspace_id: place.id, '\udc00': [-0, 1e21] })
    await daybook.take(place.ingest, [sent])
    const answer = await daybook.get('/api/records?kind=message', place.read)
    const stored = answer.body.slice(0, answer.body.indexOf(',"seq":'))
    const sorted = Object.entries(sent).sort(([a], [b]) => (a < b ? -1 : 1))
    const expected = `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${sortedJson(value)}`).join(',')}`
    expect(Buffer.from(stored).equals(Buffer.from(expected))).toBe(true)
  })

  function sortedJson(value: unknown): string {
    return JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    )
  }
})

test('a time more than five minutes ahead of the clock is taken and flagged, one of four minutes is not', async () => {
  const place = await daybook.place()
  const ahead = (minutes: number) => daybook.ledger.clock.now().add({ minutes }).toString()
  const sent = [person('p0', { created_at: ahead(4) }), person('p1', { created_at: ahead(6) }), person('p2', { updated_at: ahead(6) })]
  expect(await daybook.take(place.ingest, sent)).toMatchObject({ accepted: 3, rejected: [] })
  const stored = await daybook.records(place.read, 'person')
  expect(stored.map(({ id, ahead }) => [id, ahead])).toEqual([
    ['p0', undefined],
    ['p1', true],
    ['p2', true],
  ])
})
