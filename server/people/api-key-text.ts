import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import type { Scope } from '../../contract/people.ts'

/**
 * The text of an API key: `dbk_<kind>_<43 characters>_<6 characters>`. The last group is a CRC-32 of everything before it, so that
 * a scanner can tell a key from a look-alike without asking anybody.
 */
export const keyKinds = ['ing', 'cmp', 'del', 'act', 'ana', 'scm', 'int', 'adm'] as const
export type KeyKind = (typeof keyKinds)[number]

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const shape = /^dbk_(?:ing|cmp|del|act|ana|scm|int|adm)_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/

const kindOfScope: Partial<Record<Scope, KeyKind>> = {
  'ingest:write': 'ing',
  'compliance:read': 'cmp',
  'compliance:delete': 'del',
  'activity:read': 'act',
  'analytics:read': 'ana',
  'scim:manage': 'scm',
  'integrity:read': 'int',
}

/** Scopes of several kinds, or of none of these, make an `adm` key. Deleting goes with reading. */
export function kindOf(scopes: readonly Scope[]): KeyKind {
  const kinds = new Set(scopes.map((scope) => kindOfScope[scope] ?? 'adm'))
  if (kinds.size === 2 && kinds.has('cmp') && kinds.has('del')) return 'del'
  const [only] = kinds
  return kinds.size === 1 && only ? only : 'adm'
}

export function newKeyText(kind: KeyKind): string {
  const start = `dbk_${kind}_${base62(BigInt(`0x${randomBytes(34).toString('hex')}`))
    .padStart(43, '0')
    .slice(-43)}`
  return `${start}_${checksum(start)}`
}

/** Whether a text can be a key at all; a mistyped one is refused without a look-up. */
export function looksLikeKey(text: string): boolean {
  const cut = text.lastIndexOf('_')
  return shape.test(text) && text.slice(cut + 1) === checksum(text.slice(0, cut))
}

/** The key of `Authorization: Bearer dbk_…`; some connectors leave the word out. */
export function keyIn(request: FastifyRequest): string | null {
  const header = request.headers.authorization?.trim()
  return header ? header.replace(/^bearer\s+/i, '') : null
}

function checksum(text: string): string {
  return base62(BigInt(crc32(text))).padStart(6, '0')
}

function base62(value: bigint): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= 62n) text = alphabet.charAt(Number(rest % 62n)) + text
  return text
}
