import type pg from 'pg'
import { hmac, type OrganizationKeys } from '../platform/crypto.ts'
import { packed } from './append.ts'
import { readSearchableOnes, type SearchableEntry, type Sources } from './searchable.ts'
import { wordsOf } from './words.ts'

/** Entries in one row of the index at most: their places in it fit two bytes. */
export const segmentSize = 8192
/** Segments that lie together. */
export const segmentsInSpan = 16

export const segmentOf = (seq: number) => Math.floor(seq / segmentSize)
export const spanOf = (segment: number) => Math.floor(segment / segmentsInSpan)

/** Longer ones share an entry in the index with all that begin alike; whoever looks for one reads on. */
const longestWord = 64

/** What stands for a word in the index: without the organization's key nobody can tell which. */
export function wordKey(keys: OrganizationKeys, word: string): bigint {
  return hmac(keys.words, word.slice(0, longestWord)).readBigInt64BE(0)
}

/** Nine words in ten are those of the batch before. */
class WordKeys {
  readonly #keys: OrganizationKeys
  readonly #known = new Map<string, bigint>()

  constructor(keys: OrganizationKeys) {
    this.#keys = keys
  }

  of(word: string): bigint {
    let key = this.#known.get(word)
    if (key === undefined) {
      key = wordKey(this.#keys, word)
      if (this.#known.size >= mostKnown) this.#known.clear()
      this.#known.set(word, key)
    }
    return key
  }
}

const mostKnown = 100_000
const wordKeys = new WeakMap<OrganizationKeys, WordKeys>()

function knownKeys(keys: OrganizationKeys): WordKeys {
  const known = wordKeys.get(keys) ?? new WordKeys(keys)
  wordKeys.set(keys, known)
  return known
}

/** Which words stand in which entries, by workspace: the entries of each word in their order. */
export class Postings {
  readonly #workspaces = new Map<number, Map<string, number[]>>()

  add({ seq, workspace, texts }: SearchableEntry): void {
    let words = this.#workspaces.get(workspace)
    if (!words) {
      words = new Map()
      this.#workspaces.set(workspace, words)
    }
    for (const text of texts) {
      for (const found of wordsOf(text)) {
        const word = found.length > longestWord ? found.slice(0, longestWord) : found
        const seqs = words.get(word)
        if (!seqs) words.set(word, [seq])
        else if (seqs[seqs.length - 1] !== seq) seqs.push(seq)
      }
    }
  }

  /** The entries of a workspace that a word stands in. */
  of(workspace: number, word: string): readonly number[] {
    return this.#workspaces.get(workspace)?.get(word.slice(0, longestWord)) ?? []
  }

  /** In the order of the index, so that writers who meet wait for each other and do not lock each other out. */
  *rows(keys: OrganizationKeys): Generator<{ workspace: number; rows: PostingRow[] }> {
    const known = knownKeys(keys)
    for (const [workspace, words] of this.#workspaces) {
      const rows = [...words].flatMap(([word, seqs]) => rowsOf(known.of(word), seqs))
      yield { workspace, rows: unlike(rows.sort((a, b) => a.segment - b.segment || (a.word < b.word ? -1 : Number(a.word > b.word)))) }
    }
  }
}

interface PostingRow {
  readonly word: bigint
  readonly segment: number
  readonly offsets: Buffer
}

function rowsOf(word: bigint, seqs: readonly number[]): PostingRow[] {
  const rows: PostingRow[] = []
  for (let at = 0; at < seqs.length; ) {
    const segment = segmentOf(seqs[at] ?? 0)
    let end = at + 1
    while (end < seqs.length && segmentOf(seqs[end] ?? 0) === segment) end++
    const offsets = Buffer.allocUnsafe(2 * (end - at))
    for (let i = at; i < end; i++) offsets.writeUInt16BE((seqs[i] ?? 0) % segmentSize, 2 * (i - at))
    rows.push({ word, segment, offsets })
    at = end
  }
  return rows
}

/** Two words that share a key, which may happen once in a lifetime, share a row. */
function unlike(rows: readonly PostingRow[]): PostingRow[] {
  const found: PostingRow[] = []
  for (const row of rows) {
    const last = found.at(-1)
    if (last?.word !== row.word || last.segment !== row.segment) found.push(row)
    else
      found.splice(
        -1,
        1,
        ...rowsOf(
          row.word,
          [...new Set([...seqsOf(last), ...seqsOf(row)])].sort((a, b) => a - b),
        ),
      )
  }
  return found
}

/** The places in a segment that a row of the index holds, as sequence numbers. */
export function seqsOf({ segment, offsets }: { segment: number; offsets: Buffer }): number[] {
  const first = segment * segmentSize
  return Array.from({ length: offsets.length / 2 }, (_, i) => first + offsets.readUInt16BE(2 * i))
}

const mostRows = 20_000

/** Adds entries that come after all that the index holds: whatever the batches were, the rows become the same. */
export async function addPostings(tx: pg.ClientBase, { number, keys }: Sources['organization'], postings: Postings): Promise<void> {
  for (const { workspace, rows } of postings.rows(keys)) {
    for (let at = 0; at < rows.length; at += mostRows) {
      const some = rows.slice(at, at + mostRows)
      const [offsets, starts, sizes] = packed(some.map((row) => row.offsets))
      await tx.query({
        name: 'add postings',
        text: `insert into word_posting (organization_id, workspace_id, span, word, segment, offsets)
               select $1, $2, segment / ${segmentsInSpan}, word, segment, substring($3::bytea from start for size)
               from unnest($4::bigint[], $5::integer[], $6::integer[], $7::integer[]) as t (word, segment, start, size)
               on conflict (organization_id, workspace_id, span, word, segment) do update set offsets = word_posting.offsets || excluded.offsets`,
        values: [number, workspace, offsets, some.map(({ word }) => word), some.map(({ segment }) => segment), starts, sizes],
      })
    }
  }
}

/** Takes the index for one transaction and says how far it goes; null when somebody else has it and `patient` is false. */
export async function takeIndex(tx: pg.ClientBase, organization: number, patient: boolean): Promise<number | null> {
  await tx.query('insert into word_index (organization_id) values ($1) on conflict do nothing', [organization])
  const { rows } = await tx.query<{ cursor: number }>(
    `select cursor from word_index where organization_id = $1 for update ${patient ? '' : 'skip locked'}`,
    [organization],
  )
  return rows[0]?.cursor ?? null
}

/**
 * Takes entries out of the index, as if it had never met them, and out of what saved searches found. Called while they can still be opened, in
 * the transaction that erases them: from then on what they said cannot be told from the index either.
 */
export async function forgetWords(tx: pg.ClientBase, sources: Sources, seqs: readonly number[]): Promise<void> {
  if (seqs.length === 0) return
  const { number, keys } = sources.organization
  const cursor = (await takeIndex(tx, number, true)) ?? 0
  const postings = new Postings()
  const inOrder = [...new Set(seqs)].sort((a, b) => a - b)
  const indexed = inOrder.filter((seq) => seq <= cursor)
  for await (const entry of readSearchableOnes(tx, sources, indexed)) postings.add(entry)
  for (const { workspace, rows } of postings.rows(keys))
    for (let at = 0; at < rows.length; at += mostRows) await subtract(tx, number, workspace, rows.slice(at, at + mostRows))
  await tx.query('delete from saved_search_match where organization_id = $1 and seq = any($2::bigint[])', [number, inOrder])
}

async function subtract(tx: pg.ClientBase, organization: number, workspace: number, gone: readonly PostingRow[]): Promise<void> {
  const { rows } = await tx.query<{ word: string; segment: number; offsets: Buffer }>({
    name: 'postings to change',
    text: `select p.word::text, p.segment, p.offsets from unnest($3::bigint[], $4::integer[]) as t (word, segment)
           join word_posting p on p.organization_id = $1 and p.workspace_id = $2 and p.span = t.segment / ${segmentsInSpan}
             and p.word = t.word and p.segment = t.segment`,
    values: [organization, workspace, gone.map(({ word }) => word), gone.map(({ segment }) => segment)],
  })
  const without = new Map(gone.map((row) => [`${row.word} ${row.segment}`, new Set(seqsOf(row))]))
  const left = rows.map(({ word, segment, offsets }) => {
    const removed = without.get(`${word} ${segment}`)
    const kept = seqsOf({ segment, offsets }).filter((seq) => !removed?.has(seq))
    return { word, segment, offsets: rowsOf(0n, kept)[0]?.offsets ?? Buffer.alloc(0) }
  })
  const [offsets, starts, sizes] = packed(left.map((row) => row.offsets))
  await tx.query({
    name: 'change postings',
    text: `update word_posting p set offsets = substring($3::bytea from start for size)
           from unnest($4::bigint[], $5::integer[], $6::integer[], $7::integer[]) as t (word, segment, start, size)
           where p.organization_id = $1 and p.workspace_id = $2 and p.span = t.segment / ${segmentsInSpan} and p.word = t.word and p.segment = t.segment`,
    values: [organization, workspace, offsets, left.map(({ word }) => word), left.map(({ segment }) => segment), starts, sizes],
  })
  await tx.query({
    name: 'drop postings',
    text: `delete from word_posting p using unnest($3::bigint[], $4::integer[]) as t (word, segment)
           where p.organization_id = $1 and p.workspace_id = $2 and p.span = t.segment / ${segmentsInSpan} and p.word = t.word
             and p.segment = t.segment and length(p.offsets) = 0`,
    values: [organization, workspace, left.map(({ word }) => word), left.map(({ segment }) => segment)],
  })
}
