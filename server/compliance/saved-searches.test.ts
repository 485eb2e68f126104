import { beforeAll, describe, expect, test } from 'vitest'
import { type SavedSearch, savedSearch, savedSearchList, searchReply } from '../../contract/search.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { member, signIn } from '../../test/support/people.ts'
import { messageTargets, purgeNow } from '../../test/support/purging.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { findInFiles } from '../../test/support/search-files.ts'
import { Indexer } from './index-follow.ts'
import { rebuildIndex } from './index-rebuild.ts'
import { mostMatches } from './saved-matches.ts'

const daybook = openTestApp()
const index = () => new Indexer(daybook.ledger).catchUp()
const chat = uuid()
const said = (text: string, more: object = {}) => message(uuid(), chat, { content: [{ type: 'text', text }], person_id: 'u-1', ...more })

let place: Place
beforeAll(async () => {
  place = await daybook.place()
  await daybook.take(place.ingest, [person('u-1'), person('u-2'), conversation(chat, 'u-1'), said('an old secretproject')])
  await index()
})

async function save(text: string, more: object = {}, where = place): Promise<SavedSearch> {
  const payload = { workspace_id: where.id, name: `About ${text}`, text, purpose: 'case 12', ...more }
  const answer = await daybook.inject({ method: 'POST', url: '/api/saved-searches', key: where.read, payload })
  expect(answer.statusCode, answer.body).toBe(200)
  return savedSearch.parse(answer.json())
}

async function list(where = place): Promise<SavedSearch[]> {
  return savedSearchList.parse((await daybook.get(`/api/saved-searches?workspace_id=${where.id}`, where.read)).json()).data
}

const now = async ({ id }: SavedSearch) => (await list()).find((one) => one.id === id)

async function matches({ id }: { id: string }, more: object = {}) {
  const answer = await daybook.inject({
    method: 'POST',
    url: `/api/saved-searches/${id}/matches`,
    key: place.read,
    payload: { purpose: 'case 12', ...more },
  })
  expect(answer.statusCode, answer.body).toBe(200)
  return searchReply.parse(answer.json())
}

