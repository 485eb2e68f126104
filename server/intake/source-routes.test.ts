import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { deadLetterPage, deadLetterSummary, firstRunReply, replayReply, sourcesReply } from '../../contract/sources.ts'
import { ndjson, openTestApp, type Place } from '../../test/support/app.ts'
import { daybookCommand, startDaybook } from '../../test/support/cli.ts'
import { member, signIn } from '../../test/support/people.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { operatorContext } from '../people/operator.ts'
import { createWorkspace } from '../people/workspaces.ts'

const daybook = openTestApp()
const folder = mkdtempSync(join(tmpdir(), 'daybook-sources-'))
afterAll(() => rmSync(folder, { recursive: true }))

const sources = async (place: Pick<Place, 'id'>, key: string) => {
  const answer = await daybook.get(`/api/sources?workspace_id=${place.id}`, key)
  expect(answer.statusCode, answer.body).toBe(200)
  return sourcesReply.parse(answer.json())
}

const letters = async (place: Pick<Place, 'id'>, key: string, more = '') => {
  const answer = await daybook.get(`/api/dead-letters?workspace_id=${place.id}${more}`, key)
  expect(answer.statusCode, answer.body).toBe(200)
  return deadLetterPage.parse(answer.json())
}

const replay = async (key: string, payload: object) => {
  const answer = await daybook.inject({ method: 'POST', url: '/api/dead-letters/replay', key, payload })
  expect(answer.statusCode, answer.body).toBe(200)
  return replayReply.parse(answer.json())
}

interface LogRow {
  source: string
  kind: string
  id: string
  conversation: number | null
}

/** Accepted and updated by source and kind, counted over the log itself. */
async function countedInLog({ number }: { number: number }) {
  const log = await daybook.rows<LogRow>(
    `select source, kind, id, conversation from log where workspace_id = $1 and source <> 'daybook' order by seq`,
    [number],
  )
  const seen = new Set<string>()
  const counts = new Map<string, { accepted: number; updated: number }>()
  for (const { source, kind, id, conversation } of log) {
    const identity = JSON.stringify([kind, id, kind === 'message' ? conversation : source])
    const line = counts.get(`${source} ${kind}`) ?? { accepted: 0, updated: 0 }
    counts.set(`${source} ${kind}`, line)
    line[seen.has(identity) ? 'updated' : 'accepted']++
    seen.add(identity)
  }
  return Object.fromEntries([...counts].sort())
}

async function tallied({ number }: { number: number }) {
  const rows = await daybook.rows<{ source: string; kind: string; accepted: number; updated: number }>(
    `select source, kind, accepted, updated from source_tally where workspace_id = $1 and accepted + updated > 0`,
    [number],
  )
  return Object.fromEntries(rows.map(({ source, kind, accepted, updated }) => [`${source} ${kind}`, { accepted, updated }] as const).sort())
}

