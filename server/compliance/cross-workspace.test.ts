import type { LightMyRequestResponse } from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scopes } from '../../contract/people.ts'
import { linesOf, openTestApp } from '../../test/support/app.ts'
import { ids } from '../../test/support/export-records.ts'
import { type TwoWorkspaces, twoWorkspaces } from '../../test/support/two-workspaces.ts'

/**
 * Every route of the compliance surfaces, every caller that may not, and every id of another workspace in every place an id may stand.
 * Routes and parameters are read off the server itself: a new one is in here by itself, or fails for want of an id.
 */

const daybook = openTestApp()

let both: TwoWorkspaces
let organizationKey: string
/** Reads and deletes; only of the one workspace. */
let hereKey: string
let thereKey: string

beforeAll(async () => {
  both = await twoWorkspaces(daybook)
  const scopesOf = ['compliance:read', 'compliance:delete'] as const
  organizationKey = await daybook.key(scopesOf)
  hereKey = await daybook.key(scopesOf, both.here)
  thereKey = await daybook.key(scopesOf, both.there)
})

interface Route {
  readonly method: 'GET' | 'DELETE'
  readonly url: string
  readonly query: readonly string[]
}

const querySchema = z.object({ shape: z.record(z.string(), z.unknown()) })

function routes(): Route[] {
  return daybook.routes.flatMap(({ method, url, schema }): Route[] => {
    const query = querySchema.safeParse(schema?.querystring).data?.shape ?? {}
    const one = method === 'DELETE' ? 'DELETE' : method === 'GET' ? 'GET' : null
    return one && url.startsWith('/v1/compliance/workspaces/') ? [{ method: one, url, query: Object.keys(query) }] : []
  })
}

const called = ({ method, url }: Route) => `${method} ${url.replace('/v1/compliance/workspaces/:workspace_id', '…')}`

/** Which of the known ids a parameter is about. */
function subjectOf(url: string, parameter: string): string {
  const byName: Record<string, string> = {
    ...{ user_id: 'user', conversation_id: 'conversation', textdoc_id: 'canvas', recording_id: 'recording', file_id: 'file' },
    ...{ memory_id: 'memory', memory_context_id: 'user', automation_id: 'automation' },
  }
  if (parameter === 'file_id' && url.includes('library_files')) return 'library_file'
  const [, segment = ''] = new RegExp(`/(\\w+?)s/:${parameter}`).exec(url) ?? []
  return byName[parameter] ?? segment
}

const parametersOf = ({ url }: Route) => [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name).filter((name) => name !== 'workspace_id')

type Ids = Readonly<Record<string, string>>
const shared: Ids = { ...ids, memory: 'memory-1', automation: 'automation-1', codex_environment: 'none' }

/** The address with ids in it; those of `foreign` are what only the other workspace has. */
function addressOf(route: Route, workspace: string, foreign: readonly string[] = []): string {
  return route.url.replace(':workspace_id', workspace).replace(/:(\w+)/g, (_, name: string) => {
    const subject = subjectOf(route.url, name)
    const id = (foreign.includes(name) ? both.onlyThere : shared)[subject] ?? (subject === 'codex_environment' ? 'none' : undefined)
    if (id === undefined) throw new Error(`there is no example of ${subject} for ${called(route)}`)
    return encodeURIComponent(id)
  })
}

/** Everything of `there` that a reply gave away: the marker, or an id that is nowhere else. */
function leaks({ rawPayload, headers }: Pick<LightMyRequestResponse, 'rawPayload' | 'headers'>): string[] {
  const said = `${rawPayload.toString('utf8')} ${JSON.stringify(headers)}`
  return [both.marker, both.there.id, 'only-there', both.onlyThere.conversation ?? ''].filter((word) => said.includes(word))
}

const replies = { count: 0 }

/** Asks, follows where a reply leads to, and says what is wrong with it. */
async function ask(route: Route, url: string, key: string | undefined, expected: readonly number[]): Promise<string[]> {
  const answer = await daybook.inject({ method: route.method, url, ...(key === undefined ? {} : { key }) })
  replies.count++
  const place = `${called(route)} ${url.split('?')[1] ?? ''}`
  const there = answer.statusCode === 307 ? await daybook.inject({ method: 'GET', url: String(answer.headers.location) }) : null
  return [
    ...(expected.includes(answer.statusCode) ? [] : [`${place} is answered ${answer.statusCode}`]),
    ...[answer, ...(there ? [there] : [])].flatMap((one) => leaks(one).map((word) => `${place} gives away ${word}`)),
  ]
}

