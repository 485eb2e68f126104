import { readFileSync } from 'node:fs'
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessPage } from '../../contract/access.ts'
import { savedSearchList } from '../../contract/search.ts'
import { daybookCommand } from '../support/cli.ts'
import { hostileText } from '../support/hostile.ts'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'
import { type Demo, openDemo } from './demo.ts'
import { shownTexts, watchForHarm } from './harm.ts'
import { button, type Cookies, cookiesBehind, dialog, focused, goTo, part, press, pressOn, reach, settled } from './keyboard.ts'
import { hostile, hostileMessages, sendHostile, sendRecords, sendTalk, talk } from './record-talk.ts'
import { checkPage, complaintsOf } from './walking.ts'

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

type Wanted = Parameters<Visitor['browse']>[0]

const purpose = 'Case 4711'
const ofTalk = `/record/conversation?id=${talk}`
const ofHostile = `/record/conversation?id=${hostile}`
const schemes = [
  [1440, 'light', ['/record', ofTalk]],
  [1440, 'dark', [ofTalk, '/record/search']],
  [390, 'light', ['/record/search', ofHostile]],
  [390, 'dark', [ofTalk, '/record']],
] as const

describe.skipIf(noBrowser !== null)('a reader of the record', () => {
  let visitor: Visitor
  let demo: Demo
  let officer: Cookies
  let viewer: Cookies
  /** Every address that a page asked for. */
  const asked: string[] = []

  beforeAll(async () => {
    visitor = await openBrowser()
    demo = await openDemo()
    await sendTalk(demo)
    await sendHostile(demo)
    const invited = async (email: string, role: string) => {
      await daybookCommand(demo.data, 'person', 'add', '--email', email, '--role', role)
      return cookiesBehind(visitor, await demo.newLink(email))
    }
    officer = await invited('officer@example.com', 'compliance_officer')
    viewer = await invited('viewer@example.com', 'analytics_viewer')
  })

  afterAll(async () => {
    await visitor?.leave()
    await demo?.close()
  })

  async function open(cookies: Cookies, path: string, options: Wanted = {}): Promise<Page> {
    const context = await visitor.browse({ viewport: { width: 1440, height: 900 }, storageState: cookies, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('request', (request) => asked.push(decodeURIComponent(request.url())))
    await page.goto(`${demo.url}${path}`)
    return page
  }

  const message = (page: Page, words: string) => page.locator('[data-message]').filter({ hasText: words }).last()

  async function statePurpose(page: Page): Promise<void> {
    await reach(page, page.getByRole('textbox', { name: 'Why do you read this?' }))
    await page.keyboard.type(purpose)
    await pressOn(page, button(page, 'Read with this purpose'))
    await page.getByText(`You read this for: ${purpose}`).waitFor()
  }

  /** With the purpose stated, as it stays in a tab. */
  async function reading(path: string, options: Wanted = {}): Promise<Page> {
    const page = await open(officer, '/signed-out', options)
    await page.addInitScript(`sessionStorage.setItem('daybook-purpose officer@example.com', ${JSON.stringify(purpose)})`)
    await page.goto(`${demo.url}${path}`)
    await page.getByText(`You read this for: ${purpose}`).waitFor()
    await settled(page)
    return page
  }

  test('goes from the list to a conversation and back with the keyboard alone, and says why first', async () => {
    const page = await open(officer, '/sources')
    const complaints = complaintsOf(page)
    await settled(page)
    await goTo(page, 'e', 'Record')
    expect(page.url()).toBe(`${demo.url}/record`)
    await expect.poll(() => focused(page)).toBe('Record')
    await press(page, '/')
    await page.keyboard.type('Conversation')
    await pressOn(page, button(page, 'Show'))
    await page.waitForURL((url) => url.searchParams.get('kind') === 'conversation')
    await settled(page)
    await expect.poll(() => page.locator('tbody tr').filter({ hasText: 'Message' }).count()).toBe(0)
    expect(await page.content()).not.toMatch(/Offer, final|Plan of the offer/)
    await pressOn(
      page,
      page
        .locator('tr', { hasText: talk })
        .first()
        .getByRole('link', { name: /^Conversation/ }),
    )
    await page.waitForURL((url) => url.searchParams.get('id') === talk)
    await statePurpose(page)
    await expect.poll(() => page.locator('[data-message]').count()).toBe(6)
    expect(await page.locator('dl').textContent()).toContain('Offer, final')

    await page.locator('h1').focus()
    await press(page, 'j', 'j', 'j')
    await expect.poll(() => focused(page)).toContain('The third draft')
    await press(page, 'ArrowLeft')
    await message(page, 'Words of draft-2').waitFor()
    await expect.poll(() => focused(page)).toContain('2 of 3')
    await press(page, 'ArrowLeft')
    await expect.poll(() => focused(page)).toContain('1 of 3')
    await press(page, 'ArrowLeft')
    await page.waitForTimeout(500)
    expect(await focused(page)).toContain('1 of 3')
    await press(page, 'k')
    await expect.poll(() => focused(page)).toContain('Draft the offer')
    await expect.poll(() => page.locator('[data-message]').count()).toBe(3)
    await press(page, 'b')
    await expect.poll(() => page.locator('[data-message]').count()).toBe(8)
    await press(page, 'Escape')
    await page.waitForURL((url) => url.pathname === '/record' && url.searchParams.get('kind') === 'conversation')
    await page.getByText('Offer, final').waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('leaves the purpose and what was read in the access record', async () => {
    const page = await open(officer, '/access?action=record.')
    const answer = await page.request.get(`${demo.url}/api/access?action=record.conversation`)
    const [entry] = accessPage.parse(await answer.json()).data
    expect(entry).toMatchObject({ outcome: 'allowed', query: { purpose, conversation_id: talk }, count: 9 })
    expect(entry?.ids).toContain(talk)
    expect(asked.filter((address) => /4711|offer|third draft/i.test(address))).toEqual([])
    await page.context().close()
  })

  test('sees what is hidden, called, changed and deleted, saves a file, and is shown an address before it opens', async () => {
    const page = await reading(ofTalk)
    await page.getByText('Its own record was changed: 2 versions').click()
    await page.getByText('Plan of the offer').waitFor()
    expect(await message(page, 'Words of rules').textContent()).toMatch(/System.*hidden in the product.*written by the system/)
    expect(await message(page, 'The third draft').textContent()).toMatch(/gpt-5.*3 of 3.*Thinking.*Calls.*web\.search.*prices.*Cites/s)
    expect(await message(page, 'Words of found').textContent()).toContain('Tool web')
    expect(await message(page, 'Words of regret').textContent()).toContain('deleted at its source on 6 Nov 2026, 08:00 UTC')
    await button(page, 'Edited: 2 versions').click()
    expect(await message(page, 'Thanks, edited').textContent()).toContain('Words of thanks')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Save/ }).click()])
    expect(readFileSync((await download.path()) ?? '', 'utf8')).toBe('one, two')

    const asking = message(page, 'Draft the offer')
    await expect.poll(() => asking.getByRole('link', { name: /Open it/ }).count()).toBe(0)
    await asking.getByRole('button', { name: 'link' }).click()
    expect(await asking.textContent()).toContain('It leads to intranet.example, away from Daybook: https://intranet.example/offer?id=12')
    const link = asking.getByRole('link', { name: 'Open it in a new tab' })
    const way = [await link.getAttribute('rel'), await link.getAttribute('target'), await link.getAttribute('href')]
    expect(way).toEqual(['noreferrer noopener', '_blank', 'https://intranet.example/offer?id=12'])
    await page.context().close()
  })

  test('is unharmed by 3,000 hostile messages, and sees what each of them says', async () => {
    const page = await reading('/record')
    const harm = watchForHarm(page, demo.url)
    await page.goto(`${demo.url}/record/conversation?id=${hostile}`)
    await page.locator('[data-message]').first().waitFor()
    await press(page, 'l')
    await expect.poll(() => page.locator('[data-message]').count(), { timeout: 60_000, interval: 500 }).toBe(hostileMessages)
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await page.evaluate(`document.querySelectorAll('[data-text="part"] > p button').forEach((button) => button.click())`)
    await expect.poll(() => page.locator('[data-whole="false"]').count(), { timeout: 30_000 }).toBe(0)
    await expect.poll(() => page.locator('[data-whole="true"]').count()).toBe(3)
    const texts = [...(await shownTexts(page)).values()]
    expect(texts).toHaveLength(hostileMessages)
    expect(texts.flatMap(([shown], n) => (shown === hostileText(n) ? [] : [n]))).toEqual([])
    expect(await harm.look('ol[aria-label="Messages"]')).toEqual([])
    expect(await page.locator('[data-part="conversation"] dl').textContent()).toContain(
      '<script>window.__touched=1</script> U+202Eeltit'.replace(' ', ''),
    )
    await page.context().close()
  })

  test('is unharmed by them in the list, in a record and in what a search finds', async () => {
    const page = await reading('/record?kind=message')
    const harm = watchForHarm(page, demo.url)
    await page.goto(`${demo.url}/record?conversation=${hostile}`)
    await page.locator('tbody tr').first().waitFor()
    expect(await harm.look('table')).toEqual([])
    await page
      .getByRole('button', { name: /^Record of message/ })
      .nth(1)
      .click()
    await dialog(page, 'Record no.').locator('[data-text]').waitFor()
    expect(await harm.look('[role="dialog"] [data-text]')).toEqual([])
    await page.goto(`${demo.url}/record/search`)
    await page.getByLabel('Words').fill('touched')
    await button(page, 'Search').click()
    await page.locator('ol[aria-label="Matches"] li').first().waitFor()
    expect(await harm.look('ol[aria-label="Matches"]')).toEqual([])
    await page.context().close()
  })

  test('and harm would be seen: a page that takes the same for HTML is found out in every way', async () => {
    const context = await visitor.browse({})
    const page = await context.newPage()
    await page.route('https://outside.example/**', (route) => route.abort())
    const harm = watchForHarm(page, 'null')
    const texts = Array.from({ length: 22 }, (_, n) => hostileText(n)).filter(
      (text) => !text.includes('http-equiv') && !text.includes('<style>'),
    )
    await page.setContent(
      `<ol aria-label="Messages"><li>${texts.join('</li><li>')}<script>alert(1)</script><img src="https://outside.example/last"></li></ol>`,
    )
    const seen = (await harm.look('ol[aria-label="Messages"]')).join('\n')
    for (const sign of [
      'the window was touched',
      'an element was planted',
      'dialog: 1',
      'request: https://outside.example/',
      'element: <img',
      'attribute: <img',
    ])
      expect(seen).toContain(sign)
    await context.close()
  })

  test('searches, goes to the message, and is told what a saved search found since', async () => {
    const page = await reading('/record/search')
    const complaints = complaintsOf(page)
    const searches: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/api/search')) searches.push(Object(request.postDataJSON()).text)
    })
    await page.getByLabel('Words').fill('draft-2')
    await button(page, 'Search').click()
    await pressOn(
      page,
      page
        .locator('ol[aria-label="Matches"]')
        .getByRole('link', { name: /^Conversation/ })
        .first(),
    )
    await page.waitForURL((url) => url.searchParams.has('message'))
    await expect.poll(() => focused(page)).toContain('Words of draft-2')
    await press(page, 'Escape')
    await page.waitForURL(`${demo.url}/record/search`)
    expect(await page.getByLabel('Words').inputValue()).toBe('draft-2')
    await page.getByLabel('Words').fill('zanzibar')
    await button(page, 'Search').click()
    await page.getByText('Nothing was found').waitFor()
    await pressOn(page, page.getByRole('button', { name: /^Save this search/ }))
    await dialog(page, 'Save this search').getByLabel('Name').fill('Zanzibar')
    await pressOn(page, dialog(page, 'Save this search').getByRole('button', { name: 'Save' }))
    await part(page, 'saved').getByText('Zanzibar', { exact: true }).waitFor()
    // Each search is on record, so none is made but those that were asked for: two, and the first again after coming back.
    expect(searches).toEqual(['draft-2', 'draft-2', 'zanzibar'])
    await sendRecords(demo, [
      { kind: 'message', id: 'new', conversation_id: talk, role: 'user', content: [{ type: 'text', text: 'a trip to Zanzibar' }] },
    ])
    // The index takes what is new every few seconds.
    const saved = `${demo.url}/api/saved-searches?workspace_id=${demo.workspaces[0]?.id}`
    const found = async () => savedSearchList.parse(await (await page.request.get(saved)).json()).data[0]?.new_matches
    await expect.poll(found, { timeout: 90_000, interval: 500 }).toBe(1)
    await page.reload()
    await page.getByTestId('new-matches').waitFor()
    await part(page, 'saved').getByText('1 new').waitFor()
    await pressOn(page, button(page, 'Show matches'))
    await part(page, 'saved').locator('mark', { hasText: 'Zanzibar' }).waitFor()
    await expect.poll(() => page.getByTestId('new-matches').count()).toBe(0)
    await expect.poll(() => part(page, 'saved').getByText('1 new').count()).toBe(0)
    await checkPage(page, 'matches')
    expect(asked.filter((address) => /zanzibar|draft-2/i.test(address))).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  }, 120_000)

  test('who may not read it is told whom to ask, and is not led there', async () => {
    const page = await open(viewer, '/record')
    expect(await page.locator('body').textContent()).toMatch(/compliance officer|compliance:read/)
    await page.goto(`${demo.url}/overview`)
    await page.getByRole('link', { name: 'Overview', exact: true }).waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'Record', exact: true }).count()).toBe(0)
    await page.context().close()
  })

  test('a link that leads nowhere, a filter that finds nothing and a mistake in a link each say so', async () => {
    const page = await reading('/record/conversation?id=00000000-0000-4000-8000-000000000000')
    await page.getByText('there is no such conversation').waitFor()
    await checkPage(page, 'unknown')
    await page.goto(`${demo.url}/record/conversation`)
    await page.getByText('The link names none.').waitFor()
    await page.goto(`${demo.url}/record?id=nothing`)
    await page.getByText('Nothing in the record matches all of this.').waitFor()
    await checkPage(page, 'nothing')
    await page.goto(`${demo.url}/record?kind=robot&since=soon`)
    await page.getByText('because it means nothing here: kind, since').waitFor()
    await page.context().close()
  })

  test.each(schemes)('meets no barrier at %i pixels in %s colors', async (width, colorScheme, paths) => {
    const page = await reading(paths[0], { viewport: { width, height: 900 }, colorScheme })
    for (const path of paths) {
      if (path !== paths[0]) await page.goto(`${demo.url}${path}`)
      await settled(page)
      await checkPage(page, colorScheme)
      if (path !== '/record') continue
      await page
        .getByRole('button', { name: /^Record of/ })
        .first()
        .click()
      await dialog(page, 'Record no.').locator('[data-text]').waitFor()
      await page.waitForTimeout(400)
      await checkPage(page, 'a record')
    }
    await page.context().close()
  })

  test('meets no barrier before a purpose is stated', async () => {
    const page = await open(officer, ofTalk)
    await button(page, 'Read with this purpose').waitFor()
    await checkPage(page, 'no purpose')
    await page.context().close()
  })

  test('meets no barrier at 320 pixels, in forced colors, and while something is wrong', async () => {
    for (const options of [{ viewport: { width: 320, height: 800 } }, { forcedColors: 'active' } as const]) {
      const page = await reading(ofTalk, options)
      await checkPage(page, JSON.stringify(options))
      await page.context().close()
    }
    const page = await reading('/record')
    for (const [state, trouble] of Object.entries(troubles)) {
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await page.route('**/api/record/**', trouble)
      for (const [path, id] of [
        ['/record', 'entries'],
        [ofTalk, 'conversation'],
      ]) {
        await page.goto(`${demo.url}${path}`)
        await page.locator(`[data-part="${id}"][data-state="${state}"]`).waitFor()
        await checkPage(page, `${path} ${state}`)
      }
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.context().close()
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
