import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { organizationKeys, randomSalt } from '../platform/crypto.ts'
import { commitmentOf, fingerprintOf, open, seal } from './entry.ts'

const keys = organizationKeys(Buffer.alloc(32, 7))
const canonical = Buffer.from('{"id":"m1","kind":"message"}')

test('a commitment is the hash of a name, a zero, the salt and the canonical bytes: anybody who has them can check it', () => {
  const salt = randomSalt()
  const bytes = Buffer.concat([Buffer.from('daybook/leaf/v1'), Buffer.from([0]), salt, canonical])
  expect(commitmentOf(salt, canonical)).toEqual(createHash('sha256').update(bytes).digest())
})

test('what is sealed opens to the same bytes and commits to them, each time under a salt of its own', () => {
  const [one, two] = [seal(keys, canonical), seal(keys, canonical)]
  for (const sealed of [one, two]) {
    expect(open(keys, sealed)).toEqual(canonical)
    expect(sealed.commitment).toEqual(commitmentOf(sealed.salt, canonical))
    expect(sealed.salt).toHaveLength(32)
  }
  expect(one.salt.equals(two.salt)).toBe(false)
  expect(one.commitment.equals(two.commitment)).toBe(false)
})

test('a sealed entry does not open in the place of another', () => {
  const [one, two] = [seal(keys, canonical), seal(keys, Buffer.from('{}'))]
  expect(() => open(keys, { ...one, payload: two.payload })).toThrow()
  expect(() => open(keys, { ...one, salt: two.salt })).toThrow()
  expect(() => open(keys, { ...one, commitment: two.commitment })).toThrow()
})

test('equal payloads have equal fingerprints in one organization, and nothing to do with each other in two', () => {
  const other = organizationKeys(Buffer.alloc(32, 8))
  const fingerprint = fingerprintOf(keys, canonical)
  expect(fingerprint).toHaveLength(16)
  expect(fingerprintOf(keys, Buffer.from(canonical))).toEqual(fingerprint)
  expect(fingerprintOf(keys, Buffer.from('{}')).equals(fingerprint)).toBe(false)
  expect(fingerprintOf(other, canonical).equals(fingerprint)).toBe(false)
  expect(createHash('sha256').update(canonical).digest().subarray(0, 16).equals(fingerprint)).toBe(false)
  expect(createHmac('sha256', keys.fingerprints).update(canonical).digest().subarray(0, 16)).toEqual(fingerprint)
})
