import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { Searching } from '../../test/support/searching.ts'
import { Indexer } from './index-follow.ts'

const daybook = openTestApp()
const searching = new Searching(daybook)
const index = () => new Indexer(daybook.ledger).catchUp()

const [chat, lunch] = [uuid(), uuid()]
/** The wire has UUIDs; these are called by what they are. */
const named = new Map([
  [chat, 'talks'],
  [lunch, 'lunch'],
])
const said = (name: string, text: string, more: object = {}) => {
  const id = uuid()
  named.set(id, name)
  return message(id, chat, { content: [{ type: 'text', text }], person_id: 'u-1', ...more })
}

let place: Place
const find = async (asked: { text: string; [more: string]: unknown }, where = place) =>
  (await searching.ids(where, asked)).map((id) => named.get(id) ?? id)

/** Longer than what the index tells apart. */
const long = 'donau'.repeat(13)

const edited = said('edited', 'The budget is nine millions', { created_at: '2024-06-01T10:00:00Z', updated_at: '2024-06-01T10:00:00Z' })
const late = said('late', 'A farewell', { created_at: '2025-01-31T23:59:59.5Z' })

beforeAll(async () => {
  place = await daybook.place()
  await daybook.take(place.ingest, [
    person('u-1', { email: 'ada@example.com', name: 'Ada' }),
    person('u-2', { email: 'bob@example.com', name: 'Bob' }),
    conversation(chat, 'u-1', { title: 'Merger talks' }),
    conversation(lunch, 'u-2', { title: 'Lunch' }),
    said('fox', 'The quick brown fox jumps over the lazy dog'),
    said('dog', 'A fox that is brown and quick; a dog.'),
    said('french', 'Crème brûlée for EVERYBODY, said the Straße.'),
    said('german', 'Wir trafen uns im Café: "Ende, gut - alles gut."'),
    said('chinese', '我们在东京见面，请带上合同。'),
    said('thai', 'ประชุมพรุ่งนี้ที่กรุงเทพ'),
    said('code', 'Call foo_bar(42) or foo-bar.'),
    said('long', `${long}schiff and ${long}kapitän`),
    said('parts', '', {
      role: 'assistant',
      person_id: null,
      content: [
        { type: 'thinking', text: 'They want alpha' },
        { type: 'text', text: 'omega it is' },
        { type: 'tool_use', name: 'lookup', input: { deep: ['toolquery'] } },
        { type: 'tool_result', content: [{ type: 'text', text: 'toolanswer' }] },
        { type: 'raw', value: { any: { where: 'rawvalue' } } },
      ],
    }),
    { ...said('bob', 'the fox again', { person_id: 'u-2' }), conversation_id: lunch },
    edited,
    late,
    { kind: 'memory', id: 'memory-1', person_id: 'u-1', content: 'Prefers marzipan', updated_at: '2024-05-02T00:00:00Z' },
    { kind: 'canvas', id: 'canvas-1', person_id: 'u-1', name: 'Plan', content: 'Step one: nougat', conversation_id: chat },
    { kind: 'file', id: 'file-1', name: 'hazelnut report.txt', person_id: 'u-1', conversation_id: chat },
  ])
  await daybook.take(place.ingest, [
    { ...edited, content: [{ type: 'text', text: 'The budget is ten millions' }], updated_at: '2024-06-02T10:00:00Z' },
  ])
  await daybook.inject({
    method: 'PUT',
    url: '/api/intake/files/file-1/bytes',
    key: place.ingest,
    payload: 'pistachio, "in a text file"\n',
  })
})

