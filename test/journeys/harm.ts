import type { Page } from 'playwright-core'
import { z } from 'zod'

/** Everything by which content could show that it was more than text: what it did, where it went, what it became. */
export interface Harm {
  readonly happened: string[]
  /** Looks once more at the page itself, below an element. */
  look(below: string): Promise<string[]>
}

/** Elements that our own pages make around what somebody wrote; anything else came out of it. */
const ours =
  'OL LI UL ARTICLE HEADER H2 H3 P DIV SPAN STRONG SECTION BUTTON TIME BDI KBD TABLE CAPTION THEAD TBODY TR TH TD CODE DL DT DD MARK svg path'.split(
    ' ',
  )

export function watchForHarm(page: Page, origin: string): Harm {
  const happened: string[] = []
  page.on('dialog', (dialog) => {
    happened.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('popup', (popup) => happened.push(`window: ${popup.url()}`))
  page.on('download', (download) => happened.push(`download: ${download.url()}`))
  page.on('pageerror', (error) => happened.push(`error: ${error.message}`))
  page.on('console', (message) => happened.push(`console: ${message.text().slice(0, 200)}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) happened.push(`request: ${request.url()}`)
  })
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) happened.push(`frame: ${frame.url()}`)
  })
  return { happened, look: async (below) => [...happened, ...z.array(z.string()).parse(await page.evaluate(lookBelow(below)))] }
}

/** In the page: marks on the window, foreign elements, attributes that run or load, links that lead away. */
function lookBelow(below: string): string {
  return `(() => {
    const found = []
    if ('__touched' in window) found.push('the window was touched')
    if ('polluted' in {}) found.push('the prototype was touched')
    if (document.querySelector('[id^="planted"]')) found.push('an element was planted')
    const ours = new Set(${JSON.stringify(ours)})
    for (const element of document.querySelectorAll(${JSON.stringify(`${below} *`)})) {
      const isLink = element.tagName === 'A' && new URL(element.href).origin === location.origin && new URL(element.href).pathname.startsWith('/record')
      if (!ours.has(element.tagName) && !isLink) found.push('element: ' + element.outerHTML.slice(0, 200))
      for (const { name } of element.attributes) if (/^on|^(src|srcdoc|srcset|style|action|formaction|background|ping)$/.test(name)) found.push('attribute: ' + element.outerHTML.slice(0, 200))
    }
    return found.slice(0, 20)
  })()`
}

/** What each part of each message shows, with the named characters put back; in the order of the page. As JSON, which keeps halves of characters. */
export async function shownTexts(page: Page): Promise<Map<string, string[]>> {
  const texts = await page.evaluate(`(() => {
    const textOf = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data
      if (node.dataset?.ours !== undefined) return ''
      if (node.dataset?.run !== undefined) return JSON.parse(node.dataset.run).map(([code, times]) => String.fromCodePoint(code).repeat(times)).join('')
      if (node.dataset?.code !== undefined) return String.fromCodePoint(Number(node.dataset.code)).repeat(Number(node.dataset.times))
      return [...node.childNodes].map(textOf).join('')
    }
    return JSON.stringify([...document.querySelectorAll('[data-message]')].map((message) => [message.dataset.message,
      [...message.querySelectorAll('[data-text]')].map((text) => [...text.querySelectorAll('[data-chunk]')].map(textOf).join(''))]))
  })()`)
  return new Map(z.array(z.tuple([z.string(), z.array(z.string())])).parse(JSON.parse(String(texts))))
}
