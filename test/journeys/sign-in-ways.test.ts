import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Provider } from 'oidc-provider'
import type { BrowserContext, Page } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { addMember } from '../../server/people/members.ts'
import { operatorContext } from '../../server/people/operator.ts'
import { createSignInLink } from '../../server/people/sign-in.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { codeOf } from '../support/accounts.ts'
import { TestApp } from '../support/app.ts'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'
import { checkPage, complaintsOf, tabTo } from './walking.ts'

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

/** The time of day, so that a real provider's tokens fit, and ahead of it when a session is to end. */
let ahead = Temporal.Duration.from({ seconds: 0 })
const clock = { now: () => systemClock.now().add(ahead) }

/** A real provider that lets everybody in who types a name. `prepare` tells it of its client once the client's address is known. */
async function openProvider(): Promise<{ issuer: string; server: Server; prepare(origin: string): void }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
  const prepare = (origin: string) => {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: 'daybook',
          client_secret: 'a secret of the client',
          token_endpoint_auth_method: 'client_secret_post',
          redirect_uris: [`${origin}/sign-in/with/sso/callback`],
          post_logout_redirect_uris: [`${origin}/`],
          backchannel_logout_uri: `${origin.replace('localhost', '127.0.0.1')}/sign-in/with/sso/logout`,
          backchannel_logout_session_required: true,
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
      cookies: { keys: ['a key of the provider'] },
      // By itself it tells nobody on the loopback address anything.
      fetch: (url, { dispatcher: _guard, ...options } = {}) => fetch(url, options),
      findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true }) }),
    })
    server.on('request', provider.callback())
  }
  return { issuer, server, prepare }
}

