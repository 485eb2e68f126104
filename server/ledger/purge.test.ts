import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTestApp, type Place, type StoredRecord } from '../../test/support/app.ts'
import { itemTargets, messageTargets, purgeNow, receiptOf } from '../../test/support/purging.ts'
import { conversation, message, uuid } from '../../test/support/records.ts'
import { bury, listDeadLetters } from '../intake/dead-letters.ts'
import { replayDeadLetters } from '../intake/replay.ts'
import { operatorContext } from '../people/operator.ts'
import { purge, takePurgeTurn } from './purge.ts'
import { removeReleasedBlobs } from './released-blobs.ts'
import { transaction } from './writer.ts'

const daybook = openTestApp()

const purgeConversations = async (place: Place, ids: readonly string[]) =>
  purgeNow(daybook.ledger, await itemTargets(daybook, place, 'conversation', ids))
const purgeFiles = async (place: Place, ids: readonly string[]) => purgeNow(daybook.ledger, await itemTargets(daybook, place, 'file', ids))

const putBytes = (place: Place, id: string, payload: string | Buffer) =>
  daybook.inject({ method: 'PUT', url: `/api/intake/files/${id}/bytes`, key: place.ingest, payload })

async function listed(place: Place) {
  const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
  return answer.json().data
}

const erasedSeqs = (records: readonly StoredRecord[]) => records.filter(({ erased }) => erased).map(({ seq }) => seq)

async function commitments(place: Place): Promise<Map<number, string>> {
  const rows = await daybook.rows<{ seq: number; commitment: Buffer }>(
    'select seq, commitment from log where workspace_id = $1 order by seq',
    [place.number],
  )
  return new Map(rows.map(({ seq, commitment }) => [seq, commitment.toString('base64')]))
}