describe('what came from a source', () => {
  test('is what was sent, with what was known already and what was refused', async () => {
    const place = await daybook.place()
    const key = await daybook.key(['analytics:read'], place)
    const people = Array.from({ length: 5 }, (_, i) => person(`p${i}`))
    const chat = { ...conversation('c', 'p0'), source: 'claude' }
    const said = Array.from({ length: 7 }, (_, i) => ({
      ...message(`m${i}`, 'c'),
      source: 'claude',
      created_at: `2024-05-0${i + 1}T08:00:00.5+02:00`,
    }))
    await daybook.take(place.ingest, [...people, chat, ...said])
    await daybook.take(place.ingest, [...people, ...said.slice(0, 3)])
    await daybook.take(place.ingest, [
      { ...people[0], name: 'Another name' },
      '{"kind":',
      { ...said[0], role: 'nobody' },
      { ...chat, updated_at: '2024-06-01T00:00:00Z', title: 'One' },
      { ...chat, updated_at: '2024-06-01T00:00:00Z', title: 'Two' },
      { ...person('x'), source: 'NOT A NAME' },
    ])
    const reply = await sources(place, key)
    const [api, claude] = reply.sources
    expect(reply.sources.map(({ source }) => source)).toEqual(['api', 'claude'])
    expect(api).toMatchObject({ accepted: 5, updated: 1, duplicates: 5, rejected: 2, waiting: 2, state: 'on-time' })
    expect(claude).toMatchObject({ accepted: 8, updated: 1, duplicates: 3, rejected: 2, waiting: 2, state: 'on-time' })
    expect(claude?.kinds).toEqual([
      { kind: 'conversation', accepted: 1, updated: 1, duplicates: 0 },
      { kind: 'message', accepted: 7, updated: 0, duplicates: 3 },
    ])
    expect(new Date(claude?.newest_at ?? '').toISOString()).toBe('2024-05-07T06:00:00.500Z')
    expect(claude?.lag_seconds).toBeGreaterThan(86_400)
    const [times] = await daybook.rows<{ first: string; last: string }>(
      `select min(received_at) as first, max(received_at) as last from log where workspace_id = $1 and source = 'claude'`,
      [place.number],
    )
    expect(claude).toMatchObject({ first_received_at: times?.first, last_received_at: times?.last })
    expect(reply.unplaced).toBeNull()
    expect(await tallied(place)).toEqual(await countedInLog(place))
  })

  test('holds the bytes of files, once for the same and again for others', async () => {
    const place = await daybook.place()
    const key = await daybook.key(['analytics:read'], place)
    const put = (payload: string) => daybook.inject({ method: 'PUT', url: '/api/intake/files/f/bytes', key: place.ingest, payload })
    for (const bytes of ['one', 'one', 'two']) expect((await put(bytes)).statusCode).toBe(200)
    expect((await sources(place, key)).sources[0]?.kinds).toEqual([{ kind: 'file_bytes', accepted: 1, updated: 1, duplicates: 1 }])
    expect(await tallied(place)).toEqual(await countedInLog(place))
  })

  test('is the same after an import was killed in the middle and went on', async () => {
    const path = join(folder, 'many.ndjson')
    const said = Array.from({ length: 6_000 }, (_, i) => message(`m${i}`, 'c', i % 1000 === 0 ? { role: 'nobody' } : {}))
    writeFileSync(path, ndjson([person('u'), conversation('c', 'u'), ...said]))
    const place = await daybook.place()
    const key = await daybook.key(['analytics:read'], place)
    const child = startDaybook(daybook.data, ['import', 'records', path, '--workspace', place.id])
    while (child.exitCode === null && (await tallied(place))['api message'] === undefined) await sleep(5)
    child.kill('SIGKILL')
    await child.ended
    expect(await tallied(place)).toEqual(await countedInLog(place))
    const { code, stderr } = await daybookCommand(daybook.data, 'import', 'records', path, '--workspace', place.id)
    expect(code, stderr).toBe(0)
    expect(await tallied(place)).toEqual(await countedInLog(place))
    const [api] = (await sources(place, key)).sources
    expect(api).toMatchObject({ accepted: 2 + 6_000 - 6, updated: 0, rejected: 6, waiting: 6 })
  })

  test('is found out of the log for what was there before it was tallied', async () => {
    const before = await daybook.rows(
      'select workspace_id, source, kind, accepted, updated, first_received_at, newest_at from source_tally where accepted > 0 order by 1, 2, 3',
    )
    const refused = await daybook.rows("select workspace_id, source, rejected from source_tally where kind = '' order by 1, 2")
    const step = readFileSync(join(import.meta.dirname, '..', '..', 'migrations', '0005-sources.sql'), 'utf8')
    await daybook.rows(`delete from source_tally`)
    for (const insert of step.match(/^insert into source_tally [^;]+;/gm) ?? []) await daybook.rows(insert)
    expect(
      await daybook.rows(
        'select workspace_id, source, kind, accepted, updated, first_received_at, newest_at from source_tally where accepted > 0 order by 1, 2, 3',
      ),
    ).toEqual(before)
    expect(await daybook.rows("select workspace_id, source, rejected from source_tally where kind = '' order by 1, 2")).toEqual(refused)
    expect(before.length).toBeGreaterThan(4)
    expect(refused.length).toBeGreaterThan(2)
  })
})

