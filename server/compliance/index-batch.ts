import type pg from 'pg'
import { readSearchable, type Sources } from '../ledger/searchable.ts'
import { addPostings, Postings, segmentOf, segmentSize, takeIndex } from '../ledger/word-index.ts'
import { transaction } from '../ledger/writer.ts'
import { matchSaved } from './saved-matches.ts'

/** What one batch did. `busy`: somebody else has the index. */
export interface IndexTurn {
  readonly state: 'busy' | 'idle' | 'worked'
  /** Everything up to here is in the index. */
  readonly cursor: number
  /** A whole segment, or what is left of one, waits already. */
  readonly more: boolean
  /** Saved searches have found something that is not in the access record yet. */
  readonly matched: boolean
}

/** Characters of text in one batch, about: they are held in memory at once. */
const mostText = 32_000_000

/**
 * Adds the next entries to the index, up to the end of a segment: what they say and how far the index goes are one transaction, so it may
 * be killed at any time and done in any steps, and the rows become the same.
 */
export function indexBatch(pool: pg.Pool, sources: Sources, most: number): Promise<IndexTurn> {
  const organization = sources.organization.number
  return transaction(pool, async (tx) => {
    const cursor = await takeIndex(tx, organization, false)
    if (cursor === null) return { state: 'busy', cursor: 0, more: false, matched: false }
    const head = await headOf(tx, organization)
    if (head <= cursor) return { state: 'idle', cursor, more: false, matched: false }
    const from = cursor + 1
    const { to, postings } = await read(tx, sources, from, Math.min(head, cursor + most, endOfSegment(from)))
    await addPostings(tx, sources.organization, postings)
    const matched = await matchSaved(tx, sources, { from, to, postings })
    await tx.query('update word_index set cursor = $2 where organization_id = $1', [organization, to])
    return { state: 'worked', cursor: to, more: head >= endOfSegment(to + 1), matched }
  })
}

const endOfSegment = (seq: number) => (segmentOf(seq) + 1) * segmentSize - 1

async function headOf(tx: pg.ClientBase, organization: number): Promise<number> {
  const { rows } = await tx.query<{ seq: number }>('select seq from ledger_head where organization_id = $1', [organization])
  return rows[0]?.seq ?? 0
}

async function read(tx: pg.ClientBase, sources: Sources, from: number, to: number): Promise<{ to: number; postings: Postings }> {
  const postings = new Postings()
  let characters = 0
  for await (const entry of readSearchable(tx, sources, from, to)) {
    postings.add(entry)
    characters += entry.texts.reduce((sum, text) => sum + text.length, 0)
    if (characters > mostText) return { to: entry.seq, postings }
  }
  return { to, postings }
}
