import { realpath, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { getFileNameLowLevel, openPromise, validateFileName, type Entry as ZipEntry, type ZipFile } from 'yauzl'
import type { Rejected } from '../found.ts'
import { type Archive, reasonOf, rejected } from './entry.ts'
import { fileBytesAllowed, isText, MAX_ENTRIES, MAX_RATIO, MAX_TEXT_BYTES, RATIO_FROM } from './limits.ts'

/**
 * Lists a zip through its directory. A bad entry is refused by name and costs no other; sizes are checked in the directory here
 * and enforced by yauzl while reading, which breaks off an entry that holds more than it said.
 */
export async function openZip(path: string, name: string): Promise<Archive> {
  try {
    // In a folder it was listed as a file; meanwhile it may have become a link.
    if ((await realpath(path)) !== path) return refused(name, 'unsafe_path', 'a link, which is not followed')
    const { size } = await stat(path)
    const zip = await openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: true })
    return await entriesOf(zip, name, size)
  } catch (error) {
    const reason = reasonOf(error)
    const damaged = 'cut off or damaged: it has no readable directory, so nothing of it can be read. Copy or download it again'
    return refused(name, 'bad_archive', reason === 'damaged' ? damaged : `could not be opened (${reason})`)
  }
}

async function entriesOf(zip: ZipFile, name: string, size: number): Promise<Archive> {
  if (zip.entryCount > MAX_ENTRIES) {
    zip.close()
    const message = `it names ${zip.entryCount} entries, at most ${MAX_ENTRIES} are taken. Unpack it and import the folder`
    return refused(name, 'zip_bomb', message)
  }
  const archive: Archive = { entries: [], problems: [], close: () => zip.close() }
  await list(zip, name, new Room(size), archive)
  return archive
}

function refused(name: string, code: string, message: string): Archive {
  return { entries: [], problems: [rejected(name, code, message)], close: () => {} }
}

async function list(zip: ZipFile, name: string, room: Room, archive: Archive): Promise<void> {
  const seen = new Set<string>()
  try {
    for await (const entry of zip.eachEntry()) {
      const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
      if (path.endsWith('/')) continue
      const problem = problemOf(path, entry, seen) ?? room.take(path, entry)
      seen.add(path)
      if (problem) archive.problems.push(problem)
      else
        archive.entries.push({
          path,
          size: entry.uncompressedSize,
          open: async () => checked(await zip.openReadStreamPromise(entry), entry.crc32),
        })
    }
  } catch {
    const good = archive.entries.map((entry) => entry.path)
    const some = good.length > 20 ? `${good.slice(0, 20).join(', ')} and ${good.length - 20} more` : good.join(', ')
    archive.problems.push(
      rejected(name, 'bad_archive', `its directory is damaged after ${good.length} good entries; still read: ${some || 'nothing'}`),
    )
  }
}

/** File type bits of a Unix mode, which a zip made on Unix keeps in the upper half of the attributes. */
const TYPE = 0o170000
const REGULAR = 0o100000

function problemOf(path: string, entry: ZipEntry, seen: Set<string>): Rejected | null {
  // Beyond what yauzl looks for: a NUL, which cuts a name short elsewhere, and a drive letter without a slash.
  if (validateFileName(path) !== null || path.includes('\0') || /^[A-Za-z]:/.test(path))
    return rejected(printable(path), 'unsafe_path', 'a name that leads out of the archive')
  const type = (entry.externalFileAttributes >>> 16) & TYPE
  if (type !== 0 && type !== REGULAR) return rejected(path, 'unsafe_path', 'a link or device, which is not followed')
  if (seen.has(path)) return rejected(path, 'bad_archive', 'a second entry of the same name')
  if (entry.isEncrypted()) return rejected(path, 'bad_archive', 'encrypted; remove the password and import it again')
  if (!entry.canDecodeFileData())
    return rejected(path, 'bad_archive', `packed by method ${entry.compressionMethod}, which is not known here`)
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize)
  if (entry.uncompressedSize > RATIO_FROM && ratio > MAX_RATIO)
    return rejected(path, 'zip_bomb', `unpacks to ${Math.round(ratio)} times its size, at most ${MAX_RATIO} is taken`)
  return null
}

function printable(path: string): string {
  return path.replaceAll('\0', '\ufffd')
}

/** What may still be unpacked, for text and for other files apart. */
class Room {
  #text = MAX_TEXT_BYTES
  #files: number

  constructor(archiveSize: number) {
    this.#files = fileBytesAllowed(archiveSize)
  }

  take(path: string, { uncompressedSize }: ZipEntry): Rejected | null {
    const left = isText(path) ? this.#text : this.#files
    if (uncompressedSize > left)
      return rejected(path, 'zip_bomb', 'the archive unpacks to more than is taken. Unpack it and import the folder')
    if (isText(path)) this.#text -= uncompressedSize
    else this.#files -= uncompressedSize
    return null
  }
}

/** yauzl checks an entry's size, not its checksum; a record must not keep bytes that a disk or a transfer changed. */
function checked(stream: Readable, expected: number): Readable {
  return Readable.from(verify(stream, expected), { objectMode: false, highWaterMark: 1024 * 1024 })
}

async function* verify(stream: Readable, expected: number): AsyncGenerator<Buffer> {
  const chunks: AsyncIterable<Buffer> = stream
  let sum = 0
  try {
    for await (const chunk of chunks) {
      sum = crc32(chunk, sum)
      yield chunk
    }
  } finally {
    stream.destroy()
  }
  if (sum !== expected) throw Object.assign(new Error('the checksum is wrong'), { code: 'CRC' })
}
