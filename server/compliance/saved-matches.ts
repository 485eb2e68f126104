import type pg from 'pg'
import type { Sources } from '../ledger/searchable.ts'
import type { Postings } from '../ledger/word-index.ts'
import { openSaved, type SavedRow, savedColumns } from './saved-search.ts'
import { check } from './search-candidates.ts'
import { filtersOf } from './search-filters.ts'
import { parseTerms, type Terms } from './search-terms.ts'

/** A saved search that has found so much looks no further: nobody reads an alert for everything. */
export const mostMatches = 10_000

interface Row extends SavedRow {
  readonly matches: number
}

/** Entries of a batch, both included. */
interface Batch {
  readonly from: number
  readonly to: number
  readonly postings: Postings
}

/** Looks for what saved searches want among the entries of a batch, and keeps what it finds. Says whether anything new is among it. */
export async function matchSaved(tx: pg.ClientBase, sources: Sources, { from, to, postings }: Batch): Promise<boolean> {
  const { rows } = await tx.query<Row>({
    name: 'saved searches to match',
    text: `select ${savedColumns},
             (select count(*) from saved_search_match m where m.organization_id = s.organization_id and m.saved_search = s.id) as matches
           from saved_search s where s.organization_id = $1 and s.spans && int8range($2, $3, '[]') order by s.id`,
    values: [sources.organization.number, from, to],
  })
  let matched = false
  for (const row of rows) if (row.matches < mostMatches && (await matchOne(tx, sources, postings, row))) matched = true
  return matched
}

async function matchOne(tx: pg.ClientBase, sources: Sources, postings: Postings, row: Row): Promise<boolean> {
  const { text, person, ...filters } = openSaved(sources.organization, row)
  const terms = parseTerms(text)
  const seqs = await whileActive(tx, sources, row.id, candidates(postings, row.workspace_id, terms))
  let kept = 0
  for (let at = 0; at < seqs.length && row.matches + kept < mostMatches; at += 500) {
    const where = { seqs: seqs.slice(at, at + 500) }
    const { found } = await check(tx, sources, terms, filtersOf(filters, row.workspace_id, person), where)
    kept += await keep(
      tx,
      sources,
      row.id,
      found.map(({ seq }) => seq),
    )
  }
  return kept > 0
}

/** Entries of the batch that hold every word. */
function candidates(postings: Postings, workspace: number, { words }: Terms): number[] {
  const [fewest = [], ...others] = words.map((word) => postings.of(workspace, word)).sort((a, b) => a.length - b.length)
  const sets = others.map((seqs) => new Set(seqs))
  return fewest.filter((seq) => sets.every((set) => set.has(seq)))
}

/** Those that were recorded while the search was active: which these are depends neither on when they are looked at nor on how often. */
async function whileActive(tx: pg.ClientBase, { organization }: Sources, saved: string, seqs: readonly number[]): Promise<number[]> {
  if (seqs.length === 0) return []
  const { rows } = await tx.query<{ seq: number }>({
    name: 'entries to match',
    text: `select t.seq from saved_search s cross join unnest($3::bigint[]) as t (seq)
           where s.organization_id = $1 and s.id = $2 and t.seq <@ s.spans order by t.seq`,
    values: [organization.number, saved, seqs],
  })
  return rows.map(({ seq }) => seq)
}

async function keep(tx: pg.ClientBase, { organization }: Sources, saved: string, seqs: readonly number[]): Promise<number> {
  if (seqs.length === 0) return 0
  const { rowCount } = await tx.query({
    name: 'keep matches',
    text: `insert into saved_search_match (organization_id, saved_search, seq) select $1, $2, seq from unnest($3::bigint[]) as t (seq)
           on conflict do nothing`,
    values: [organization.number, saved, seqs],
  })
  return rowCount ?? 0
}