describe('a saved search', () => {
  test('counts what is said from then on, once, until somebody is given it', async () => {
    const saved = await save('secretproject "code name"')
    expect(saved).toMatchObject({
      matches: 0,
      new_matches: 0,
      last_match_at: null,
      active: true,
      kinds: null,
      person: null,
      purpose: 'case 12',
    })
    const found = [said('The code name of secretproject'), said('SECRETPROJECT has a Code\nName')]
    await daybook.take(place.ingest, [...found, said('code of the secretproject has a name'), said('nothing')])
    expect(await now(saved)).toMatchObject({ new_matches: 0 })
    await index()
    expect(await now(saved)).toMatchObject({ matches: 2, new_matches: 2 })
    const first = await matches(saved, { limit: 1 })
    expect(first.data.map(({ id }) => id)).toEqual([found[1]?.id])
    expect(first).toMatchObject({ has_more: true })
    expect(first.data[0]?.snippets.map(({ match }) => match)).toEqual(['SECRETPROJECT', 'Code Name'])
    expect(await now(saved)).toMatchObject({ matches: 2, new_matches: 1 })
    const second = await matches(saved, { limit: 1, cursor: first.cursor })
    expect(second.data.map(({ id }) => id)).toEqual([found[0]?.id])
    expect(second).toMatchObject({ has_more: false, cursor: null })
    expect(await now(saved)).toMatchObject({ matches: 2, new_matches: 0 })
    await index()
    await rebuildIndex(daybook.ledger)
    await index()
    expect(await now(saved)).toMatchObject({ matches: 2, new_matches: 0 })
  })

  test('keeps to its filters', async () => {
    const [of1, titles, later] = [
      await save('pelican', { person_id: 'u-1' }),
      await save('pelican', { kinds: ['conversation'] }),
      await save('pelican', { since: '2025-01-01' }),
    ]
    const ours = said('a pelican')
    await daybook.take(place.ingest, [
      ours,
      { ...said('a pelican', { person_id: 'u-2' }), conversation_id: uuid() },
      conversation(uuid(), 'u-2', { title: 'Pelican' }),
    ])
    await index()
    expect((await matches(of1)).data.map(({ id }) => id)).toEqual([ours.id])
    expect((await matches(titles)).data.map(({ kind }) => kind)).toEqual(['conversation'])
    expect((await matches(later)).data).toEqual([])
    expect((await now(of1))?.person).toMatchObject({ id: expect.any(String), email: 'u-1@example.com' })
  })

  test('keeps nothing waiting, whatever times it is narrowed to', async () => {
    const [all, none] = [await save('puffin', { since: '0000-01-01', until: '9999-12-31' }), await save('puffin', { until: '0000-12-31' })]
    await daybook.take(place.ingest, [said('a puffin')])
    await index()
    expect([(await now(all))?.matches, (await now(none))?.matches]).toEqual([1, 0])
  })

  test('is renamed, paused, and removed', async () => {
    const saved = await save('ostrich')
    const one = (method: 'PATCH' | 'DELETE', payload: object = {}) =>
      daybook.inject({ method, url: `/api/saved-searches/${saved.id}`, key: place.read, payload })
    expect((await one('PATCH', { name: 'Birds', active: false })).json()).toMatchObject({ name: 'Birds', active: false, text: 'ostrich' })
    await daybook.take(place.ingest, [said('an ostrich')])
    await index()
    expect(await now(saved)).toMatchObject({ matches: 0, name: 'Birds' })
    expect((await one('PATCH', { text: 'other' })).statusCode).toBe(400)
    expect(await now(saved)).toMatchObject({ text: 'ostrich' })
    expect((await one('DELETE')).json()).toEqual({ id: saved.id })
    expect(await now(saved)).toBeUndefined()
    expect((await one('DELETE')).statusCode).toBe(404)
  })

  test('finds what is recorded while it is active and nothing else, whenever the index gets to it and however often', async () => {
    const saved = await save('osprey')
    const active = (state: boolean) =>
      daybook.inject({ method: 'PATCH', url: `/api/saved-searches/${saved.id}`, key: place.read, payload: { active: state } })
    const [first, paused, second, third] = ['an', 'a paused', 'a second', 'a third'].map((which) => said(`${which} osprey`))
    await daybook.take(place.ingest, [first ?? {}])
    await active(false)
    await daybook.take(place.ingest, [paused ?? {}])
    await active(true)
    await daybook.take(place.ingest, [second ?? {}])
    await index()
    await active(false)
    await index()
    await active(true)
    await active(true)
    await daybook.take(place.ingest, [third ?? {}])
    const expected = [third, second, first].map((one) => one?.id)
    for (const again of [index, () => rebuildIndex(daybook.ledger), index]) {
      await again()
      expect((await matches(saved)).data.map(({ id }) => id)).toEqual(expected)
    }
    expect(await now(saved)).toMatchObject({ matches: 3, new_matches: 0 })
  })

  test('finds no more than anybody will read', async () => {
    const saved = await save('everywhere')
    const values = [saved.id, mostMatches - 1]
    await daybook.rows('insert into saved_search_match select 1, $1, -n, true, true from generate_series(1, $2::integer) n', values)
    for (const _ of [1, 2]) {
      await daybook.take(place.ingest, [said('everywhere')])
      await index()
    }
    expect(await now(saved)).toMatchObject({ matches: mostMatches, new_matches: 1 })
  })

  test('calls nothing new that was looked at, though it is found no more', async () => {
    const [saved, other] = [await save('kingfisher', { person_id: 'u-1' }), uuid()]
    await daybook.take(place.ingest, [
      conversation(other, 'u-1'),
      { ...said('a kingfisher', { role: 'assistant', person_id: null }), conversation_id: other },
    ])
    await index()
    await daybook.take(place.ingest, [conversation(other, 'u-2', { updated_at: '2030-01-01T00:00:00Z' })])
    expect(await now(saved)).toMatchObject({ new_matches: 1 })
    expect((await matches(saved)).data).toEqual([])
    expect(await now(saved)).toMatchObject({ new_matches: 0 })
  })

  test('forgets what is purged', async () => {
    const saved = await save('flamingo')
    const [gone, kept] = [said('a flamingo'), said('another flamingo')]
    await daybook.take(place.ingest, [gone, kept])
    await index()
    await purgeNow(daybook.ledger, await messageTargets(daybook, place, [gone.id]))
    expect(await now(saved)).toMatchObject({ matches: 1, new_matches: 1 })
    expect((await matches(saved)).data.map(({ id }) => id)).toEqual([kept.id])
  })
})