describe.skipIf(noBrowser !== null)('in a browser', () => {
  const daybook = new TestApp({ clock })
  let app: FastifyInstance
  let provider: Awaited<ReturnType<typeof openProvider>>
  let visitor: Visitor
  let origin: string

  beforeAll(async () => {
    visitor = await openBrowser()
    await daybook.start()
    provider = await openProvider()
    const sso = { id: 'sso', name: 'Example SSO', issuer: provider.issuer, clientId: 'daybook', clientSecret: 'a secret of the client' }
    const providers = [{ ...sso, scopes: ['openid', 'email'], trustsEmail: false, joins: false, groupsClaim: 'groups', roles: {} }]
    app = await buildApp({ ...daybook.ledger, config: { ...daybook.ledger.config, providers } })
    origin = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost')
    provider.prepare(origin)
  })

  afterAll(async () => {
    await visitor?.leave()
    provider?.server.closeAllConnections()
    provider?.server.close()
    await app?.close()
    await daybook.remove()
  })

  const browse = (width = 1440, colorScheme: 'light' | 'dark' = 'light') =>
    visitor.browse({ viewport: { width, height: 900 }, colorScheme })

  async function linkOf(email: string): Promise<string> {
    const { id } = await addMember(operatorContext(daybook.ledger), { email, roles: ['auditor'], workspace: null })
    return createSignInLink(daybook.ledger, id, origin)
  }

  /** Types a name at the provider's own pages and lets it pass on what it is asked for. */
  async function typeNameThere(page: Page, name: string): Promise<void> {
    await page.locator('input[name=login]').fill(name)
    await page.locator('input[name=password]').fill('anything')
    await page.locator('button[type=submit]').click()
    await page.locator('button[type=submit]').click()
  }

  const isDoor = (page: Page) => page.getByRole('heading', { name: 'Sign in to Daybook' }).waitFor()
  const isHome = (page: Page) => page.getByRole('heading', { name: 'What is where' }).waitFor()
  const endOfSession = async () => (await daybook.entries('session.end')).at(-1)

  async function comeInBySso(context: BrowserContext, name: string): Promise<Page> {
    await addMember(operatorContext(daybook.ledger), { email: `${name}@example.com`, roles: ['auditor'], workspace: null })
    const page = await context.newPage()
    await page.goto(`${origin}/`)
    await page.getByRole('link', { name: 'Sign in with Example SSO' }).click()
    await typeNameThere(page, name)
    await isHome(page)
    return page
  }

  test('somebody comes in through a real provider, is out when the session ends, and signs out here and there', async () => {
    const context = await browse()
    const page = await comeInBySso(context, 'ann')
    expect((await daybook.entries('session.start')).at(-1)).toMatchObject({
      outcome: 'allowed',
      query: { way: 'provider', provider: 'sso' },
    })
    ahead = Temporal.Duration.from({ minutes: 31 })
    await page.goto(`${origin}/secure`)
    await isDoor(page)
    ahead = Temporal.Duration.from({ seconds: 0 })
    await context.clearCookies({ name: 'daybook' })
    await page.goto(`${origin}/secure`)
    // The provider still knows this browser, and asks nothing.
    await page.getByRole('link', { name: 'Sign in with Example SSO' }).click()
    await page.waitForURL(`${origin}/secure`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Signed out' }).waitFor()
    await checkPage(page)
    await page.getByRole('link', { name: 'Sign out of Example SSO as well' }).click()
    await page.locator('button[value=yes], button[type=submit]').first().click()
    await isDoor(page)
    expect(await endOfSession()).toMatchObject({ outcome: 'allowed', actor: { name: 'ann@example.com' } })
    await context.close()
  })

  test('signing out at the provider ends the session here, without the browser doing anything', async () => {
    const context = await browse()
    const page = await comeInBySso(context, 'bea')
    const there = await context.newPage()
    await there.goto(`${provider.issuer}/session/end`)
    const before = (await daybook.entries('session.end')).length
    await there.locator('button[value=yes], button[type=submit]').first().click()
    await expect.poll(async () => (await daybook.entries('session.end')).length).toBeGreaterThan(before)
    expect(await endOfSession()).toMatchObject({
      outcome: 'allowed',
      actor: { name: 'bea@example.com' },
      query: { way: 'provider', provider: 'sso' },
    })
    await page.reload()
    await isDoor(page)
    await context.close()
  })

  test('a first link leads to a passkey, by the keyboard, and the passkey lets its owner in from then on', async () => {
    const context = await browse()
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto(await linkOf('cleo@example.com'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Secure this account' }).waitFor()
    await checkPage(page)
    await tabTo(page, 'Add a passkey')
    await page.keyboard.press('Enter')
    await isHome(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isDoor(page)
    await checkPage(page)
    const sent = page.waitForRequest(`${origin}/sign-in/passkey`)
    await tabTo(page, 'Sign in with a passkey')
    await page.keyboard.press('Enter')
    await isHome(page)
    expect((await daybook.entries('session.start')).at(-1)).toMatchObject({
      outcome: 'allowed',
      query: { way: 'passkey' },
      actor: { name: 'cleo@example.com' },
    })
    expect(complaints).toEqual([])
    await context.close()
    await refusesAgain((await sent).postDataJSON())
  })

  /** What signed somebody in once signs nobody in again, neither as it was nor for another question. */
  async function refusesAgain(body: object): Promise<void> {
    const again = async (more: object) =>
      daybook.inject({ method: 'POST', url: '/sign-in/passkey', headers: { host: new URL(origin).host }, payload: { ...body, ...more } })
    // As with an authenticator that does not count.
    await daybook.rows('update passkey set counter = 0')
    expect((await again({})).statusCode).toBe(401)
    const { step } = (await daybook.inject({ method: 'POST', url: '/sign-in/passkey/options' })).json()
    expect((await again({ step })).statusCode).toBe(401)
    expect((await again({ step, response: { id: 'made up' } })).statusCode).toBe(401)
    expect((await again({ step: 'made up' })).statusCode).toBe(410)
    const reasons = (await daybook.entries('session.start')).slice(-3).map(({ reason }) => reason)
    expect(reasons).toEqual(['used step', 'wrong passkey', 'unknown passkey'])
  }

  test('a password with an app: set up, signed in with, and a slip that says what to do', async () => {
    const context = await browse(390)
    const page = await context.newPage()
    await page.goto(await linkOf('dan@example.com'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Set up a password' }).click()
    await checkPage(page)
    const secret = ((await page.locator('code').first().textContent()) ?? '').replaceAll(' ', '')
    await page.getByLabel('Password').fill('many words nobody guesses')
    await page.getByLabel('Six digits it shows now').fill(codeOf(secret, clock.now()))
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor()
    await checkPage(page)
    const [recovery = ''] = ((await page.locator('pre').textContent()) ?? '').split('\n')
    await page.getByRole('link', { name: 'I have kept them: go on' }).click()
    await isHome(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    const typePassword = async (text: string) => {
      await page.getByLabel('E-mail').fill('dan@example.com')
      await page.getByRole('textbox', { name: 'Password' }).fill(text)
      await page.keyboard.press('Enter')
    }
    await typePassword('something else')
    await page.getByRole('alert').filter({ hasText: 'This address and this password do not belong together' }).waitFor()
    await checkPage(page)
    await typePassword('many words nobody guesses')
    await page.getByRole('heading', { name: 'The second half' }).waitFor()
    await checkPage(page)
    await page.getByLabel('Code').fill(recovery)
    await page.keyboard.press('Enter')
    await isHome(page)
    expect(page.url()).not.toContain(recovery)
    await context.close()
  })

  test.each([
    [1440, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('every page of the door is free of barriers at %i pixels in %s colors', async (width, scheme) => {
    const context = await browse(width, scheme)
    const page = await context.newPage()
    await page.goto(`${origin}/sign-in`)
    await checkPage(page)
    await page.goto(await linkOf(`reader-${width}-${scheme}@example.com`))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Secure this account' }).waitFor()
    await checkPage(page)
    await page.goto(`${origin}/secure/password`)
    await checkPage(page)
    await page.goto(`${origin}/secure`)
    await page.getByRole('button', { name: 'Go on without' }).click()
    await isHome(page)
    await context.close()
  })
})
