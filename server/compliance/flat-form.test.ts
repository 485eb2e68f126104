import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { conversationList } from './openai-schemas.ts'

const daybook = openTestApp()
const url = '/v1/compliance/conversations'

/** Two workspaces: in the first a conversation a day for three people in turn, in the second one of the first person. */
let place: Place
let other: Place
let everywhere: string
const chats = Array.from({ length: 6 }, () => uuid())
const [a, b, c, d, e, f] = chats
const elsewhere = uuid()
const names = new Map([...chats.map((id, i) => [id, 'abcdef'.charAt(i)] as const), [elsewhere, 'x']])

beforeAll(async () => {
  ;[place, other, everywhere] = [await daybook.place(), await daybook.place(), await daybook.key(['compliance:read'])]
  const day = (i: number) => `2024-05-0${i + 1}`
  await daybook.take(place.ingest, [
    ...['user-1', 'user-2', 'user-3'].map((id) => person(id)),
    ...chats.flatMap((id, i) => [
      conversation(id, `user-${(i % 3) + 1}`, { created_at: `${day(i)}T00:00:00Z` }),
      message(uuid(), id, { created_at: `${day(i)}T00:00:00Z` }),
      message(uuid(), id, { created_at: `${day(i)}T23:59:59.999999Z` }),
    ]),
  ])
  await daybook.take(other.ingest, [conversation(elsewhere, 'user-1'), message(uuid(), elsewhere, { created_at: '2024-05-03T12:00:00Z' })])
})

async function found(answer: { statusCode: number; body: string; json(): unknown }): Promise<string> {
  expect(answer.statusCode, answer.body).toBe(200)
  return conversationList
    .parse(answer.json())
    .data.map(({ id }) => names.get(id) ?? '?')
    .join('')
}

const get = async (query: string, key = place.read) => found(await daybook.get(`${url}?${query}`, key))

async function post(body: string | object, type = 'application/json', key = place.read): Promise<string> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  return found(await daybook.inject({ method: 'POST', url, key, payload, headers: { 'content-type': type } }))
}

describe('by person', () => {
  test('once, repeated, comma-joined or as an array; user_id and user_ids are a union', async () => {
    expect(await get('user_id=user-1')).toBe('ad')
    expect(await get('user_id=user-1&user_id=user-2')).toBe('abde')
    expect(await get('user_ids=user-1,user-3')).toBe('acdf')
    expect(await get('user_ids=user-1&user_ids=user-2,%20user-3')).toBe('abcdef')
    expect(await get('user_id=user-1&user_ids=user-2')).toBe('abde')
    expect(await get('user_id=nobody')).toBe('')
    expect(await get('user_ids=nobody,user-3,')).toBe('cf')
    expect(await post({ user_id: 'user-1' })).toBe('ad')
    expect(await post({ user_ids: ['user-1', 'user-3'] })).toBe('acdf')
    expect(await post({ user_ids: 'user-1,user-3' })).toBe('acdf')
    expect(await post({ user_id: ['user-2'], user_ids: ['user-3,user-1'] })).toBe('abcdef')
  })
})

describe('by date', () => {
  test('a day counts from its first to its last instant', async () => {
    expect(await get('start_date=2024-05-03')).toBe('cdef')
    expect(await get('end_date=2024-05-03')).toBe('abc')
    expect(await get('start_date=2024-05-02&end_date=2024-05-04')).toBe('bcd')
    expect(await get('start_date=2024-05-04&end_date=2024-05-04')).toBe('d')
    expect(await get('start_date=2024-06-01')).toBe('')
    expect(await get('start_date=2024-05-04&end_date=2024-05-02')).toBe('')
  })

  test('a moment is exact and inclusive, in any zone', async () => {
    expect(await get('start_date=2024-05-05T23:59:59.999999Z')).toBe('ef')
    expect(await get(`end_date=${encodeURIComponent('2024-05-02T02:00:00+02:00')}`)).toBe('ab')
    expect(await get('end_date=2024-05-01T23:59:59.999999Z')).toBe('a')
    expect(await get('start_date=2024-05-02T00:00:01Z&end_date=2024-05-02T23:59:59Z')).toBe('')
  })

  test('a conversation with a message in the span comes whole', async () => {
    const answer = await daybook.get(`${url}?start_date=2024-05-02T12:00:00Z&end_date=2024-05-02`, place.read)
    const { data } = conversationList.parse(answer.json())
    expect(data.map(({ id, messages }) => [id, messages.data.length])).toEqual([[b, 2]])
  })

  test('one that has no message in the span does not come, though it spans it', async () => {
    const wide = uuid()
    const apart = await daybook.place()
    const at = (day: string) => message(uuid(), wide, { created_at: `2024-05-${day}T12:00:00Z` })
    await daybook.take(apart.ingest, [conversation(wide, 'user-9', { created_at: '2024-05-10T00:00:00Z' }), at('10'), at('20')])
    const count = async (query: string) => conversationList.parse((await daybook.get(`${url}?${query}`, apart.read)).json()).data.length
    expect(await count('start_date=2024-05-12&end_date=2024-05-18')).toBe(0)
    expect(await count('start_date=2024-05-12&end_date=2024-05-20')).toBe(1)
  })
})

