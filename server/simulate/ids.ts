import type { Random } from './random.ts'

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const pair = (word: number, shift: number) => hex[(word >>> shift) & 255] ?? ''

/** The next UUID of a generator: version 8 of RFC 9562, whose bits are ours to choose. */
export function uuid(random: Random): string {
  const [a, b, c, d] = [random.next(), random.next(), random.next(), random.next()]
  const [version, variant] = [(b & 0xffff0fff) | 0x8000, (c & 0x3fffffff) | 0x80000000]
  return `${pair(a, 24)}${pair(a, 16)}${pair(a, 8)}${pair(a, 0)}-${pair(b, 24)}${pair(b, 16)}-${pair(version, 8)}${pair(version, 0)}-${pair(variant, 24)}${pair(variant, 16)}-${pair(c, 8)}${pair(c, 0)}${pair(d, 24)}${pair(d, 16)}${pair(d, 8)}${pair(d, 0)}`
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `user-` and such: letters and digits behind a prefix, as providers name people and keys. */
export function tagged(random: Random, prefix: string, length = 24): string {
  let text = prefix
  for (let i = 0; i < length; i++) text += letters[random.int(letters.length)]
  return text
}
