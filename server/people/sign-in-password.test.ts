import { expect, test } from 'vitest'
import { accountWithPassword, ask, codeOf, cookiesOf, post, stepAfter } from '../../test/support/accounts.ts'
import { openTestApp } from '../../test/support/app.ts'
import { cookieOf, linkFor, member, press, visit } from '../../test/support/people.ts'
import { stoppedClock } from '../platform/clock.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

const attempts = async () => (await daybook.entries('session.start')).map(({ outcome, reason }) => reason ?? outcome)
const lastAttempt = async () => (await daybook.entries('session.start')).at(-1)
const typePassword = (email: string, password: string, address?: string, cookie?: string) =>
  post(daybook, '/sign-in/password', { email, password }, { ...(address ? { address } : {}), ...(cookie ? { cookie } : {}) })
const typeCode = (step: string, code: string, address?: string) =>
  post(daybook, '/sign-in/code', { step, code }, address ? { address } : {})

test('a password and a code let somebody in, and the entry says how', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  clock.move({ seconds: 30 })
  const step = await stepAfter(await typePassword(account.email.toUpperCase(), account.password))
  const answer = await typeCode(step, codeOf(account.secret, clock.now()))
  expect(answer.statusCode).toBe(303)
  expect(answer.headers.location).toBe('/overview')
  expect((await visit(daybook, '/', cookieOf(answer))).body).toContain(account.email)
  expect(await lastAttempt()).toMatchObject({ outcome: 'allowed', actor: { id: account.id }, query: { way: 'password', factor: 'code' } })
})

test('a code works once, also for somebody who begins anew, and an older one not after a newer', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const first = codeOf(account.secret, clock.now())
  clock.move({ seconds: 30 })
  const next = codeOf(account.secret, clock.now())
  const begin = async () => stepAfter(await typePassword(account.email, account.password))
  expect((await typeCode(await begin(), first)).statusCode).toBe(401)
  expect((await typeCode(await begin(), next)).statusCode).toBe(303)
  expect((await typeCode(await begin(), next)).statusCode).toBe(401)
  clock.move({ minutes: 2 })
  expect((await typeCode(await begin(), next)).statusCode).toBe(401)
})

test('the password alone lets nobody in, and its half is good once and for five minutes', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  clock.move({ seconds: 30 })
  const answer = await typePassword(account.email, account.password)
  expect(answer.headers['set-cookie']).toBeUndefined()
  const step = await stepAfter(answer)
  expect((await typeCode(step, account.recoveryCodes[0] ?? '')).statusCode).toBe(303)
  expect((await typeCode(step, account.recoveryCodes[1] ?? '')).statusCode).toBe(401)
  const late = await stepAfter(await typePassword(account.email, account.password))
  clock.move({ minutes: 5 })
  expect((await typeCode(late, account.recoveryCodes[2] ?? '')).statusCode).toBe(410)
  expect((await typeCode('made up', '123456')).statusCode).toBe(410)
})

test('a recovery code replaces the app once, however it is typed', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  expect(new Set(account.recoveryCodes).size).toBe(10)
  const begin = async () => stepAfter(await typePassword(account.email, account.password))
  const code = account.recoveryCodes[3] ?? ''
  expect((await typeCode(await begin(), code.toUpperCase().replaceAll('-', ' '))).statusCode).toBe(303)
  expect(await lastAttempt()).toMatchObject({ query: { factor: 'recovery code' } })
  expect((await typeCode(await begin(), code)).statusCode).toBe(401)
  expect((await ask(daybook, 'GET', '/api/account', account.cookie)).json().password.recovery_codes).toBe(9)
})

test('an address nobody has is answered word for word like a wrong password', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const { email: without } = await member(daybook, ['owner'])
  const answers = [
    await typePassword(account.email, 'not this one at all', '192.0.2.10'),
    await typePassword('nobody@example.com', 'not this one at all', '192.0.2.10'),
    await typePassword(without, 'not this one at all', '192.0.2.10'),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401])
  const pages = answers.map(({ body }) => body.replace(/name="email" type="email" value="[^"]*"/, ''))
  expect(new Set(pages).size).toBe(1)
  expect((await attempts()).slice(-3)).toEqual(['wrong password', 'unknown account', 'member without a password'])
})

test('what was typed for a name or a password is in no log and no record', async () => {
  await typePassword('my-secret-as-a-name@example.com', 'my secret as a password', '192.0.2.11')
  const kept =
    daybook.logs + JSON.stringify(await daybook.allEntries()) + JSON.stringify(await daybook.rows('select d::text from door_try d'))
  expect(kept).not.toContain('my-secret')
  expect(kept).not.toContain('my secret')
})

