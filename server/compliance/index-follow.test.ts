import { expect, test } from 'vitest'
import { pick, randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { indexRows } from '../../test/support/index-rows.ts'
import { itemTargets, messageTargets, purgeNow } from '../../test/support/purging.ts'
import { conversation, message, uuid } from '../../test/support/records.ts'
import { Searching } from '../../test/support/searching.ts'
import { wordKey } from '../ledger/word-index.ts'
import { Indexer } from './index-follow.ts'
import { rebuildIndex } from './index-rebuild.ts'
import { indexStatus } from './index-status.ts'

const daybook = openTestApp()
const searching = new Searching(daybook)
const rows = () => indexRows(daybook.ledger.database.writes)
const index = (most?: number) => new Indexer(daybook.ledger).catchUp(most)
const random = randomFrom(7)
const vocabulary = Array.from({ length: 300 }, (_, n) => `w${n.toString(36)}`)
const prose = () => Array.from({ length: wholeBetween(random, 1, 12) }, () => pick(random, vocabulary)).join(' ')

const chats = [uuid(), uuid(), uuid()]
const said = (id: string, text: string, more: object = {}) =>
  message(id, pick(random, chats), { content: [{ type: 'text', text }], ...more })
const putBytes = (place: Place, id: string, payload: string) =>
  daybook.inject({ method: 'PUT', url: `/api/intake/files/${id}/bytes`, key: place.ingest, payload })

async function history(place: Place, size: number): Promise<string[]> {
  const ids = Array.from({ length: size }, uuid)
  await daybook.take(
    place.ingest,
    chats.map((id) => conversation(id, 'u-1', { title: prose() })),
  )
  await daybook.take(
    place.ingest,
    ids.map((id) => said(id, prose())),
  )
  await daybook.take(place.ingest, [
    { kind: 'file', id: 'f-1', name: `${prose()}.txt`, person_id: 'u-1' },
    { kind: 'memory', id: 'm-1', person_id: 'u-1', content: prose() },
    { kind: 'canvas', id: 'c-1', person_id: 'u-1', name: prose(), content: prose() },
  ])
  await putBytes(place, 'f-1', `${prose()}\n${prose()}`)
  return ids
}

test('whatever the batches are, the rows become the same, also over the end of a segment', async () => {
  const [one, two] = [await daybook.place(), await daybook.place()]
  await history(one, 200)
  await index(7)
  await history(two, 4500)
  await history(two, 4000)
  await index(1000)
  await history(one, 3000)
  await index(2999)
  const followed = await rows()
  expect(followed.length).toBeGreaterThan(600)
  expect(new Set(followed.map((line) => line.split(' ')[4]))).toEqual(new Set(['0', '1']))
  const { cursor, head } = await rebuildIndex(daybook.ledger)
  expect(cursor).toBe(head)
  expect(await rows()).toEqual(followed)
})

test('a batch that was broken off has not happened', async () => {
  const place = await daybook.place()
  await index()
  const before = await rows()
  const { cursor } = await indexStatus(daybook.ledger)
  await history(place, 50)
  const { writes } = daybook.ledger.database
  await writes.query('alter table word_index add constraint broken check (cursor <= 0) not valid')
  await expect(index()).rejects.toThrow(/broken/)
  expect(await rows()).toEqual(before)
  expect((await indexStatus(daybook.ledger)).cursor).toBe(cursor)
  await writes.query('alter table word_index drop constraint broken')
  await index()
  const followed = await rows()
  expect(followed).not.toEqual(before)
  await rebuildIndex(daybook.ledger)
  expect(await rows()).toEqual(followed)
})

test('whoever comes while another has the index leaves it alone', async () => {
  const client = await daybook.ledger.database.writes.connect()
  await client.query('begin')
  await client.query('select cursor from word_index for update')
  await history(await daybook.place(), 5)
  const waiting = index()
  const { cursor, head } = await indexStatus(daybook.ledger)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(await indexStatus(daybook.ledger)).toMatchObject({ cursor })
  await client.query('commit')
  client.release()
  await waiting
  expect(await indexStatus(daybook.ledger)).toMatchObject({ cursor: head })
})

test('in the background it follows what is said, and stops when it is told to', async () => {
  const place = await daybook.place()
  const indexer = new Indexer(daybook.ledger)
  indexer.start()
  await history(place, 300)
  const { head } = await indexStatus(daybook.ledger)
  await expect.poll(async () => (await indexStatus(daybook.ledger)).cursor).toBeGreaterThanOrEqual(head)
  await indexer.stop()
  const followed = await rows()
  await daybook.take(place.ingest, [said(uuid(), 'after the stop')])
  expect(await rows()).toEqual(followed)
  await index()
  const caughtUp = await rows()
  await rebuildIndex(daybook.ledger)
  expect(await rows()).toEqual(caughtUp)
  const metrics = (await daybook.inject({ url: '/metrics' })).body
  expect(metrics).toMatch(/^daybook_search_entries_behind \d+$/m)
  expect(metrics).toMatch(/^daybook_search_lag_seconds [\d.]+$/m)
})

test('bytes that are no text, too many or not there are left out, and nothing else waits for them', async () => {
  const place = await daybook.place()
  const put = (id: string, payload: string | Buffer) =>
    daybook.inject({ method: 'PUT', url: `/api/intake/files/${id}/bytes`, key: place.ingest, payload })
  await put('binary', Buffer.concat([Buffer.from('halfbinary '), Buffer.from([0xff, 0xfe, 0x00])]))
  await put('large', Buffer.from('enormous '.repeat(1_000_000)))
  await put('lost', 'vanished text')
  await put('kept', `${'filler '.repeat(20_000)} perfectly readable`)
  const [lost] = await daybook.rows<{ address: string }>(
    "select address from file_bytes f join item i on i.number = f.item where i.id = 'lost'",
  )
  await daybook.ledger.blobs.remove(lost?.address ?? '')
  for (const state of ['not indexed', 'indexed']) {
    for (const text of ['halfbinary', 'enormous', 'vanished'])
      expect((await searching.page(place, { text })).data, `${text}, ${state}`).toEqual([])
    expect((await searching.page(place, { text: '"perfectly readable"' })).data, state).toHaveLength(1)
    await index()
  }
})

test('long runs without a space are data and no words', async () => {
  const place = await daybook.place()
  const encoded = Buffer.from(Array.from({ length: 3000 }, () => wholeBetween(random, 0, 255))).toString('base64')
  await index()
  const before = (await rows()).length
  await daybook.take(place.ingest, [said(uuid(), `before ${encoded} behind`)])
  await index()
  expect((await rows()).length - before).toBe(2)
  expect((await searching.page(place, { text: '"before behind"' })).data).toHaveLength(1)
})

test('what is purged leaves nothing in the index: its rows are those of a record that was without it from the start', async () => {
  const place = await daybook.place()
  const ids = await history(place, 400)
  await putBytes(place, 'f-1', 'onlyinthefile and a plantedword')
  const [planted] = ids
  await daybook.take(place.ingest, [said(planted ?? '', 'another'), said(uuid(), 'alone: plantedword')])
  await index()
  const { organization } = daybook.ledger
  const rowsOf = async (word: string) =>
    (await daybook.rows<{ offsets: Buffer }>('select offsets from word_posting where word = $1', [wordKey(organization.keys, word)])).length
  expect(await rowsOf('onlyinthefile')).toBe(1)
  expect(await rowsOf('plantedword')).toBe(1)
  const some = ids.filter(() => random() < 0.3)
  await purgeNow(daybook.ledger, [...(await messageTargets(daybook, place, some)), ...(await itemTargets(daybook, place, 'file', ['f-1']))])
  expect(await rowsOf('onlyinthefile')).toBe(0)
  expect(await rowsOf('plantedword')).toBe(1)
  const left = await rows()
  await rebuildIndex(daybook.ledger)
  expect(await rows()).toEqual(left)
  expect(left.filter((line) => line.endsWith(' '))).toEqual([])
})

test('what is purged before it was indexed never comes to be', async () => {
  const place = await daybook.place()
  const ids = [uuid(), uuid()]
  await daybook.take(
    place.ingest,
    ids.map((id) => said(id, 'shortlived')),
  )
  await purgeNow(daybook.ledger, await messageTargets(daybook, place, ids))
  await index()
  expect((await searching.page(place, { text: 'shortlived' })).data).toEqual([])
  expect(await daybook.rows('select from word_posting where word = $1', [wordKey(daybook.ledger.organization.keys, 'shortlived')])).toEqual(
    [],
  )
})
