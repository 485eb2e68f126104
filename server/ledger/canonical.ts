/**
 * Canonical bytes of a record: RFC 8785 (JCS), except that a lone surrogate, which the RFC refuses, is written as its
 * `\uXXXX` escape so that what a source sent is given back faithfully. `JSON.stringify` writes strings and numbers as the
 * RFC does; keys are sorted by UTF-16 code units, which is what JavaScript compares.
 */
export function canonicalText(value: unknown): string {
  return write(value, 0)
}

export const deepest = 64

/** Thrown by `canonicalText` for JSON nested more than 64 levels: deep enough for any source, shallow enough for any reader. */
export class TooDeep extends Error {}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (depth >= deepest) throw new TooDeep()
  return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1)
}

function writeArray(items: unknown[], depth: number): string {
  let text = '['
  for (let i = 0; i < items.length; i++) text += i === 0 ? write(items[i], depth) : `,${write(items[i], depth)}`
  return `${text}]`
}

function writeObject(value: object, depth: number): string {
  const keys = Object.keys(value).sort()
  let text = '{'
  let first = true
  for (const key of keys) {
    const member: unknown = Reflect.get(value, key)
    if (member === undefined) continue
    text += `${first ? '' : ','}${JSON.stringify(key)}:${write(member, depth)}`
    first = false
  }
  return `${text}}`
}
