import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { z } from 'zod'

const outcome = z.object({
  violations: z.array(z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
})

/** What axe finds against WCAG 2.2 AA and its own good practice, as lines to read; nothing where the page is as it should be. */
export async function barriers(page: Page): Promise<string[]> {
  // Evaluated by the browser's own protocol: the page's policy allows no script of any kind.
  const { violations } = outcome.parse(await page.evaluate(`${axe.source}; axe.run(document, { resultTypes: ['violations'] })`))
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
}