describe('dead letters', () => {
  test('are listed page by page, counted by reason, and hold no content', async () => {
    const place = await daybook.place()
    const key = await daybook.key(['compliance:read'], place)
    const bad = Array.from({ length: 12 }, (_, i) => ({ ...person(`p${i}`), kind: 'nothing', note: 'a secret' }))
    await daybook.take(place.ingest, [...bad, { ...message('m', 'c'), role: 'nobody', source: 'claude' }])
    const found: number[] = []
    for (let after: number | null = 0; after !== null; ) {
      const page = await letters(place, key, `&limit=5&after=${after}`)
      expect(page.data.length).toBeLessThanOrEqual(5)
      expect(JSON.stringify(page)).not.toContain('secret')
      found.push(...page.data.map(({ number }) => number))
      after = page.next_after
    }
    expect(found).toHaveLength(13)
    expect(found).toEqual([...found].sort((a, b) => a - b))
    expect((await letters(place, key, '&code=bad_field')).data).toMatchObject([
      { id: 'm', source: 'claude', via: 'http', replayable: true },
    ])
    expect((await letters(place, key, '&source=claude')).data).toHaveLength(1)
    const summary = deadLetterSummary.parse((await daybook.get(`/api/dead-letters/summary?workspace_id=${place.id}`, key)).json())
    expect(summary).toMatchObject({
      waiting: 13,
      reasons: [
        { code: 'unknown_kind', source: 'api', via: 'http', waiting: 12 },
        { code: 'bad_field', source: 'claude', via: 'http', waiting: 1 },
      ],
    })
  })

  test('that name a workspace are its own; those that name none are seen by callers of the whole organization only', async () => {
    const place = await daybook.place()
    const whole = await daybook.key(['ingest:write'])
    const lost = uuid()
    await daybook.take(whole, [
      { ...message('placed', 'c'), role: 'nobody', workspace_id: place.id },
      { ...person('lost'), id: lost, workspace_id: uuid() },
    ])
    const bound = await letters(place, await daybook.key(['ingest:write'], place))
    expect(bound.data.map(({ id }) => id)).toEqual(['placed'])
    const all = await letters(place, whole, '&limit=500')
    expect(all.data.map(({ id }) => id)).toEqual(expect.arrayContaining(['placed', lost]))
    const { unplaced } = await sources(place, whole)
    const [none] = await daybook.rows<{ waiting: number }>(
      'select count(*)::int as waiting from dead_letter where workspace_id is null and replayed_at is null',
    )
    expect(unplaced?.waiting).toBe(none?.waiting)
    expect(unplaced?.rejected).toBeGreaterThanOrEqual(1)
  })

  test('are replayed by number, by reason and a hundred at a time; the tallies follow', async () => {
    const id = uuid()
    const key = await daybook.key(['ingest:write'])
    const early = [person('early'), conversation('c', 'early')].map((record) => ({ ...record, workspace_id: id, source: 'claude' }))
    await daybook.take(key, [...early, { ...early[0], source: 'chatgpt' }])
    const place = await createWorkspace(operatorContext(daybook.ledger), { name: 'Late', id })
    await daybook.take(
      await daybook.key(['ingest:write'], place),
      Array.from({ length: 150 }, () => 'no JSON'),
    )
    const lost = (await letters(place, key, '&code=wrong_workspace&source=claude')).data.slice(-2)
    const [one, two] = lost.map(({ number }) => number)
    expect(await replay(key, { workspace_id: id, numbers: [one] })).toEqual({ taken: [one], refused: [], unfit: [], next_after: null })
    expect((await replay(key, { workspace_id: id, code: 'wrong_workspace', source: 'claude', after: (two ?? 0) - 1 })).taken).toEqual([two])
    const first = await replay(key, { workspace_id: id, code: 'bad_json' })
    expect(first.refused).toHaveLength(100)
    const second = await replay(key, { workspace_id: id, code: 'bad_json', after: first.next_after ?? 0 })
    expect(second).toMatchObject({ next_after: null, taken: [] })
    expect(second.refused).toHaveLength(50)
    const { sources: found } = await sources(place, key)
    expect(found).toMatchObject([
      { source: 'api', accepted: 0, rejected: 150, waiting: 150, state: 'silent', last_received_at: null, lag_seconds: null },
      { source: 'claude', accepted: 2, rejected: 0, waiting: 0, state: 'on-time' },
    ])
    expect(await tallied(place)).toEqual(await countedInLog(place))
    const entries = await daybook.entries('dead-letters.replay')
    expect(entries.some(({ ids, workspace_id }) => String(ids) === String(one) && workspace_id === id)).toBe(true)
  })

  test('of another workspace are not there: not to see, not to read, not to replay, and the attempt is on record', async () => {
    const [own, other] = [await daybook.place(), await daybook.place()]
    await daybook.take(other.ingest, ['no JSON'])
    const key = await daybook.key(['compliance:read', 'ingest:write'], own)
    const [letter] = (await letters(other, other.read)).data
    const bytes = await daybook.get(`/api/dead-letters/${letter?.number}/bytes`, key)
    expect(bytes.statusCode).toBe(404)
    expect((await letters(own, key)).data).toEqual([])
    expect(await replay(key, { workspace_id: own.id, numbers: [letter?.number] })).toEqual({
      taken: [],
      refused: [],
      unfit: [],
      next_after: null,
    })
    expect((await daybook.get(`/api/dead-letters?workspace_id=${other.id}`, key)).statusCode).toBe(404)
    expect((await daybook.get(`/api/sources?workspace_id=${other.id}`, key)).statusCode).toBe(404)
    for (const action of ['dead-letters.read', 'dead-letters.list', 'sources.list'])
      expect((await daybook.entries(action)).some(({ outcome, reason }) => outcome === 'denied' && reason === 'not_found')).toBe(true)
  })

  test('give their bytes as they were sent to who may read content, and say so in the record', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, ['{"kind":"<script>alert(1)</script>'])
    const [letter] = (await letters(place, place.read)).data
    const answer = await daybook.get(`/api/dead-letters/${letter?.number}/bytes`, place.read)
    expect(answer.body).toBe('{"kind":"<script>alert(1)</script>')
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="dead-letter-${letter?.number}.txt"`,
      'x-content-type-options': 'nosniff',
    })
    expect((await daybook.entries('dead-letters.read')).at(-1)).toMatchObject({
      outcome: 'allowed',
      ids: [String(letter?.number)],
      workspace_id: place.id,
    })
    const denied = await daybook.get(
      `/api/dead-letters/${letter?.number}/bytes`,
      await daybook.key(['ingest:write', 'settings:manage'], place),
    )
    expect(denied.statusCode).toBe(403)
    expect((await daybook.entries('dead-letters.read')).at(-1)).toMatchObject({ outcome: 'denied', reason: 'needs compliance:read' })
  })

  test('are replayed by an admin in a browser, and never by a form of another site', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, ['no JSON'])
    const cookie = await signIn(daybook, (await member(daybook, ['admin'], place)).id)
    const ask = (site: string) =>
      daybook.inject({
        method: 'POST',
        url: '/api/dead-letters/replay',
        headers: { cookie, 'sec-fetch-site': site },
        payload: { workspace_id: place.id },
      })
    expect((await ask('cross-site')).statusCode).toBe(403)
    const answer = await ask('same-origin')
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json().refused).toHaveLength(1)
    const viewer = await signIn(daybook, (await member(daybook, ['analytics_viewer'], place)).id)
    const denied = await daybook.inject({
      method: 'POST',
      url: '/api/dead-letters/replay',
      headers: { cookie: viewer, 'sec-fetch-site': 'same-origin' },
      payload: { workspace_id: place.id },
    })
    expect(denied.statusCode).toBe(403)
  })
})

test('a first run is as far as the server finds it', async () => {
  const place = await daybook.place()
  const key = await daybook.key(['analytics:read'], place)
  const done = async () => {
    const answer = await daybook.get(`/api/first-run?workspace_id=${place.id}`, key)
    const { steps } = firstRunReply.parse(answer.json())
    return steps.filter((one) => one.done).map(({ step }) => step)
  }
  // Every place has a key that writes.
  expect((await done()).filter((step) => step !== 'viewer')).toEqual(['workspace', 'key'])
  await daybook.take(place.ingest, [person('p')])
  await member(daybook, ['owner'])
  await member(daybook, ['analytics_viewer'])
  expect((await done()).filter((step) => step !== 'counts')).toEqual(['workspace', 'source', 'key', 'viewer'])
  const denied = await daybook.get('/api/first-run', await daybook.key(['keys:manage']))
  expect(denied.statusCode).toBe(403)
})
