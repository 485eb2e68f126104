import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Role, roleScopes, roles, type Scope, scopes } from '../contract/people.ts'
import { accessTable, type Line } from '../test/support/access-table.ts'
import { openTestApp, type Place } from '../test/support/app.ts'
import { filled, foreignRequests } from '../test/support/foreign.ts'
import { member, signIn } from '../test/support/people.ts'

const daybook = openTestApp()

interface Route extends Line {
  readonly name: string
  readonly method: NonNullable<InjectOptions['method']>
  readonly url: string
}

/** HEAD routes are the framework's own copies of GET; the description of the API is its plugin's; files of pages are for everybody. */
function registered(): string[] {
  const all = daybook.routes.flatMap(({ method, url }) => [method].flat().map((one) => `${one} ${url}`))
  return [...new Set(all.filter((name) => !name.startsWith('HEAD ') && !/ \/(api\/docs|assets)\b/.test(name)))]
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const guarded: Route[] = Object.entries(accessTable).flatMap(([name, line]) => {
  const [verb = '', url = ''] = name.split(' ')
  const method = methods.find((one) => one === verb)
  return method && line.access !== 'open' ? [{ ...line, name, method, url }] : []
})

const isScope = (text: string): text is Scope => scopes.some((scope) => scope === text)
const enoughFor = ({ access }: Line) => access.split(' or ').filter(isScope)

type Verdict = 'let in' | 'not for you' | 'who are you'

/** How far a caller got. What is refused later, for what it asks, was let in: the scope did not stand in its way. */
function verdictOf({ statusCode, body }: LightMyRequestResponse): Verdict {
  if (statusCode === 401) return 'who are you'
  return statusCode === 403 && !/only the primary owner|only an owner/.test(body) ? 'not for you' : 'let in'
}

let place: Place
beforeAll(async () => {
  place = await daybook.place()
})

/** Every refusal so far, by its request id: each has to be on record. That a page is for people is no matter of access. */
const refused = new Map<unknown, string>()

async function call({ method, url, name, callers }: Route, caller: { key: string } | { cookie: string }, who: string): Promise<Verdict> {
  const headers = 'cookie' in caller ? { cookie: caller.cookie, 'sec-fetch-site': 'same-origin' } : {}
  const answer = await daybook.inject({ method, url: filled(url, place.id), headers, ...('key' in caller ? caller : {}) })
  const verdict = verdictOf(answer)
  if (verdict === 'not for you' && !('key' in caller && callers === 'pages')) refused.set(answer.headers['x-request-id'], `${who}: ${name}`)
  return verdict
}

/** What somebody does to their own account may end their session: those requests come one by one, each with a new one. */
const endsSession = ({ access, method }: Route) => access === 'signed-in' && method !== 'GET'

/** The routes that went another way than the table says, in words. */
async function surprises(
  who: string,
  caller: () => Promise<{ key: string } | { cookie: string }>,
  expected: (route: Route) => Verdict,
): Promise<string[]> {
  const mine = await caller()
  const verdicts = new Map<Route, Verdict>()
  const together = guarded.filter((route) => !endsSession(route))
  await Promise.all(together.map(async (route) => verdicts.set(route, await call(route, mine, who))))
  for (const route of guarded.filter(endsSession)) verdicts.set(route, await call(route, await caller(), who))
  return guarded.flatMap((route) => {
    const verdict = verdicts.get(route)
    return verdict === expected(route) ? [] : [`${who} is told "${verdict}" by ${route.name}, not "${expected(route)}"`]
  })
}

test('the table has every route there is, and says of each what the route itself says', () => {
  const said = Object.fromEntries(registered().map((name) => [name, daybook.app.routeAccess.get(name)?.config?.access]))
  const table = Object.fromEntries(Object.entries(accessTable).map(([name, { access }]) => [name, access]))
  expect(said, 'a new route gets its line in test/support/access-table.ts').toEqual(table)
})

describe('every route, as the table says and not otherwise', () => {
  test.each(scopes)('a key with %s', async (scope) => {
    for (const bound of [null, place]) {
      const key = await daybook.key([scope], bound)
      const expected = (route: Route): Verdict => (route.callers !== 'pages' && enoughFor(route).includes(scope) ? 'let in' : 'not for you')
      expect(await surprises(`a key with ${scope}`, async () => ({ key }), expected)).toEqual([])
    }
  })

  test.each(roles)('somebody who is %s', async (role) => {
    for (const bound of [null, place]) {
      const { id } = await member(daybook, [role], bound)
      const caller = async () => ({ cookie: await signIn(daybook, id) })
      expect(await surprises(`a person who is ${role}`, caller, (route) => forRole(route, role))).toEqual([])
    }
  })

  function forRole(route: Route, role: Role): Verdict {
    if (route.callers === 'keys') return 'who are you'
    if (route.access === 'signed-in') return 'let in'
    return enoughFor(route).some((scope) => roleScopes[role].includes(scope)) ? 'let in' : 'not for you'
  }

  test('somebody who is all of them at once, and nobody', async () => {
    const { id } = await member(daybook, [...roles])
    const given = new Set(roles.flatMap((role) => roleScopes[role]))
    const everything = (route: Route): Verdict =>
      route.callers === 'keys'
        ? 'who are you'
        : route.access === 'signed-in' || enoughFor(route).some((scope) => given.has(scope))
          ? 'let in'
          : 'not for you'
    expect(await surprises('a person who is everything', async () => ({ cookie: await signIn(daybook, id) }), everything)).toEqual([])
    expect(
      await surprises(
        'nobody',
        async () => ({ cookie: '' }),
        () => 'who are you',
      ),
    ).toEqual([])
  })

  test.each(roles)('somebody who is %s in one workspace, about another: there is no such thing', async (role) => {
    const { id } = await member(daybook, [role], place)
    const cookie = await signIn(daybook, id)
    const other = await daybook.place()
    const wrong: string[] = []
    for (const route of guarded.filter(({ callers }) => callers === 'both')) {
      const schema = daybook.routes.find(({ method, url }) => url === route.url && [method].flat().includes(route.method))?.schema
      for (const request of foreignRequests({ ...route, schema: schema ?? {} }, place, other)) {
        const { statusCode } = await daybook.inject({ ...request, headers: { cookie, 'sec-fetch-site': 'same-origin' } })
        const expected = forRole(route, role) === 'let in' ? 404 : 403
        if (statusCode !== expected) wrong.push(`${role} is told ${statusCode} by ${route.name}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('and every attempt that was refused is on record, once', async () => {
    const denied = new Map<unknown, number>()
    for (const { request_id, outcome } of await daybook.allEntries())
      if (outcome === 'denied') denied.set(request_id, (denied.get(request_id) ?? 0) + 1)
    expect(refused.size).toBeGreaterThan(500)
    expect([...refused].filter(([id]) => denied.get(id) !== 1).map(([, what]) => what)).toEqual([])
  })
})
