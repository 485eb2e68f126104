import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { cookiesOf } from '../../test/support/accounts.ts'
import { openTestApp } from '../../test/support/app.ts'
import { member } from '../../test/support/people.ts'
import { LyingProvider, newKey, type Question, questionOf } from '../../test/support/provider.ts'
import { buildApp } from '../app.ts'
import type { OidcProvider } from '../platform/oidc-config.ts'

const daybook = openTestApp()
let provider: LyingProvider
let other: LyingProvider
let app: FastifyInstance

beforeAll(async () => {
  provider = await LyingProvider.open()
  other = await LyingProvider.open()
  const providers = [configured('main', provider), configured('other', other), { ...configured('joining', provider), joins: true, roles }]
  app = await buildApp({ ...daybook.ledger, config: { ...daybook.ledger.config, providers } })
})

const roles = { 'daybook-admins': 'admin', 'daybook-readers': 'analytics_viewer' } as const

function configured(id: string, { issuer, clientId, clientSecret }: LyingProvider): OidcProvider {
  const plain = { scopes: ['openid', 'email'], trustsEmail: false, joins: false, groupsClaim: 'groups', roles: {} }
  return { id, name: `Provider ${id}`, issuer, clientId, clientSecret, ...plain }
}

afterEach(() => {
  for (const one of [provider, other]) Object.assign(one, { lies: {}, userinfo: {}, signer: null, isDown: false })
})

afterAll(async () => {
  await app?.close()
  provider?.close()
  other?.close()
})

interface Trip {
  readonly question: Question
  readonly cookie: string
}

/** A browser is sent away. */
async function leave(id = 'main', query = ''): Promise<Trip> {
  const answer = await app.inject({ method: 'GET', url: `/sign-in/with/${id}${query}` })
  expect(answer.statusCode, answer.body).toBe(302)
  return { question: questionOf(String(answer.headers.location)), cookie: cookiesOf(answer)[0] ?? '' }
}

let addresses = 0

/** It comes back with what the provider, or somebody else, gave it; each time from another network, so that every entry is kept. */
function back({ question, cookie }: Trip, code: string, more: Record<string, string> = {}, id = 'main'): Promise<LightMyRequestResponse> {
  const query = new URLSearchParams({ code, state: question.state, iss: provider.issuer, ...more })
  const url = `/sign-in/with/${id}/callback?${query}`
  return app.inject({
    method: 'GET',
    url,
    headers: { cookie, 'user-agent': 'test' },
    remoteAddress: `10.9.${Math.floor(++addresses / 250)}.${addresses % 250}`,
  })
}

async function comeIn(sub: string, id = 'main'): Promise<LightMyRequestResponse> {
  const trip = await leave(id)
  return back(trip, provider.codeFor(trip.question, sub), {}, id)
}

const lastAttempt = async () => (await daybook.entries('session.start')).at(-1)

/** Nobody came in, and the record says why. */
async function expectRefused(answer: LightMyRequestResponse, reason: string, status = 401): Promise<void> {
  expect(answer.statusCode, answer.body).toBe(status)
  expect(cookiesOf(answer).filter((cookie) => /^daybook=./.test(cookie))).toEqual([])
  expect(await lastAttempt()).toMatchObject({ outcome: 'denied', reason, query: { way: 'provider' } })
}

async function known(): Promise<{ id: string; sub: string }> {
  const { id, email } = await member(daybook, ['owner'])
  return { id, sub: email.replace('@example.com', '') }
}

test('the question is a code with PKCE, a state and a nonce that are never the same', async () => {
  const [one, two] = [await leave(), await leave()]
  const { searchParams } = one.question.url
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'daybook',
    code_challenge_method: 'S256',
    scope: 'openid email',
  })
  expect(searchParams.get('redirect_uri')).toBe('http://localhost/sign-in/with/main/callback')
  for (const name of ['state', 'nonce', 'challenge'] as const) expect(one.question[name]).not.toBe(two.question[name])
  expect(one.question.url.href).not.toContain(provider.clientSecret)
})

test('a member with the verified address comes in, and is known by the subject from then on', async () => {
  const { id, sub } = await known()
  const answer = await comeIn(sub)
  expect(answer.statusCode, answer.body).toBe(303)
  expect(answer.headers.location).toBe('/overview')
  expect(await lastAttempt()).toMatchObject({ outcome: 'allowed', actor: { id }, query: { way: 'provider', provider: 'main' } })
  provider.lies = { email: 'another.address@example.com', email_verified: false }
  expect((await comeIn(sub)).statusCode).toBe(303)
  expect(await lastAttempt()).toMatchObject({ outcome: 'allowed', actor: { id } })
  expect(await daybook.entries('identity.link')).toHaveLength(1)
})

