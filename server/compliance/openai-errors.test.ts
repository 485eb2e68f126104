import { describe, expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { conversation, person, uuid } from '../../test/support/records.ts'
import { errorShape } from './openai-schemas.ts'

const daybook = openTestApp()

const error = (type: string, code: string, param: string | null = null) => ({ error: { message: expect.any(String), type, code, param } })

describe('a parameter that makes no sense', () => {
  const lists = ['/users', '/conversations', `/conversations/${uuid()}/messages`]

  test.each([
    ['limit=0', 'limit', lists],
    ['limit=-1', 'limit', lists],
    ['limit=7.5', 'limit', lists],
    ['limit=many', 'limit', lists],
    ['limit=', 'limit', lists],
    ['limit=1&limit=2', 'limit', lists],
    ['after=', 'after', lists],
    ['after=a&after=b', 'after', lists],
    ['after=%00', 'after', lists],
    ['file_format=pdf', 'file_format', lists.slice(1)],
    ['since_timestamp=yesterday', 'since_timestamp', ['/conversations']],
    ['since_timestamp=1&since_timestamp=2', 'since_timestamp', ['/conversations']],
    ['since_timestamp=NaN', 'since_timestamp', ['/conversations']],
    ['users=%00', 'users', ['/conversations']],
    [Array.from({ length: 100 }, (_, i) => `users=u${i}`).join('&'), 'users', ['/conversations']],
  ])('is refused by its name: %.40s', async (query, param, paths) => {
    const place = await daybook.place()
    for (const path of paths) {
      const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}${path}?${query}`, place.read)
      expect(answer.json(), path).toEqual(error('invalid_request_error', 'bad_request', param))
      expect(answer.statusCode).toBe(400)
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    }
  })

  test('in an address that cannot be read at all is refused in the same shape', async () => {
    const place = await daybook.place()
    for (const path of ['users/%ff/memories', 'users/%ED%A0%80/memories', 'gpts/%', 'conversations/%zz/messages']) {
      const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/${path}`, place.read)
      expect([answer.statusCode, answer.json()], path).toEqual([400, error('invalid_request_error', 'bad_request')])
      expect(answer.headers['x-request-id']).toMatch(/^[-0-9a-f]{36}$/)
    }
    expect((await daybook.get('/api/%ff', place.read)).headers['content-type']).toBe('application/problem+json')
  })

  test('in the path is refused too, or names nothing', async () => {
    const place = await daybook.place()
    const status = async (path: string) => (await daybook.get(`/v1/compliance/workspaces/${path}`, place.read)).statusCode
    expect(await status(`${place.id}/conversations/%00/messages`)).toBe(400)
    expect(await status('%00/conversations')).toBe(404)
    expect(await status(`${encodeURIComponent("' or 1=1 --")}/conversations`)).toBe(404)
    expect(await status(`${place.id}/conversations/${'x'.repeat(2000)}/messages`)).toBe(404)
  })

  test('that nobody knows is ignored', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [person('user-1'), conversation(uuid(), 'user-1')])
    for (const path of ['users', 'conversations']) {
      const plain = await daybook.get(`/v1/compliance/workspaces/${place.id}/${path}`, place.read)
      const more = await daybook.get(`/v1/compliance/workspaces/${place.id}/${path}?order=desc&total=1&x[]=1&__proto__=1`, place.read)
      expect(more.json()).toEqual(plain.json())
    }
  })
})

