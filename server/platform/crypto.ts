import { createCipheriv, createDecipheriv, createSecretKey, hash, KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/**
 * The sealed form of one item, final and versioned by its first byte:
 *
 *   0      format version, 1
 *   1      codec of the plain bytes: 0 as they are, 1 zstd
 *   2..13  nonce, 96 random bits
 *   14..   AES-256-GCM ciphertext, then its 16-byte tag
 *
 * The key belongs to this one item: HKDF-SHA256 of the organization key and the item's salt. Deleting the salt is the erasure.
 * The additional data are bytes 0 and 1 followed by the item's commitment, so a sealed item opens in its own row only.
 */
const formatVersion = 1
const codecPlain = 0
const codecZstd = 1
const headerLength = 14
const tagLength = 16
const gcm = { authTagLength: tagLength }

/** Below this a zstd frame costs three times what the cipher costs and saves a few hundred bytes. Measured: 26 µs against 4 µs. */
const compressFrom = 2048

/** The largest plain text an item may unfold to; what a hostile or damaged frame claims beyond it is refused. */
const largestPlain = 512 * 1024 * 1024

export const saltLength = 32

/** The secrets of one organization, unwrapped in memory only. */
export interface OrganizationKeys {
  /** HKDF's extracted key (RFC 5869): the item keys are expanded from it. */
  readonly items: KeyObject
  /** Makes equal payloads recognizable without a guessable hash: fingerprints of records. */
  readonly fingerprints: KeyObject
  /** Addresses file bytes. */
  readonly blobs: KeyObject
  /** Stands for people in counts that do not name them. */
  readonly pseudonyms: KeyObject
  /** Stands for words in the search index. */
  readonly words: KeyObject
  /** Seals searches that are kept. */
  readonly searches: KeyObject
}

export function organizationKeys(secret: Buffer): OrganizationKeys {
  return {
    items: createSecretKey(hmac(Buffer.from('daybook/items/v1'), secret)),
    fingerprints: createSecretKey(hmac(Buffer.from('daybook/fingerprints/v1'), secret)),
    blobs: createSecretKey(hmac(Buffer.from('daybook/blobs/v1'), secret)),
    pseudonyms: createSecretKey(hmac(Buffer.from('daybook/pseudonyms/v1'), secret)),
    words: createSecretKey(hmac(Buffer.from('daybook/words/v1'), secret)),
    searches: createSecretKey(hmac(Buffer.from('daybook/searches/v1'), secret)),
  }
}

/** HMAC-SHA-256. */
export function hmac(key: Buffer | KeyObject, ...parts: (Buffer | string)[]): Buffer {
  const { inner, outer } = key instanceof KeyObject ? padsOf(key) : makePads(key)
  outer.write(digestOf(inner, ...parts), blockLength, 'binary')
  return Buffer.from(hash('sha256', outer, 'binary'), 'binary')
}

export function sha256(...parts: (Buffer | string)[]): Buffer {
  return Buffer.from(digestOf(...parts), 'binary')
}

/**
 * The one-shot hash takes a third of the time of a hash object, and every record is hashed five times over. A digest asked for as a
 * buffer gets memory of its own from the system, which takes three times as long as the hash; as text, a character per byte, it does not.
 */
function digestOf(...parts: (Buffer | string)[]): string {
  return hash('sha256', Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))), 'binary')
}

interface Pads {
  readonly inner: Buffer
  /** The outer pad, then room for the inner digest. */
  readonly outer: Buffer
}

const blockLength = 64
const digestLength = 32
const known = new WeakMap<KeyObject, Pads>()

/** RFC 2104: the key, filled up to a block, in its two disguises. Made once for a key that is used again and again. */
function padsOf(key: KeyObject): Pads {
  const pads = known.get(key) ?? makePads(key.export())
  known.set(key, pads)
  return pads
}

function makePads(key: Buffer): Pads {
  const block = Buffer.alloc(blockLength)
  const fitting = key.length > blockLength ? hash('sha256', key, 'buffer') : key
  fitting.copy(block)
  const outer = Buffer.alloc(blockLength + digestLength)
  outer.set(block.map((byte) => byte ^ 0x5c))
  return { inner: Buffer.from(block.map((byte) => byte ^ 0x36)), outer }
}

const itemInfo = Buffer.from('daybook/item/v1\0')
const firstBlock = Buffer.from([1])

/** HKDF-Expand with the salt in `info`; one block is all of a 256-bit key. A KeyObject makes the cipher three times faster to set up. */
function itemKey(keys: OrganizationKeys, salt: Buffer): KeyObject {
  return createSecretKey(hmac(keys.items, itemInfo, salt, firstBlock))
}

export function sealItem(keys: OrganizationKeys, salt: Buffer, commitment: Buffer, plain: Buffer): Buffer {
  const packed = plain.length >= compressFrom ? zstdCompressSync(plain) : plain
  const shrunk = packed.length < plain.length
  const header = Buffer.allocUnsafe(headerLength)
  header[0] = formatVersion
  header[1] = shrunk ? codecZstd : codecPlain
  randomNonce().copy(header, 2)
  const cipher = createCipheriv('aes-256-gcm', itemKey(keys, salt), header.subarray(2), gcm)
  cipher.setAAD(Buffer.concat([header.subarray(0, 2), commitment]))
  const body = cipher.update(shrunk ? packed : plain)
  cipher.final()
  return Buffer.concat([header, body, cipher.getAuthTag()])
}

export function openItem(keys: OrganizationKeys, salt: Buffer, commitment: Buffer, sealed: Buffer): Buffer {
  if (sealed[0] !== formatVersion) throw new Error(`a sealed item has format version ${sealed[0]}, this Daybook reads ${formatVersion}`)
  const decipher = createDecipheriv('aes-256-gcm', itemKey(keys, salt), sealed.subarray(2, headerLength), gcm)
  decipher.setAAD(Buffer.concat([sealed.subarray(0, 2), commitment]))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
  const packed = decipher.update(sealed.subarray(headerLength, sealed.length - tagLength))
  decipher.final()
  return sealed[1] === codecZstd ? zstdDecompressSync(packed, { maxOutputLength: largestPlain }) : packed
}

/** Random bytes are drawn a page at a time: one call to the generator costs as much as sealing's whole key derivation. */
function pool(size: number): () => Buffer {
  let page: Buffer = Buffer.alloc(0)
  let used = 0
  return () => {
    if (used + size > page.length) {
      page = randomBytes(size * 256)
      used = 0
    }
    used += size
    return page.subarray(used - size, used)
  }
}

const randomNonce = pool(12)
export const randomSalt = pool(saltLength)

/** Wraps a secret under a key that may wrap many: a random nonce and a tag around it. */
export function wrap(key: KeyObject, secret: Buffer, purpose: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, gcm)
  cipher.setAAD(Buffer.from(purpose))
  return Buffer.concat([Buffer.from([formatVersion]), nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

export function unwrap(key: KeyObject, wrapped: Buffer, purpose: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(1, 13), gcm)
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(wrapped.subarray(wrapped.length - tagLength))
  return Buffer.concat([decipher.update(wrapped.subarray(13, wrapped.length - tagLength)), decipher.final()])
}

export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