describe('nobody comes in, and the reason is on record, with', () => {
  const hours = (count: number) => Math.floor(Date.now() / 1000) + count * 3600

  test.each([
    ['a wrong nonce', { nonce: 'of another sign-in' }, 'wrong claim: nonce'],
    ['no nonce', { nonce: undefined }, 'wrong response: nonce'],
    ['a wrong issuer', { iss: 'https://elsewhere.example.com' }, 'wrong claim: iss'],
    ['a wrong audience', { aud: 'another client' }, 'wrong claim: aud'],
    ['several audiences, and made for another', { aud: ['daybook', 'another'], azp: 'another' }, 'wrong claim: azp'],
    ['an expired token', { iat: hours(-2), exp: hours(-1) }, 'not valid at this time: exp'],
    ['a token from the future', { nbf: hours(1) }, 'not valid at this time: nbf'],
    ['no subject', { sub: undefined }, 'wrong response: sub'],
  ])('%s', async (_title, lies, reason) => {
    const { sub } = await known()
    provider.lies = lies
    await expectRefused(await comeIn(sub), reason)
  })

  test('a token signed by a key that is not the provider’s', async () => {
    const { sub } = await known()
    provider.signer = await newKey()
    await expectRefused(await comeIn(sub), 'unknown signing key')
    const forged = await newKey()
    provider.signer = { ...forged, kid: provider.keys[0]?.kid ?? '' }
    await expectRefused(await comeIn(sub), 'wrong response: signature')
  })

  test('a code that was used already', async () => {
    const { sub } = await known()
    const [one, two] = [await leave(), await leave()]
    const code = provider.codeFor(one.question, sub)
    expect((await back(one, code)).statusCode).toBe(303)
    await expectRefused(await back(two, code), 'the provider refuses the code: invalid_grant')
  })

  test('a state that was used already', async () => {
    const { sub } = await known()
    const trip = await leave()
    expect((await back(trip, provider.codeFor(trip.question, sub))).statusCode).toBe(303)
    await expectRefused(await back(trip, provider.codeFor(trip.question, sub)), 'used state')
  })

  test('a state that is not the one it left with, or none', async () => {
    const { sub } = await known()
    const [mine, theirs] = [await leave(), await leave()]
    const code = provider.codeFor(theirs.question, sub)
    await expectRefused(await back({ ...theirs, cookie: mine.cookie }, code), 'wrong response: state')
    await expectRefused(await back({ ...theirs, cookie: '' }, code), 'no sign-in under way')
    await expectRefused(await back({ ...theirs, cookie: 'daybook-step=made-up' }, code), 'no sign-in under way')
  })

  test('an answer of another provider, by either sign of it', async () => {
    const { sub } = await known()
    const trip = await leave()
    const code = provider.codeFor(trip.question, sub)
    await expectRefused(await back(trip, code, { iss: other.issuer }), 'wrong response: iss')
    const second = await leave()
    await expectRefused(await back(second, provider.codeFor(second.question, sub), {}, 'other'), 'another provider was asked')
  })

  test('an answer that does not say whose it is, from a provider that always does', async () => {
    const { sub } = await known()
    const trip = await leave()
    const query = new URLSearchParams({ code: provider.codeFor(trip.question, sub), state: trip.question.state })
    const url = `/sign-in/with/main/callback?${query}`
    await expectRefused(
      await app.inject({ method: 'GET', url, headers: { cookie: trip.cookie }, remoteAddress: '10.8.0.1' }),
      'wrong response: iss',
    )
  })

  test('a refusal by the provider', async () => {
    const trip = await leave()
    const query = new URLSearchParams({ error: 'access_denied', state: trip.question.state, iss: provider.issuer })
    const url = `/sign-in/with/main/callback?${query}`
    const answer = await app.inject({ method: 'GET', url, headers: { cookie: trip.cookie }, remoteAddress: '10.8.0.2' })
    await expectRefused(answer, 'the provider says access_denied')
    expect(answer.body).toContain('Provider main did not let you in')
  })

  test('an address that the provider has not verified', async () => {
    const { sub } = await known()
    provider.lies = { email_verified: false }
    await expectRefused(await comeIn(sub), 'unverified e-mail address', 403)
    provider.lies = { email_verified: undefined }
    await expectRefused(await comeIn(sub), 'unverified e-mail address', 403)
    provider.lies = { email: undefined }
    provider.userinfo = { sub }
    await expectRefused(await comeIn(sub), 'no e-mail address', 403)
  })

  test('an address nobody here has, where the provider brings nobody', async () => {
    const answer = await comeIn('stranger')
    await expectRefused(answer, 'nobody with this address', 403)
    expect(answer.body).toContain('ask an owner or an admin of Daybook to invite you')
  })

  test('the address of somebody whom the provider knows as another', async () => {
    const { sub } = await known()
    expect((await comeIn(sub)).statusCode).toBe(303)
    provider.lies = { sub: 'a new account with an old address' }
    await expectRefused(await comeIn(sub), 'address of somebody else', 403)
  })

  test('a member who was shut out', async () => {
    const { id, sub } = await known()
    expect((await comeIn(sub)).statusCode).toBe(303)
    await daybook.rows('update member set deactivated_at = now() where id = $1', [id])
    await expectRefused(await comeIn(sub), 'deactivated member', 403)
  })
})

