import { hmac, type OrganizationKeys, openItem, randomSalt, sealItem, sha256 } from '../platform/crypto.ts'

/** One line of the log before it has its place in the sequence. */
export interface Entry {
  readonly workspace: number | null
  readonly source: string
  readonly kind: string
  readonly id: string
  readonly occurredAt: string | null
  readonly ahead: boolean
  readonly sealed: Sealed
  /** What may be counted of it, as JSON; null or absent: nothing. */
  readonly remains?: string | null
}

export interface Sealed {
  readonly salt: Buffer
  readonly commitment: Buffer
  readonly payload: Buffer
}

/** Source of the ledger's own entries: who read, changed, or was denied what. */
export { ownSource } from '../../contract/records.ts'

export const commitmentLength = 32

const leaf = Buffer.from('daybook/leaf/v1\0')

/** SHA-256("daybook/leaf/v1" ‖ 0x00 ‖ salt ‖ canonical bytes): what the integrity tree is built over, from the first record on. */
export function commitmentOf(salt: Buffer, canonical: Buffer): Buffer {
  return sha256(leaf, salt, canonical)
}

export function seal(keys: OrganizationKeys, canonical: Buffer): Sealed {
  const salt = randomSalt()
  const commitment = commitmentOf(salt, canonical)
  return { salt, commitment, payload: sealItem(keys, salt, commitment, canonical) }
}

export function open(keys: OrganizationKeys, sealed: Sealed): Buffer {
  return openItem(keys, sealed.salt, sealed.commitment, sealed.payload)
}

/** Recognizes an equal payload. Keyed, because a plain hash of a short message could be guessed and would outlive its erasure. */
export function fingerprintOf(keys: OrganizationKeys, canonical: Buffer): Buffer {
  return hmac(keys.fingerprints, canonical).subarray(0, 16)
}
