import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { hmac, type OrganizationKeys, randomSalt } from './crypto.ts'
import { syncFolder } from './durable-file.ts'
import { Refusal } from './refusal.ts'

/**
 * File bytes, encrypted, in a folder. A blob is addressed by a keyed SHA-256 of its bytes, so equal files are kept once and a
 * look at the folder tells nothing. Its format:
 *
 *   0    format version, 1
 *   1    codec, 0
 *   2..  chunks of 65,536 plain bytes (the last one shorter), each AES-256-GCM with a 16-byte tag. The nonce is the chunk's number
 *        in 11 bytes and a byte that is 1 for the last chunk, so that chunks cannot be moved, dropped or cut off unseen.
 *
 * The key is HKDF of the organization key and the blob's own salt; no two blobs share one.
 */
export interface Blobs {
  /** Streams bytes to the disk and makes them durable under a name of their own; nothing refers to them yet. */
  receive(keys: OrganizationKeys, bytes: AsyncIterable<Buffer>, limit: number): Promise<Received>
  /** All bytes, or those of a span that lies within them; only the chunks that hold it are read. */
  read(keys: OrganizationKeys, address: string, salt: Buffer, span?: Span): Readable
  remove(address: string): Promise<void>
}

/** Both ends are included. */
export interface Span {
  readonly first: number
  readonly last: number
}

export interface Received {
  readonly address: string
  readonly salt: Buffer
  readonly size: number
  /** Hexadecimal. */
  readonly sha256: string
  /** Moves the bytes to their address. */
  keep(): Promise<void>
  discard(): Promise<void>
}

const header = Buffer.from([1, 0])
const chunkSize = 65_536
const tagLength = 16
const blobInfo = Buffer.from('daybook/blob/v1\0')

export async function openBlobFolder(folder: string): Promise<Blobs> {
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  const pathOf = (address: string) => join(folder, address.slice(0, 2), address)
  return {
    receive: (keys, bytes, limit) => receive(keys, bytes, limit, join(incoming, randomUUID()), pathOf),
    read: (keys, address, salt, span) => Readable.from(decrypt(blobKey(keys, salt), pathOf(address), span), { objectMode: false }),
    remove: (address) => rm(pathOf(address), { force: true }),
  }
}

function blobKey(keys: OrganizationKeys, salt: Buffer): KeyObject {
  return createSecretKey(hmac(keys.items, blobInfo, salt, Buffer.from([1])))
}

async function receive(
  keys: OrganizationKeys,
  bytes: AsyncIterable<Buffer>,
  limit: number,
  part: string,
  pathOf: (address: string) => string,
): Promise<Received> {
  const salt = Buffer.from(randomSalt())
  const key = blobKey(keys, salt)
  const sha256 = createHash('sha256')
  const discard = () => rm(part, { force: true })
  const file = await open(part, 'wx', 0o600)
  let size = 0
  try {
    await file.write(header)
    for await (const { plain, number, last } of chunks(bytes)) {
      size += plain.length
      if (size > limit) throw new Refusal('too_large', `a file may have at most ${limit} bytes`)
      sha256.update(plain)
      await file.write(encrypt(key, plain, number, last))
    }
    await file.sync()
  } catch (error) {
    await file.close()
    await discard()
    throw error
  }
  await file.close()
  const digest = sha256.digest()
  const address = hmac(keys.blobs, digest).toString('hex')
  return { address, salt, size, sha256: digest.toString('hex'), keep: () => move(part, pathOf(address)), discard }
}

async function move(part: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await rename(part, path)
  syncFolder(dirname(path))
}

interface Chunk {
  plain: Buffer
  number: number
  last: boolean
}

/** Cuts a stream into whole chunks; there is always a last one, if only an empty one. */
async function* chunks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Chunk> {
  let held: Buffer[] = []
  let length = 0
  let number = 0
  for await (const piece of bytes) {
    held.push(piece)
    length += piece.length
    if (length <= chunkSize) continue
    let joined = Buffer.concat(held)
    while (joined.length > chunkSize) {
      yield { plain: joined.subarray(0, chunkSize), number: number++, last: false }
      joined = joined.subarray(chunkSize)
    }
    held = [joined]
    length = joined.length
  }
  yield { plain: Buffer.concat(held), number, last: true }
}

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(number, 5, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}

function encrypt(key: KeyObject, plain: Buffer, number: number, last: boolean): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, last), { authTagLength: tagLength })
  cipher.setAAD(header)
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

async function* decrypt(key: KeyObject, path: string, span?: Span): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer: start } = await file.read(Buffer.alloc(header.length), 0, header.length, 0)
    if (!start.equals(header)) throw new Error(`a blob has format ${start.join('.')}, this Daybook reads ${header.join('.')}`)
    const sealed = size - header.length
    yield* span ? cut(chunksOf(key, file, sealed, chunksAround(span)), span) : chunksOf(key, file, sealed)
  } finally {
    await file.close()
  }
}

const stride = chunkSize + tagLength
const chunksAround = ({ first, last }: Span): Span => ({ first: Math.floor(first / chunkSize), last: Math.floor(last / chunkSize) })

async function* cut(chunks: AsyncGenerator<Buffer>, { first, last }: Span): AsyncGenerator<Buffer> {
  let at = first - (first % chunkSize)
  for await (const chunk of chunks) {
    yield chunk.subarray(Math.max(0, first - at), last + 1 - at)
    at += chunk.length
  }
}

/** Whole chunks, unless told only some of them. A blob that ends too early is never taken for a whole one. */
async function* chunksOf(key: KeyObject, file: FileHandle, size: number, only?: Span): AsyncGenerator<Buffer> {
  const lastNumber = Math.max(0, Math.ceil(size / stride) - 1)
  const until = only ? only.last : lastNumber
  let number = only?.first ?? 0
  let held: Buffer = Buffer.alloc(0)
  const start = header.length + number * stride
  const end = Math.min(size, (until + 1) * stride) + header.length - 1
  const pieces = start > end ? [] : file.createReadStream({ start, end, highWaterMark: stride * 4, autoClose: false })
  for await (const piece of pieces) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    while (held.length >= stride || (number === lastNumber && held.length === size - number * stride)) {
      if (held.length === 0) break
      const sealed = held.subarray(0, Math.min(stride, held.length))
      yield unseal(key, sealed, number, number === lastNumber)
      held = held.subarray(sealed.length)
      number++
    }
  }
  if (number !== until + 1) throw new Error('a blob ends before its last chunk')
}

function unseal(key: KeyObject, sealed: Buffer, number: number, last: boolean): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, last), { authTagLength: tagLength })
  decipher.setAAD(header)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagLength)), decipher.final()])
}