describe('who asks', () => {
  test('may leave out the word Bearer, or write it in any case', async () => {
    const place = await daybook.place()
    for (const authorization of [place.read, `Bearer ${place.read}`, `bearer ${place.read}`, `BEARER  ${place.read} `]) {
      const answer = await daybook.inject({ url: `/v1/compliance/workspaces/${place.id}/users`, headers: { authorization } })
      expect(answer.statusCode, authorization.replace(place.read, '…')).toBe(200)
    }
  })

  test('without a key, or with one that is unknown, mistyped or of another scheme, gets 401', async () => {
    const place = await daybook.place()
    const mistyped = `${place.read.slice(0, -1)}${place.read.endsWith('x') ? 'y' : 'x'}`
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${mistyped}`,
      `Basic ${place.read}`,
      'Bearer sk-proj-abc',
      '\x00',
    ]) {
      const answer = await daybook.inject({
        url: `/v1/compliance/workspaces/${place.id}/users`,
        headers: authorization === undefined ? {} : { authorization },
      })
      expect(answer.json(), String(authorization)).toEqual(error('authentication_error', 'invalid_api_key'))
      expect(answer.statusCode).toBe(401)
    }
  })

  test('with a key that may not read content gets 403, and that is on record', async () => {
    const place = await daybook.place()
    const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/users`, place.ingest)
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toEqual(error('permission_error', 'insufficient_permissions'))
    expect((await daybook.entries('users.list')).at(-1)).toMatchObject({
      kind: 'access',
      outcome: 'denied',
      reason: 'needs compliance:read',
    })
  })

  test('about a workspace that is not theirs gets the same 404 as about one that is none, and that is on record', async () => {
    const [place, other] = [await daybook.place(), await daybook.place()]
    for (const path of ['users', 'conversations', `conversations/${uuid()}/messages`]) {
      const foreign = await daybook.get(`/v1/compliance/workspaces/${other.id}/${path}`, place.read)
      const none = await daybook.get(`/v1/compliance/workspaces/${uuid()}/${path}`, place.read)
      expect([foreign.statusCode, foreign.body]).toEqual([404, none.body])
      expect(foreign.json()).toEqual(error('not_found_error', 'not_found'))
    }
    const [entry] = (await daybook.entries('users.list')).slice(-1)
    expect(entry).toMatchObject({ outcome: 'denied', reason: 'not_found' })
    expect((await daybook.get(`/v1/compliance/workspaces/${other.id}/users`, await daybook.key(['compliance:read']))).statusCode).toBe(200)
  })

  test('with a key that was revoked or has expired gets 401', async () => {
    const place = await daybook.place()
    const [revoked, expired] = [await daybook.key(['compliance:read'], place), await daybook.key(['compliance:read'], place)]
    const mark = (key: string, column: string) =>
      daybook.ledger.database.writes.query(
        `update api_key set ${column} = now() - interval '1 second' where id = (select id from api_key where last_four = $1 order by created_at desc limit 1)`,
        [key.slice(-4)],
      )
    await mark(revoked, 'revoked_at')
    await mark(expired, 'expires_at')
    for (const key of [revoked, expired])
      expect((await daybook.get(`/v1/compliance/workspaces/${place.id}/users`, key)).statusCode).toBe(401)
  })
})

describe('an address', () => {
  test('with a slash too many is understood', async () => {
    const place = await daybook.place()
    for (const url of [
      `/v1/compliance/workspaces/${place.id}/users/`,
      `/v1//compliance//workspaces/${place.id}//users`,
      `//v1/compliance/workspaces/${place.id}/users/?limit=1`,
      `/v1/compliance/workspaces/${place.id.toUpperCase()}/users`,
      '/v1/compliance/conversations/',
    ])
      expect((await daybook.get(url, place.read)).statusCode, url).toBe(200)
  })

  test('where nothing is, or not in this way, is 404 in the shape of the provider', async () => {
    const place = await daybook.place()
    for (const [method, url] of [
      ['GET', '/v1/compliance/nothing'],
      ['GET', '/v1/'],
      ['GET', `/v1/compliance/workspaces/${place.id}/robots`],
      ['POST', `/v1/compliance/workspaces/${place.id}/users`],
      ['DELETE', `/v1/compliance/workspaces/${place.id}/conversations`],
    ] as const) {
      const answer = await daybook.inject({ method, url, key: place.read })
      expect(answer.json(), url).toEqual(error('not_found_error', 'not_found'))
      expect(answer.statusCode).toBe(404)
    }
  })
})

test('an error has one shape, an object under error, and never a word of what was asked', async () => {
  const place = await daybook.place()
  const marker = 'planted-secret'
  for (const url of [`conversations?after=${marker}`, `users?limit=${marker}`, `conversations/${marker}/messages`, `${marker}`]) {
    const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/${url}`, place.read)
    expect(errorShape.strict().safeParse(answer.json()).error).toBeUndefined()
    expect(answer.body).not.toContain(marker)
  }
  expect(daybook.logs).not.toContain(marker)
})
