import { expect, test } from 'vitest'
import { account as accountShape, sessionList, totpSetup } from '../../contract/account.ts'
import { accountWithPassword, ask, codeOf, post, stepAfter } from '../../test/support/accounts.ts'
import { openTestApp } from '../../test/support/app.ts'
import { cookieOf, linkFor, member, press, signIn, visit } from '../../test/support/people.ts'
import { transaction } from '../ledger/writer.ts'
import { stoppedClock } from '../platform/clock.ts'
import { addMember } from './members.ts'
import { operatorContext } from './operator.ts'
import { takeAccount } from './sign-in-ways.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'
const isIn = async (cookie: string) => (await ask(daybook, 'GET', '/api/account', cookie)).statusCode === 200
const accountOf = async (cookie: string) => accountShape.parse((await ask(daybook, 'GET', '/api/account', cookie)).json())
const sessionsOf = async (cookie: string) => sessionList.parse((await ask(daybook, 'GET', '/api/account/sessions', cookie)).json()).data

test('an account says who somebody is, how they come in, and until when nothing more is asked', async () => {
  const { id, email } = await member(daybook, ['auditor'])
  const cookie = await signIn(daybook, id)
  expect(await accountOf(cookie)).toMatchObject({ id, email, roles: ['auditor'], password: null, passkeys: [], providers: [] })
  expect(Date.parse((await accountOf(cookie)).session.fresh_until)).toBe(clock.now().epochMilliseconds + 600_000)
})

test('a key has no account, and that it asked is on record', async () => {
  const key = await daybook.key(['people:manage', 'activity:read'])
  expect((await daybook.get('/api/account', key)).statusCode).toBe(403)
  expect((await daybook.entries('account.open')).at(-1)).toMatchObject({ outcome: 'denied', actor: { kind: 'key' } })
})

test('sessions are listed with device, address and way, and ended one by one or all but this one', async () => {
  const { id } = await member(daybook, ['owner'])
  const phone = cookieOf(await press(daybook, await linkFor(daybook, id), { 'user-agent': firefox }))
  const [other, third] = [await signIn(daybook, id), await signIn(daybook, id)]
  const all = await sessionsOf(phone)
  expect(all).toHaveLength(3)
  const own = all.find(({ current }) => current)
  expect(own).toMatchObject({ way: 'link', device: 'Firefox on Linux', address: '127.0.0.1', provider: null })
  const otherId = (await sessionsOf(other)).find(({ current }) => current)?.id ?? ''
  expect((await ask(daybook, 'DELETE', `/api/account/sessions/${otherId}`, phone)).json()).toEqual({ ended: 1 })
  expect([await isIn(phone), await isIn(other), await isIn(third)]).toEqual([true, false, true])
  expect((await ask(daybook, 'DELETE', '/api/account/sessions', phone)).json()).toEqual({ ended: 1 })
  expect([await isIn(phone), await isIn(third)]).toEqual([true, false])
  expect((await daybook.entries('session.end')).at(-1)).toMatchObject({ outcome: 'allowed', actor: { id }, query: { sessions: 1 } })
})

test("nobody ends or sees somebody else's session through their own account", async () => {
  const [mine, theirs] = [
    await signIn(daybook, (await member(daybook, ['owner'])).id),
    await signIn(daybook, (await member(daybook, ['owner'])).id),
  ]
  const [foreign] = await sessionsOf(theirs)
  expect((await ask(daybook, 'DELETE', `/api/account/sessions/${foreign?.id}`, mine)).statusCode).toBe(404)
  expect((await sessionsOf(mine)).map(({ id }) => id)).not.toContain(foreign?.id)
  expect(await isIn(theirs)).toBe(true)
})

test('signing in again makes another session and ends the one before it', async () => {
  const { id } = await member(daybook, ['owner'])
  const before = await signIn(daybook, id)
  const after = cookieOf(await press(daybook, await linkFor(daybook, id), { cookie: before }))
  expect(after).not.toBe(before)
  expect([await isIn(before), await isIn(after)]).toEqual([false, true])
})

