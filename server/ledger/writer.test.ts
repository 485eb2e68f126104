import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { microseconds } from './times.ts'

const daybook = openTestApp()

const seqs = async () => (await daybook.rows<{ seq: number }>('select seq from log order by seq')).map(({ seq }) => seq)

const batchesAtOnce = (place: Place, batches: readonly object[][]) => Promise.all(batches.map((batch) => daybook.take(place.ingest, batch)))

const total = (replies: { accepted: number; updated: number; duplicates: number; rejected: unknown[] }[]) => ({
  accepted: replies.reduce((sum, { accepted }) => sum + accepted, 0),
  updated: replies.reduce((sum, { updated }) => sum + updated, 0),
  duplicates: replies.reduce((sum, { duplicates }) => sum + duplicates, 0),
  rejected: replies.reduce((sum, { rejected }) => sum + rejected.length, 0),
})

describe('batches that come at once', () => {
  test('about the same things store each of them once, and say so once', async () => {
    const place = await daybook.place()
    const people = Array.from({ length: 5 }, (_, i) => `user-${i}`)
    const chats = Array.from({ length: 8 }, () => uuid())
    const everything = [
      ...people.map((id) => person(id)),
      ...chats.map((id, i) => conversation(id, people[i % 5] ?? '')),
      ...chats.flatMap((chat) => Array.from({ length: 6 }, (_, i) => message(`${chat}-${i}`, chat, { person_id: people[i % 5] }))),
    ]
    const batches = Array.from({ length: 24 }, (_, turn) => rotated(everything, turn * 7))
    const replies = await batchesAtOnce(place, batches)
    expect(total(replies)).toEqual({
      accepted: everything.length,
      updated: 0,
      duplicates: everything.length * 23,
      rejected: 0,
    })
    const [found] = await daybook.rows<{ items: number; messages: number; numbers: number }>(
      `select (select count(*) from item where workspace_id = $1) as items, (select count(*) from message where workspace_id = $1) as messages,
         (select count(distinct number) from item where workspace_id = $1) as numbers`,
      [place.number],
    )
    expect(found).toEqual({ items: 13, messages: 48, numbers: 13 })
  })

  test('that contradict each other end with one version that is current and every other known', async () => {
    const place = await daybook.place()
    const chat = uuid()
    const said = Array.from({ length: 20 }, (_, i) =>
      conversation(chat, 'user-1', { title: `Title ${i}`, updated_at: new Date(i * 1000).toISOString() }),
    )
    const replies = await batchesAtOnce(
      place,
      said.map((one) => [one, message(uuid(), chat)]),
    )
    expect(total(replies)).toEqual({ accepted: 21, updated: 19, duplicates: 0, rejected: 0 })
    const list = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
    expect(list.json().data).toMatchObject([{ id: chat, title: 'Title 19' }])
    expect(list.json().data[0].messages.data).toHaveLength(20)
    const same = said.map((one) => ({ ...one, title: 'Another' }))
    expect(
      total(
        await batchesAtOnce(
          place,
          same.map((one) => [one]),
        ),
      ),
    ).toEqual({ accepted: 0, updated: 0, duplicates: 0, rejected: 20 })
  })

  test('one of which holds what the store cannot keep do no harm to each other', async () => {
    const place = await daybook.place()
    const good = (turn: number) => Array.from({ length: 5 }, (_, i) => person(`user-${turn}-${i}`))
    const bad = person('bad', { created_at: '2024-05-01T00:00:00+16:00' })
    const replies = await batchesAtOnce(
      place,
      Array.from({ length: 8 }, (_, turn) => (turn === 3 ? [...good(turn), bad, ...good(100)] : good(turn))),
    )
    expect(total(replies)).toEqual({ accepted: 45, updated: 0, duplicates: 0, rejected: 1 })
    expect(replies[3]?.rejected).toMatchObject([{ line: 6, id: 'bad', code: 'bad_field' }])
    expect(await daybook.records(place.read, 'person')).toHaveLength(45)
  })

  const rotated = <T>(list: readonly T[], by: number): T[] => [...list.slice(by % list.length), ...list.slice(0, by % list.length)]
})

describe('the commit sequence', () => {
  test('has no gap and no repetition, after batches, refusals, reads and changes at once', async () => {
    const place = await daybook.place()
    const key = await daybook.key(['compliance:read'])
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        if (i % 3 === 0) await daybook.take(place.ingest, [person(`user-${i % 7}`), message(uuid(), `chat-${i % 5}`), '{'])
        else if (i % 3 === 1) await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, i % 2 ? place.read : key)
        else if (i % 4 === 0) await daybook.key(['analytics:read'])
        else await daybook.send(place.read, [person('never')])
      }),
    )
    const all = await seqs()
    expect(all).toEqual(Array.from({ length: all.length }, (_, i) => i + 1))
    const [head] = await daybook.rows<{ seq: number }>('select seq from ledger_head')
    expect(head?.seq).toBe(all.length)
    const [salts] = await daybook.rows<{ n: number }>('select count(*) as n from salts.log')
    expect(salts?.n).toBe(all.length)
  })

  test('runs with the time of the commits, and everything in a reply lies at or before its last_seq', async () => {
    const place = await daybook.place()
    const replies = await batchesAtOnce(
      place,
      Array.from({ length: 10 }, (_, turn) => [person(`user-${turn}`)]),
    )
    const rows = await daybook.rows<{ seq: number; id: string; received_at: string }>('select seq, id, received_at from log order by seq')
    const times = rows.map(({ received_at }) => received_at)
    expect(times).toEqual([...times].sort((a, b) => microseconds(a) - microseconds(b)))
    const seqOf = new Map(rows.map(({ id, seq }) => [id, seq]))
    for (const [turn, { last_seq }] of replies.entries()) expect(seqOf.get(`user-${turn}`)).toBeLessThanOrEqual(last_seq)
  })

  test('does not move for what changes nothing', async () => {
    const place = await daybook.place()
    const { last_seq } = await daybook.take(place.ingest, [person('user-1')])
    expect(await daybook.take(place.ingest, [person('user-1'), '{'])).toMatchObject({ duplicates: 1, last_seq })
    expect((await seqs()).at(-1)).toBe(last_seq)
  })
})

test('what was answered is there after the server was stopped and started', async () => {
  const place = await daybook.place()
  await daybook.take(place.ingest, [person('user-1'), message('m', 'c')])
  const before = await daybook.records(place.read, 'message')
  await daybook.stop()
  await daybook.start()
  expect(await daybook.records(place.read, 'message')).toEqual(before)
  expect(await daybook.take(place.ingest, [person('user-1'), message('m', 'c')])).toMatchObject({ duplicates: 2 })
})
