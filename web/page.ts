import { Temporal } from 'temporal-polyfill'
import { type AppPage, appPage, appPageMeta } from '../contract/app-page.ts'

/** What the server wrote into the document about its reader. */
export const page: AppPage = appPage.parse(JSON.parse(metaContent(appPageMeta)))

/** For the style elements that Mantine makes: the policy takes no others. A browser shows the nonce to scripts, not to style sheets. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

/** The server's clock, carried on by a stopwatch: a reader whose own clock is wrong still sees the right day. */
export function now(): Temporal.Instant {
  return Temporal.Instant.from(page.now).add({ milliseconds: Math.round(performance.now()) })
}

/** Today in UTC, wherever the reader is. */
export function today(): Temporal.PlainDate {
  return now().toZonedDateTimeISO('UTC').toPlainDate()
}

function metaContent(name: string): string {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content
  if (content === undefined) throw new Error(`the document has no meta element ${name}`)
  return content
}
