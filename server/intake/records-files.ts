import { largestImported } from '../ledger/candidate.ts'
import type { Entry } from './archive/entry.ts'
import { gunzipped } from './archive/gunzip.ts'
import { ElementSplitter, type Piece } from './archive/json-elements.ts'
import { openArchive } from './archive/open.ts'
import { brokenOff } from './broken-off.ts'
import type { Found, Place, ReadOptions } from './found.ts'
import type { Line } from './import-run.ts'
import { linesOf } from './lines.ts'

const ofRecords = /\.(ndjson|jsonl|json)$/i
const byName = new Intl.Collator('en', { numeric: true })

/** Reads our own records, one a line or as a JSON array: a file, a `.gz`, a zip, or a folder of them. */
export async function* readRecordFiles(path: string, options: ReadOptions): AsyncGenerator<Found | Line> {
  const archive = await openArchive(path)
  try {
    yield* archive.problems
    for (const entry of archive.entries.toSorted((a, b) => byName.compare(a.path, b.path))) {
      if (archive.kind === 'file' || ofRecords.test(isPacked(entry) ? entry.path.slice(0, -3) : entry.path))
        yield* readEntry(entry, options.resumeAt?.(entry.path) ?? 0)
      else yield { type: 'skipped', reason: 'not a file of records: .ndjson, .jsonl or .json', at: { file: entry.path, index: null } }
    }
  } finally {
    archive.close()
  }
}

/** A file of its own may be gzipped; in a zip that would be a second layer, and is not opened. */
function isPacked({ path, onDisk }: Entry): boolean {
  return onDisk !== undefined && /\.gz$/i.test(path)
}

/** A step is reported every so many records: each costs a little, and what is repeated is only a duplicate. */
const recordsPerStep = 500

/** Damage ends the file, never the run. */
async function* readEntry(entry: Entry, from: number): AsyncGenerator<Found | Line> {
  const bytesTotal = isPacked(entry) ? null : entry.size
  try {
    for await (const { end, found } of cut(entry)) {
      const { index } = found.at
      if (index === null || index < from) continue
      yield found
      if ((index + 1) % recordsPerStep === 0) yield { type: 'step', file: entry.path, index, bytesRead: end, bytesTotal }
    }
  } catch (error) {
    yield brokenOff(error, entry.path)
  }
}

interface Cut {
  end: number
  found: (Line | Extract<Found, { type: 'rejected' }>) & { at: Place }
}

async function* cut(entry: Entry): AsyncGenerator<Cut> {
  const stream = await entry.open()
  const [isArray, all] = await lookAhead(isPacked(entry) ? gunzipped(stream, entry.size) : stream)
  if (isArray) return yield* elements(all, entry.path)
  for await (const { index, bytes, end } of linesOf(all, largestImported))
    yield { end, found: lineFound(bytes, { file: entry.path, index }) }
}

function lineFound(bytes: Buffer | null, at: Place): Cut['found'] {
  if (bytes) return { type: 'line', line: bytes, at }
  return { type: 'rejected', code: 'too_large', message: `the record has more than ${largestImported} bytes`, at }
}

async function* elements(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<Cut> {
  const splitter = new ElementSplitter({ limit: largestImported })
  const cutOf = (piece: Piece): Cut => {
    const at = { file, index: piece.index }
    if (piece.type !== 'broken') return { end: piece.end, found: lineFound(piece.type === 'element' ? piece.bytes : null, at) }
    const message = `${piece.message} (byte ${piece.end})`
    return { end: piece.end, found: { type: 'rejected', code: 'bad_json', message, at, bytes: piece.bytes } }
  }
  for await (const chunk of chunks) for (const piece of splitter.push(chunk)) yield cutOf(piece)
  for (const piece of splitter.end()) yield cutOf(piece)
}

/** Whether the first character is that of an array; a byte order mark before it goes. The stream given back has everything. */
async function lookAhead(chunks: AsyncIterable<Buffer>): Promise<[boolean, AsyncIterable<Buffer>]> {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) return [false, emptyStream()]
  const start = first.value.indexOf('\ufeff') === 0 ? first.value.subarray(3) : first.value
  return [/^\s*\[/.test(start.subarray(0, 1024).toString('latin1')), rest(start, iterator)]
}

async function* emptyStream(): AsyncGenerator<Buffer> {}

async function* rest(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}