test('who is in already has to prove who they are there, too, and not some time ago', async () => {
  const { sub } = await known()
  const session = cookiesOf(await comeIn(sub)).find((cookie) => cookie.startsWith('daybook=')) ?? ''
  const again = async () => {
    const answer = await app.inject({ method: 'GET', url: '/sign-in/with/main?next=/secure', headers: { cookie: session } })
    const trip = { question: questionOf(String(answer.headers.location)), cookie: `${cookiesOf(answer)[0]}; ${session}` }
    expect(trip.question.url.searchParams.get('prompt')).toBe('login')
    expect(trip.question.url.searchParams.get('max_age')).toBe('0')
    return back(trip, provider.codeFor(trip.question, sub))
  }
  const now = Math.floor(Date.now() / 1000)
  provider.lies = { auth_time: now - 3600 }
  await expectRefused(await again(), 'not signed in again there')
  provider.lies = { auth_time: now }
  expect((await again()).headers.location).toBe('/secure')
  expect((await leave('main', '?next=/access')).question.url.searchParams.get('prompt')).toBeNull()
})

test('a key that was rotated a moment ago signs people in; the one before it nobody any more', async () => {
  const { sub } = await known()
  expect((await comeIn(sub)).statusCode).toBe(303)
  const [before] = provider.keys
  provider.keys = [await newKey()]
  expect((await comeIn(sub)).statusCode).toBe(303)
  provider.signer = before ?? null
  await expectRefused(await comeIn(sub), 'unknown signing key')
})

test('a clock that is less than a minute off is forgiven', async () => {
  const { sub } = await known()
  const now = Math.floor(Date.now() / 1000)
  provider.lies = { iat: now - 90, exp: now - 45 }
  expect((await comeIn(sub)).statusCode).toBe(303)
  provider.lies = { iat: now - 190, exp: now - 75 }
  await expectRefused(await comeIn(sub), 'not valid at this time: exp')
})

test('what the token leaves out is asked for', async () => {
  const { id, sub } = await known()
  provider.lies = { email: undefined, email_verified: undefined }
  provider.userinfo = { sub, email: `${sub}@example.com`, email_verified: true }
  expect((await comeIn(sub)).statusCode).toBe(303)
  expect(await lastAttempt()).toMatchObject({ outcome: 'allowed', actor: { id } })
})

test('a provider that brings people makes them members, with the roles of their groups and no other', async () => {
  provider.lies = { groups: ['daybook-readers', 'legal', 'owner'] }
  const answer = await comeIn('newcomer', 'joining')
  expect(answer.statusCode, answer.body).toBe(303)
  const rolesOf = async () =>
    (await daybook.rows<{ roles: string[] }>(`select roles from member where email = 'newcomer@example.com'`))[0]?.roles
  expect(await rolesOf()).toEqual(['member', 'analytics_viewer'])
  await daybook.rows(`update member set roles = roles || '{auditor}' where email = 'newcomer@example.com'`)
  provider.lies = { groups: ['daybook-admins'] }
  await comeIn('newcomer', 'joining')
  expect(await rolesOf()).toEqual(['member', 'auditor', 'admin'])
  expect((await daybook.entries('member.roles-by-group')).at(-1)).toMatchObject({ query: { roles: ['member', 'auditor', 'admin'] } })
  provider.lies = {}
  await comeIn('newcomer', 'joining')
  expect(await rolesOf()).toEqual(['member', 'auditor', 'admin'])
})

test('a provider that is down says so, and closes no other way in', async () => {
  const { sub } = await known()
  const trip = await leave()
  const code = provider.codeFor(trip.question, sub)
  provider.isDown = true
  const answer = await back(trip, code)
  expect(answer.statusCode).toBe(503)
  expect(answer.body).toContain('Provider main does not answer at the moment')
  expect(answer.body).toContain('npx daybook person link')
  expect((await app.inject({ method: 'GET', url: '/sign-in' })).statusCode).toBe(200)
})

