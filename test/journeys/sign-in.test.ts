import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startDaybook } from '../support/cli.ts'
import { barriers } from './accessible.ts'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'

const readyFile = z.object({
  url: z.string(),
  sign_in_url: z.string(),
  workspaces: z.array(z.object({ id: z.string(), name: z.string() })),
})

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

describe.skipIf(noBrowser !== null)('the first owner of a demo', () => {
  const data = mkdtempSync(join(tmpdir(), 'daybook-journey-'))
  let server: ReturnType<typeof startDaybook> | null = null
  let visitor: Visitor | null = null
  let ready: z.output<typeof readyFile>

  beforeAll(async () => {
    visitor = await openBrowser()
    server = startDaybook(data, ['demo', '--ready-file', 'ready.json', '--people', '0'], { DAYBOOK_PORT: '0' })
    const path = join(data, 'ready.json')
    while (!existsSync(path) && server.exitCode === null) await sleep(50)
    ready = readyFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  })

  afterAll(async () => {
    await visitor?.leave()
    server?.kill('SIGTERM')
    await server?.ended
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  })

  const browse = (width: number, colorScheme: 'light' | 'dark') => {
    if (!visitor) throw new Error('there is no browser')
    return visitor.browse({ viewport: { width, height: 900 }, colorScheme })
  }

  test('comes in by the printed link with the keyboard alone, sees what is where and who looked, and signs out', async () => {
    const context = await browse(1440, 'light')
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(ready.sign_in_url)
    await tabTo(page, 'Sign in')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/overview(\?.*)?$/)
    await page.getByRole('link', { name: 'What is where' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(`${ready.url}/`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('What is where')
    await expect.poll(() => page.getByRole('rowheader', { name: 'Sample: real chats' }).count()).toBe(1)
    await checkPage(page)
    await tabTo(page, 'Access record')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${ready.url}/access`)
    await page.getByRole('row').filter({ hasText: 'session.start' }).waitFor()
    await page.getByLabel('Outcome').selectOption('denied')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('Nothing like this was ever recorded.').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sign in to Daybook' }).waitFor()
    const cookies = await context.storageState()
    expect(cookies.cookies).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test.each([
    [1440, 'light'],
    [1440, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('reads every page at %i pixels in %s colors', async (width, scheme) => {
    const context = await browse(width, scheme)
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(await newLink(data, ready.url))
    await checkPage(page)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/overview(\?.*)?$/)
    await page.getByRole('heading', { level: 1 }).waitFor()
    for (const path of ['/', '/access', '/access?action=no.such']) {
      await page.goto(`${ready.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await checkPage(page)
    }
    expect(complaints).toEqual([])
    await context.close()
  })
})

/** The operator makes another link, as people do when the first is used up. */
async function newLink(data: string, url: string): Promise<string> {
  const { stdout } = await startDaybook(data, ['person', 'link', '--email', 'owner@localhost'], { DAYBOOK_URL: url }).ended
  return stdout.trim()
}

/** What the browser objects to: refused styles, missing files, anything on the console. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  // A page that is left while its icon loads breaks that off: nobody misses it.
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`)
  })
  return complaints
}

/** Presses Tab until the named link or button has the focus, and checks that the focus can be seen on the way. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(
      '({ text: document.activeElement.textContent.trim(), outline: getComputedStyle(document.activeElement).outlineStyle })',
    )
    const { text, outline } = z.object({ text: z.string(), outline: z.string() }).parse(focused)
    expect(outline, `focus on ${text}`).not.toBe('none')
    if (text === name) return
  }
  throw new Error(`the keyboard never reaches "${name}"`)
}

/** What every page owes: no barrier, one heading that says where one is, no sideways scrolling. */
async function checkPage(page: Page): Promise<void> {
  const at = page.url()
  expect(await barriers(page), at).toEqual([])
  expect(await page.getByRole('heading', { level: 1 }).count(), at).toBe(1)
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  expect(wide, `${at} scrolls sideways`).toBeLessThanOrEqual(0)
}
