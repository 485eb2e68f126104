import { beforeAll, describe, expect, test } from 'vitest'
import { type Scope, scopes } from '../contract/people.ts'
import { openTestApp, type Place } from '../test/support/app.ts'
import { filled, foreignRequests } from '../test/support/foreign.ts'

const daybook = openTestApp()

/** What a generated case needs of a route. HEAD routes are the framework's own copies of GET. */
interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly access: string
  readonly schema: { hide?: boolean; summary?: string; querystring?: unknown; body?: unknown; params?: unknown }
}

function routes(): Route[] {
  const all = daybook.routes.flatMap(({ method, url, config, schema }) =>
    [method]
      .flat()
      .map((one) => ({ method: one as Route['method'], url, access: config?.access ?? '', schema: (schema ?? {}) as Route['schema'] })),
  )
  return all.filter((route) => !route.url.startsWith('/api/docs'))
}

const guarded = () => routes().filter(({ access }) => access !== 'open')
const isScope = (text: string): text is Scope => scopes.some((scope) => scope === text)
/** The scopes that a route names: any of them is enough. */
const enoughFor = ({ access }: Pick<Route, 'access'>) => access.split(' or ').filter(isScope)
const nameOf = ({ method, url }: Route) => `${method} ${url}`

let place: Place
let other: Place
beforeAll(async () => {
  place = await daybook.place()
  other = await daybook.place()
})

/** Who may call which, and that nobody else gets in, is test/support/access-table.ts and server/access.test.ts. */
describe('every route', () => {
  test('says who may call it: a scope there is, whoever is signed in, or everybody', () => {
    expect(routes().length).toBeGreaterThan(15)
    expect(
      routes()
        .filter(({ access }) => access !== 'open' && access !== 'signed-in' && !access.split(' or ').every(isScope))
        .map(nameOf),
    ).toEqual([])
  })

  test('that is not open to everybody answers 401 without a key, whatever else is wrong with the request', async () => {
    for (const route of guarded()) {
      for (const request of [{}, { payload: '{', headers: { 'content-type': 'application/json' } }]) {
        if (route.method === 'GET' && 'payload' in request) continue
        const answer = await daybook.inject({ method: route.method, url: filled(route.url, place.id), ...request })
        expect(answer.statusCode, nameOf(route)).toBe(401)
      }
    }
  })

  test('answers 404 about a workspace that its key is not for, wherever that may be named', async () => {
    const named: string[] = []
    for (const route of guarded().filter((one) => enoughFor(one).length > 0)) {
      const key = await daybook.key(enoughFor(route), place)
      for (const request of foreignRequests(route, place, other)) {
        const answer = await daybook.inject({ ...request, key })
        expect(answer.statusCode, `${nameOf(route)} (if it needs more than a workspace, say so in test/support/foreign.ts)`).toBe(404)
        named.push(nameOf(route))
      }
    }
    expect(named).toEqual(
      expect.arrayContaining([
        'GET /v1/compliance/workspaces/:workspace_id/users',
        'GET /v1/compliance/workspaces/:workspace_id/conversations',
        'GET /v1/compliance/workspaces/:workspace_id/conversations/:conversation_id/messages',
        'GET /v1/compliance/conversations',
        'POST /v1/compliance/conversations',
        'GET /api/records',
        'GET /api/sources',
        'GET /api/dead-letters',
        'POST /api/dead-letters/replay',
        'PUT /api/intake/files/:file_id/bytes',
        'PATCH /api/settings',
        'POST /api/keys',
        'POST /api/invitations',
      ]),
    )
  })

  test('takes or refuses what nobody sends by mistake alone, and never fails at it', async () => {
    const key = await daybook.key(scopes)
    const usual = { workspace_id: place.id, purpose: 'a test', text: 'word', name: 'x', metric: 'messages', range: '28d' }
    const namesIn = (shape: unknown) => Object.keys(Object(Object(shape).shape))
    const usualOf = (names: string[]) => Object.fromEntries(Object.entries(usual).filter(([name]) => names.includes(name)))
    const failed: string[] = []
    let asked = 0
    for (const { method, url, schema } of guarded().filter((one) => one.method !== 'HEAD' && enoughFor(one).length > 0)) {
      const [queried, sent] = [namesIn(schema.querystring), namesIn(schema.body)]
      for (const value of ['a\0b', '\ud800', '0000-01-01', '9999-12-31', '0001-01-01T00:00:00+23:00', '9007199254740991', '__proto__']) {
        for (const name of [...queried, ...sent]) {
          const query = { ...usualOf(queried), ...(queried.includes(name) ? { [name]: value.toWellFormed() } : {}) }
          const payload = { ...usualOf(sent), ...(sent.includes(name) ? { [name]: value } : {}) }
          const body = method === 'GET' ? {} : { payload }
          const { statusCode } = await daybook.inject({ method, url: filled(url, place.id), query, key, ...body })
          if (statusCode >= 500 && statusCode !== 503) failed.push(`${method} ${url} ${name}=${value}`)
          asked++
        }
      }
    }
    expect(failed).toEqual([])
    expect(asked).toBeGreaterThan(500)
  })
})

describe('the description at /api/docs', () => {
  interface Operation {
    summary?: string
    parameters?: { name: string; in: string; description?: string }[]
    requestBody?: { content: Record<string, { schema: { properties?: Record<string, { description?: string }> } }> }
    responses?: Record<string, object>
  }

  async function paths(): Promise<Record<string, Record<string, Operation>>> {
    const answer = await daybook.inject({ url: '/api/docs/json' })
    expect(answer.statusCode).toBe(200)
    expect(answer.json().openapi).toMatch(/^3\./)
    return answer.json().paths
  }

  async function operations(): Promise<[string, Operation][]> {
    return Object.entries(await paths()).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
    )
  }

  test('lists every route but the pages of people, each with what it does and what it answers', async () => {
    const wanted = routes().filter(({ method, schema }) => method !== 'HEAD' && !schema.hide)
    const described = await operations()
    expect(described.map(([name]) => name).sort()).toEqual(wanted.map((route) => nameOf(route).replace(/:(\w+)/g, '{$1}')).sort())
    expect(described.filter(([, { summary }]) => !summary || summary.length < 8).map(([name]) => name)).toEqual([])
    expect(described.filter(([, { responses = {} }]) => !('200' in responses || '307' in responses)).map(([name]) => name)).toEqual([])
  })

  test('says of every parameter what it means', async () => {
    const undescribed = (await operations()).flatMap(([name, { parameters = [], requestBody }]) => {
      const fields = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => Object.entries(schema.properties ?? {}))
      return [
        ...parameters.filter(({ description }) => !description).map((parameter) => `${name}: ${parameter.name}`),
        ...fields.filter(([, { description }]) => !description).map(([field]) => `${name}: ${field}`),
      ]
    })
    expect(undescribed).toEqual([])
  })

  test('names every parameter of a path', async () => {
    for (const [name, { parameters = [] }] of await operations()) {
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      expect(
        parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name),
        name,
      ).toEqual(inPath)
    }
  })
})