describe.each(['not indexed yet', 'indexed'])('what is said, %s,', (state) => {
  beforeAll(async () => {
    if (state === 'indexed') await index()
  })

  test.each([
    ['fox', ['bob', 'dog', 'fox']],
    ['FOX quick', ['dog', 'fox']],
    ['"quick brown"', ['fox']],
    ['“brown fox jumps” dog', ['fox']],
    ['fox cat', []],
    ['fo', []],
    ['creme', []],
    ['CRÈME', ['french']],
    ['cre\u0300me', ['french']],
    ['everybody', ['french']],
    ['straße', ['french']],
    ['STRASSE', ['french']],
    ['"ende gut alles"', ['german']],
    ['"gut ende"', []],
    ['东京', ['chinese']],
    ['京东', []],
    ['合同 我们', ['chinese']],
    ['กรุงเทพ', ['thai']],
    ['foo-bar', ['code']],
    ['bar foo', ['code']],
    ['"or foo bar"', ['code']],
    ['42', ['code']],
    [`${long}schiff`, ['long']],
    [`${long}kapitän ${long}schiff`, ['long']],
    [`${long}kapitän ${long}mütze`, []],
    ['alpha omega', ['parts']],
    ['"alpha omega"', []],
    ['toolquery toolanswer rawvalue', ['parts']],
    ['merger', ['talks']],
    ['marzipan', ['memory-1']],
    ['nougat plan', ['canvas-1']],
    ['hazelnut', ['file-1']],
    ['"in a text file"', ['file-1']],
    ['"budget is nine"', ['edited']],
    ['budget', ['edited', 'edited']],
  ])('is found by %s', async (text, names) => {
    const wire = new Map(
      (await daybook.rows<{ id: string; wire_id: string | null }>('select id, wire_id from item')).map((row) => [row.wire_id, row.id]),
    )
    expect((await find({ text })).map((name) => wire.get(name) ?? name)).toEqual(names)
  })

  test('is narrowed by kind, by person and by time', async () => {
    expect(await find({ text: 'fox', kinds: ['conversation', 'memory'] })).toEqual([])
    for (const [since, until] of [
      ['0000-01-01', '9999-12-31'],
      ['0001-01-01T00:00:00+23:00', '9999-12-31T23:59:59-23:59'],
    ])
      expect(await find({ text: 'fox', since, until })).toEqual(['bob', 'dog', 'fox'])
    expect(await find({ text: 'fox', until: '0000-12-31' })).toEqual([])
    expect(await find({ text: 'merger', kinds: ['conversation'] })).toEqual(['talks'])
    expect(await find({ text: 'pistachio', kinds: ['file'], person_id: 'u-1' })).toHaveLength(1)
    expect(await find({ text: 'fox', person_id: 'u-2' })).toEqual(['bob'])
    expect(await find({ text: 'omega', person_id: 'u-1' }), 'an assistant answers for whom the conversation is').toEqual(['parts'])
    expect(await find({ text: 'omega', person_id: 'u-2' })).toEqual([])
    expect(await find({ text: 'farewell', since: '2025-01-31', until: '2025-01-31' })).toEqual(['late'])
    expect(await find({ text: 'farewell', until: '2025-01-30' })).toEqual([])
    expect(await find({ text: 'farewell', since: '2025-02-01' })).toEqual([])
    expect(await find({ text: 'farewell', since: '2025-01-31T23:59:59.5Z', until: '2025-02-01T00:59:59.5+01:00' })).toEqual(['late'])
    expect(await find({ text: 'farewell', until: '2025-01-31T23:59:59.4Z' })).toEqual([])
  })

  test('is shown with where it stands, who said it and when, and whether it still says so', async () => {
    const [newer, older] = (await searching.page(place, { text: 'millions budget' })).data
    expect(newer).toMatchObject({
      kind: 'message',
      id: edited.id,
      conversation_id: chat,
      person: { email: 'ada@example.com', name: 'Ada' },
      at: '2024-06-01T10:00:00Z',
      older_version: false,
      deleted_at: null,
      snippets: [
        { before: 'The ', match: 'budget', after: ' is ten millions' },
        { before: 'The budget is ten ', match: 'millions', after: '' },
      ],
    })
    expect(older).toMatchObject({ id: edited.id, older_version: true, snippets: [{ after: ' is nine millions' }, {}] })
  })

  test('page by page is the same as at once', async () => {
    const whole = await searching.page(place, { text: 'the', limit: 200 })
    expect(whole).toMatchObject({ has_more: false, cursor: null, searched_back_to: null })
    expect(whole.data.length).toBeGreaterThan(4)
    const pages = await searching.all(place, { text: 'the', limit: 2 })
    expect(pages).toEqual(whole.data)
    const first = await searching.page(place, { text: 'the', limit: 2 })
    expect(first.data).toHaveLength(2)
    expect(first.has_more).toBe(true)
    expect(Date.parse(first.searched_back_to ?? '')).not.toBeNaN()
  })
})

test('a search says how far the index is behind, and reads what it does not hold', async () => {
  await index()
  expect(await searching.page(place, { text: 'quick' })).toMatchObject({ behind: 0, skipped: 0, checked: 2 })
  await daybook.take(place.ingest, [said('new', 'a quick word'), said('newer', 'nothing')])
  const page = await searching.page(place, { text: 'quick' })
  expect(page.data).toHaveLength(3)
  expect(page, 'the record of the search before is nothing to wait for').toMatchObject({ behind: 2, skipped: 0, checked: 4 })
})

