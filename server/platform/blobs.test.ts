import { createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Blobs, openBlobFolder, type Received } from './blobs.ts'
import { organizationKeys } from './crypto.ts'
import { Refusal } from './refusal.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-blobs-'))
const secret = Buffer.alloc(32, 7)
const keys = organizationKeys(secret)
const unlimited = 1e9
let blobs: Blobs

beforeAll(async () => {
  blobs = await openBlobFolder(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function kept(bytes: Buffer, piece = 10_000): Promise<Received> {
  const received = await blobs.receive(keys, piecesOf(bytes, piece), unlimited)
  await received.keep()
  return received
}

const pathOf = ({ address }: Received) => join(folder, address.slice(0, 2), address)
const readBack = ({ address, salt }: Received) => buffer(blobs.read(keys, address, salt))
const incoming = () => readdirSync(join(folder, 'incoming'))

describe('file bytes', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])('come back as they were: %d of them', async (size) => {
    const bytes = randomBytes(size)
    for (const piece of [1 + (size >> 2), 65_536, 200_001]) {
      const received = await kept(bytes, piece)
      expect(received).toMatchObject({ size, sha256: createHash('sha256').update(bytes).digest('hex') })
      expect((await readBack(received)).equals(bytes)).toBe(true)
    }
  })

  test.each([1, 65_536, 65_537, 200_000])('come back in part, whichever part is wanted: of %d', async (size) => {
    const bytes = randomBytes(size)
    const { address, salt } = await kept(bytes)
    const edges = [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, size - 2, size - 1].filter((at) => at >= 0 && at < size)
    for (const first of edges)
      for (const last of edges.filter((at) => at >= first))
        expect((await buffer(blobs.read(keys, address, salt, { first, last }))).equals(bytes.subarray(first, last + 1))).toBe(true)
  })

  test('in part are refused when they were changed, or cut off before their end', async () => {
    const received = await kept(randomBytes(200_000))
    const path = pathOf(received)
    const span = (first: number, last: number) => buffer(blobs.read(keys, received.address, received.salt, { first, last }))
    const stored = readFileSync(path)
    truncateSync(path, 140_000)
    await expect(span(140_000, 150_000)).rejects.toThrow()
    writeFileSync(path, Buffer.concat([stored.subarray(0, 70_000), Buffer.from([(stored[70_000] ?? 0) ^ 1]), stored.subarray(70_001)]))
    await expect(span(66_000, 66_001)).rejects.toThrow()
    expect((await span(0, 9)).length).toBe(10)
  })

  test('lie under a keyed address that tells nothing, in a file that only its owner reads', async () => {
    const bytes = Buffer.from('a marker that can be looked for')
    const received = await kept(bytes)
    const sha256 = createHash('sha256').update(bytes).digest()
    expect(received.address).toBe(createHmac('sha256', keys.blobs).update(sha256).digest('hex'))
    expect(received.address).not.toContain(received.sha256)
    expect(readFileSync(pathOf(received)).includes('marker')).toBe(false)
    expect(statSync(pathOf(received)).mode & 0o077).toBe(0)
  })

  test('have the documented form: plain HKDF and AES open each chunk', async () => {
    const bytes = randomBytes(65_536 + 10)
    const received = await kept(bytes)
    const stored = readFileSync(pathOf(received))
    expect([...stored.subarray(0, 2)]).toEqual([1, 0])
    const info = Buffer.concat([Buffer.from('daybook/blob/v1\0'), received.salt])
    const key = Buffer.from(hkdfSync('sha256', secret, 'daybook/items/v1', info, 32))
    const chunks = [stored.subarray(2, 2 + 65_552), stored.subarray(2 + 65_552)].map((chunk, i) => {
      const nonce = Buffer.alloc(12)
      nonce[10] = i
      nonce[11] = i
      const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      decipher.setAAD(stored.subarray(0, 2)).setAuthTag(chunk.subarray(-16))
      return Buffer.concat([decipher.update(chunk.subarray(0, -16)), decipher.final()])
    })
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  })

  test('are removed when they are not kept, and can be removed later', async () => {
    const received = await blobs.receive(keys, piecesOf(randomBytes(10), 3), unlimited)
    expect(incoming()).toHaveLength(1)
    await received.discard()
    expect(incoming()).toEqual([])
    const other = await kept(randomBytes(10))
    await blobs.remove(other.address)
    await expect(readBack(other)).rejects.toThrow()
  })
})