describe('a provider says that somebody signed out there', () => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const isIn = async (cookie: string) => (await app.inject({ method: 'GET', url: '/api/account', headers: { cookie } })).statusCode === 200

  function claims(more: Record<string, unknown>): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000)
    const all = { iss: provider.issuer, aud: provider.clientId, iat: now, exp: now + 120, jti: crypto.randomUUID(), events, ...more }
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  }

  const tell = (token: string) =>
    app.inject({
      method: 'POST',
      url: '/sign-in/with/main/logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ logout_token: token }).toString(),
    })

  async function session(sub: string): Promise<string> {
    return cookiesOf(await comeIn(sub)).find((cookie) => cookie.startsWith('daybook=')) ?? ''
  }

  test('their sessions by it end, at once and no other', async () => {
    const [one, two] = [await known(), await known()]
    const [mine, again, theirs] = [await session(one.sub), await session(one.sub), await session(two.sub)]
    const answer = await tell(await provider.sign(claims({ sub: one.sub }), { typ: 'logout+jwt' }))
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(await Promise.all([mine, again, theirs].map(isIn))).toEqual([false, false, true])
    expect((await daybook.entries('session.end')).at(-1)).toMatchObject({
      actor: { id: one.id },
      query: { way: 'provider', provider: 'main' },
    })
  })

  test('a session of theirs by its id ends that one', async () => {
    const { sub } = await known()
    provider.lies = { sid: 'the first' }
    const first = await session(sub)
    provider.lies = { sid: 'the second' }
    const second = await session(sub)
    expect((await tell(await provider.sign(claims({ sid: 'the first' })))).statusCode).toBe(200)
    expect(await Promise.all([first, second].map(isIn))).toEqual([false, true])
  })

  test('the same word twice is refused', async () => {
    const { sub } = await known()
    const token = await provider.sign(claims({ sub }))
    expect((await tell(token)).statusCode).toBe(200)
    const again = await session(sub)
    expect((await tell(token)).statusCode).toBe(400)
    expect(await isIn(again)).toBe(true)
  })

  test.each([
    ['of another issuer', { iss: 'https://elsewhere.example.com' }],
    ['for another client', { aud: 'another' }],
    ['that is an ID token, by its nonce', { nonce: 'n' }],
    ['without the event', { events: {} }],
    ['about nobody', { sub: undefined, sid: undefined }],
    ['without an id of its own', { jti: undefined }],
    ['that has expired', { iat: 1_700_000_000, exp: 1_700_000_100 }],
    ['from long ago, without an end', { iat: 1_700_000_000, exp: undefined }],
  ])('a token %s ends nothing, and is on record', async (_title, lie) => {
    const { sub } = await known()
    const cookie = await session(sub)
    const answer = await tell(await provider.sign(claims({ sub, ...lie })))
    expect(answer.statusCode, answer.body).toBe(400)
    expect(answer.json().error).toBe('invalid_request')
    expect(await isIn(cookie)).toBe(true)
    expect((await daybook.entries('session.end')).at(-1)).toMatchObject({ outcome: 'denied', query: { provider: 'main' } })
  })

  test('a token that somebody else signed ends nothing', async () => {
    const { sub } = await known()
    const cookie = await session(sub)
    provider.signer = await newKey()
    expect((await tell(await provider.sign(claims({ sub })))).statusCode).toBe(400)
    expect((await tell('no.token.at-all')).statusCode).toBe(400)
    expect(await isIn(cookie)).toBe(true)
  })
})

test('whoever signs out is told that the provider still knows them, and can sign out there', async () => {
  const { sub } = await known()
  const cookie = cookiesOf(await comeIn(sub)).find((one) => one.startsWith('daybook=')) ?? ''
  const out = await app.inject({ method: 'POST', url: '/sign-out', headers: { cookie, 'sec-fetch-site': 'same-origin' } })
  expect(out.headers.location).toBe('/signed-out')
  const step = cookiesOf(out).find((one) => one.startsWith('daybook-step=')) ?? ''
  const page = await app.inject({ method: 'GET', url: '/signed-out', headers: { cookie: step } })
  expect(page.body).toContain('href="/sign-out/at/main"')
  const there = await app.inject({ method: 'GET', url: '/sign-out/at/main', headers: { cookie: step } })
  const url = new URL(String(there.headers.location))
  expect(`${url.origin}${url.pathname}`).toBe(`${provider.issuer}/end`)
  expect(url.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3)
  expect(url.searchParams.get('post_logout_redirect_uri')).toBe('http://localhost/')
})

test('the secrets of the client and of its people are in no log and no entry', async () => {
  const { sub } = await known()
  await comeIn(sub)
  const kept =
    daybook.logs + JSON.stringify(await daybook.allEntries()) + JSON.stringify(await daybook.rows('select s::text from session s'))
  for (const secret of [provider.clientSecret, 'an access token', 'eyJ']) expect(kept).not.toContain(secret)
})
