import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { barriers } from './accessible.ts'

/** What the browser objects to: refused styles, missing files, anything on the console. */
export function complaintsOf(page: Page): string[] {
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
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
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

/** What every page owes once it has come to rest: no barrier, one heading that says where one is, no sideways scrolling. */
export async function checkPage(page: Page, state = ''): Promise<void> {
  const at = `${page.url()} ${state}`
  // A dialog that is still fading in has too little contrast for a moment.
  await expect.poll(() => barriers(page), { message: at, interval: 300, timeout: 5000 }).toEqual([])
  await expect.poll(() => page.locator('h1').count(), { message: at }).toBe(1)
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  expect(wide, `${at} scrolls sideways`).toBeLessThanOrEqual(0)
}
