import { createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hmac, openItem, organizationKeys, randomSalt, saltLength, sameBytes, sealItem, unwrap, wrap } from './crypto.ts'

const secret = Buffer.alloc(32, 7)
const keys = organizationKeys(secret)
const salt = Buffer.alloc(32, 1)
const commitment = Buffer.alloc(32, 2)
const short = Buffer.from('{"text":"a short record"}')
const long = Buffer.from(JSON.stringify({ text: 'a long record, much like itself. '.repeat(400) }))
const noise = randomBytes(10_000)

describe('a sealed item', () => {
  test.each([
    ['empty', Buffer.alloc(0)],
    ['short', short],
    ['long', long],
    ['incompressible', noise],
  ])('opens again: %s', (_what, plain) => {
    expect(openItem(keys, salt, commitment, sealItem(keys, salt, commitment, plain))).toEqual(plain)
  })

  test('opens again whatever was in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ size: 'large' }), (bytes) => {
        const plain = Buffer.from(bytes)
        expect(openItem(keys, salt, commitment, sealItem(keys, salt, commitment, plain))).toEqual(plain)
      }),
      { numRuns: 50 },
    )
  })

  test('never looks the same twice, and shows nothing of what is in it', () => {
    const one = sealItem(keys, salt, commitment, short)
    expect(one.equals(sealItem(keys, salt, commitment, short))).toBe(false)
    expect(one.includes('record')).toBe(false)
  })

  test('has the documented form: anyone with the organization key and the salt can open it with plain HKDF and AES', () => {
    for (const [plain, codec] of [
      [short, 0],
      [long, 1],
      [noise, 0],
    ] as const) {
      const sealed = sealItem(keys, salt, commitment, plain)
      expect([...sealed.subarray(0, 2)]).toEqual([1, codec])
      const info = Buffer.concat([Buffer.from('daybook/item/v1\0'), salt])
      const key = Buffer.from(hkdfSync('sha256', secret, 'daybook/items/v1', info, 32))
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(2, 14))
      decipher.setAAD(Buffer.concat([Buffer.from([1, codec]), commitment])).setAuthTag(sealed.subarray(-16))
      const body = Buffer.concat([decipher.update(sealed.subarray(14, -16)), decipher.final()])
      expect(codec === 1 ? zstdDecompressSync(body) : body).toEqual(plain)
    }
  })

  test('does not open with another salt, another commitment or the keys of another organization', () => {
    const sealed = sealItem(keys, salt, commitment, short)
    expect(() => openItem(keys, Buffer.alloc(32, 9), commitment, sealed)).toThrow()
    expect(() => openItem(keys, salt, Buffer.alloc(32, 9), sealed)).toThrow()
    expect(() => openItem(organizationKeys(Buffer.alloc(32, 8)), salt, commitment, sealed)).toThrow()
  })

  test('does not open once any byte of it was changed, or one was cut off', () => {
    const sealed = sealItem(keys, salt, commitment, short)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => openItem(keys, salt, commitment, changed), `byte ${at}`).toThrow()
    }
    expect(() => openItem(keys, salt, commitment, sealed.subarray(0, -1))).toThrow()
    expect(() => openItem(keys, salt, commitment, sealed.subarray(0, 10))).toThrow()
  })

  test('of a format from the future is refused by name', () => {
    const sealed = sealItem(keys, salt, commitment, short)
    sealed[0] = 2
    expect(() => openItem(keys, salt, commitment, sealed)).toThrow('format version 2')
  })
})

describe('the keys of an organization', () => {
  test('follow from its secret alone, and each has its own purpose', () => {
    const again = organizationKeys(Buffer.from(secret))
    const exported = [keys.items, keys.fingerprints, keys.blobs].map((key) => key.export().toString('hex'))
    expect([again.items, again.fingerprints, again.blobs].map((key) => key.export().toString('hex'))).toEqual(exported)
    expect(new Set(exported).size).toBe(3)
  })

  test('are wrapped by the master key for one purpose', () => {
    const { items: master } = organizationKeys(Buffer.alloc(32, 5))
    const wrapped = wrap(master, secret, 'purpose')
    expect(wrapped.includes(secret)).toBe(false)
    expect(unwrap(master, wrapped, 'purpose')).toEqual(secret)
    expect(() => unwrap(master, wrapped, 'another purpose')).toThrow()
    expect(() => unwrap(keys.items, wrapped, 'purpose')).toThrow()
    wrapped[20] = (wrapped[20] ?? 0) ^ 1
    expect(() => unwrap(master, wrapped, 'purpose')).toThrow()
  })
})

test('salts are 32 random bytes, no two the same across the pages they are drawn from', () => {
  const salts = Array.from({ length: 1000 }, () => randomSalt())
  expect(new Set(salts.map((one) => one.toString('hex'))).size).toBe(1000)
  expect(salts.every((one) => one.length === saltLength)).toBe(true)
})

test('bytes are compared whole', () => {
  expect(sameBytes(Buffer.from('abc'), Buffer.from('abc'))).toBe(true)
  expect(sameBytes(Buffer.from('abc'), Buffer.from('abd'))).toBe(false)
  expect(sameBytes(Buffer.from('abc'), Buffer.from('ab'))).toBe(false)
})

test('parts of a keyed hash are hashed as one text', () => {
  expect(hmac(secret, 'a', 'bc')).toEqual(hmac(secret, Buffer.from('abc')))
})

const bytes = () => fc.uint8Array({ maxLength: 200 }).map((values) => Buffer.from(values))

test('a keyed hash is HMAC-SHA-256, for keys of every length and again and again with the same one', () => {
  fc.assert(
    fc.property(bytes(), bytes(), bytes(), (key, first, second) => {
      const kept = createSecretKey(key)
      for (const text of [first, second]) {
        const expected = createHmac('sha256', key).update(text).digest()
        expect(hmac(key, text)).toEqual(expected)
        expect(hmac(kept, text)).toEqual(expected)
      }
    }),
  )
})
