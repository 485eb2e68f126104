import type { InjectOptions } from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Role, type Scope, scopes } from '../contract/people.ts'
import { openTestApp, type Place } from '../test/support/app.ts'
import { uuid } from '../test/support/records.ts'
import { addMember } from './people/members.ts'
import { operatorContext } from './people/operator.ts'
import { createSignInLink } from './people/sign-in.ts'

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
const nameOf = ({ method, url }: Route) => `${method} ${url}`

/** The address of a route with something in place of its parameters. */
const filled = (url: string, workspace: string) => url.replace(':workspace_id', workspace).replace(/:\w+/g, uuid())

/** Whether a schema of ours has a field. */
function hasField(schema: unknown, field: string): boolean {
  return typeof schema === 'object' && schema !== null && 'shape' in schema && Object.hasOwn(Object(schema.shape), field)
}

let place: Place
let other: Place
beforeAll(async () => {
  place = await daybook.place()
  other = await daybook.place()
})

/** What a question needs besides, to get as far as its workspace. */
const needed: Record<string, string> = { '/api/analytics/query': '&metrics=messages' }

/** The requests that name a foreign workspace in the ways a route knows: its path, its query, its body. */
function foreignRequests({ method, url, schema }: Route): InjectOptions[] {
  const found: InjectOptions[] = []
  const own = filled(url, place.id)
  if (url.includes(':workspace_id')) found.push({ method, url: filled(url, other.id) })
  if (hasField(schema.querystring, 'workspace_id')) found.push({ method, url: `${own}?workspace_id=${other.id}${needed[url] ?? ''}` })
  if (hasField(schema.body, 'workspace_id')) found.push({ method, url: own, payload: { workspace_id: other.id } })
  return found
}

const denials = async (requestId: unknown) => {
  const entries = await daybook.allEntries()
  return entries.filter((entry) => entry.request_id === requestId && entry.outcome === 'denied')
}

describe('every route', () => {
  test('says who may call it: a scope there is, or everybody', () => {
    expect(routes().length).toBeGreaterThan(15)
    expect(
      routes()
        .filter(({ access }) => access !== 'open' && !isScope(access))
        .map(nameOf),
    ).toEqual([])
  })

  test('that is open to everybody is on this list', () => {
    const open = routes().filter(({ access, method, url }) => access === 'open' && method !== 'HEAD' && !url.startsWith('/assets/'))
    expect(open.map(nameOf).sort()).toEqual([
      'GET /',
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'GET /sign-in/:token',
      'POST /sign-in/:token',
      'POST /sign-out',
    ])
  })

  test('that is not answers 401 without a key, whatever else is wrong with the request', async () => {
    for (const route of guarded()) {
      for (const request of [{}, { payload: '{', headers: { 'content-type': 'application/json' } }]) {
        if (route.method === 'GET' && 'payload' in request) continue
        const answer = await daybook.inject({ method: route.method, url: filled(route.url, place.id), ...request })
        expect(answer.statusCode, nameOf(route)).toBe(401)
      }
    }
  })

  test('answers 403 to a key of every other scope, pages to a person without the role, and the attempt is on record', async () => {
    const cookie = await signedIn('member')
    for (const route of guarded()) {
      const caller = route.schema.hide ? { headers: { cookie } } : { key: await keyWithout(route.access) }
      const answer = await daybook.inject({ method: route.method, url: filled(route.url, place.id), ...caller })
      expect(answer.statusCode, nameOf(route)).toBe(403)
      expect(await denials(answer.headers['x-request-id']), nameOf(route)).toMatchObject([{ reason: `needs ${route.access}` }])
    }
  })

  test('answers 404 about a workspace that its key is not for, wherever that may be named', async () => {
    const named: string[] = []
    for (const route of guarded()) {
      const key = isScope(route.access) ? await daybook.key([route.access], place) : ''
      for (const request of foreignRequests(route)) {
        const answer = await daybook.inject({ ...request, key })
        expect(answer.statusCode, `${nameOf(route)} (if it needs more than a workspace, say so in "needed")`).toBe(404)
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
        'PUT /api/intake/files/:file_id/bytes',
      ]),
    )
  })

  const keyWithout = (access: string) =>
    daybook.key(
      scopes.filter((scope) => scope !== access),
      place,
    )

  /** The session cookie of a person who has just used a one-time link. */
  async function signedIn(role: Role): Promise<string> {
    const member = await addMember(operatorContext(daybook.ledger), { email: `${role}@example.com`, roles: [role], workspace: null })
    const link = new URL(await createSignInLink(daybook.ledger, member.id, 'http://127.0.0.1'))
    const answer = await daybook.inject({ method: 'POST', url: link.pathname })
    return String(answer.headers['set-cookie']).split(';')[0] ?? ''
  }
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
    expect(described.filter(([, { responses }]) => !responses?.['200']).map(([name]) => name)).toEqual([])
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