test('who manages people sees and ends the sessions of a member; of another workspace there is none', async () => {
  const [place, elsewhere] = [await daybook.place(), await daybook.place()]
  const admin = await signIn(daybook, (await member(daybook, ['admin'], place)).id)
  const { id } = await member(daybook, ['analytics_viewer'], place)
  const cookie = await signIn(daybook, id)
  const url = `/api/members/${id}/sessions`
  expect(sessionList.parse((await ask(daybook, 'GET', url, admin)).json()).data).toHaveLength(1)
  expect((await ask(daybook, 'DELETE', url, admin)).json()).toEqual({ ended: 1 })
  expect(await isIn(cookie)).toBe(false)
  const foreign = await member(daybook, ['analytics_viewer'], elsewhere)
  for (const method of ['GET', 'DELETE'] as const) {
    expect((await ask(daybook, method, `/api/members/${foreign.id}/sessions`, admin)).statusCode).toBe(404)
    expect((await ask(daybook, method, url, cookie)).statusCode).toBe(401)
  }
})

test('an admin does not throw an owner out', async () => {
  const owner = await member(daybook, ['owner'])
  const cookie = await signIn(daybook, owner.id)
  const admin = await signIn(daybook, (await member(daybook, ['admin'])).id)
  expect((await ask(daybook, 'DELETE', `/api/members/${owner.id}/sessions`, admin)).statusCode).toBe(403)
  expect(await isIn(cookie)).toBe(true)
})

test('what is sensitive asks for a sign-in no older than ten minutes, and says so in its code', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const change = () => ask(daybook, 'PUT', '/api/account/password', account.cookie, { password: 'another long password' })
  expect((await change()).statusCode).toBe(200)
  clock.move({ minutes: 10 })
  const late = await change()
  expect(late.statusCode).toBe(403)
  expect(late.json().code).toBe('sign_in_again')
  expect((await daybook.entries('password.set')).at(-1)).toMatchObject({ outcome: 'denied', reason: 'sign in again' })
  expect((await ask(daybook, 'POST', '/api/account/passkeys/options', account.cookie)).statusCode).toBe(403)
  expect((await ask(daybook, 'POST', '/api/account/totp', account.cookie)).statusCode).toBe(403)
})

test('a new password ends every other session, and the old one works no more', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const other = await signIn(daybook, account.id)
  expect((await ask(daybook, 'PUT', '/api/account/password', account.cookie, { password: 'another long password' })).json()).toEqual({
    recovery_codes: null,
  })
  expect([await isIn(account.cookie), await isIn(other)]).toEqual([true, false])
  expect((await post(daybook, '/sign-in/password', { email: account.email, password: account.password })).statusCode).toBe(401)
  expect((await post(daybook, '/sign-in/password', { email: account.email, password: 'another long password' })).statusCode).toBe(200)
})

test.each([
  ['elevenchars', 'needs 12 characters or more'],
  ['PasswordPassword', 'among the first that anybody would try'],
  ['correct horse battery staple', 'among the first that anybody would try'],
])('%s is no password', async (password, words) => {
  const cookie = await signIn(daybook, (await member(daybook, ['owner'])).id)
  const { setup, secret } = totpSetup.parse((await ask(daybook, 'POST', '/api/account/totp', cookie)).json())
  const answer = await ask(daybook, 'PUT', '/api/account/password', cookie, { password, setup, code: codeOf(secret, clock.now()) })
  expect(answer.statusCode).toBe(400)
  expect(answer.json().detail).toContain(words)
})

test('a first password needs an app, with a set-up of one’s own and its present code', async () => {
  const cookie = await signIn(daybook, (await member(daybook, ['owner'])).id)
  const another = await signIn(daybook, (await member(daybook, ['owner'])).id)
  const password = 'long enough for anybody'
  const begin = async (from: string) => totpSetup.parse((await ask(daybook, 'POST', '/api/account/totp', from)).json())
  const put = async (more: object) => (await ask(daybook, 'PUT', '/api/account/password', cookie, { password, ...more })).statusCode
  expect(await put({})).toBe(400)
  const { setup, secret } = await begin(cookie)
  expect(await put({ setup, code: codeOf(secret, clock.now().subtract({ minutes: 5 })) })).toBe(400)
  const theirs = await begin(another)
  expect(await put({ setup: theirs.setup, code: codeOf(theirs.secret, clock.now()) })).toBe(410)
  expect(await put({ setup, code: codeOf(secret, clock.now()) })).toBe(200)
})

