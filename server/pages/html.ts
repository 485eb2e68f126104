const made = Symbol('html')

/** Text that is safe to stand in a page as it is, because only `html` makes it. */
export interface Html {
  readonly [made]: string
}

type Part = Html | string | number | null | undefined | false | readonly Part[]

/** Escapes every value that is not Html itself. There is no way around it: pages have no other means to become text. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return { [made]: texts.reduce((text, next, i) => text + written(parts[i - 1]) + next) }
}

export function htmlText(page: Html): string {
  return page[made]
}

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return made in part ? part[made] : part.map(written).join('')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