const everyRoute = async (check: (route: Route) => Promise<string[]>) => (await Promise.all(routes().map(check))).flat()

test('what only the other workspace has is shown to whoever may see it: a leak would be found', async () => {
  const quiet = (
    await Promise.all(
      routes()
        .filter(({ method }) => method === 'GET')
        .map(async (route) => {
          const own = addressOf(route, both.there.id, parametersOf(route))
          const answers = await Promise.all([organizationKey, thereKey].map((key) => daybook.get(own, key)))
          const followed = answers.map((one) =>
            one.statusCode === 307 ? daybook.inject({ method: 'GET', url: String(one.headers.location) }) : one,
          )
          const seen = (await Promise.all(followed)).map((one) => leaks({ ...one, headers: {}, rawPayload: one.rawPayload }))
          return seen.every((words) => words.includes(both.marker) || words.includes('only-there')) ? [] : [called(route)]
        }),
    )
  ).flat()
  // No source tells of environments.
  expect(quiet).toEqual(['GET …/codex_environments', 'GET …/codex_environments/:item_id'])
  expect(routes().length).toBeGreaterThan(50)
})

describe('nothing of another workspace is given away', () => {
  test('to whoever has no key, or one that is none', async () => {
    const mistyped = `${hereKey.slice(0, -1)}${hereKey.endsWith('x') ? 'y' : 'x'}`
    for (const key of [undefined, mistyped, `${thereKey}x`, 'x'])
      for (const { id } of [both.here, both.there])
        expect(await everyRoute((route) => ask(route, addressOf(route, id), key, [401]))).toEqual([])
  })

  test.each(scopes)('to a key with %s alone, where that is not what is asked for', async (scope) => {
    for (const bound of [null, both.here, both.there]) {
      const key = await daybook.key([scope], bound)
      const refuses = ({ method }: Route) => scope !== (method === 'GET' ? 'compliance:read' : 'compliance:delete')
      for (const { id } of [both.here, both.there])
        expect(
          await everyRoute(async (route) => (refuses(route) ? ask(route, addressOf(route, id, parametersOf(route)), key, [403]) : [])),
        ).toEqual([])
    }
  })

  test('to a key of the other workspace, by its address, whatever id stands in it', async () => {
    for (const foreign of [true, false])
      expect(
        await everyRoute((route) => ask(route, addressOf(route, both.there.id, foreign ? parametersOf(route) : []), hereKey, [404])),
      ).toEqual([])
  })

  test('by any id that only the other one has, one at a time and all at once, also to a key that reads both', async () => {
    for (const key of [hereKey, organizationKey])
      expect(
        await everyRoute(async (route) => {
          const names = parametersOf(route)
          const choices = [...names.map((name) => [name]), ...(names.length > 1 ? [names] : [])]
          // What a memory is deleted from may be called by any name that its person has; it is found by its own.
          const telling = choices.filter((some) => some.join() !== 'memory_context_id')
          return (await Promise.all(telling.map((some) => ask(route, addressOf(route, both.here.id, some), key, [404])))).flat()
        }),
      ).toEqual([])
  })

  test('by ids that both have: each workspace answers with its own', async () => {
    for (const key of [hereKey, organizationKey])
      expect(
        await everyRoute(async (route) =>
          route.method === 'GET'
            ? ask(route, addressOf(route, both.here.id), key, route.url.includes('codex_environments/') ? [404] : [200, 307])
            : [],
        ),
      ).toEqual([])
  })

  test('by what a parameter names: cursors, people, conversations', async () => {
    const found = await everyRoute(async (route) => {
      if (route.method !== 'GET') return []
      const cursors = await cursorsOf(route)
      const words: Record<string, readonly string[]> = {
        ...{
          after: cursors,
          cursor: cursors,
          users: [String(both.onlyThere.user)],
          conversation_id: [String(both.onlyThere.conversation)],
        },
      }
      const asked = route.query.flatMap((name) => (words[name] ?? []).map((word) => `${name}=${encodeURIComponent(word)}`))
      return (await Promise.all(asked.map((query) => ask(route, `${addressOf(route, both.here.id)}?${query}`, hereKey, [200, 404])))).flat()
    })
    expect(found).toEqual([])
    const list = `/v1/compliance/workspaces/${both.here.id}/conversations?users=${both.onlyThere.user}`
    expect((await daybook.get(list, hereKey)).json().data).toEqual([])
  })

  /** What a page of the other workspace ends with. */
  async function cursorsOf(route: Route): Promise<string[]> {
    const answer = await daybook.get(`${addressOf(route, both.there.id, parametersOf(route))}?limit=1`, organizationKey)
    if (answer.statusCode !== 200) return []
    const { last_id, cursor } = answer.json()
    return [last_id, cursor].filter((one) => typeof one === 'string')
  }

  test('by the flat form and the raw records', async () => {
    const { there, onlyThere } = both
    const queries = [
      ...[
        `workspace_id=${there.id}`,
        `conversation_id=${onlyThere.conversation}`,
        `user_id=${onlyThere.user}`,
        `user_ids=${onlyThere.user},x`,
      ],
      ...[`after=${onlyThere.conversation}`, `conversation_id=${ids.conversation}`, 'limit=500'],
    ]
    for (const query of queries) {
      const posted = {
        method: 'POST',
        url: '/v1/compliance/conversations',
        key: hereKey,
        payload: Object.fromEntries(new URLSearchParams(query)),
      } as const
      for (const answer of [await daybook.get(`/v1/compliance/conversations?${query}`, hereKey), await daybook.inject(posted)]) {
        expect(answer.statusCode, query).toBe(/^workspace_id|^after/.test(query) ? 404 : 200)
        expect(leaks(answer), query).toEqual([])
      }
    }
    const records = await daybook.get('/api/records?limit=10000', hereKey)
    // What this workspace's own readers asked for is on record here, with the ids they named.
    const sent = linesOf(records.body).filter(({ source }) => source !== 'daybook')
    expect(sent.length).toBeGreaterThan(10)
    expect(leaks({ rawPayload: Buffer.from(JSON.stringify(sent)), headers: records.headers })).toEqual([])
    expect(records.body).not.toContain(both.marker)
    expect((await daybook.get(`/api/records?workspace_id=${there.id}`, hereKey)).statusCode).toBe(404)
    expect(leaks(await daybook.get(`/v1/compliance/conversations?workspace_id=${there.id}`, organizationKey)).length).toBeGreaterThan(0)
  })

  test('by a link that was put together from parts of others', async () => {
    const linkOf = async (id: string, key: string) =>
      String((await daybook.get(`/v1/compliance/workspaces/${id}/users/${ids.user}/files/${ids.file}`, key)).headers.location)
    const [own, theirs, wide] = [
      await linkOf(both.here.id, hereKey),
      await linkOf(both.there.id, thereKey),
      await linkOf(both.there.id, organizationKey),
    ]
    const parts = (link: string) => (link.split('/').at(-1) ?? '').split('.')
    const start = own.slice(0, own.lastIndexOf('/') + 1)
    let forged = 0
    for (const other of [theirs, wide])
      for (let which = 1; which < 2 ** 5 - 1; which++) {
        const mixed = parts(own)
          .map((part, i) => ((which >> i) & 1 ? parts(other)[i] : part))
          .join('.')
        if ([own, other].some((link) => link.endsWith(mixed))) continue
        const answer = await daybook.inject({ method: 'GET', url: start + mixed, headers: { authorization: `Bearer ${hereKey}` } })
        expect([answer.statusCode, leaks(answer)], `parts ${which}`).toEqual([403, []])
        forged++
      }
    expect(forged).toBeGreaterThan(40)
    expect((await daybook.inject({ method: 'GET', url: own })).body).toBe('bytes from here')
    expect(leaks(await daybook.inject({ method: 'GET', url: theirs }))).toContain(both.marker)
  })

  test('and none of all this deleted anything there', async () => {
    const { rows } = await daybook.ledger.database.writes.query(
      'select from item where workspace_id = $1 and kind <> $2 and seq is null and id = any($3)',
      [both.there.number, 'person', Object.values({ ...shared, ...both.onlyThere })],
    )
    expect(rows).toEqual([])
    const list = (await daybook.get(`/v1/compliance/workspaces/${both.there.id}/conversations`, organizationKey)).json()
    expect(list.data.length).toBe(2)
    expect(replies.count).toBeGreaterThan(2000)
  })
})