test('neither password, nor secret, nor codes can be read out of the database', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const rows = await daybook.rows<{ text: string }>('select p::text as text from password p union all select r::text from recovery_code r')
  const kept = rows.map(({ text }) => text).join() + daybook.logs + JSON.stringify(await daybook.allEntries())
  for (const secret of [account.password, account.secret, ...account.recoveryCodes]) {
    expect(kept).not.toContain(secret)
    expect(kept).not.toContain(Buffer.from(secret).toString('hex'))
  }
  expect(rows[0]?.text).toContain('argon2id$m=47104,t=1,p=1$')
})

test('guessing from one network locks the owner out of nothing', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  clock.move({ seconds: 30 })
  const step = await stepAfter(await typePassword(account.email, account.password, '198.51.100.1'))
  const known = cookiesOf(await typeCode(step, codeOf(account.secret, clock.now()), '198.51.100.1'))[1] ?? ''
  expect(known).toMatch(/^daybook-device=/)
  for (let guess = 0; guess < 5; guess++)
    expect((await typePassword(account.email, `guess number ${guess}`, '198.51.100.9')).statusCode).toBe(401)
  const held = await typePassword(account.email, account.password, '198.51.100.9')
  expect(held.statusCode).toBe(429)
  expect(held.headers['retry-after']).toBe('1')
  expect(held.body).toContain('There were too many tries from here')
  expect(await lastAttempt()).toMatchObject({ outcome: 'denied', reason: 'too many tries', actor: { id: account.id } })
  // Another network, a browser that was here before on the same network, and a link are not held up.
  expect((await typePassword(account.email, account.password, '203.0.113.5')).statusCode).toBe(200)
  expect((await typePassword(account.email, account.password, '198.51.100.9', known)).statusCode).toBe(200)
  const link = await linkFor(daybook, account.id)
  expect(
    (await daybook.inject({ method: 'POST', url: link, remoteAddress: '198.51.100.9', headers: { 'sec-fetch-site': 'same-origin' } }))
      .statusCode,
  ).toBe(303)
  clock.move({ seconds: 1 })
  expect((await typePassword(account.email, account.password, '198.51.100.9')).statusCode).toBe(200)
})

test('an address nobody has is held up like one that somebody has', async () => {
  for (let guess = 0; guess < 5; guess++)
    expect((await typePassword('ghost@example.com', 'what could it be', '198.51.100.20')).statusCode).toBe(401)
  expect((await typePassword('ghost@example.com', 'what could it be', '198.51.100.20')).statusCode).toBe(429)
})

test("somebody else's device cookie is worth nothing", async () => {
  const [one, other] = [await accountWithPassword(daybook, ['owner']), await accountWithPassword(daybook, ['owner'])]
  const step = await stepAfter(await typePassword(other.email, other.password))
  const device = cookiesOf(await typeCode(step, other.recoveryCodes[0] ?? ''))[1] ?? ''
  for (let guess = 0; guess < 5; guess++) await typePassword(one.email, 'no idea what it is', '198.51.100.30')
  expect((await typePassword(one.email, 'no idea what it is', '198.51.100.30', device)).statusCode).toBe(429)
})

test('a hundred made-up links leave a handful of entries, with how many there were', async () => {
  const before = (await attempts()).length
  for (let times = 0; times < 100; times++) await press(daybook, `/sign-in/${'B'.repeat(42)}${times % 10}`)
  const entries = (await daybook.entries('session.start')).slice(before)
  expect(entries).toHaveLength(13)
  expect(entries.at(-1)).toMatchObject({ reason: 'unknown link', query: { times: 64 } })
})

test('a member who was shut out comes in by no way, and their sessions have ended', async () => {
  const account = await accountWithPassword(daybook, ['auditor'])
  const link = await linkFor(daybook, account.id)
  await daybook.rows('update member set deactivated_at = now() where id = $1', [account.id])
  expect((await ask(daybook, 'GET', '/api/account', account.cookie)).statusCode).toBe(401)
  expect((await typePassword(account.email, account.password, '198.51.100.40')).statusCode).toBe(401)
  expect((await press(daybook, link)).statusCode).toBe(410)
  expect((await attempts()).slice(-2)).toEqual(['deactivated member', 'deactivated member'])
})

test('a form from another site is refused before anything is looked at', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' }
  const urls = ['/sign-in/password', '/sign-in/code', '/sign-in/passkey', '/sign-in/passkey/options', '/sign-out']
  for (const url of urls) expect((await daybook.inject({ method: 'POST', url, headers, payload: '' })).statusCode, url).toBe(403)
})