describe('what belongs together goes together', () => {
  test('a conversation goes with its messages in all versions, its files, its links and what was said of it; nothing else does', async () => {
    const place = await daybook.place()
    const [chat, other, m1, m2, m3] = [uuid(), uuid(), uuid(), uuid(), uuid()]
    const gone = [
      conversation(chat, 'user-1', { updated_at: '2024-05-01T00:00:00Z' }),
      conversation(chat, 'user-1', { updated_at: '2024-05-02T00:00:00Z', title: 'Another title' }),
      message(m1, chat, { file_ids: ['file-own', 'file-loose', 'file-shared', 'file-of-gpt', 'file-kept'] }),
      message(m2, chat, { updated_at: '2024-05-01T00:00:00Z' }),
      message(m2, chat, { updated_at: '2024-05-03T00:00:00Z', content: [{ type: 'text', text: 'Edited' }] }),
      message(m2, chat, { updated_at: '2024-05-02T00:00:00Z', content: [{ type: 'text', text: 'Late' }] }),
      { kind: 'file', id: 'file-own', conversation_id: chat },
      { kind: 'file', id: 'file-loose' },
      { kind: 'share', id: 'share-1', of: { kind: 'conversation', id: chat } },
      { kind: 'feedback', id: 'feedback-1', conversation_id: chat, content: 'as it was said' },
      { kind: 'comparison', id: 'comparison-1', message_id: m1, person_id: 'user-1', content: 'as it was said' },
      { kind: 'feedback', id: 'feedback-0', message_id: m2 },
    ]
    const kept = [
      conversation(other, 'user-1'),
      message(m3, other, { file_ids: ['file-shared'] }),
      { kind: 'file', id: 'file-shared' },
      { kind: 'file', id: 'file-of-gpt' },
      { kind: 'file', id: 'file-kept', origin: 'library', conversation_id: chat },
      { kind: 'gpt', id: 'g-1', name: 'Reader', file_ids: ['file-of-gpt'] },
      { kind: 'feedback', id: 'feedback-2', message_id: m3 },
      { kind: 'canvas', id: 'canvas-1', person_id: 'user-1', conversation_id: chat, content: 'Text' },
      { kind: 'deletion', of: { kind: 'message', id: m1, conversation_id: chat }, deleted_at: '2024-05-04T00:00:00Z' },
    ]
    expect((await daybook.take(place.ingest, [...gone, ...kept])).rejected).toEqual([])
    await putBytes(place, 'file-own', 'of its own')
    await putBytes(place, 'file-shared', 'of another')
    const before = await daybook.records(place.read)
    const was = await commitments(place)
    const [purged] = await purgeConversations(place, [chat])
    const all = before.filter(({ source }) => source === 'api')
    const expected = all.filter(
      ({ seq, kind, id }) => seq < (all[0]?.seq ?? 0) + gone.length || (kind === 'file_bytes' && id === 'file-own'),
    )
    expect(erasedSeqs(await daybook.records(place.read))).toEqual(expected.map(({ seq }) => seq))
    expect(purged).toMatchObject({ kind: 'conversation', id: chat })
    expect(await receiptOf(daybook, place, purged?.receipt ?? '')).toMatchObject({
      ...{ workspace_id: place.id, reason: 'api', request_id: 'test', actor: { kind: 'operator', id: 'test' } },
      ...{ item: { kind: 'conversation', id: chat }, blobs: 1, dead_letters: [] },
      entries: expected.map(({ seq, kind }) => ({ seq, kind, commitment: was.get(seq) })),
    })
    const salts = await daybook.rows('select from salts.log where seq = any($1::bigint[])', [expected.map(({ seq }) => seq)])
    expect(salts).toEqual([])
    expect(
      (await commitments(place))
        .entries()
        .filter(([seq]) => was.has(seq))
        .toArray(),
    ).toEqual([...was])
  })

  test('what only a version says that was out of date when it came goes as well', async () => {
    const place = await daybook.place()
    const chat = uuid()
    const version = (day: number, more: object) => ({ kind: 'file', id: 'file-1', updated_at: `2024-05-0${day}T00:00:00Z`, ...more })
    await daybook.take(place.ingest, [conversation(chat, 'user-1'), message(uuid(), chat), version(3, { name: 'newest.pdf' })])
    await daybook.take(place.ingest, [version(1, { name: 'oldest.pdf', conversation_id: chat, person_id: 'user-1' })])
    await purgeConversations(place, [chat])
    const left = (await daybook.records(place.read)).filter(({ erased, source }) => !erased && source === 'api')
    expect(left).toEqual([])
  })

  test('what was said of a message of the same id at another source stays', async () => {
    const place = await daybook.place()
    const id = uuid()
    const from = (source: string) =>
      [conversation('chat-1', 'user-1'), message(id, 'chat-1'), { kind: 'feedback', id: 'feedback-1', message_id: id }].map((record) => ({
        ...record,
        source,
      }))
    await daybook.take(place.ingest, [...from('chatgpt'), ...from('claude')])
    const [target] = await itemTargets(daybook, place, 'conversation', ['chat-1'])
    await purgeNow(daybook.ledger, target ? [target] : [])
    const left = (await daybook.records(place.read)).filter(({ erased, source }) => !erased && source !== 'daybook')
    expect(left.map(({ source, kind }) => `${source} ${kind}`)).toEqual(['claude conversation', 'claude message', 'claude feedback'])
  })

  test('a GPT goes with the files that nobody else has', async () => {
    const place = await daybook.place()
    const chat = uuid()
    await daybook.take(place.ingest, [
      { kind: 'gpt', id: 'g-1', name: 'One', file_ids: ['f-old', 'f-both'], updated_at: '2024-05-01T00:00:00Z' },
      { kind: 'gpt', id: 'g-1', name: 'One', file_ids: ['f-new', 'f-both', 'f-chat'], updated_at: '2024-05-02T00:00:00Z' },
      { kind: 'gpt', id: 'g-2', name: 'Two', file_ids: ['f-both'] },
      ...['f-old', 'f-new', 'f-both'].map((id) => ({ kind: 'file', id })),
      { kind: 'file', id: 'f-said', gpt_id: 'g-1' },
      { kind: 'file', id: 'f-of-two', gpt_id: 'g-2' },
      { kind: 'file', id: 'f-chat', conversation_id: chat },
      conversation(chat, 'user-1', { gpt_id: 'g-1' }),
    ])
    await purgeNow(daybook.ledger, await itemTargets(daybook, place, 'gpt', ['g-1']))
    const left = (await daybook.records(place.read)).filter(({ erased, source }) => !erased && source === 'api').map(({ id }) => id)
    expect(left).toEqual(['g-2', 'f-both', 'f-of-two', 'f-chat', chat])
  })

  test('a message goes in all its versions and with what was said of it; its conversation moves in the list of its readers', async () => {
    const place = await daybook.place()
    const [chat, other, m1, m2] = [uuid(), uuid(), uuid(), uuid()]
    await daybook.take(place.ingest, [
      ...[conversation(chat, 'user-1'), conversation(other, 'user-1')],
      ...[message(m1, chat), message(m1, chat, { content: null }), message(m2, chat, { parent_id: m1 }), message(uuid(), other)],
      { kind: 'feedback', id: 'feedback-1', conversation_id: chat, message_id: m1 },
      { kind: 'feedback', id: 'feedback-2', conversation_id: chat, message_id: m2 },
    ])
    expect((await listed(place)).map(({ id }: { id: string }) => id)).toEqual([chat, other])
    await purgeNow(daybook.ledger, await messageTargets(daybook, place, [m1]))
    const [first, second] = await listed(place)
    expect([first.id, second.id]).toEqual([other, chat])
    expect(second.messages.data).toEqual([expect.objectContaining({ id: m2, parent_id: m1 })])
    const erased = (await daybook.records(place.read)).filter((one) => one.erased)
    expect(erased.map(({ kind, id }) => [kind, id])).toEqual([
      ['message', m1],
      ['message', m1],
      ['feedback', 'feedback-1'],
    ])
  })

  test('what was refused under the same id, or as a part of the conversation, goes as well, in its workspace', async () => {
    const [place, other] = [await daybook.place(), await daybook.place()]
    const [chat, m1] = [uuid(), uuid()]
    const bad = { ...message(m1, chat), role: 'robot' }
    const more = [
      { ...message(uuid(), chat), role: 'robot' },
      { kind: 'share', id: 7, of: { kind: 'conversation', id: chat } },
    ]
    for (const at of [place, other]) await daybook.take(at.ingest, [conversation(chat, 'user-1'), message(m1, chat), bad, ...more])
    const [purged] = await purgeConversations(place, [chat])
    const { dead_letters: letters } = await receiptOf(daybook, place, purged?.receipt ?? '')
    expect(letters).toHaveLength(3)
    expect((await listDeadLetters(daybook.ledger, {})).map(({ workspace_id }) => workspace_id)).toEqual(Array(3).fill(other.id))
    const kept = await daybook.rows(
      `select from dead_letter d left join salts.dead_letter s using (organization_id, number) where d.number = any($1::bigint[]) and (d.payload is not null or s.salt is not null or d.place <> '')`,
      [letters],
    )
    expect(kept).toEqual([])
  })

  test('what was refused because it named no workspace goes as well, and is not kept when it comes again', async () => {
    const place = await daybook.place()
    const everywhere = await daybook.key(['ingest:write'])
    const chat = uuid()
    const said = [message(uuid(), chat), message(uuid(), chat)]
    const codes = async () => (await daybook.take(everywhere, said)).rejected.map(({ code }) => code)
    expect(await codes()).toEqual(['wrong_workspace', 'wrong_workspace'])
    await daybook.take(place.ingest, [conversation(chat, 'user-1'), ...said])
    const [purged] = await purgeConversations(place, [chat])
    expect(await codes()).toEqual(['wrong_workspace', 'wrong_workspace'])
    expect((await receiptOf(daybook, place, purged?.receipt ?? '')).dead_letters).toHaveLength(2)
    const ids = said.map(({ id }) => id)
    expect(await daybook.rows('select from dead_letter where record_id = any($1) and payload is not null', [ids])).toEqual([])
  })
})

