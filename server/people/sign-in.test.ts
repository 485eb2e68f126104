import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { cookieOf, linkFor, member, press, signIn, visit } from '../../test/support/people.ts'
import { stoppedClock } from '../platform/clock.ts'
import { actorOfSession } from './session.ts'
import { signIn as useLink } from './sign-in.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

const isIn = async (cookie: string) => (await visit(daybook, '/', cookie)).body.includes('Sign out')
const attempts = async () => (await daybook.entries('session.start')).map(({ outcome, reason }) => reason ?? outcome)

test('a link signs its owner in once', async () => {
  const { id, email } = await member(daybook, ['owner'])
  const link = await linkFor(daybook, id)
  const first = await press(daybook, link)
  expect(first.statusCode).toBe(303)
  expect(first.headers.location).toBe('/overview')
  expect((await visit(daybook, '/', cookieOf(first))).body).toContain(email)
  const second = await press(daybook, link)
  expect(second.statusCode).toBe(410)
  expect(second.headers['set-cookie']).toBeUndefined()
  expect((await attempts()).slice(-2)).toEqual(['allowed', 'used link'])
})

test('a link that a preview opens, however often, still works for its owner', async () => {
  const { id } = await member(daybook, ['owner'])
  const link = await linkFor(daybook, id)
  for (let i = 0; i < 3; i++) expect((await daybook.inject({ method: 'GET', url: link })).statusCode).toBe(200)
  expect((await press(daybook, link)).statusCode).toBe(303)
})

test('a link ends after 15 minutes', async () => {
  const { id, email } = await member(daybook, ['owner'])
  const [early, late] = [await linkFor(daybook, id), await linkFor(daybook, id)]
  clock.move({ minutes: 14, seconds: 59 })
  expect((await press(daybook, early)).statusCode).toBe(303)
  clock.move({ seconds: 1 })
  expect((await press(daybook, late)).statusCode).toBe(410)
  expect((await daybook.entries('session.start')).at(-1)).toMatchObject({
    outcome: 'denied',
    reason: 'expired link',
    actor: { name: email },
  })
})

test('a link that nobody has opens nothing and tells nothing, and the try is kept', async () => {
  const answer = await press(daybook, `/sign-in/${'A'.repeat(43)}`)
  expect(answer.statusCode).toBe(410)
  expect(answer.body).toContain('This link does not sign you in')
  expect((await attempts()).at(-1)).toBe('unknown link')
})

test('two who press the button of one link at the same time make one session', async () => {
  const { id } = await member(daybook, ['owner'])
  const link = await linkFor(daybook, id)
  const answers = await Promise.all([press(daybook, link), press(daybook, link), press(daybook, link)])
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 410, 410])
})

test('a session ends after 30 minutes without a request', async () => {
  const { id } = await member(daybook, ['owner'])
  const cookie = await signIn(daybook, id)
  clock.move({ minutes: 29 })
  expect(await isIn(cookie)).toBe(true)
  clock.move({ minutes: 29 })
  expect(await isIn(cookie)).toBe(true)
  clock.move({ minutes: 30 })
  expect(await isIn(cookie)).toBe(false)
})

test('a session ends after 12 hours, however busy', async () => {
  const { id } = await member(daybook, ['owner'])
  const cookie = await signIn(daybook, id)
  for (let minutes = 20; minutes < 12 * 60; minutes += 20) {
    clock.move({ minutes: 20 })
    expect(await isIn(cookie)).toBe(true)
  }
  clock.move({ minutes: 20 })
  expect(await isIn(cookie)).toBe(false)
})

test('signing out ends the session on the server', async () => {
  const { id } = await member(daybook, ['owner'])
  const cookie = await signIn(daybook, id)
  const answer = await press(daybook, '/sign-out', { cookie })
  expect(answer.statusCode).toBe(303)
  expect(answer.headers['set-cookie']).toMatch(/Max-Age=0/)
  expect(await isIn(cookie)).toBe(false)
  expect((await daybook.entries('session.end')).at(-1)).toMatchObject({ outcome: 'allowed', actor: { id } })
})

test('a form that another site posts is refused, by either sign of it', async () => {
  const { id } = await member(daybook, ['owner'])
  const link = await linkFor(daybook, id)
  expect((await press(daybook, link, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
  const byOrigin = (origin: string) => daybook.inject({ method: 'POST', url: link, headers: { origin, host: 'daybook.example.com' } })
  expect((await byOrigin('https://evil.example.com')).statusCode).toBe(403)
  expect((await byOrigin('null')).statusCode).toBe(403)
  expect((await byOrigin('http://daybook.example.com')).statusCode).toBe(303)
})

test('neither the link nor the session can be read out of the database or the log', async () => {
  const { id } = await member(daybook, ['owner'])
  const link = await linkFor(daybook, id)
  const answer = await press(daybook, link)
  const token = link.split('/').at(-1) ?? ''
  const session = cookieOf(answer).split('=')[1] ?? ''
  expect(session).toHaveLength(43)
  const rows = await daybook.rows<{ text: string }>('select s::text as text from sign_in_link s union all select s::text from session s')
  const stored = rows.map(({ text }) => text).join() + daybook.logs
  for (const secret of [token, session]) {
    expect(stored).not.toContain(secret)
    expect(stored).not.toContain(Buffer.from(secret, 'base64url').toString('hex'))
  }
})

test('without TLS the cookie has its plain name; nothing but the server reads it', async () => {
  const { id } = await member(daybook, ['owner'])
  const answer = await press(daybook, await linkFor(daybook, id))
  expect(answer.headers['set-cookie']).toMatch(/^daybook=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
})

test('a change of roles counts from the next request on', async () => {
  const { id, email } = await member(daybook, ['member'])
  const cookie = await signIn(daybook, id)
  expect((await visit(daybook, '/access', cookie)).statusCode).toBe(403)
  await daybook.rows(`update member set roles = '{auditor}' where email = $1`, [email])
  expect((await visit(daybook, '/access', cookie)).statusCode).toBe(200)
})

test('a session is as short as the roles of its owner want it, also those they got since', async () => {
  const { ledger } = daybook
  const long = { ...ledger, config: { ...ledger.config, sessions: { idleMinutes: 720, longestHours: 168 } } }
  const { id } = await member(daybook, ['member'])
  const visitor = { requestId: randomUUID(), address: null, userAgent: undefined, replaces: null }
  const { session } = await useLink(long, visitor, (await linkFor(daybook, id)).replace('/sign-in/', ''))
  clock.move({ hours: 11 })
  expect((await actorOfSession(long, session)).person.id).toBe(id)
  clock.move({ hours: 2 })
  expect((await actorOfSession(long, session)).person.id).toBe(id)
  await ledger.database.writes.query("update member set roles = '{admin}' where id = $1", [id])
  await expect(actorOfSession(long, session)).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('what a browser calls itself is kept no longer than it may be', async () => {
  const { id } = await member(daybook, ['owner'])
  await press(daybook, await linkFor(daybook, id), { 'user-agent': 'x'.repeat(5000) })
  expect(String((await daybook.entries('session.start')).at(-1)?.user_agent)).toHaveLength(300)
})
