import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { ids } from '../../test/support/export-records.ts'
import { type Parameter, reference } from '../../test/support/export-reference.ts'
import {
  exportBase as base,
  providerError as error,
  exportWorkspace,
  filledPath as filled,
  joinQuery as join,
} from '../../test/support/export-workspace.ts'
import { uuid } from '../../test/support/records.ts'
import { stoppedClock } from '../platform/clock.ts'
import { endpoints } from './export-endpoints.ts'

const daybook = openTestApp()
const limited = openTestApp({ clock: stoppedClock('2026-11-21T10:00:15Z'), limits: '{"provider":1}' })

let place: Place
beforeAll(async () => {
  place = await exportWorkspace(daybook)
})

const notFound = error('not_found_error', 'not_found')
const at = (path: string, of: { id: string } = place) => base(of) + path
const ask = (url: string, key: string = place.read) => daybook.get(url, key)
const withoutLinks = (body: string) => body.replace(/"download_url":"[^"]*"/g, '')
const told = (answer: { statusCode: number; json(): unknown }) => [answer.statusCode, answer.json()]

describe('every endpoint refuses in the shape of the provider', () => {
  test.each(reference)('$get: without a key, with one that is not enough, and about what is not there', async ({ get: path }) => {
    const address = filled(path)
    const other = await daybook.place()
    expect(told(await daybook.inject({ method: 'GET', url: at(address) }))).toEqual([401, error('authentication_error', 'invalid_api_key')])
    expect(told(await ask(at(address), place.ingest))).toEqual([403, error('permission_error', 'insufficient_permissions')])
    expect(told(await ask(at(address, other)))).toEqual([404, notFound])
    expect(told(await ask(at(address, { id: uuid() })))).toEqual([404, notFound])
    expect(told(await ask(at(address, { id: 'none' })))).toEqual([404, notFound])
    for (const name of [...path.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => one))
      expect(told(await ask(at(filled(path, { [name]: 'never-heard-of' })))), name).toEqual([404, notFound])
  })

  test.each(reference)('$get: what comes too fast, with the whole seconds to wait', async ({ get: path }) => {
    const { id } = await limited.place()
    const key = await limited.key(['compliance:read'])
    const url = at(filled(path), { id })
    await limited.get(url, key)
    const answer = await limited.get(url, key)
    expect(told(answer)).toEqual([429, error('rate_limit_error', 'rate_limit_exceeded')])
    expect(answer.headers['retry-after']).toBe('45')
  })

  test.each(reference)('$get: another way of asking than GET or HEAD', async ({ get: path }) => {
    // What can be deleted is another table.
    for (const method of ['POST', 'PUT', 'PATCH'] as const)
      expect(told(await daybook.inject({ method, url: at(filled(path)), key: place.read })), method).toEqual([404, notFound])
  })
})

describe('every endpoint, in the ways that clients write an address', () => {
  test.each(reference)('$get', async ({ get: path, shape }) => {
    const [address = '', query = ''] = filled(path).split('?')
    const plain = await ask(at(`${address}?${query}`))
    const same = async (url: string, headers = {}) => {
      const answer = await daybook.inject({ method: 'GET', url, headers: { authorization: `Bearer ${place.read}`, ...headers } })
      expect(answer.statusCode, url).toBe(plain.statusCode)
      expect(withoutLinks(answer.body), url).toBe(withoutLinks(plain.body))
      return answer
    }
    await same(at(`${address}/?${query}`))
    await same(at(`/${address}//?${query}`))
    await same(`${at(address).replace('/v1/', '//v1/')}?${query}`)
    await same(at(`${address}?${query}`, { id: place.id.toUpperCase() }))
    await same(at(`${address.replace(/[-0-9]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}?${query}`))
    await same(at(`${address}?${query}`), { authorization: place.read })
    await same(at(`${address}?${query}`), { 'openai-organization': 'org-another' })
    const more = await same(at(`${address}?${query}&order=desc&total=1&x[]=1&__proto__=1&user_id=nobody&origin=https://evil.example`))
    expect(`${more.body} ${more.headers.location}`).not.toContain('evil.example')
    if (shape === null) expect(more.headers.location).toMatch(/^http:\/\/localhost/)
    const head = await daybook.inject({ method: 'HEAD', url: at(`${address}?${query}`), key: place.read })
    expect([head.statusCode, head.headers['content-type'], head.body]).toEqual([plain.statusCode, plain.headers['content-type'], ''])
  })
})

/** Of each parameter: words that make no sense. */
const nonsense: Record<Parameter, readonly string[]> = {
  after: [''],
  conversation_id: [''],
  cursor: [''],
  file_format: ['', 'pdf', 'URL'],
  include_summary: ['', 'True', '1'],
  limit: ['0', '-1', 'many', '', '1.5'],
  since_timestamp: ['', 'yesterday', '2024-01-01', '1e9', 'NaN'],
  users: [],
}

const taking = (name: Parameter) => reference.filter(({ takes }) => takes?.includes(name))

