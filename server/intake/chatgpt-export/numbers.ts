import { isExact } from '../../ledger/numbers.ts'
import { isObject } from './values.ts'

/**
 * Something in the text may be a number that a double cannot hold: 17 digits or more, or 16 that start with 9 (2^53 is
 * 9007199254740992), more than 17 significant digits around a point, an exponent of three digits. Texts may match too; then
 * only time is lost.
 */
const SUSPECT = /[:,[\s]-?(?:\d{17}|9\d{15}|0\.0*[1-9]\d{17}|(?=[\d.]{19})[1-9]\d*\.\d|\d[\d.]*[eE][+-]?\d{3})/

interface JsonWithSource {
  parse: (text: string, reviver: (name: string, value: unknown, context: { source?: string }) => unknown) => unknown
  rawJSON: (text: string) => object
  isRawJSON: (value: unknown) => boolean
}
// TypeScript's library does not know these three forms yet; the pinned Node has them.
const json = JSON as unknown as JsonWithSource

/**
 * Parses one element. A number that would change is kept as the source wrote it, as a raw value that only `holdsInexact` and
 * `JSON.stringify` understand, so that just the record that holds it is refused, with its true bytes.
 */
export function parseElement(text: string): { value: unknown; exact: boolean } {
  if (!SUSPECT.test(text)) return { value: JSON.parse(text), exact: true }
  let exact = true
  const value = json.parse(text, (_name, member, { source }) => {
    if (typeof member !== 'number' || source === undefined || isExact(source, member)) return member
    exact = false
    return json.rawJSON(source)
  })
  return { value, exact }
}

export function holdsInexact(value: unknown): boolean {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (json.isRawJSON(next)) return true
    // Not by spread: a list may hold more members than a call takes arguments.
    if (Array.isArray(next) || isObject(next)) for (const member of Object.values(next)) open.push(member)
  }
  return false
}
