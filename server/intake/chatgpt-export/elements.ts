import { isUtf8 } from 'node:buffer'
import type { Entry } from '../archive/entry.ts'
import { gunzipped } from '../archive/gunzip.ts'
import { ElementSplitter, type Piece } from '../archive/json-elements.ts'
import { MAX_ELEMENT_BYTES, MAX_RECORD_BYTES } from '../archive/limits.ts'
import { brokenOff } from '../broken-off.ts'
import type { Found, JsonObject, Place, Rejected } from '../found.ts'
import { type Doubts, doubt, refusal } from './doubts.ts'
import { parseElement } from './numbers.ts'
import { isObject } from './values.ts'

/** One top-level element of a file: parsed, or refused. `done` is the step to report when all of it is handed over. */
export type Element = Parsed | { type: 'refused'; rejected: Rejected; done: Found | null }

export interface Parsed {
  type: 'parsed'
  value: unknown
  doubts: Doubts
  at: { file: string; index: number }
  done: Found
}

/** Half a record's limit: written down again, a record may be somewhat longer than it was. */
const LARGE = MAX_RECORD_BYTES / 2

/**
 * Streams the elements of one JSON file from number `from` on. Damage ends the file, never the run: what was complete before
 * it has been handed over. `passed` sees the bytes of the elements before `from`.
 */
export async function* elementsOf(entry: Entry, from: number, passed: ((bytes: Buffer) => Promise<void>) | null): AsyncGenerator<Element> {
  const splitter = new ElementSplitter({ limit: MAX_ELEMENT_BYTES, wrapper: 'conversations' })
  const isTaken = (piece: Piece) => piece.index < from && piece.type !== 'broken'
  try {
    for await (const chunk of await unpacked(entry)) {
      for (const piece of splitter.push(chunk)) {
        if (!isTaken(piece)) yield elementOf(piece, entry)
        else if (piece.type === 'element') await passed?.(piece.bytes)
      }
    }
  } catch (error) {
    yield { type: 'refused', rejected: brokenOff(error, entry.path), done: null }
    return
  }
  for (const piece of splitter.end()) if (!isTaken(piece)) yield elementOf(piece, entry)
}

/** A file of its own may be gzipped; in a zip that would be a second layer, and is not opened. */
function isGzipped({ path, onDisk }: Entry): boolean {
  return onDisk !== undefined && /\.gz$/i.test(path)
}

async function unpacked(entry: Entry): Promise<AsyncIterable<Buffer>> {
  const stream = await entry.open()
  return isGzipped(entry) ? gunzipped(stream, entry.size) : stream
}

function elementOf(piece: Piece, entry: Entry): Element {
  const at = { file: entry.path, index: piece.index }
  const done: Found = {
    type: 'step',
    file: entry.path,
    index: piece.index,
    bytesRead: piece.end,
    bytesTotal: isGzipped(entry) ? null : entry.size,
  }
  if (piece.type === 'too_large')
    return { type: 'refused', rejected: refused('too_large', `more than ${MAX_ELEMENT_BYTES} bytes`, at), done }
  if (piece.type === 'broken')
    return { type: 'refused', rejected: refused('bad_json', `${piece.message} (byte ${piece.end})`, at, piece.bytes), done: null }
  try {
    return { type: 'parsed', ...parse(piece.bytes), at, done }
  } catch (error) {
    // A reviver walks recursively; only what is nested thousands of levels deep comes here.
    const deep = error instanceof RangeError
    const problem = deep
      ? refused('too_deep', 'the element is nested too deeply', at, piece.bytes)
      : refused('bad_json', 'the element is not JSON in UTF-8', at, piece.bytes)
    return { type: 'refused', rejected: problem, done }
  }
}

export function parse(bytes: Buffer): { value: unknown; doubts: Doubts } {
  if (!isUtf8(bytes)) throw new SyntaxError('not UTF-8')
  const { value, exact } = parseElement(bytes.toString('utf8'))
  return { value, doubts: { inexact: !exact, large: bytes.length > LARGE } }
}

function refused(code: string, message: string, at: Place, bytes?: Buffer): Rejected {
  const keep = bytes !== undefined && bytes.length > 0 && bytes.length <= MAX_RECORD_BYTES
  return { type: 'rejected', code, message, at, ...(keep ? { bytes } : {}) }
}

/** An element that is to become one record as a whole: the object, or why it cannot. */
export type Member = { object: JsonObject; at: Parsed['at']; done: Found } | { rejected: Rejected; done: Found | null }

export async function* objectsOf(entry: Entry, from: number): AsyncGenerator<Member> {
  for await (const element of elementsOf(entry, from, null)) yield element.type === 'refused' ? element : memberOf(element)
}

function memberOf({ value, doubts, at, done }: Parsed): Member {
  if (!isObject(value)) return { rejected: refusal({ code: 'bad_record', message: 'the element is not an object' }, value, at), done }
  const problem = doubt(value, doubts)
  return problem === null ? { object: value, at, done } : { rejected: refusal(problem, value, at), done }
}
