import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Why journeys cannot be walked here, in words; null where they can. */
export const noBrowser = existsSync(executablePath) ? null : `there is no ${executablePath}: install Debian's package "chromium"`

export interface Visitor {
  browse(options: BrowserContextOptions): Promise<BrowserContext>
  leave(): Promise<void>
}

/** Debian's own Chromium with an empty profile of its own, which is removed afterwards. */
export async function openBrowser(): Promise<Visitor> {
  const profile = mkdtempSync(join(tmpdir(), 'daybook-browser-'))
  const browser: Browser = await chromium.launch({
    executablePath,
    headless: true,
    env: { ...process.env, HOME: profile },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return {
    browse: (options) => browser.newContext(options),
    leave: async () => {
      await browser.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