test('the set-up says the same in text, address and picture', async () => {
  const { id, email } = await member(daybook, ['owner'])
  const { secret, uri, qr } = totpSetup.parse((await ask(daybook, 'POST', '/api/account/totp', await signIn(daybook, id))).json())
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(uri).toContain(`otpauth://totp/Daybook:${encodeURIComponent(email)}?issuer=Daybook&secret=${secret}`)
  expect(qr).toMatch(/^<svg /)
})

test('another app and other recovery codes take the place of the old ones', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const { setup, secret } = totpSetup.parse((await ask(daybook, 'POST', '/api/account/totp', account.cookie)).json())
  const answer = await ask(daybook, 'PUT', '/api/account/totp', account.cookie, { setup, code: codeOf(secret, clock.now()) })
  expect(answer.statusCode, answer.body).toBe(200)
  const renewed = await ask(daybook, 'POST', '/api/account/recovery-codes', account.cookie)
  const codes: string[] = renewed.json().recovery_codes
  clock.move({ seconds: 30 })
  const begin = async () => stepAfter(await post(daybook, '/sign-in/password', { email: account.email, password: account.password }))
  const tryCode = async (code: string) => (await post(daybook, '/sign-in/code', { step: await begin(), code })).statusCode
  expect(await tryCode(codeOf(account.secret, clock.now()))).toBe(401)
  expect(await tryCode(account.recoveryCodes[0] ?? '')).toBe(401)
  expect(await tryCode(codeOf(secret, clock.now()))).toBe(303)
  expect(await tryCode(codes[0] ?? '')).toBe(303)
})

test('the last way in cannot be removed', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const refused = await ask(daybook, 'DELETE', '/api/account/password', account.cookie)
  expect(refused.statusCode).toBe(409)
  expect((await accountOf(account.cookie)).password).not.toBeNull()
  const values = [daybook.ledger.organization.number, account.id]
  await daybook.rows(
    `insert into identity (organization_id, issuer, subject, member_id, provider, linked_at) values ($1, 'https://id.example.com', 'x', $2, 'sso', now())`,
    values,
  )
  expect((await ask(daybook, 'DELETE', '/api/account/password', account.cookie)).statusCode).toBe(200)
  expect((await ask(daybook, 'DELETE', '/api/account/providers/sso', account.cookie)).statusCode).toBe(409)
})

test('who comes by a first link is asked to secure the account, once, and may put it off', async () => {
  const { id } = await addMember(operatorContext(daybook.ledger), { email: 'fresh@example.com', roles: ['owner'], workspace: null })
  const first = await press(daybook, await linkFor(daybook, id))
  expect(first.headers.location).toBe('/secure')
  const cookie = cookieOf(first)
  const page = await visit(daybook, '/secure', cookie)
  expect(page.body).toContain('Go on without')
  expect(page.headers['content-security-policy']).toContain(`script-src 'self'`)
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
  expect((await post(daybook, '/secure/skip', {}, { cookie })).headers.location).toBe('/overview')
  expect((await press(daybook, await linkFor(daybook, id))).headers.location).toBe('/overview')
})

test('the page of the first run sets up password and app, and shows the codes that once', async () => {
  const { id, email } = await member(daybook, ['owner'])
  const cookie = await signIn(daybook, id)
  const page = (await visit(daybook, '/secure/password', cookie)).body
  const setup = /name="setup" value="([\w-]+)"/.exec(page)?.[1] ?? ''
  const secret = /<code>([A-Z2-7 ]{39})<\/code>/.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
  const send = (password: string) =>
    post(daybook, '/secure/password', { password, setup, code: codeOf(secret, clock.now()), next: '/access' }, { cookie })
  const short = await send('short')
  expect(short.statusCode).toBe(400)
  expect(short.body).toContain('Needs 12 characters or more')
  expect(short.body).toContain(setup)
  expect(short.body).not.toContain('"short"')
  const done = await send('long enough for anybody')
  expect(done.body.match(/[0-9a-z]{4}(-[0-9a-z]{4}){3}/g)).toHaveLength(10)
  expect(done.body).toContain('href="/access"')
  expect((await post(daybook, '/sign-in/password', { email, password: 'long enough for anybody' })).statusCode).toBe(200)
})