test('by conversation, and by all of it together', async () => {
  expect(await get(`conversation_id=${c}`)).toBe('c')
  expect(await get(`conversation_id=${c}&user_id=user-1`)).toBe('')
  expect(await get(`conversation_id=${d}&user_id=user-1&start_date=2024-05-04`)).toBe('d')
  expect(await get(`conversation_id=${uuid()}`)).toBe('')
  expect(await get(`conversation_id=${elsewhere}`)).toBe('')
})

describe('which workspaces', () => {
  test("the key's own, or all of an organization-wide key", async () => {
    expect(await get('')).toBe('abcdef')
    expect(await get('user_id=user-1', everywhere)).toBe('adx')
    expect(await get(`user_id=user-1&workspace_id=${other.id}`, everywhere)).toBe('x')
    expect(await get(`workspace_id=${place.id}`)).toBe('abcdef')
    expect(await get(`conversation_id=${elsewhere}`, everywhere)).toBe('x')
    const shown = conversationList.parse((await daybook.get(`${url}?user_id=user-1`, everywhere)).json()).data
    expect(shown.map(({ workspace_id }) => workspace_id)).toEqual([place.id, place.id, other.id])
  })

  test('a foreign one is not found', async () => {
    const answer = await daybook.get(`${url}?workspace_id=${other.id}`, place.read)
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not_found'])
  })
})

describe('pages', () => {
  test('follow each other with after, across workspaces too', async () => {
    for (const limit of [1, 2, 3]) {
      let seen = ''
      for (let query = `limit=${limit}&user_ids=user-1,user-2`; ; ) {
        const answer = await daybook.get(`${url}?${query}`, everywhere)
        const page = conversationList.parse(answer.json())
        seen += await found(answer)
        if (!page.has_more) break
        query = `limit=${limit}&user_ids=user-1,user-2&after=${page.last_id}`
      }
      expect(seen).toBe('abdex')
    }
    expect(await post({ limit: 2, after: d })).toBe('ef')
    expect(await post({ limit: '2', after: null })).toBe('ab')
  })

  test('have 100 conversations unless told otherwise, 500 at most', async () => {
    const many = await daybook.place()
    await daybook.take(
      many.ingest,
      Array.from({ length: 502 }, () => conversation(uuid(), 'user-9')),
    )
    const sizeOf = async (query: string) => conversationList.parse((await daybook.get(`${url}?${query}`, many.read)).json()).data.length
    expect([await sizeOf(''), await sizeOf('limit=501'), await sizeOf('limit=7')]).toEqual([100, 500, 7])
  })
})