test('of a saved search everything is on record: that it was saved and for what, that it found something, and who was given it', async () => {
  const since = (await daybook.allEntries()).at(-1)?.seq ?? 0
  const saved = await save('cormorant', { kinds: ['message'] })
  const found = said('a cormorant')
  await daybook.take(place.ingest, [found, said('a crow')])
  await index()
  await matches(saved)
  const entries = (await daybook.allEntries()).filter(({ seq, action }) => seq > since && String(action).startsWith('saved-search'))
  expect(entries).toMatchObject([
    {
      action: 'saved-search.create',
      kind: 'change',
      ids: [saved.id],
      query: { purpose: 'case 12', kinds: ['message'] },
      words: 'cormorant',
    },
    { action: 'saved-search.match', kind: 'access', ids: [saved.id], query: { matches: 1 }, workspace_id: place.id },
    { action: 'saved-search.read', kind: 'access', ids: [found.id], query: { saved_search: saved.id, purpose: 'case 12' } },
  ])
  const seen = await daybook.get('/api/access?action=saved-search', await daybook.key(['activity:read']))
  expect(seen.body).not.toContain('cormorant')
})

test('a match is not shown before it is on record, and what a crash left unrecorded is recorded by whoever comes next', async () => {
  const saved = await save('albatross')
  await daybook.take(place.ingest, [said('an albatross')])
  await index()
  await daybook.rows('update saved_search_match set recorded = false where saved_search = $1', [saved.id])
  expect(await now(saved)).toMatchObject({ matches: 0, new_matches: 0 })
  expect((await matches(saved)).data).toEqual([])
  const indexer = new Indexer(daybook.ledger)
  indexer.start()
  await expect.poll(async () => (await now(saved))?.new_matches).toBe(1)
  await indexer.stop()
})

describe('of another workspace', () => {
  test('a saved search is not there, for a key and for a person', async () => {
    const other = await daybook.place()
    const saved = await save('heron')
    const { id } = await member(daybook, ['legal'], other)
    const callers = [{ key: other.read }, { headers: { cookie: await signIn(daybook, id), 'sec-fetch-site': 'same-origin' } }]
    for (const caller of callers) {
      for (const [method, url, payload] of [
        ['PATCH', `/api/saved-searches/${saved.id}`, { name: 'mine' }],
        ['DELETE', `/api/saved-searches/${saved.id}`, {}],
        ['POST', `/api/saved-searches/${saved.id}/matches`, { purpose: 'curious' }],
      ] as const) {
        expect((await daybook.inject({ method, url, payload, ...caller })).statusCode, `${method} ${url}`).toBe(404)
      }
    }
    expect(await now(saved)).toMatchObject({ name: 'About heron' })
    expect(await list(other)).toEqual([])
  })

  test('nothing is matched', async () => {
    const other = await daybook.place()
    const saved = await save('stork')
    await daybook.take(other.ingest, [conversation(uuid(), 'u-1', { title: 'A stork' })])
    await index()
    expect(await now(saved)).toMatchObject({ matches: 0 })
  })
})

test.each([
  ['without a name', { name: ' ' }, /name/],
  ['without a purpose', { purpose: '' }, /purpose/],
  ['without a word', { text: '!' }, /no word/],
])('%s nothing is saved', async (_, wrong, reason) => {
  const payload = { workspace_id: place.id, name: 'x', text: 'word', purpose: 'case 12', ...wrong }
  const answer = await daybook.inject({ method: 'POST', url: '/api/saved-searches', key: place.read, payload })
  expect(answer.statusCode).toBe(400)
  expect(answer.body).toMatch(reason)
})

test('no name, no word and no purpose of a saved search can be read in the data directory', async () => {
  const [name, text, purpose] = [uuid(), uuid(), uuid()].map((id) => `marker${id.replaceAll('-', '')}`)
  await save(text ?? '', { name, purpose })
  await daybook.take(place.ingest, [said(`here is ${text}`)])
  await index()
  expect((await list()).find((one) => one.name === name)).toMatchObject({ new_matches: 1 })
  await daybook.stop()
  expect(findInFiles(daybook.data, [name ?? '', text ?? '', purpose ?? ''])).toEqual([])
  await daybook.start()
})
