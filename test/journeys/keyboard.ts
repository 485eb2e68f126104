import type { BrowserContext, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Visitor } from './browser.ts'

/** A page and its dialogs as somebody without a mouse uses them. */

/** Presses Tab until a control has the focus. */
export async function reach(page: Page, control: Locator): Promise<void> {
  await control.waitFor()
  for (let presses = 0; presses < 80; presses++) {
    if ((await control.and(page.locator(':focus')).count()) === 1) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard never reaches ${control}`)
}

export async function pressOn(page: Page, control: Locator, key = 'Enter'): Promise<void> {
  await reach(page, control)
  await page.keyboard.press(key)
}

export async function type(page: Page, label: string, text: string): Promise<void> {
  await reach(page, page.getByRole('dialog').getByLabel(label, { exact: true }))
  await page.keyboard.type(text)
}

/** Chooses in a list by typing the beginning of what it says. */
export async function choose(page: Page, list: Locator, text: string): Promise<void> {
  await reach(page, list)
  await page.keyboard.type(text)
  await expect.poll(() => list.locator('option:checked').textContent()).toBe(text)
}

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** What the control says that has the focus; nothing while none has it, as when one is about to take the place of another. */
export const focused = (page: Page) => page.evaluate('document.activeElement === document.body ? "" : document.activeElement.textContent')

/** Goes to a page by its two keys. The address changes before the page does, which has the focus on its heading once its own keys work. */
export async function goTo(page: Page, letter: string, title: string): Promise<void> {
  await press(page, 'g', letter)
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  await expect.poll(() => page.locator('h1:focus').count()).toBe(1)
  await settled(page)
}

export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await page.locator('[data-part]').first().waitFor()
  await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: 40_000 }).toBe(0)
}

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })
export const part = (page: Page, id: string) => page.locator(`[data-part="${id}"]`)
export const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

/** Reads what is shown once, puts it away, and sees that it is gone from the page. */
export async function keep(page: Page): Promise<string> {
  const shown = page.getByTestId('secret')
  await shown.waitFor()
  const text = (await shown.textContent()) ?? ''
  expect(text.length).toBeGreaterThan(15)
  await pressOn(page, button(page, 'I have kept it'))
  await shown.waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain(text)
  return text
}

export type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>

/** Comes in by a link of an invitation or of the operator, and keeps who they are. */
export async function cookiesBehind(visitor: Visitor, link: string): Promise<Cookies> {
  const context = await visitor.browse({})
  const page = await context.newPage()
  await page.goto(link)
  if (link.includes('/invitations/')) await pressOn(page, button(page, 'Accept the invitation'))
  await pressOn(page, button(page, 'Sign in'))
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in') && !url.pathname.startsWith('/invitations'))
  const cookies = await context.storageState()
  await context.close()
  return cookies
}
