import type { Readable } from 'node:stream'
import type { BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'
import { type Demo, openDemo } from './demo.ts'
import { checkPage, complaintsOf, tabTo } from './walking.ts'

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

/** A month in which the sample's people wrote. */
const month = 'range=2024-11'

describe.skipIf(noBrowser !== null)('a reader of Overview', () => {
  let visitor: Visitor
  let demo: Demo
  let cookies: Awaited<ReturnType<BrowserContext['storageState']>>

  beforeAll(async () => {
    visitor = await openBrowser()
    demo = await openDemo()
    const context = await visitor.browse({})
    const page = await context.newPage()
    await page.goto(await demo.newLink())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/overview')
    cookies = await context.storageState()
    await context.close()
  })

  afterAll(async () => {
    await visitor?.leave()
    await demo?.close()
  })

  async function open(
    search: string,
    options: Parameters<Visitor['browse']>[0] = {},
    counting: ((route: Route) => Promise<void>) | null = null,
  ): Promise<Page> {
    const context = await visitor.browse({ viewport: { width: 1440, height: 900 }, storageState: cookies, ...options })
    const page = await context.newPage()
    if (counting) await page.route('**/api/analytics/query**', counting)
    await page.goto(`${demo.url}/overview${search}`)
    return page
  }

  test('comes in by the printed link and finds the way with the keyboard alone', async () => {
    const context = await visitor.browse({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    const origins = originsOf(page)
    const steps: string[] = []
    const arrive = async (part: string) => {
      await page.waitForURL((url) => url.href.includes(part))
      await answered(page)
      steps.push(page.url())
    }
    await page.goto(demo.sign_in_url)
    await tabTo(page, 'Sign in')
    await page.keyboard.press('Enter')
    await arrive('/overview')
    expect(await page.locator('h1').textContent()).toBe('Overview')

    // The sample ended years ago: the page says where its messages are.
    await page.getByRole('button', { name: /^Show / }).waitFor()
    await tabTo(page, (await page.getByRole('button', { name: /^Show / }).textContent()) ?? '')
    await page.keyboard.press('Enter')
    await arrive('range=')
    expect(await numberOf(page, 'Messages')).not.toBe('0')

    await press(page, 'd', 'a')
    await arrive('range=12m')
    await page.goBack()
    await answered(page)
    expect(page.url()).toBe(steps.at(-2))

    await press(page, 'c')
    await arrive('vs=off')
    await press(page, 'c')
    await page.waitForURL((url) => !url.search.includes('vs'))
    await press(page, '/')
    await page.getByRole('dialog', { name: 'Filter' }).getByRole('searchbox').waitFor()
    await page.getByRole('dialog').getByRole('button').first().waitFor()
    await page.keyboard.type('gpt')
    await page.keyboard.press('Enter')
    await arrive('model_family=')
    expect(await page.getByRole('region', { name: 'Filters' }).textContent()).toContain('Model family is GPT')
    const filtered = await numberOf(page, 'Messages')

    await tabTo(page, 'Why does this differ from the API?')
    await page.keyboard.press('Enter')
    await arrive('open=reconciliation')
    const dialog = page.getByRole('dialog', { name: 'Why do these numbers differ from the API?' })
    await dialog.getByText('It adds up').waitFor()
    expect(await dialog.getByRole('row', { name: /Counted here/ }).textContent()).toContain(`= ${filtered}`)
    await page.reload()
    await dialog.getByText('It adds up').waitFor()
    expect(page.url()).toBe(steps.at(-1))
    await page.goBack()
    await dialog.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.search.includes('model_family'))

    await press(page, '?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('What do you want to do?').fill('tables')
    await page.keyboard.press('Enter')
    await arrive('view=table')
    await press(page, 'g', 'r')
    await page.waitForURL(`${demo.url}/access`)
    expect(origins()).toEqual([demo.url])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('opens any of the numbers to what it is made of, and comes back to where it was', async () => {
    const page = await open(`?${month}`)
    await answered(page)
    const figure = await numberOf(page, 'Tool messages')
    const way = page.getByRole('article', { name: 'Tool messages' }).getByRole('button', { name: 'What are tool messages?' })
    await way.focus()
    await page.keyboard.press('Enter')
    const why = page.getByRole('dialog').getByRole('button', { name: 'Why does this differ from the API?' })
    await why.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.search.includes('open=reconciliation&metric=tool_messages'))
    const dialog = page.getByRole('dialog', { name: 'Why do these numbers differ from the API?' })
    await dialog.getByText('It adds up').waitFor()
    expect(await dialog.getByRole('row', { name: /Counted here/ }).textContent()).toContain(`= ${figure}`)
    await expect.poll(() => dialog.getByRole('row').count()).toBe(10)

    await dialog.getByRole('combobox', { name: 'Number' }).selectOption('Active people')
    await dialog.getByRole('row', { name: /Listed by the API/ }).waitFor()
    await dialog.getByText('It adds up').waitFor()
    expect(page.url()).toContain('metric=active_people')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(page.url()).not.toContain('metric=')
    await page.locator('button[aria-label="What are tool messages?"]:focus').waitFor()
    await page.context().close()
  })

  test('single letters stay letters in a field, and can be switched off', async () => {
    const page = await open(`?${month}`)
    await answered(page)
    await press(page, '/')
    await page.getByRole('searchbox').pressSequentially('tec?')
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('tec?')
    await page.keyboard.press('Escape')
    await press(page, '?')
    await page.getByRole('switch', { name: 'Single letters act' }).press('Space')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await press(page, 't')
    expect(page.url()).not.toContain('view=')
    await page.context().close()
  })

  test('a link that means nothing falls back, and says so until something is chosen', async () => {
    const page = await open('?range=soon&vs=never&step=hour')
    await page.getByText('“range=soon” means nothing here').waitFor()
    await page.getByRole('button', { name: 'All right' }).click()
    await page.waitForURL(`${demo.url}/overview`)
    await expect.poll(() => page.getByText('means nothing here').count()).toBe(0)
    await page.context().close()
  })

  test('no date moves with the time zone of the browser', async () => {
    const seen = []
    for (const timezoneId of ['UTC', 'Pacific/Pago_Pago', 'Pacific/Kiritimati']) {
      const page = await open('', { timezoneId })
      await answered(page)
      await press(page, 't')
      await page.locator('[data-panel="hours"] table').waitFor()
      const dates = await page.locator('[data-testid="span"]').textContent()
      seen.push({ dates, actives: await page.locator('[data-panel="actives"] tbody').textContent() })
      await page.context().close()
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  test('downloads what is shown', async () => {
    const page = await open(`?${month}`)
    await answered(page)
    await press(page, 'e')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Which models answer?' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('overview-models-2024-11-01-to-2024-11-30.csv')
    const text = (await streamText(await download.createReadStream())).split('\r\n')
    expect(text[0]).toMatch(/^Day,/)
    expect(text).toHaveLength(32)
    await page.context().close()
  })

  test('meets no barrier in forced colors, and none at 320 pixels', async () => {
    for (const wanted of [{ forcedColors: 'active' } as const, { viewport: { width: 320, height: 800 } }]) {
      const page = await open(`?${month}`, wanted)
      await answered(page)
      await checkPage(page, JSON.stringify(wanted))
      await page.context().close()
    }
  })

  describe.each([
    [1440, 'light'],
    [1440, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('at %i pixels in %s colors', (width, colorScheme) => {
    const wanted = { viewport: { width, height: 900 }, colorScheme }

    test('meets no barrier in any state', async () => {
      const page = await open(`?${month}`, wanted)
      const complaints = complaintsOf(page)
      await answered(page)
      await checkPage(page, 'ready')
      for (const search of [
        '',
        '?range=soon',
        `?${month}&model_family=Nothing`,
        `?${month}&view=table`,
        `?${month}&open=reconciliation`,
        `?${month}&open=reconciliation&metric=active_people`,
      ]) {
        await page.goto(`${demo.url}/overview${search}`)
        await answered(page)
        await checkPage(page, search)
      }
      await page.goto(`${demo.url}/overview?${month}`)
      await answered(page)
      for (const keys of [['d', 'c'], ['/'], ['e'], ['?'], ['Control+k']]) {
        await press(page, ...keys)
        await page.locator('[role="dialog"], [role="menu"]').first().waitFor()
        await page.waitForTimeout(400)
        await checkPage(page, keys.join(' '))
        await page.keyboard.press('Escape')
        await page.locator('[role="dialog"], [role="menu"]').first().waitFor({ state: 'detached' })
      }
      await page.getByRole('button', { name: 'More about “Which models answer?”' }).click()
      await page.getByRole('menuitem', { name: 'How is this computed?' }).click()
      await page.getByRole('region', { name: /is computed/ }).waitFor()
      await page.locator('[role="menu"]').waitFor({ state: 'detached' })
      await checkPage(page, 'how')
      // What makes no sense under a filter, such as coding by tool, is refused by the API, and its panel says so.
      expect(complaints.filter((complaint) => !/status of 400/.test(complaint))).toEqual([])
      await page.context().close()
    })

    test.each(Object.keys(troubles))('meets no barrier when %s', async (name) => {
      const page = await open(`?${month}`, wanted, (route) => troubles[name]?.(route) ?? route.continue())
      await page.locator(`[data-panel="actives"][data-state="${name}"]`).waitFor()
      await checkPage(page, name)
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await page.context().close()
    })
  })
})

/** What may become of a count on its way, by the state in which the panels then are. */
const troubles: Record<string, (route: Route) => Promise<void>> = {
  loading: async () => undefined,
  failed: (route) => refuse(route, 500),
  'not-permitted': (route) => refuse(route, 403),
  'signed-out': (route) => refuse(route, 401),
  unfit: (route) => refuse(route, 400),
  'no-data': (route) => change(route, (reply) => ({ ...reply, data_through: null })),
  hidden: (route) =>
    change(route, (reply) => ({ ...reply, total: hiddenIn(reply.total ?? {}), rows: Object.values(reply.rows ?? {}).map(hiddenIn) })),
}

function refuse(route: Route, status: number): Promise<void> {
  return route.fulfill({ status, headers: { 'x-request-id': 'made-up' }, json: { detail: 'the facts do not answer at the moment' } })
}

async function change(route: Route, edit: (reply: Record<string, object>) => object): Promise<void> {
  const response = await route.fetch()
  return route.fulfill({ response, json: edit(await response.json()) })
}

/** A row in which every figure is hidden; dimensions, which are texts, stay. */
const hiddenIn = (row: object) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? value : { hidden: 'too-few-people' }]))

/** Every panel of the page has come to its state. */
async function answered(page: Page): Promise<void> {
  await page.locator('[data-panel="tokens"]').waitFor()
  await page.locator('[data-panel][data-state="loading"], [aria-busy="true"]').first().waitFor({ state: 'detached' })
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

async function numberOf(page: Page, stat: string): Promise<string> {
  return (await page.getByRole('article', { name: stat, exact: true }).locator('p').first().textContent()) ?? ''
}

/** The origins of everything that the page asked for. */
function originsOf(page: Page): () => string[] {
  const origins = new Set<string>()
  page.on('request', (request) => origins.add(new URL(request.url()).origin))
  return () => [...origins]
}

async function streamText(stream: Readable): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
