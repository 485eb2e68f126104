import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invitationLink } from '../../contract/admin.ts'
import type { Role } from '../../contract/people.ts'
import { codeOf } from '../support/accounts.ts'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'
import { type Demo, openDemo } from './demo.ts'
import { button, type Cookies, choose, cookiesBehind, dialog, goTo, keep, part, press, pressOn, settled, type } from './keyboard.ts'
import { checkPage, complaintsOf } from './walking.ts'

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

type Wanted = Parameters<Visitor['browse']>[0]

const schemes = [
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const

const pages = ['/members', '/keys', '/access', '/settings', '/account'] as const

describe.skipIf(noBrowser !== null)('an administrator', () => {
  let visitor: Visitor
  let demo: Demo
  let owner: Cookies
  let second: Cookies
  /** Every address that a page of an administrator asked for. */
  const asked: string[] = []
  /** What was shown once. */
  const secrets: string[] = []

  beforeAll(async () => {
    visitor = await openBrowser()
    demo = await openDemo()
    owner = await comeIn(demo.sign_in_url)
  })

  afterAll(async () => {
    await visitor?.leave()
    await demo?.close()
  })

  const comeIn = (link: string) => cookiesBehind(visitor, link)

  /** Somebody who was invited with a role and came. */
  async function added(email: string, role: Role): Promise<Cookies> {
    const context = await visitor.browse({ storageState: owner })
    const headers = { 'sec-fetch-site': 'same-origin' }
    const answer = await context.request.post(`${demo.url}/api/invitations`, { data: { email, roles: [role] }, headers })
    const { url } = invitationLink.parse(await answer.json())
    await context.close()
    return comeIn(url)
  }

  async function open(cookies: Cookies, path: string, options: Wanted = {}): Promise<Page> {
    const context = await visitor.browse({ viewport: { width: 1440, height: 900 }, storageState: cookies, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`${demo.url}${path}`)
    await settled(page)
    return page
  }

  const keyWorks = async (key: string) =>
    (await fetch(`${demo.url}/api/analytics/metrics`, { headers: { authorization: `Bearer ${key}` } })).status

  test('invites a second owner by the keyboard, who accepts in a browser of their own', async () => {
    const page = await open(owner, '/account')
    const complaints = complaintsOf(page)
    await goTo(page, 'm', 'Members')
    expect(page.url()).toBe(`${demo.url}/members`)
    await press(page, 'i')
    await type(page, 'E-mail address', 'second@example.com')
    await pressOn(page, dialog(page, 'Invite somebody').getByRole('checkbox', { name: /^owner/ }), 'Space')
    await pressOn(page, button(page, 'Make the link'))
    const link = await keep(page)
    secrets.push(link.split('/').at(-1) ?? '')
    expect(
      await part(page, 'invitations')
        .getByRole('row', { name: /^second@example\.com/ })
        .textContent(),
    ).toContain('open')
    second = await comeIn(link)
    await page.reload()
    await settled(page)
    expect(
      await part(page, 'members')
        .getByRole('row', { name: /^second@example\.com/ })
        .textContent(),
    ).toContain('owner')
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('changes roles, and asks for a role of the record to which the second owner agrees', async () => {
    await added('officer@example.com', 'member')
    const page = await open(owner, '/members')
    const officer = part(page, 'members').getByRole('row', { name: /^officer@example\.com/ })
    await pressOn(page, button(page, 'Manage officer@example.com'))
    await pressOn(page, button(page, 'Change roles …'))
    await pressOn(page, page.getByRole('dialog').getByRole('checkbox', { name: /^auditor/ }), 'Space')
    await pressOn(page, button(page, 'Change roles'))
    await officer.getByText('member, auditor').or(officer.getByText('auditor, member')).waitFor()
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Manage officer@example.com')

    await press(page, 'a')
    const asking = dialog(page, 'Ask for a role of the record')
    await choose(page, asking.getByLabel('Who is to have it'), 'officer@example.com')
    await choose(page, asking.getByLabel('Role of the record'), 'compliance officer')
    await type(page, 'What is it needed for?', 'A request of the works council')
    await pressOn(page, button(page, 'Ask for it'))
    await part(page, 'approvals').getByText('compliance officer for officer@example.com').waitFor()
    expect(await part(page, 'approvals').textContent()).toMatch(/expires in (an hour|\d+ minutes)/)
    await expect.poll(() => button(page, /^Agree/).count()).toBe(0)

    const other = await open(second, '/members')
    await pressOn(other, button(other, 'Agree to the request for officer@example.com'))
    await dialog(other, 'Agree: compliance officer for officer@example.com').waitFor()
    await pressOn(other, button(other, 'Agree as the second person'))
    await other.getByText('Nothing waits for a second person.').waitFor()
    await page.reload()
    await officer.getByText('compliance officer').waitFor()
    await Promise.all([page.context().close(), other.context().close()])
  })

  test('breaks the glass for an hour; the second owner closes the finding and ends nothing of the past', async () => {
    const page = await open(owner, '/members')
    await press(page, 'b')
    await choose(page, dialog(page, 'Break the glass').getByLabel('Role of the record'), 'legal')
    await type(page, 'Why can it not wait?', 'A court asks today')
    await pressOn(page, button(page, 'Take the role for an hour'))
    await page.getByText('legal by owner@localhost').waitFor()
    await settled(page)
    expect(await part(page, 'findings').textContent()).toContain('for somebody else to close')
    const other = await open(second, '/members')
    await pressOn(other, button(other, /^Close the finding about owner@localhost/))
    await type(other, 'What did you look at, and what did you find?', 'The letter of the court')
    await pressOn(other, button(other, 'Close the finding'))
    await other.getByText('Nothing waits').first().waitFor()
    await other.getByText('reviewed').waitFor()
    await pressOn(page, button(page, 'End it – legal'))
    await pressOn(page, button(page, 'End it now'))
    await part(page, 'break-glass').getByText('over', { exact: true }).waitFor()
    await Promise.all([page.context().close(), other.context().close()])
  })

  test('makes a key, rotates and revokes it; its text is shown once and is nowhere afterwards', async () => {
    const page = await open(owner, '/members')
    await goTo(page, 'k', 'Keys')
    expect(page.url()).toBe(`${demo.url}/keys`)
    await press(page, 'n')
    await type(page, 'What is it for?', 'Warehouse')
    await pressOn(page, dialog(page, 'Make a key').getByRole('checkbox', { name: /^Read counts/ }), 'Space')
    await type(page, 'Networks it may be used from', 'nonsense')
    await pressOn(page, button(page, 'Make the key'))
    await page.getByRole('dialog').locator('[aria-invalid="true"], [role="alert"]').first().waitFor()
    await page.getByLabel('Networks it may be used from').fill('127.0.0.0/8')
    await pressOn(page, button(page, 'Make the key'))
    const first = await keep(page)
    expect(await keyWorks(first)).toBe(200)
    await pressOn(page, button(page, /^Rotate Warehouse/))
    await choose(page, dialog(page, 'Rotate Warehouse').getByLabel('The old one works on for'), 'an hour')
    await pressOn(page, button(page, 'Make the next key'))
    const next = await keep(page)
    secrets.push(first, next)
    expect([await keyWorks(first), await keyWorks(next)]).toEqual([200, 200])
    await settled(page)
    await pressOn(page, button(page, `Revoke Warehouse, …${first.slice(-4)}`))
    await pressOn(page, button(page, 'Revoke the key'))
    await button(page, `Revoke Warehouse, …${first.slice(-4)}`).waitFor({ state: 'detached' })
    expect([await keyWorks(first), await keyWorks(next)]).toEqual([401, 200])
    await page.goBack()
    await page.goForward()
    await settled(page)
    for (const secret of [first, next]) expect(await page.content()).not.toContain(secret)
    await page.context().close()
  })

  test('switches an API off and on, and is told to sign in again where that is too long ago', async () => {
    const page = await open(owner, '/keys')
    await pressOn(page, button(page, 'Switch it off – Analytics API'))
    await pressOn(page, button(page, 'Switch it off'))
    await button(page, 'Switch it on – Analytics API').waitFor()
    expect(await keyWorks(secrets.at(-1) ?? '')).toBe(403)
    await page.route('**/api/settings/apis', (route) =>
      route.fulfill({
        status: 403,
        json: { code: 'sign_in_again', detail: 'for this you must have signed in within the last 10 minutes' },
      }),
    )
    await pressOn(page, button(page, 'Switch it on – Analytics API'))
    await pressOn(page, button(page, 'Switch it on'))
    const again = page.getByRole('link', { name: 'Sign in again' })
    await again.waitFor()
    expect(await again.getAttribute('href')).toBe('/sign-in?next=%2Fkeys')
    await page.unroute('**/api/settings/apis')
    await pressOn(page, button(page, 'Switch it on'))
    await button(page, 'Switch it off – Analytics API').waitFor()
    expect(await keyWorks(secrets.at(-1) ?? '')).toBe(200)
    await page.context().close()
  })

  test('changes a setting, sees before what readers will see, and finds it in the access record', async () => {
    const page = await open(owner, '/members')
    await goTo(page, 't', 'Settings')
    expect(page.url()).toBe(`${demo.url}/settings`)
    await pressOn(page, button(page, 'Change Privacy mode of Sample: real chats'))
    await pressOn(page, page.getByRole('dialog').getByRole('radio', { name: 'by name' }), 'ArrowDown')
    expect(await page.getByTestId('effect').textContent()).toContain('stable pseudonym')
    await pressOn(page, button(page, 'Save'))
    await page.getByTestId('saved').getByText('is now “under pseudonyms”').waitFor()
    const row = page.locator('tr').filter({ hasText: 'Privacy mode' })
    await row.getByText('by owner@localhost').waitFor()

    await goTo(page, 'r', 'Access record')
    expect(page.url()).toBe(`${demo.url}/access`)
    await press(page, '/')
    await page.keyboard.press('Tab')
    await page.keyboard.type('workspace.')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${demo.url}/access?action=workspace.`)
    await settled(page)
    const actions = await page.locator('tbody tr td:nth-child(4)').allTextContents()
    expect(actions.length).toBeGreaterThan(0)
    expect(actions.filter((action) => !action.startsWith('workspace.'))).toEqual([])
    await page.context().close()
  })

  test('pages to older entries by links that keep the filter, and back', async () => {
    for (let times = 0; times < 55; times++)
      await fetch(`${demo.url}/api/access?limit=1`, { headers: { authorization: `Bearer ${secrets.at(-1)}` } })
    const page = await open(owner, '/access?outcome=denied&before=nonsense')
    const seqs = () => page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-seq'))))
    const newest = await seqs()
    expect(newest).toHaveLength(50)
    await press(page, ']')
    await page.waitForURL((url) => url.searchParams.get('outcome') === 'denied' && /^\d+$/.test(url.searchParams.get('before') ?? ''))
    await settled(page)
    const older = await seqs()
    expect(older.length).toBeGreaterThan(0)
    expect(Math.max(...older)).toBeLessThan(Math.min(...newest))
    await press(page, '[')
    await page.waitForURL(`${demo.url}/access?outcome=denied`)
    await press(page, 'Escape')
    await page.waitForURL(`${demo.url}/access`)
    await page.context().close()
  })

  test('learns why somebody cannot see something', async () => {
    const page = await open(owner, '/members')
    const form = page.getByRole('form', { name: 'Explain' })
    await choose(page, form.getByLabel('Who'), 'second@example.com')
    await choose(page, form.getByLabel('Wants to'), 'Read chats and everything of the record')
    await pressOn(page, button(page, 'Explain'))
    const told = page.getByTestId('explanation')
    await told.waitFor()
    expect(await told.textContent()).toContain('They cannot.')
    expect(await told.textContent()).toContain('compliance officer, legal would.')
    await page.context().close()
  })

  test('sets a password with the codes of an app, keeps the recovery codes, and ends another session', async () => {
    const cookies = await added('careful@example.com', 'member')
    const elsewhere = await comeIn(await demo.newLink('careful@example.com'))
    const page = await open(cookies, '/account')
    await expect.poll(() => page.getByRole('link', { name: 'Overview' }).count()).toBe(0)
    await pressOn(page, button(page, 'Set a password'))
    await type(page, 'New password', 'many words nobody guesses')
    await page.getByRole('img', { name: 'Set-up picture for an authenticator app' }).waitFor()
    const secret = (await page.getByTestId('secret').textContent()) ?? ''
    await type(page, 'Code of the app', codeOf(secret, { epochMilliseconds: Date.now() }))
    await pressOn(page, button(page, 'Set the password'))
    await dialog(page, 'Your recovery codes').waitFor()
    secrets.push(secret, ...(await keep(page)).split('\n'))
    await page.getByText('10 recovery codes left').waitFor()
    expect(await page.content()).not.toContain(secret)
    await press(page, 'x')
    await pressOn(page, button(page, 'End all others'))
    await button(page, 'End all others …').waitFor({ state: 'detached' })
    const gone = await visitor.browse({ storageState: elsewhere })
    expect((await gone.request.get(`${demo.url}/api/account`)).status()).toBe(401)
    await Promise.all([page.context().close(), gone.close()])
  })

  test('makes a passkey, and is told that the last way in cannot be removed', async () => {
    const url = demo.url.replace('127.0.0.1', 'localhost')
    const context = await visitor.browse({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    const protocol = await context.newCDPSession(page)
    await protocol.send('WebAuthn.enable')
    await protocol.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto((await demo.newLink('second@example.com')).replace('127.0.0.1', 'localhost'))
    await button(page, 'Sign in').click()
    await page.waitForURL((at) => !at.pathname.startsWith('/sign-in'))
    await page.goto(`${url}/account`)
    await settled(page)
    await pressOn(page, button(page, 'Add a passkey'))
    await type(page, 'What do you call it?', ' of the laptop')
    await pressOn(page, button(page, 'Make the passkey'))
    await pressOn(page, button(page, /^Remove .*of the laptop/))
    await pressOn(page, button(page, 'Remove the passkey'))
    await page.getByRole('dialog').getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toMatch(/last way/)
    await pressOn(page, button(page, 'Cancel'))
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => button(page, /^Remove .*of the laptop/).count()).toBe(1)
    await context.close()
  })

  test('deactivates somebody, whose session is over at once', async () => {
    const gone = await added('leaver@example.com', 'analytics_viewer')
    const page = await open(owner, '/members')
    await pressOn(page, button(page, 'Manage leaver@example.com'))
    await pressOn(page, button(page, 'Deactivate …'))
    await page.getByText('All their sessions end at once').waitFor()
    await pressOn(page, button(page, 'Deactivate leaver@example.com'))
    const row = part(page, 'members').getByRole('row', { name: /^leaver@example\.com/ })
    await row.getByText('deactivated', { exact: true }).waitFor()
    const context = await visitor.browse({ storageState: gone })
    expect((await context.request.get(`${demo.url}/api/account`)).status()).toBe(401)
    await Promise.all([page.context().close(), context.close()])
  })

  test('who holds one role of another kind has the pages of that role', async () => {
    const keeper = await open(await added('keeper@example.com', 'key_manager'), '/keys')
    const links = keeper.getByRole('navigation', { name: 'Main' }).getByRole('link')
    await expect.poll(() => links.allTextContents()).toEqual(['Keys', 'Account', 'What is where', 'API description'])
    await checkPage(keeper, 'key manager')
    const auditor = await open(await added('auditor@example.com', 'auditor'), '/members')
    await expect.poll(() => auditor.getByText('Inviting people and changing what they may do is for owner, admin.').count()).toBe(1)
    await expect.poll(() => button(auditor, /^Manage/).count()).toBe(0)
    await checkPage(auditor, 'auditor')
    await Promise.all([keeper.context().close(), auditor.context().close()])
  })

  describe.each(schemes)('at %i pixels in %s colors', (width, colorScheme) => {
    const wanted = { viewport: { width, height: 900 }, colorScheme }

    test('meets no barrier on any page', async () => {
      const page = await open(owner, '/members', wanted)
      const complaints = complaintsOf(page)
      for (const path of pages) {
        await page.goto(`${demo.url}${path}`)
        await settled(page)
        await checkPage(page)
      }
      expect(complaints).toEqual([])
      await page.context().close()
    })
  })

  // Each width and each scheme once.
  test.each([
    [1440, 'light'],
    [390, 'dark'],
  ] as const)('meets no barrier in the dialogs at %i pixels in %s colors', async (width, colorScheme) => {
    const page = await open(owner, '/members', { viewport: { width, height: 900 }, colorScheme })
    for (const name of ['Invite somebody', 'Ask for a role of the record', 'Break the glass …', 'Manage second@example.com']) {
      await button(page, name).click()
      await page.getByRole('dialog').waitFor()
      await checkPage(page, name)
      await press(page, 'Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.goto(`${demo.url}/keys`)
    await button(page, 'Make a key').click()
    await page.getByRole('dialog').waitFor()
    await checkPage(page, 'a key')
    await page.goto(`${demo.url}/settings`)
    await button(page, 'Change Privacy mode of Sample: real chats').click()
    await page.getByTestId('effect').waitFor()
    await checkPage(page, 'a setting')
    await page.context().close()
  })

  test('no secret ever stood in an address', () => {
    expect(secrets.length).toBeGreaterThan(12)
    expect(secrets.filter((secret) => asked.some((url) => url.includes(secret)))).toEqual([])
  })
})