describe('what is too large or breaks off', () => {
  test('is refused and leaves nothing behind', async () => {
    const error = await blobs.receive(keys, piecesOf(randomBytes(100_001), 7000), 100_000).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Refusal)
    expect(error).toMatchObject({ code: 'too_large' })
    expect(incoming()).toEqual([])
    await expect(blobs.receive(keys, broken(), unlimited)).rejects.toThrow('the line went dead')
    expect(incoming()).toEqual([])
  })

  test('of exactly the limit is taken', async () => {
    const received = await blobs.receive(keys, piecesOf(randomBytes(100_000), 7000), 100_000)
    expect(received.size).toBe(100_000)
    await received.discard()
  })

  async function* broken(): AsyncGenerator<Buffer> {
    yield randomBytes(100_000)
    throw new Error('the line went dead')
  }
})

describe('a blob that was tampered with does not open', () => {
  const stride = 65_552

  async function refused(size: number, tamper: (path: string, stored: Buffer) => void): Promise<void> {
    const received = await kept(randomBytes(size))
    tamper(pathOf(received), readFileSync(pathOf(received)))
    await expect(readBack(received)).rejects.toThrow()
  }

  test.each([1, 16, 17, 1000])('cut by %d bytes', (bytes) => refused(200_000, (path, stored) => truncateSync(path, stored.length - bytes)))

  test('cut to whole chunks, to its header, to nothing', async () => {
    for (const length of [2 + 3 * stride, 2 + stride, 2, 0]) await refused(200_000, (path) => truncateSync(path, length))
    await refused(131_072, (path) => truncateSync(path, 2 + stride))
    await refused(0, (path) => truncateSync(path, 2))
  })

  test('with two chunks swapped, one repeated, or one of another blob', async () => {
    const chunk = (stored: Buffer, i: number) => stored.subarray(2 + i * stride, 2 + (i + 1) * stride)
    const head = (stored: Buffer) => stored.subarray(0, 2)
    await refused(200_000, (path, stored) =>
      writeFileSync(path, Buffer.concat([head(stored), chunk(stored, 1), chunk(stored, 0), stored.subarray(2 + 2 * stride)])),
    )
    await refused(200_000, (path, stored) =>
      writeFileSync(path, Buffer.concat([head(stored), chunk(stored, 0), chunk(stored, 0), stored.subarray(2 + 2 * stride)])),
    )
    const other = readFileSync(pathOf(await kept(randomBytes(200_000))))
    await refused(200_000, (path, stored) =>
      writeFileSync(path, Buffer.concat([head(stored), chunk(other, 0), stored.subarray(2 + stride)])),
    )
  })

  test('with one byte changed, or bytes added', async () => {
    for (const at of [0, 1, 2, 70_000, 199_999]) {
      await refused(200_000, (path, stored) => {
        stored[at] = (stored[at] ?? 0) ^ 1
        writeFileSync(path, stored)
      })
    }
    await refused(100, (path, stored) => writeFileSync(path, Buffer.concat([stored, Buffer.alloc(1)])))
  })

  test('with another salt, or by another organization', async () => {
    const received = await kept(randomBytes(100))
    await expect(readBack({ ...received, salt: Buffer.alloc(32) })).rejects.toThrow()
    await expect(buffer(blobs.read(organizationKeys(Buffer.alloc(32)), received.address, received.salt))).rejects.toThrow()
  })
})