test.each([['https://evil.example.com/'], ['//evil.example.com/'], ['/\\evil.example.com/'], ['javascript:alert(1)'], ['/a\nb']])(
  'nobody is sent to %j after the sign-in',
  async (next) => {
    const account = await accountWithPassword(daybook, ['owner'])
    const step = await stepAfter(await post(daybook, '/sign-in/password', { email: account.email, password: account.password, next }))
    const answer = await post(daybook, '/sign-in/code', { step, code: account.recoveryCodes[0] ?? '', next })
    expect(answer.headers.location).toBe('/overview')
  },
)

test('who was sent to the door comes back to the page they wanted', async () => {
  const account = await accountWithPassword(daybook, ['owner'])
  const door = await daybook.inject({ method: 'GET', url: '/access?outcome=denied' })
  expect(door.statusCode).toBe(401)
  expect(door.body).toContain('name="next" value="/access?outcome=denied"')
  const step = await stepAfter(
    await post(daybook, '/sign-in/password', { email: account.email, password: account.password, next: '/access?outcome=denied' }),
  )
  const answer = await post(daybook, '/sign-in/code', { step, code: account.recoveryCodes[0] ?? '', next: '/access?outcome=denied' })
  expect(answer.headers.location).toBe('/access?outcome=denied')
})

test('a passkey of somebody else, of another address or made up adds nothing', async () => {
  const cookie = await signIn(daybook, (await member(daybook, ['owner'])).id)
  const options = await ask(daybook, 'POST', '/api/account/passkeys/options', cookie)
  expect(options.json().options).toMatchObject({
    rp: { id: 'localhost' },
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  const { step } = options.json()
  const made = {
    id: 'AAAA',
    rawId: 'AAAA',
    type: 'public-key',
    response: { clientDataJSON: 'e30', attestationObject: 'oA' },
    clientExtensionResults: {},
  }
  const add = async (from: string, body: object) =>
    (await ask(daybook, 'POST', '/api/account/passkeys', from, { name: 'Key', step, response: made, ...body })).statusCode
  expect(await add(cookie, {})).toBe(400)
  expect(await add(cookie, { response: {} })).toBe(400)
  expect(await add(cookie, { step: 'made up' })).toBe(410)
  expect(await add(await signIn(daybook, (await member(daybook, ['owner'])).id), {})).toBe(410)
  const numbers = await daybook.inject({
    method: 'POST',
    url: '/api/account/passkeys/options',
    headers: { cookie, 'sec-fetch-site': 'same-origin', host: '127.0.0.1:8484' },
  })
  expect(numbers.statusCode).toBe(409)
})

test('a session that another one ended with a new password changes nothing any more, though its request was under way', async () => {
  const { ledger } = daybook
  const { id, cookie, password } = await accountWithPassword(daybook, ['owner'])
  const stolen = await signIn(daybook, id)
  const waiting = async () => Number((await daybook.rows<{ n: number }>('select count(*) as n from pg_locks where not granted'))[0]?.n)
  const asked: ReturnType<typeof ask>[] = []
  await transaction(ledger.database.writes, async (tx) => {
    await takeAccount(tx, ledger, id)
    asked.push(ask(daybook, 'PUT', '/api/account/password', cookie, { password: `${password} anew` }))
    await expect.poll(waiting).toBe(1)
    asked.push(ask(daybook, 'POST', '/api/account/recovery-codes', stolen))
    await expect.poll(waiting).toBe(2)
  })
  expect((await Promise.all(asked)).map(({ statusCode }) => statusCode)).toEqual([200, 401])
})
