import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daybookCommand } from '../support/cli.ts'
import { noBrowser, openBrowser, type Visitor } from './browser.ts'
import { type Demo, openDemo } from './demo.ts'
import { button, type Cookies, cookiesBehind, dialog, focused, pressOn, reach, settled } from './keyboard.ts'
import { sendRecords, sendTalk } from './record-talk.ts'
import { checkPage, complaintsOf } from './walking.ts'

if (noBrowser) console.warn(`Journeys in a browser are skipped: ${noBrowser}`)

const purpose = 'Case 4711'

describe.skipIf(noBrowser !== null)('a reader of the record who looks for a person', () => {
  let visitor: Visitor
  let demo: Demo
  let officer: Cookies
  /** Every address that a page asked for. */
  const asked: string[] = []

  beforeAll(async () => {
    visitor = await openBrowser()
    demo = await openDemo()
    await sendTalk(demo)
    await sendRecords(demo, [
      { kind: 'person', id: 'user-mallory', email: 'mallory@example.com', name: '<img src=x onerror=window.__touched=1>\u202EMallory' },
    ])
    await daybookCommand(demo.data, 'person', 'add', '--email', 'officer@example.com', '--role', 'compliance_officer')
    officer = await cookiesBehind(visitor, await demo.newLink('officer@example.com'))
  })

  afterAll(async () => {
    await visitor?.leave()
    await demo?.close()
  })

  /** With the purpose stated, as it stays in a tab. */
  async function reading(path: string): Promise<Page> {
    const context = await visitor.browse({ viewport: { width: 1440, height: 900 }, storageState: officer })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('request', (request) => asked.push(decodeURIComponent(request.url())))
    await page.addInitScript(`sessionStorage.setItem('daybook-purpose officer@example.com', ${JSON.stringify(purpose)})`)
    await page.goto(`${demo.url}${path}`)
    await page.getByText(`You read this for: ${purpose}`).waitFor()
    await settled(page)
    return page
  }

  test('names a person by address or name, chooses among several, and no address of a page holds either', async () => {
    const page = await reading('/record')
    const complaints = complaintsOf(page)
    const field = () => page.getByLabel('Person', { exact: true })
    const narrowedTo = (id: string) => page.waitForURL((url) => url.searchParams.get('person') === id)
    await reach(page, field())
    await page.keyboard.type('Ada@Example.com')
    await page.keyboard.press('Enter')
    await narrowedTo('user-ada')
    expect(await field().inputValue()).toBe('user-ada')
    await page.locator('form').getByText('Ada Lovelace', { exact: true }).waitFor()
    await expect.poll(() => page.locator('tbody tr').filter({ hasNotText: 'Ada Lovelace' }).count()).toBe(0)

    await field().fill('a')
    await page.keyboard.press('Enter')
    const several = dialog(page, 'Who is meant?')
    await several.waitFor()
    await page.waitForTimeout(400)
    await checkPage(page, 'who is meant')
    await expect.poll(() => focused(page)).toContain('Ada Lovelace')
    await pressOn(page, several.getByRole('button', { name: 'mallory@example.com' }))
    await narrowedTo('user-mallory')
    await page.locator('tbody tr').filter({ hasText: 'mallory@example.com' }).first().waitFor()
    await page.goBack()
    await narrowedTo('user-ada')
    await expect.poll(() => field().inputValue()).toBe('user-ada')

    await field().fill('nobody@example.com')
    await page.keyboard.press('Enter')
    await page.getByText('nobody in this record has such an id, address or name').waitFor()
    await checkPage(page, 'nobody')
    expect(new URL(page.url()).searchParams.get('person')).toBe('user-ada')

    await page.goto(`${demo.url}/record/search`)
    await page.getByLabel('Words').fill('draft')
    await field().fill('lovelace')
    await page.keyboard.press('Enter')
    await page.locator('ol[aria-label="Matches"]').waitFor()
    expect(await field().inputValue()).toBe('user-ada')
    expect(asked.filter((address) => /@example|lovelace/i.test(address))).toEqual([])
    expect(await page.evaluate('window.__touched')).toBeUndefined()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('an answer to who is meant that comes when something else is asked for is dropped, and so is the choice on going back', async () => {
    const page = await reading('/record')
    const field = () => page.getByLabel('Person', { exact: true })
    let answer = () => {}
    const late = new Promise<void>((resolve) => {
      answer = resolve
    })
    const people = '**/api/record/people'
    await page.route(people, (route) => late.then(() => route.continue()))
    await field().fill('ada@example.com')
    await page.keyboard.press('Enter')
    await field().fill('')
    await page.getByLabel('Kind').selectOption('file')
    await pressOn(page, button(page, 'Show'))
    await page.waitForURL((url) => url.searchParams.get('kind') === 'file')
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/record/people'))
    answer()
    await (await answered).finished()
    await page.unroute(people)
    await field().fill('a')
    await page.keyboard.press('Enter')
    await dialog(page, 'Who is meant?').waitFor()
    expect(new URL(page.url()).search).toBe('?kind=file')
    await page.goBack()
    await page.waitForURL(`${demo.url}/record`)
    await expect.poll(() => dialog(page, 'Who is meant?').count()).toBe(0)
    await page.context().close()
  })
})