describe('a body', () => {
  test("may be JSON under curl's default content type, a form, or nothing", async () => {
    const form = 'application/x-www-form-urlencoded'
    expect(await post({ user_id: 'user-1', start_date: '2024-05-02' }, form)).toBe('d')
    expect(await post('user_id=user-1&user_id=user-3&end_date=2024-05-03', form)).toBe('ac')
    expect(await post('  ', form)).toBe('abcdef')
    expect(await post('{}', 'application/json; charset=utf-8')).toBe('abcdef')
    expect(await found(await daybook.inject({ method: 'POST', url, key: place.read }))).toBe('abcdef')
  })

  test('of any size costs what it says and no more: many people are refused by name, many unknown fields ignored', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const post = (payload: string) => daybook.inject({ method: 'POST', url, key: place.read, headers, payload })
    const people = (count: number) => Array.from({ length: count }, (_, i) => `user-${count - i}`)
    expect(await found(await post(JSON.stringify({ user_ids: people(1000) })))).toBe('abcdef')
    const refused = await post(JSON.stringify({ user_ids: people(1001) }))
    expect([refused.statusCode, refused.json().error.param]).toEqual([400, 'user_ids'])
    const names = Array.from({ length: 300_000 }, (_, i) => `x${i}=1`).join('&')
    expect(await found(await post(`user_id=user-1&${names}&user_id=user-2`))).toBe('abde')
  })

  test('that is no JSON object is refused in the shape of the provider', async () => {
    for (const [payload, type, status] of [
      ['{"user_id":', 'application/json', 400],
      ['[1]', 'application/json', 400],
      ['"text"', 'application/json', 400],
      ['{"a"', 'application/x-www-form-urlencoded', 400],
      ['<xml/>', 'application/xml', 415],
    ] as const) {
      const answer = await daybook.inject({ method: 'POST', url, key: place.read, payload, headers: { 'content-type': type } })
      expect(answer.statusCode, payload).toBe(status)
      expect(answer.json().error).toMatchObject({ type: 'invalid_request_error', message: expect.any(String) })
    }
  })

  test('and a query have the same mistakes refused by name', async () => {
    for (const [field, value] of [
      ['limit', 0],
      ['limit', 'x'],
      ['limit', 2.5],
      ['start_date', 'May'],
      ['start_date', '2024-02-30'],
      ['end_date', '2024-05-01T00:00:00'],
      ['start_date', '0000-01-01'],
      ['end_date', '0000-12-31T00:00:00Z'],
      ['start_date', '2024-05-01T00:00:00+16:00'],
      ['start_date', '2024-05-01T00:00:00-23:59'],
      ['conversation_id', ''],
      ['conversation_id', 'a\0'],
      ['user_id', 'a\0'],
      ['user_id', 7],
      ['user_ids', [7]],
      ['after', 'a\0'],
      ['file_format', 'pdf'],
    ] as const) {
      const answer = await daybook.inject({ method: 'POST', url, key: place.read, payload: { [field]: value } })
      expect(answer.statusCode, `${field}=${value}`).toBe(400)
      expect(answer.json().error.param).toMatch(new RegExp(`^${field}`))
    }
    expect((await daybook.get(`${url}?limit=0`, place.read)).json().error.param).toBe('limit')
  })
})

test('what was asked and handed out is on record', async () => {
  await get('user_id=user-1&start_date=2024-05-04')
  expect((await daybook.entries('conversations.list')).at(-1)).toMatchObject({
    ...{ kind: 'access', outcome: 'allowed', ids: [d], query: { user_id: ['user-1'], start_date: '2024-05-04' } },
  })
  expect(await get(`conversation_id=${e}`)).toBe('e')
  expect((await daybook.entries('conversations.list')).at(-1)).toMatchObject({ ids: [e], query: { conversation_id: e } })
  expect([a, f].every((id) => id !== undefined)).toBe(true)
})

test('a conversation that two workspaces have comes from both', async () => {
  const [here, there, chat] = [await daybook.place(), await daybook.place(), uuid()]
  for (const { ingest } of [here, there]) await daybook.take(ingest, [conversation(chat, 'user-1'), message(uuid(), chat)])
  const answer = await daybook.get(`${url}?conversation_id=${chat}`, everywhere)
  expect(conversationList.parse(answer.json()).data.map(({ workspace_id }) => workspace_id)).toEqual([here.id, there.id])
})

test('what was deleted for good stands in no span', async () => {
  const [here, chat] = [await daybook.place(), uuid()]
  const remove = await daybook.key(['compliance:delete'])
  await daybook.take(here.ingest, [conversation(chat, 'user-1'), message(uuid(), chat, { created_at: '2024-05-01T00:00:00Z' })])
  const gone = await daybook.inject({ method: 'DELETE', url: `/v1/compliance/workspaces/${here.id}/conversations/${chat}`, key: remove })
  expect(gone.statusCode).toBe(200)
  await daybook.take(here.ingest, [message(uuid(), chat, { created_at: '2024-06-01T00:00:00Z' })])
  const inSpan = async (first: string, last: string) =>
    conversationList.parse((await daybook.get(`${url}?start_date=${first}&end_date=${last}`, here.read)).json()).data.length
  expect([await inSpan('2024-04-01', '2024-05-31'), await inSpan('2024-06-01', '2024-06-01')]).toEqual([0, 1])
})