describe('what was erased does not come back', () => {
  async function purgedPlace() {
    const place = await daybook.place()
    const [chat, m1] = [uuid(), uuid()]
    const sent = [
      conversation(chat, 'user-1'),
      message(m1, chat, { file_ids: ['file-1'] }),
      { kind: 'file', id: 'file-1', conversation_id: chat },
    ]
    await daybook.take(place.ingest, sent)
    await putBytes(place, 'file-1', 'the bytes')
    await purgeConversations(place, [chat])
    return { place, chat, m1, sent }
  }

  test('sent again, as it was or changed, it is refused as purged, and nothing of it is kept', async () => {
    const { place, chat, m1, sent } = await purgedPlace()
    const changed = { ...message(m1, chat), updated_at: '2026-05-05T00:00:00Z', content: [{ type: 'text', text: 'Again' }] }
    const letters = (await listDeadLetters(daybook.ledger, {})).length
    const reply = await daybook.take(place.ingest, [...sent, changed])
    expect(reply).toMatchObject({ accepted: 0, updated: 0, duplicates: 0 })
    expect(reply.rejected.map(({ code }) => code)).toEqual(['purged', 'purged', 'purged', 'purged'])
    expect(await listDeadLetters(daybook.ledger, {})).toHaveLength(letters)
    expect((await putBytes(place, 'file-1', 'the bytes')).json()).toMatchObject({ status: 410 })
    const tally = await daybook.rows<{ rejected: number }>("select rejected from source_tally where workspace_id = $1 and kind = ''", [
      place.number,
    ])
    expect(tally).toEqual([{ rejected: 5 }])
    expect(await listed(place)).toEqual([])
    expect(
      await daybook.rows('select from file_bytes f join item i on i.number = f.item where i.workspace_id = $1', [place.number]),
    ).toEqual([])
  })

  test('what is damaged under its id is named among the refused, without its bytes', async () => {
    const { place, chat, m1 } = await purgedPlace()
    const { rejected } = await daybook.take(place.ingest, [{ ...message(m1, chat), role: 'robot' }])
    expect(rejected).toMatchObject([{ code: 'bad_field', id: m1 }])
    const letters = await listDeadLetters(daybook.ledger, { workspace: place.number })
    expect(letters).toMatchObject([{ id: m1, replayable: false }])
  })

  test('a letter that is being replayed while its record is erased is closed by its replay', async () => {
    const place = await daybook.place()
    const [chat, m1] = [uuid(), uuid()]
    await daybook.take(place.ingest, [conversation(chat, 'user-1'), message(m1, chat)])
    const [number] = await bury(daybook.ledger, [
      {
        ...{ workspace: place.number, via: 'http', source: 'api', place: 'line 1', recordId: m1, code: 'bad_field', message: 'bad' },
        bytes: Buffer.from(JSON.stringify({ ...message(m1, chat), workspace_id: place.id, x_more: 'text' })),
      },
    ])
    const { writes } = daybook.ledger.database
    // A replay holds the letters it is at; an erasure does not wait for it.
    const purged = await transaction(writes, async (replaying) => {
      await replaying.query('select from dead_letter where number = $1 for update', [number])
      return purgeConversations(place, [chat])
    })
    expect(await receiptOf(daybook, place, purged[0]?.receipt ?? '')).toMatchObject({ dead_letters: [] })
    const { refused } = await replayDeadLetters(operatorContext(daybook.ledger), { numbers: [number ?? 0] })
    expect(refused).toMatchObject([{ number, code: 'purged' }])
    expect(await daybook.rows('select payload, replayed_at is null as waits from dead_letter where number = $1', [number])).toEqual([
      { payload: null, waits: false },
    ])
    expect(await daybook.rows('select from salts.dead_letter where number = $1', [number])).toEqual([])
  })

  test('nor is one kept that its replay goes on refusing', async () => {
    const place = await daybook.place()
    const [chat, m1] = [uuid(), uuid()]
    const bad = [
      { ...message(m1, chat), role: 'robot' },
      { ...message(uuid(), chat), role: 'robot' },
    ]
    await daybook.take(place.ingest, [conversation(chat, 'user-1'), message(m1, chat), ...bad])
    const numbers = (await listDeadLetters(daybook.ledger, { workspace: place.number })).map(({ number }) => number)
    const { writes } = daybook.ledger.database
    let replay: Promise<unknown> = Promise.resolve()
    // The replay has its letters before the erasure looks for them, and ends after it.
    await transaction(writes, async (tx) => {
      await takePurgeTurn(tx, daybook.ledger)
      replay = replayDeadLetters(operatorContext(daybook.ledger), { numbers })
      const free = 'select from dead_letter where number = any($1) for update skip locked'
      await expect.poll(async () => (await writes.query(free, [numbers])).rowCount).toBe(0)
      const why = { reason: 'api' as const, actor: { kind: 'operator', id: 'test' }, requestId: 'test' }
      await purge(tx, daybook.ledger, await itemTargets(daybook, place, 'conversation', [chat]), why)
    })
    await replay
    expect(await daybook.rows('select from dead_letter where number = any($1) and payload is not null', [numbers])).toEqual([])
    expect(await daybook.rows('select from salts.dead_letter where number = any($1)', [numbers])).toEqual([])
  })

  test('a message that was not known is taken: its conversation is there again, without its title and what was said before', async () => {
    const { place, chat, m1 } = await purgedPlace()
    const m2 = uuid()
    expect(await daybook.take(place.ingest, [message(m2, chat, { parent_id: m1 })])).toMatchObject({ accepted: 1, rejected: [] })
    const [shown, ...more] = await listed(place)
    expect(more).toEqual([])
    expect(shown).toMatchObject({ id: chat, title: null })
    expect(shown.messages.data).toMatchObject([{ id: m2, content: { value: `Text of ${m2}` } }])
    await purgeConversations(place, [chat])
    expect(await listed(place)).toEqual([])
    expect((await daybook.take(place.ingest, [message(m2, chat)])).rejected).toMatchObject([{ code: 'purged' }])
  })

  test('not either when it is being changed while it is erased', async () => {
    const place = await daybook.place()
    const chats = Array.from({ length: 12 }, () => ({ chat: uuid(), said: uuid() }))
    await daybook.take(
      place.ingest,
      chats.flatMap(({ chat, said }) => [conversation(chat, 'user-1'), message(said, chat)]),
    )
    let isErasing = true
    const writing = (async () => {
      for (let n = 0; isErasing; n++)
        await daybook.take(
          place.ingest,
          chats.map(({ chat, said }) => message(said, chat, { content: [{ type: 'text', text: `Change ${n}` }] })),
        )
    })()
    for (const { chat } of chats) await purgeConversations(place, [chat])
    isErasing = false
    await writing
    const left = await daybook.rows("select from log where workspace_id = $1 and source = 'api' and payload is not null", [place.number])
    expect(left).toEqual([])
  })

  test('erased once, it is not there to be erased again', async () => {
    const { place, chat } = await purgedPlace()
    await expect(purgeConversations(place, [chat])).rejects.toMatchObject({ code: 'not_found' })
    await expect(purgeFiles(place, ['file-1'])).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('bytes of files', () => {
  const stored = () =>
    readdirSync(join(daybook.data, 'blobs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
  const address = async (place: Place, id: string) => {
    const [row] = await daybook.rows<{ address: string }>(
      'select f.address from file_bytes f join item i on i.number = f.item where i.workspace_id = $1 and i.id = $2',
      [place.number, id],
    )
    return row?.address ?? ''
  }

  test('equal bytes of two files stay until the second is erased', async () => {
    const place = await daybook.place()
    const bytes = randomBytes(100)
    await daybook.take(
      place.ingest,
      ['file-a', 'file-b'].map((id) => ({ kind: 'file', id, person_id: 'user-1' })),
    )
    await putBytes(place, 'file-a', bytes)
    await putBytes(place, 'file-b', bytes)
    const at = await address(place, 'file-a')
    await purgeFiles(place, ['file-a'])
    expect(stored()).toContain(at)
    expect(await address(place, 'file-b')).toBe(at)
    await purgeFiles(place, ['file-b'])
    expect(stored()).not.toContain(at)
    expect(await daybook.rows('select from salts.blob where address = $1', [at])).toEqual([])
  })

  test('of a file that is known by its bytes alone go like others', async () => {
    const place = await daybook.place()
    await putBytes(place, 'file-bare', randomBytes(50))
    const at = await address(place, 'file-bare')
    await purgeFiles(place, ['file-bare'])
    expect(stored()).not.toContain(at)
    expect((await daybook.take(place.ingest, [{ kind: 'file', id: 'file-bare' }])).rejected).toMatchObject([{ code: 'purged' }])
  })

  test('left over by a crash after the commit have no salt, and go with the next start; equal ones that came since stay', async () => {
    const place = await daybook.place()
    const [left, again] = [randomBytes(60), randomBytes(60)]
    await putBytes(place, 'file-left', left)
    await putBytes(place, 'file-again', again)
    const [leftAt, againAt] = [await address(place, 'file-left'), await address(place, 'file-again')]
    const { ledger } = daybook
    // As after a crash: what was released is not removed.
    const keeping = { ...ledger, blobs: { ...ledger.blobs, remove: () => Promise.reject(new Error('crashed')) } }
    await expect(purgeNow(keeping, await itemTargets(daybook, place, 'file', ['file-left', 'file-again']))).rejects.toThrow('crashed')
    expect(stored()).toEqual(expect.arrayContaining([leftAt, againAt]))
    expect(await daybook.rows('select from salts.blob where address = any($1)', [[leftAt, againAt]])).toEqual([])
    await putBytes(place, 'file-new', again)
    await removeReleasedBlobs(daybook.ledger)
    expect(stored()).not.toContain(leftAt)
    const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/gpt_files/file-new`, place.read)
    const bytes = await daybook.inject({ method: 'GET', url: String(answer.headers.location) })
    expect(bytes.rawPayload).toEqual(again)
  })
})
