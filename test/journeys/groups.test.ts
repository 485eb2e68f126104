import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'
import { type Company, makeCompany } from './company.ts'
import { type Demo, openDemo } from './demo.ts'
import { checkPage, complaintsOf } from './walking.ts'

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

const widths = [
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const

describe.skipIf(noBrowser !== null)('a reader who wants to know about groups', () => {
  let visitor: Visitor
  let demo: Demo
  let cookies: Awaited<ReturnType<BrowserContext['storageState']>>
  let company: Company
  let small: Company
  let groupless: Company

  beforeAll(async () => {
    visitor = await openBrowser()
    demo = await openDemo()
    company = await makeCompany(demo, 'Company', ['legal', 'ops', 'sales', 'support', 'pilot'])
    small = await makeCompany(demo, 'Small groups', ['legal'])
    groupless = await makeCompany(demo, 'No groups', [])
    await small.set('--privacy', 'groups_only')
    const context = await visitor.browse({})
    const page = await context.newPage()
    await page.goto(await demo.newLink())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/overview')
    cookies = await context.storageState()
    await context.close()
    await everythingCounted(demo, groupless)
  })

  afterAll(async () => {
    await visitor?.leave()
    await demo?.close()
  })

  async function open({ id }: Company, search = 'range=last-month', options: Parameters<Visitor['browse']>[0] = {}): Promise<Page> {
    const context = await visitor.browse({ viewport: { width: 1440, height: 900 }, storageState: cookies, ...options })
    const page = await context.newPage()
    await page.goto(`${demo.url}/overview?workspace=${id}&${search}`)
    await answered(page)
    return page
  }

  test('ranks groups, sorts them and opens the page narrowed to one', async () => {
    const page = await open(company)
    const complaints = complaintsOf(page)
    const panel = panelOf(page)
    expect(await namesIn(panel)).toEqual(['Pilot', 'Sales', 'Support', 'Operations', 'Legal'])
    expect(await panel.getByRole('row', { name: /Pilot/ }).textContent()).toContain('made by hand')
    await panel.getByRole('button', { name: 'Group', exact: true }).click()
    await page.waitForURL((url) => url.searchParams.get('groups') === '-group')
    expect((await namesIn(panel)).at(0)).toBe('Support')
    await panel.getByRole('button', { name: 'Sales: show only its members' }).click()
    await page.waitForURL((url) => url.searchParams.get('group') === 'sales')
    await answered(page)
    const chips = page.getByRole('region', { name: 'Filters' })
    await chips.getByRole('button', { name: 'Group is Sales.' }).waitFor()
    expect(await messagesOf(page)).toBe('15')
    await chips.getByRole('button', { name: 'Group is Sales.' }).click()
    await chips.getByRole('button', { name: 'Group is not Sales.' }).waitFor()
    await answered(page)
    expect(await messagesOf(page)).toBe('31')
    await page.goBack()
    await page.goBack()
    await page.waitForURL((url) => !url.searchParams.has('group'))
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('finds a group and a role in the filter form, directory and made by hand apart', async () => {
    const page = await open(company)
    await page.keyboard.press('/')
    const form = page.getByRole('dialog', { name: 'Filter' })
    await form.getByLabel('What').selectOption({ label: 'Group' })
    await form.getByRole('button', { name: /Legal 7 people, directory/ }).waitFor()
    await form.getByRole('searchbox').fill('pil')
    await form.getByRole('button', { name: /Pilot 22 people, made by hand/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.searchParams.get('group') === 'pilot')
    await answered(page)
    expect(await messagesOf(page)).toBe('22')
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.keyboard.press('/')
    await form.getByLabel('What').selectOption({ label: 'Role' })
    await form.getByRole('button', { name: 'Owner' }).click()
    await page.waitForURL((url) => url.searchParams.get('role') === 'owner')
    await page.getByRole('button', { name: 'Role is Owner.' }).waitFor()
    await answered(page)
    expect(await messagesOf(page)).toBe('1')
    await page.context().close()
  })

  test('is told when no source reports groups', async () => {
    const page = await open(groupless)
    expect(await panelOf(page).textContent()).toContain('No source has reported groups yet')
    await page.context().close()
  })

  test('sees no figure of a hidden group, and is led to a range that may be shown', async () => {
    await company.set('--privacy', 'groups_only')
    onTestFinished(() => company.set('--privacy', 'named'))
    const page = await open(company, 'range=28d')
    const panel = panelOf(page)
    expect(await panel.textContent()).toContain('whole week or a whole month')
    await panel.getByRole('button', { name: 'Show the last whole month' }).click()
    await page.waitForURL((url) => url.searchParams.get('range') === 'last-month')
    await answered(page)
    const legal = panel.getByRole('row', { name: /Legal/ })
    expect(await legal.textContent()).toBe('LegalHidden for privacy: fewer than 10 people, or what would give them away')
    await expect.poll(() => legal.getByRole('button').count()).toBe(0)
    await page.goto(`${demo.url}/overview?workspace=${company.id}&range=last-month&group=legal`)
    await answered(page)
    for (const id of ['actives', 'models', 'reach'])
      expect(await page.locator(`[data-panel="${id}"]`).getAttribute('data-state'), id).toBe('hidden')
    await expect.poll(() => page.getByRole('article', { name: 'Messages', exact: true }).count()).toBe(0)
    await page.context().close()
  })

  test.each(widths)('meets no barrier at %i pixels in %s colors', async (width, colorScheme) => {
    for (const place of [company, small, groupless]) {
      const page = await open(place, 'range=last-month', { viewport: { width, height: 900 }, colorScheme })
      await checkPage(page, place.id)
      await page.context().close()
    }
    const page = await open(company, 'range=last-month&group=sales&view=table', { viewport: { width, height: 900 }, colorScheme })
    await checkPage(page, 'table')
    await page.keyboard.press('/')
    const form = page.getByRole('dialog', { name: 'Filter' })
    await form.getByLabel('What').selectOption({ label: 'Group' })
    await form.getByRole('button', { name: /Legal/ }).waitFor()
    await page.waitForTimeout(400)
    await checkPage(page, 'filter form')
    await page.context().close()
  })
})

const panelOf = (page: Page) => page.locator('[data-panel="groups"]')
const namesIn = async (panel: Locator) =>
  (await panel.locator('tbody th').allTextContents()).map((text) => text.replace(/ made by hand$/, ''))

const messagesOf = async (page: Page) =>
  (await page.getByRole('article', { name: 'Messages', exact: true }).locator('p').first().textContent()) ?? ''

/** Every panel of the page has come to its state. */
async function answered(page: Page): Promise<void> {
  await page.locator('[data-panel="tokens"]').waitFor()
  await page.locator('[data-panel][data-state="loading"], [aria-busy="true"]').first().waitFor({ state: 'detached' })
}

/** The counts follow the record within a second or two. */
async function everythingCounted(demo: Demo, { id }: Company): Promise<void> {
  const search = new URLSearchParams({ workspace_id: id, metrics: 'messages', range: 'last-month' })
  for (;;) {
    const answer = await fetch(`${demo.url}/api/analytics/query?${search}`, { headers: { authorization: `Bearer ${demo.keys.analytics}` } })
    const { total } = (await answer.json()) as { total: { messages: number } }
    if (total.messages === 46) return
    await sleep(100)
  }
}
