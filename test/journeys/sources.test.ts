import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { intakeReply } from '../../contract/records.ts'
import { daybookCommand, startDaybook } from '../support/cli.ts'
import { message, person } from '../support/records.ts'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'
import { type Demo, openDemo } from './demo.ts'
import { checkPage, complaintsOf, tabTo } from './walking.ts'

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>
type Wanted = Parameters<Visitor['browse']>[0]

const wide = { viewport: { width: 1440, height: 900 } }
const schemes = [
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const

/** Signs somebody in by a link and keeps who they are. */
async function cookiesOf(visitor: Visitor, link: string): Promise<Cookies> {
  const context = await visitor.browse({})
  const page = await context.newPage()
  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  const cookies = await context.storageState()
  await context.close()
  return cookies
}

async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await page.locator('[data-part="connect"]').waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

describe.skipIf(noBrowser !== null)('a reader of Sources', () => {
  let visitor: Visitor
  let demo: Demo
  let owner: Cookies
  let viewer: Cookies
  let officer: Cookies
  /** What was refused by its reason, as the intake itself said it. */
  const refused: Record<string, number> = {}

  beforeAll(async () => {
    visitor = await openBrowser()
    demo = await openDemo()
    const workspace_id = demo.workspaces[0]?.id
    const bad = [
      ...Array.from({ length: 60 }, (_, i) => ({ ...message(`wrong-${i}`, 'c', { role: 'nobody' }), workspace_id, source: 'claude' })),
      { ...person('later'), workspace_id: '00000000-0000-4000-8000-000000000000' },
      { ...person('fine'), workspace_id, source: 'claude' },
    ]
    const answer = await fetch(`${demo.url}/api/intake/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.keys.ingest}`, 'content-type': 'application/x-ndjson' },
      body: bad.map((record) => JSON.stringify(record)).join('\n'),
    })
    for (const { code } of intakeReply.parse(await answer.json()).rejected) refused[code] = (refused[code] ?? 0) + 1
    owner = await cookiesOf(visitor, await demo.newLink())
    const invited = async (email: string, role: string) => {
      await daybookCommand(demo.data, 'person', 'add', '--email', email, '--role', role)
      return cookiesOf(visitor, await demo.newLink(email))
    }
    viewer = await invited('viewer@example.com', 'analytics_viewer')
    officer = await invited('officer@example.com', 'compliance_officer')
  })

  afterAll(async () => {
    await visitor?.leave()
    await demo?.close()
  })

  async function open(cookies: Cookies, search = '', options: Wanted = {}, trouble: ((route: Route) => Promise<void>) | null = null) {
    const context = await visitor.browse({ ...wide, storageState: cookies, ...options })
    const page = await context.newPage()
    if (trouble) for (const path of ['**/api/sources?**', '**/api/dead-letters**']) await page.route(path, trouble)
    await page.goto(`${demo.url}/sources${search}`)
    return page
  }

  const reasonRow = (page: Page, words: string) => page.locator('[data-part="refusals"] tbody tr').filter({ hasText: words }).first()

  test('comes from Overview by two keys, narrows to a reason, pages, selects and replays with the keyboard alone', async () => {
    const page = await open(owner)
    const complaints = complaintsOf(page)
    const origins = new Set<string>()
    page.on('request', (request) => origins.add(new URL(request.url()).origin))
    await page.goto(`${demo.url}/overview?range=2024-11`)
    await page.locator('[data-panel="tokens"]').waitFor()
    await press(page, 'g', 's')
    await page.waitForURL(`${demo.url}/sources`)
    await settled(page)
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
    expect(await page.getByRole('row', { name: /^Claude/ }).textContent()).toContain('On time')
    expect(await reasonRow(page, 'bad_field').textContent()).toContain(String(refused.bad_field))

    await tabTo(page, 'a missing or wrong field')
    await press(page, 'Enter')
    await page.waitForURL((url) => url.searchParams.get('code') === 'bad_field')
    await page.getByRole('checkbox', { name: 'Select all on this page' }).waitFor()
    await press(page, ']')
    await page.waitForURL((url) => url.searchParams.has('after'))
    await settled(page)
    await expect.poll(() => page.getByRole('checkbox', { name: /^Select \d/ }).count()).toBe(20)
    await press(page, 'a', 'p')
    const outcome = page.getByTestId('outcome')
    await outcome.waitFor()
    expect(await outcome.textContent()).toContain('0 accepted, 20 refused again.')
    await page.goBack()
    await page.goBack()
    await page.waitForURL(`${demo.url}/sources`)
    await press(page, '?')
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Replay the selected refusals').waitFor()
    expect([...origins]).toEqual([demo.url])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('sees what a replay took, and the list without it', async () => {
    const made = await daybookCommand(demo.data, 'workspace', 'create', '--name', 'Late', '--id', '00000000-0000-4000-8000-000000000000')
    expect(made.code, made.stderr).toBe(0)
    const page = await open(owner, '?code=wrong_workspace')
    await settled(page)
    await page.getByRole('button', { name: 'Replay all of this list' }).click()
    await page.getByTestId('outcome').getByText('1 accepted, 0 refused again.').waitFor()
    await page.getByText('Nothing waits for this reason any more.').waitFor()
    await page.context().close()
  })

  test('who reads counts alone sees how many were refused, and whom the list is for', async () => {
    const page = await open(viewer)
    await settled(page)
    await page.getByText('Your role shows how many there are, not each with its place.').waitFor()
    expect(await reasonRow(page, 'bad_field').textContent()).toContain(String(refused.bad_field))
    await expect.poll(() => page.getByRole('checkbox').count()).toBe(0)
    await checkPage(page, 'viewer')
    await page.context().close()
  })

  test('who reads the record saves what was sent, and does not replay', async () => {
    const page = await open(officer, '?code=bad_field')
    await settled(page)
    await expect.poll(() => page.getByRole('link', { name: 'Overview', exact: true }).count()).toBe(0)
    await expect.poll(() => page.getByText('Replaying is for owner, admin').count()).toBe(1)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('link', { name: /what was sent as/ })
        .first()
        .click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^dead-letter-\d+\.txt$/)
    expect(JSON.parse(readFileSync((await download.path()) ?? '', 'utf8'))).toMatchObject({ id: 'wrong-0', role: 'nobody' })
    await checkPage(page, 'officer')
    await page.context().close()
  })

  test('the freshness of Overview leads to the sources', async () => {
    const page = await open(owner)
    await page.goto(`${demo.url}/overview?range=2024-11`)
    await page.getByRole('link', { name: /^Data through/ }).click()
    await page.waitForURL(`${demo.url}/sources`)
    await page.context().close()
  })

  test('meets no barrier in forced colors, and none at 320 pixels', async () => {
    for (const wanted of [{ forcedColors: 'active' } as const, { viewport: { width: 320, height: 800 } }]) {
      const page = await open(owner, '', wanted)
      await settled(page)
      await checkPage(page, JSON.stringify(wanted))
      await page.context().close()
    }
  })

  describe.each(schemes)('at %i pixels in %s colors', (width, colorScheme) => {
    const wanted = { viewport: { width, height: 900 }, colorScheme }

    test('meets no barrier in any state', async () => {
      const page = await open(owner, '', wanted)
      const complaints = complaintsOf(page)
      await settled(page)
      await page
        .getByRole('button', { name: /^By kind/ })
        .first()
        .click()
      await checkPage(page, 'ready')
      for (const search of ['?code=bad_field&source=claude&via=http', '?code=nothing', '?workspace=another']) {
        await page.goto(`${demo.url}/sources${search}`)
        await settled(page)
        await checkPage(page, search)
      }
      for (const keys of [['?'], ['Control+k']]) {
        await press(page, ...keys)
        await page.locator('[role="dialog"]').first().waitFor()
        await page.waitForTimeout(400)
        await checkPage(page, keys.join(' '))
        await page.keyboard.press('Escape')
        await page.locator('[role="dialog"]').first().waitFor({ state: 'detached' })
      }
      expect(complaints).toEqual([])
      await page.context().close()
    })

    test.each(Object.keys(troubles))('meets no barrier when %s', async (name) => {
      const page = await open(owner, '', wanted, (route) => troubles[name]?.(route) ?? route.continue())
      await page.locator(`[data-part="sources"][data-state="${name}"]`).waitFor()
      await checkPage(page, name)
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await page.context().close()
    })

    test('late and silent sources say so in words', async () => {
      const page = await open(owner, '', wanted, (route) =>
        route.request().url().includes('/api/sources') ? change(route, aged) : route.continue(),
      )
      await settled(page)
      await page.getByText('Very late', { exact: false }).first().waitFor()
      await page.getByText('not reported by this source').waitFor()
      await checkPage(page, 'late')
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await page.context().close()
    })
  })
})

