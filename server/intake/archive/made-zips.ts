import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** Zips made for tests. yazl makes only good ones, so the bad ones are its bytes with a few of them changed. */

export interface Packed {
  name: string
  bytes: Buffer | string
  mode?: number
  stored?: boolean
}

export async function zipOf(entries: Packed[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, bytes, mode, stored } of entries) {
    zip.addBuffer(Buffer.from(bytes), name, { mtime: new Date(0), compress: !stored, ...(mode === undefined ? {} : { mode }) })
  }
  zip.end()
  return await buffer(zip.outputStream)
}

const CENTRAL = Buffer.from('504b0102', 'hex')

/** Where the directory's record of an entry begins. */
export function centralAt(zip: Buffer, index: number): number {
  let at = zip.indexOf(CENTRAL)
  for (let skipped = 0; skipped < index; skipped++) at = zip.indexOf(CENTRAL, at + 4)
  return at
}

/** Writes over the directory's record of an entry: flags at 8, packed size at 20, full size at 24. */
export function patched(zip: Buffer, index: number, patch: { flags?: number; packed?: number; full?: number; signature?: number }): Buffer {
  const copy = Buffer.from(zip)
  const at = centralAt(zip, index)
  if (patch.signature !== undefined) copy.writeUInt32LE(patch.signature, at)
  if (patch.flags !== undefined) copy.writeUInt16LE(patch.flags, at + 8)
  if (patch.packed !== undefined) copy.writeUInt32LE(patch.packed, at + 20)
  if (patch.full !== undefined) copy.writeUInt32LE(patch.full, at + 24)
  return copy
}

/** Puts a name in the place of one of the same length, everywhere it stands. */
export function renamed(zip: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(zip)
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + 1)) copy.write(to, at, 'latin1')
  return copy
}