test('with more waiting than is read one by one a search says what it skipped; a phrase that is hardly anywhere is looked for page by page', async () => {
  const other = await daybook.place()
  await index()
  const [oldest, newest] = [said('oldest', 'ginger lemon'), said('newest', 'ginger lemon')]
  await daybook.take(other.ingest, [oldest, ...Array.from({ length: 4000 }, () => said('filler', 'ginger and lemon'))])
  await daybook.take(other.ingest, [...Array.from({ length: 2000 }, () => said('filler', 'ginger and lemon')), newest])
  const behind = await searching.page(other, { text: '"ginger lemon"', limit: 1 })
  expect(behind.data).toMatchObject([{ id: newest.id }])
  const skipped = await searching.page(other, { text: '"ginger lemon"' })
  expect(skipped).toMatchObject({ data: [{ id: newest.id }], has_more: false, checked: skipped.behind })
  expect(skipped.behind + skipped.skipped).toBeGreaterThanOrEqual(6002)
  expect(skipped.skipped).toBeGreaterThan(1000)
  await index()
  const first = await searching.page(other, { text: '"ginger lemon"' })
  expect(first).toMatchObject({ data: [{ id: newest.id }], has_more: true, skipped: 0, behind: 0 })
  expect(first.checked).toBeGreaterThanOrEqual(3000)
  expect(first.checked).toBeLessThan(4000)
  expect(await searching.ids(other, { text: '"ginger lemon"' })).toEqual([newest.id, oldest.id])
})

test('what was deleted at its source is found while it is kept, and says when', async () => {
  const gone = said('gone', 'an unloved limerick')
  await daybook.take(place.ingest, [gone])
  await daybook.take(place.ingest, [
    { kind: 'deletion', of: { kind: 'message', id: gone.id, conversation_id: chat }, deleted_at: '2025-03-01T00:00:00Z' },
  ])
  const [hit] = (await searching.page(place, { text: 'limerick' })).data
  expect(hit).toMatchObject({ id: gone.id, deleted_at: '2025-03-01T00:00:00Z' })
})

test('a long text is cut to what stands around the words', async () => {
  const text = `${'before '.repeat(50)}needle\n\n in   hay${' after'.repeat(50)}`
  await daybook.take(place.ingest, [said('long', text)])
  const [hit] = (await searching.page(place, { text: '"needle in"' })).data
  const [snippet] = hit?.snippets ?? []
  expect(hit?.snippets).toHaveLength(1)
  expect(snippet?.match).toBe('needle in')
  expect(snippet?.before).toMatch(/^….{30,60}before $/)
  expect(snippet?.after).toMatch(/^ hay after.{20,60}…$/)
})

describe('a search is refused', () => {
  test.each([
    ['without a purpose', { text: 'fox', purpose: undefined }, /purpose/],
    ['with hardly one', { text: 'fox', purpose: '  x ' }, /purpose/],
    ['without a word', { text: '"?!"' }, /no word/],
    ['with an open quotation mark', { text: 'a "b c' }, /quotation mark/],
    ['with too many words', { text: 'word '.repeat(33) }, /at most 32/],
    ['for a day that is none', { text: 'fox', since: '2024-02-30' }, /since/],
    ['for a person whose id nobody can have', { text: 'fox', person_id: 'u\u0000' }, /person_id/],
    ['with a cursor of somebody’s own', { text: 'fox', cursor: 'x' }, /cursor/],
    ['with what it does not know', { text: 'fox', folder: 'x' }, /folder/],
  ])('%s', async (_, asked, said) => {
    const answer = await searching.ask(place, asked)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toMatch(said)
  })

  test('about somebody who is not there', async () => {
    expect((await searching.ask(place, { text: 'fox', person_id: 'u-9' })).statusCode).toBe(404)
  })
})

test('a workspace is searched by itself', async () => {
  const other = await daybook.place()
  await daybook.take(other.ingest, [person('u-1'), conversation(uuid(), 'u-1', { title: 'Another fox' })])
  for (const _ of [1, 2]) {
    expect((await searching.page(other, { text: 'fox' })).data.map(({ kind }) => kind)).toEqual(['conversation'])
    expect(await find({ text: 'another fox' })).toEqual([])
    await index()
  }
})

test('the access record says who searched, why and what they were given; the words only to those who read the record', async () => {
  const before = (await daybook.entries('search.run')).length
  const given = await find({ text: '"quick brown"', person_id: 'u-1' })
  expect(given).toEqual(['fox'])
  await searching.ask(place, { text: 'fox', person_id: 'u-9' })
  const [allowed, denied] = (await daybook.entries('search.run')).slice(before)
  expect(allowed).toMatchObject({
    outcome: 'allowed',
    query: { purpose: 'a test', person_id: 'u-1', kinds: null },
    words: '"quick brown"',
    count: 1,
    workspace_id: place.id,
  })
  expect(allowed?.ids).toEqual([...named].flatMap(([id, name]) => (name === 'fox' ? [id] : [])))
  expect(denied).toMatchObject({ outcome: 'denied', reason: 'not_found' })
  const seen = await daybook.get('/api/access?action=search.run', await daybook.key(['activity:read'], place))
  expect(seen.statusCode).toBe(200)
  expect(seen.body).toContain('a test')
  expect(seen.body).not.toContain('quick brown')
  expect(JSON.stringify(await daybook.records(place.read, 'access'))).toContain('quick brown')
})