describe('every parameter', () => {
  test('of the reference is described, and no other is', async () => {
    const { paths } = (await daybook.inject({ method: 'GET', url: '/api/docs/json' })).json()
    const described = Object.fromEntries(
      endpoints.map(({ path }) => {
        const parameters: { in: string; name: string }[] =
          paths[`/v1/compliance/workspaces/{workspace_id}${path.replace(/:(\w+)/g, '{$1}')}`]?.get?.parameters ?? []
        return [path.replace(/:\w+/g, '*'), parameters.flatMap((one) => (one.in === 'query' ? [one.name] : [])).sort()]
      }),
    )
    for (const { get: path, takes = [] } of reference.filter((one) => !/foreign|file_format/.test(one.get)))
      expect(described[path.replace(/\{\w+\}/g, '*').replace(/\?.*/, '')], path).toEqual(takes.toSorted())
  })

  test.each(reference.filter(({ takes }) => takes))(
    '$get: nonsense, and what is given twice, is refused by its name',
    async ({ get: path, takes = [] }) => {
      const address = filled(path).replace(/\?.*/, '')
      for (const name of takes) {
        const wrong = error('invalid_request_error', 'bad_request', name)
        for (const word of nonsense[name])
          expect(told(await ask(at(`${address}?${name}=${word}`))), `${name}=${word}`).toEqual([400, wrong])
        const twice = await ask(at(`${address}?${name}=1&${name}=1`))
        expect(told(twice), name).toEqual(name === 'users' ? [200, expect.objectContaining({ data: [] })] : [400, wrong])
      }
    },
  )

  test.each(taking('file_format'))('$get: file_format is url unless told', async ({ get: path }) => {
    const body = async (query: string) => withoutLinks((await ask(at(join(filled(path), query)))).body)
    expect(await body('file_format=url')).toBe(await body(''))
    expect(await body('file_format=id')).not.toContain('download_url')
    expect(await body('')).toContain('"created_at"')
  })

  test.each(taking('since_timestamp'))(
    '$get: since_timestamp is inclusive, may be a fraction, and 0 is the beginning',
    async ({ get: path }) => {
      const body = async (query: string) => (await ask(at(join(filled(path), query)))).body
      expect(withoutLinks(await body('since_timestamp=0'))).toBe(withoutLinks(await body('')))
      expect(JSON.parse(await body('since_timestamp=0.5')).data.length).toBeGreaterThan(0)
      expect(withoutLinks(await body('since_timestamp=-999999999999'))).toBe(withoutLinks(await body('')))
      const later = Math.ceil(Date.now() / 1000) + 60
      expect(JSON.parse(await body(`since_timestamp=${later}`))).toMatchObject({ data: [], last_id: null, has_more: false })
    },
  )

  test.each(taking('since_timestamp').filter(({ get: path }) => path === '/conversations'))(
    '$get: since_timestamp is ignored when after is given; users are repeated and never joined',
    async ({ get: path }) => {
      const first = (await ask(at(`${path}?limit=2`))).json()
      const rest = `${path}?limit=3&after=${first.last_id}`
      const [plain, both] = [await ask(at(rest)), await ask(at(`${rest}&since_timestamp=99999999999`))]
      expect(withoutLinks(both.body)).toBe(withoutLinks(plain.body))
      const two = [ids.user, ...(await ask(at('/users?limit=1'))).json().data.map(({ id }: { id: string }) => id)]
      const whose = async (query: string) =>
        new Set((await ask(at(`${path}?${query}`))).json().data.map((one: { user_id: string }) => one.user_id))
      expect([...(await whose(`users=${ids.user}`))]).toEqual([ids.user])
      expect([...(await whose(two.map((user) => `users=${user}`).join('&')))]).toContain(ids.user)
      expect([...(await whose(`users=${two.join(',')}`))]).toEqual([])
    },
  )

  test('include_summary is in small letters, and false unless told', async () => {
    const path = filled('/users/{user}/recordings/{recording}/transcript')
    expect((await ask(at(path))).json()).not.toHaveProperty('summary')
    expect((await ask(at(`${path}?include_summary=false`))).json()).not.toHaveProperty('summary')
    expect((await ask(at(`${path}?include_summary=true`))).json()).toMatchObject({ summary: 'Short' })
  })

  test('after of a canvas is the number of a version', async () => {
    const path = at(filled('/users/{user}/canvas/{canvas}'))
    expect((await ask(`${path}?after=2`)).json().version_contents).toMatchObject({ last_version: 3, has_more: false })
    expect((await ask(`${path}?after=3`)).json().version_contents).toMatchObject({ data: [], last_version: null, has_more: false })
    expect(told(await ask(`${path}?after=latest`))).toEqual([400, error('invalid_request_error', 'bad_request', 'after')])
  })
})

describe('an address of the provider where nothing is', () => {
  test.each(['/users/{user}/memories/about_you/summary', '/custom_agents', '/users/{user}/library', '/nothing', '/gpts/{gpt}/nothing', ''])(
    '%s is a clear 404, with a key; without one nobody is told',
    async (path) => {
      expect(told(await ask(at(filled(path))))).toEqual([404, notFound])
      expect((await daybook.inject({ method: 'GET', url: at(filled(path)) })).statusCode).toBe(401)
    },
  )

  test('is one as well beside the compliance API', async () => {
    for (const url of [`/v1/analytics/codex/workspaces/${place.id}/usage`, '/v1/manage/groups', '/v1/models', '/v1/compliance'])
      expect(told(await ask(url)), url).toEqual([404, notFound])
  })
})
