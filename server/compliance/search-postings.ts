import type pg from 'pg'
import { segmentOf, segmentSize, segmentsInSpan, seqsOf, spanOf, wordKey } from '../ledger/word-index.ts'
import type { OrganizationKeys } from '../platform/crypto.ts'

/** Which part of the index is asked. */
export interface Indexed {
  readonly organization: number
  readonly workspace: number
  readonly keys: OrganizationKeys
}

/** Entries in which all of some words stand, the newest first, down to where the index was looked at. */
export interface Slice {
  readonly seqs: readonly number[]
  readonly downTo: number
}

/** What one request reads of the index at most, in bytes, about; what lies further back is another page. */
const mostRead = 32_000_000
/** With so much in one look, the next is no longer a wider one. */
const muchRead = 2_000_000
/** Of a row, besides its places. */
const rowBytes = 100

/** Looks through the index from an entry backwards, in ever wider looks: what is frequent is found in the first, what is rare in few. */
export async function* slicesOf(tx: pg.ClientBase, indexed: Indexed, words: readonly string[], from: number): AsyncGenerator<Slice> {
  // Long words that begin alike have one key.
  const keys = [...new Set(words.map((word) => wordKey(indexed.keys, word)))]
  let read = 0
  let width = 1
  for (let last = spanOf(segmentOf(from)); last >= 0 && read < mostRead; ) {
    const first = Math.max(0, last - width + 1)
    const rows = await rowsOf(tx, indexed, keys, first, last)
    const seqs = [...intersection(rows, keys.length)].filter((seq) => seq <= from)
    yield { seqs, downTo: first * segmentsInSpan * segmentSize }
    const bytes = rows.reduce((sum, { offsets }) => sum + offsets.length + rowBytes, 0)
    read += bytes
    if (bytes < muchRead) width *= 2
    last = first - 1
  }
}

interface Row {
  readonly segment: number
  readonly offsets: Buffer
}

/** One step down the index for each span and word: their rows lie together. */
async function rowsOf(
  tx: pg.ClientBase,
  { organization, workspace }: Indexed,
  keys: readonly bigint[],
  first: number,
  last: number,
): Promise<Row[]> {
  const { rows } = await tx.query<Row>({
    name: 'postings of words',
    text: `select p.segment, p.offsets from generate_series($4::integer, $5::integer) as s (span) cross join unnest($3::bigint[]) as w (word)
           cross join lateral (
             select segment, offsets from word_posting where organization_id = $1 and workspace_id = $2 and span = s.span and word = w.word offset 0) p`,
    values: [organization, workspace, keys, first, last],
  })
  return rows
}

/** What every word's row of a segment has, the newest first. */
function* intersection(rows: readonly Row[], words: number): Generator<number> {
  const segments = new Map<number, Row[]>()
  for (const row of rows) {
    const same = segments.get(row.segment)
    if (same) same.push(row)
    else segments.set(row.segment, [row])
  }
  for (const [segment, same] of [...segments].sort(([a], [b]) => b - a)) {
    if (same.length < words) continue
    const times = new Uint8Array(segmentSize)
    for (const row of same) for (const seq of seqsOf(row)) times[seq % segmentSize] = (times[seq % segmentSize] ?? 0) + 1
    for (let at = segmentSize - 1; at >= 0; at--) if (times[at] === words) yield segment * segmentSize + at
  }
}