/** What may become of an answer on its way, by the state in which the page then is. */
const troubles: Record<string, (route: Route) => Promise<void>> = {
  loading: async () => undefined,
  failed: (route) => refuse(route, 500),
  'not-permitted': (route) => refuse(route, 403),
  'signed-out': (route) => refuse(route, 401),
}

function refuse(route: Route, status: number): Promise<void> {
  return route.fulfill({ status, headers: { 'x-request-id': 'made-up' }, json: { detail: 'the ledger does not answer at the moment' } })
}

async function change(route: Route, edit: (reply: { sources: object[] }) => object): Promise<void> {
  const response = await route.fetch()
  return route.fulfill({ response, json: edit(await response.json()) })
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()

/** The same sources, the first three days silent, then one per other state; the last says nothing of its own time. */
function aged({ sources, ...rest }: { sources: object[] }): object {
  const [one = {}] = sources
  const states = [
    { source: 'claude', state: 'too-late', last_received_at: hoursAgo(72) },
    { source: 'chatgpt', state: 'late', last_received_at: hoursAgo(14) },
    { source: 'open-webui', state: 'silent', last_received_at: hoursAgo(900), newest_at: null, lag_seconds: null },
  ]
  return { ...rest, sources: states.map((state) => ({ ...one, ...state })) }
}

describe.skipIf(noBrowser !== null)('the first owner of an empty server', () => {
  const data = mkdtempSync(join(tmpdir(), 'daybook-journey-'))
  const readyFile = z.object({ url: z.string(), sign_in_url: z.string() })
  let server: ReturnType<typeof startDaybook> | null = null
  let visitor: Visitor
  let ready: z.output<typeof readyFile>
  let owner: Cookies

  beforeAll(async () => {
    visitor = await openBrowser()
    server = startDaybook(data, ['serve', '--ready-file', 'ready.json'], { DAYBOOK_PORT: '0' })
    const path = join(data, 'ready.json')
    while (!existsSync(path) && server.exitCode === null) await sleep(50)
    ready = readyFile.parse(JSON.parse(readFileSync(path, 'utf8')))
    owner = await cookiesOf(visitor, ready.sign_in_url)
  })

  afterAll(async () => {
    await visitor?.leave()
    server?.kill('SIGTERM')
    await server?.ended
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  })

  test.each(schemes)('is shown the first steps at %i pixels in %s colors', async (width, colorScheme) => {
    const context = await visitor.browse({ viewport: { width, height: 900 }, colorScheme, storageState: owner })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    for (const path of ['/overview', '/sources']) {
      await page.goto(`${ready.url}${path}`)
      await page.getByRole('heading', { name: 'Create a workspace – next' }).waitFor()
      await checkPage(page, 'no workspace')
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  test('goes through them one by one, as the server finds them done', async () => {
    const context = await visitor.browse({ ...wide, storageState: owner, permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await context.newPage()
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await daybookCommand(data, ...args)
      expect(code, stderr).toBe(0)
      return stdout
    }
    const next = (name: string) => page.getByRole('heading', { name: `${name} – next` }).waitFor()
    await page.goto(`${ready.url}/overview`)
    await next('Create a workspace')
    await page.getByRole('button', { name: 'Copy the command for creating a workspace' }).click()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('npx daybook workspace create --name "My company"')
    const { id } = JSON.parse(await run('workspace', 'create', '--name', 'My company', '--json'))
    await page.reload()
    await next('Bring chats in')
    await checkPage(page, 'no data')
    await page.getByRole('link', { name: 'other ways in' }).click()
    await page.waitForURL(`${ready.url}/sources`)
    await page.getByText('Nothing has come into this workspace yet.').waitFor()
    await expect
      .poll(() => page.locator('[data-part="connect"] pre').allTextContents())
      .toContainEqual(`npx daybook key create --name connector --scope ingest:write --workspace ${id} --expires 90d`)
    await checkPage(page, 'empty')
    const { key } = JSON.parse(await run('key', 'create', '--name', 'connector', '--scope', 'ingest:write', '--workspace', id, '--json'))
    const answer = await fetch(`${ready.url}/api/intake/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(person('first')),
    })
    expect(answer.status).toBe(200)
    await page.reload()
    await page.getByRole('row', { name: /^Intake API/ }).waitFor()
    const waitUntilCounted = async () => {
      while (!(await page.getByRole('heading', { name: 'Let a second person in – next' }).isVisible())) {
        await sleep(200)
        await page.reload()
        await page.getByRole('heading', { name: 'First steps' }).waitFor()
      }
    }
    await waitUntilCounted()
    await page.getByRole('button', { name: 'Put away' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Show the first steps (1 left)' }).waitFor()
    await run('person', 'add', '--email', 'second@example.com', '--role', 'analytics_viewer')
    await page.reload()
    await settled(page)
    await expect.poll(() => page.getByText('first steps').count()).toBe(0)
    await context.close()
  })
})
