import { describe, expect, test } from 'vitest'
import { linesOf, openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'

const daybook = openTestApp()

async function page(key: string, query: string) {
  const answer = await daybook.get(`/api/records?${query}`, key)
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
  expect(answer.body === '' || answer.body.endsWith('\n')).toBe(true)
  return linesOf(answer.body)
}

/** Goes on until nothing comes; more than `most` pages mean that it never ends. */
async function walk(key: string, query: string, most: number) {
  const pages = []
  for (let after = 0; pages.length < most; ) {
    const records = await page(key, `${query}&after_seq=${after}`)
    pages.push(records)
    const last = records.at(-1)
    if (!last) return pages
    after = last.seq
  }
  throw new Error(`there were more than ${most} pages`)
}

async function filled(): Promise<Place> {
  const place = await daybook.place()
  await daybook.take(place.ingest, [
    person('user-1'),
    ...Array.from({ length: 8 }, (_, i) => message(`m${i}`, 'c1')),
    conversation('c1', 'user-1'),
  ])
  return place
}

describe('reading on until nothing comes', () => {
  test.each([1, 3, 7, 1000])('ends, with %d records a page, and no seq is left out', async (limit) => {
    await filled()
    const everywhere = await daybook.key(['compliance:read'])
    const [head] = await daybook.rows<{ seq: number }>('select seq from ledger_head')
    const seqs = (await walk(everywhere, `limit=${limit}`, 400)).flat().map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    expect(seqs.length).toBeGreaterThanOrEqual(head?.seq ?? 0)
  })

  test('goes on later where it stopped: what was read is in the record too, and comes with the next thing', async () => {
    const place = await filled()
    const everywhere = await daybook.key(['compliance:read'])
    const before = (await walk(everywhere, 'limit=5', 400)).flat()
    const last = before.at(-1)?.seq ?? 0
    expect(await page(everywhere, `after_seq=${last}`)).toEqual([])
    await daybook.take(place.ingest, [person('user-2')])
    const next = await page(everywhere, `after_seq=${last}`)
    expect(next.map(({ seq }) => seq)).toEqual(next.map((_, i) => last + 1 + i))
    expect(next.at(-1)).toMatchObject({ kind: 'person', id: 'user-2' })
    expect(next.slice(0, -1).every(({ kind, action }) => kind === 'access' && action === 'records.list')).toBe(true)
  })

  test('is not ended early by the reads of somebody else', async () => {
    const place = await filled()
    const everywhere = await daybook.key(['compliance:read'])
    const last = (await walk(everywhere, 'limit=100', 400)).flat().at(-1)?.seq ?? 0
    await daybook.get(`/v1/compliance/workspaces/${place.id}/users`, place.read)
    expect((await page(everywhere, `after_seq=${last}`)).at(-1)).toMatchObject({ kind: 'access', action: 'users.list' })
  })
})

describe('a selection', () => {
  test('of one kind has all of it and nothing else, also page by page', async () => {
    const place = await filled()
    const messages = (await walk(place.read, 'kind=message&limit=3', 10)).flat()
    expect(messages.map(({ kind, id }) => `${kind} ${id}`)).toEqual(Array.from({ length: 8 }, (_, i) => `message m${i}`))
    expect((await walk(place.read, 'kind=conversation', 5)).flat()).toMatchObject([{ id: 'c1' }])
    expect(await page(place.read, 'kind=robot')).toEqual([])
  })

  test('of a key that is bound to a workspace has nothing of another', async () => {
    const [place, other] = [await filled(), await filled()]
    const seen = (await walk(place.read, 'limit=4', 50)).flat()
    expect(new Set(seen.map(({ workspace_id }) => workspace_id))).toEqual(new Set([place.id]))
    expect(seen.filter(({ source }) => source === 'api')).toHaveLength(10)
    expect((await daybook.get(`/api/records?workspace_id=${other.id}`, place.read)).statusCode).toBe(404)
    expect((await daybook.entries('records.list')).at(-1)).toMatchObject({ outcome: 'denied', reason: 'not_found' })
  })

  test('of one workspace by an organization-wide key is what a key of that workspace sees', async () => {
    const place = await filled()
    await filled()
    const everywhere = await daybook.key(['compliance:read'])
    const withoutReads = (records: { kind: string }[]) => records.filter(({ kind }) => kind !== 'access')
    const bound = withoutReads((await walk(place.read, '', 50)).flat())
    expect(withoutReads((await walk(everywhere, `workspace_id=${place.id}`, 50)).flat())).toEqual(bound)
  })
})

describe('a line', () => {
  test('is the stored record with its place and time', async () => {
    const place = await daybook.place()
    const sent = conversation(uuid(), 'user-1', { x_unknown: [{ b: 1, a: null }] })
    const { last_seq } = await daybook.take(place.ingest, [sent])
    const [stored] = await page(place.read, 'kind=conversation')
    const [row] = await daybook.rows<{ received_at: string }>('select received_at from log where seq = $1', [last_seq])
    expect(stored).toEqual({ ...sent, workspace_id: place.id, source: 'api', seq: last_seq, received_at: row?.received_at })
  })

  test('of something erased says that, and nothing of what it was', async () => {
    const place = await daybook.place()
    const { last_seq } = await daybook.take(place.ingest, [message('m1', 'c1')])
    await daybook.ledger.database.writes.query('delete from salts.log where seq = $1', [last_seq])
    expect(await page(place.read, 'kind=message')).toEqual([
      { kind: 'message', source: 'api', id: 'm1', erased: true, seq: last_seq, received_at: expect.any(String) },
    ])
  })
})

test.each(['after_seq=-1', 'after_seq=x', 'after_seq=1&after_seq=2', 'limit=0', 'limit=x', 'kind=', 'kind=%00'])(
  'a parameter that makes no sense is refused: %s',
  async (query) => {
    const place = await daybook.place()
    const answer = await daybook.get(`/api/records?${query}`, place.read)
    expect(answer.json()).toMatchObject({ status: 400, code: 'bad_request', detail: expect.stringContaining(query.split('=')[0] ?? '') })
  },
)

test('a page has 1,000 records unless told otherwise, 10,000 at most', async () => {
  const place = await daybook.place()
  const batch = (from: number) => Array.from({ length: 4000 }, (_, i) => ({ kind: 'gpt', id: `g${from + i}`, name: 'x' }))
  for (const from of [0, 4000, 8000]) await daybook.take(place.ingest, batch(from))
  expect(await page(place.read, 'kind=gpt')).toHaveLength(1000)
  expect(await page(place.read, 'kind=gpt&limit=100000')).toHaveLength(10_000)
})
