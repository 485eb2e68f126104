import type pg from 'pg'
import { type Sources, searchableKinds } from '../ledger/searchable.ts'
import { check, type Found, type Where } from './search-candidates.ts'
import type { Filters } from './search-filters.ts'
import { slicesOf } from './search-postings.ts'
import type { Terms } from './search-terms.ts'

/** Entries that one request opens at most of those the index names, and that it looks up at most; a page that ends for it says how to go on. */
const mostOpened = 3000
const mostLookedUp = 20_000
/** Newest entries that are read one by one where the index does not hold them yet. */
const mostUnindexed = 5000

export interface Searched {
  readonly found: readonly Found[]
  /** Everything from here on was looked at; 0: everything there is. */
  readonly downTo: number
  readonly opened: number
  readonly behind: number
  readonly skipped: number
}

export interface Asked {
  readonly terms: Terms
  readonly filters: Filters
  /** Only entries before this one. */
  readonly before: number
  /** The walk ends when it has found so many. */
  readonly enough: number
}

/** Walks the record backwards: first what the index does not hold yet, one by one, then what the index says. */
export async function walk(tx: pg.ClientBase, sources: Sources, asked: Asked): Promise<Searched> {
  const organization = sources.organization.number
  const { cursor, head } = await position(tx, organization)
  const steps = new Steps(tx, sources, asked)
  const newest = Math.min(head, asked.before - 1)
  const unindexed = Math.max(cursor, head - mostUnindexed)
  await unindexedBack(steps, newest, unindexed)
  const skipped = steps.done ? 0 : Math.max(0, Math.min(newest, unindexed) - cursor)
  if (!steps.done) await indexedBack(tx, steps, sources, { ...asked, before: Math.min(cursor, newest) + 1 })
  const { found, downTo, opened } = steps
  const behind = newest > unindexed ? await searchableBetween(tx, organization, asked.filters.workspace, [unindexed + 1, newest]) : 0
  return { found, downTo, opened, behind, skipped }
}

async function position(tx: pg.ClientBase, organization: number): Promise<{ cursor: number; head: number }> {
  const { rows } = await tx.query<{ cursor: number; head: number }>({
    name: 'search position',
    text: `select coalesce(w.cursor, 0) as cursor, h.seq as head from ledger_head h left join word_index w using (organization_id)
           where h.organization_id = $1`,
    values: [organization],
  })
  return rows[0] ?? { cursor: 0, head: 0 }
}

/** Most entries that are not indexed yet are of those that searches leave themselves, and nobody waits for these. */
async function searchableBetween(
  tx: pg.ClientBase,
  organization: number,
  workspace: number,
  [from, to]: readonly [number, number],
): Promise<number> {
  const { rows } = await tx.query<{ n: number }>({
    name: 'searchable between',
    text: `select count(*) as n from log where organization_id = $1 and seq between $2 and $3 and workspace_id = $4 and kind = any($5::text[])
             and payload is not null`,
    values: [organization, from, to, workspace, searchableKinds],
  })
  return rows[0]?.n ?? 0
}

const stretch = 1000

async function unindexedBack(steps: Steps, newest: number, oldest: number): Promise<void> {
  for (let to = newest; to > oldest && !steps.done; ) {
    const from = Math.max(oldest + 1, to - stretch + 1)
    const { downTo } = await steps.take({ from, to }, from)
    to = downTo - 1
  }
}

/** Few at first: a page is often full with them. Many where the filters leave few of them. */
const firstLook = 100
const usualLook = 500
const mostFiltered = 4000

async function indexedBack(tx: pg.ClientBase, steps: Steps, { organization }: Sources, { terms, filters, before }: Asked): Promise<void> {
  const indexed = { organization: organization.number, workspace: filters.workspace, keys: organization.keys }
  let size = firstLook
  for await (const { seqs, downTo } of slicesOf(tx, indexed, terms.words, before - 1)) {
    for (let at = 0; at < seqs.length && !steps.done; ) {
      const some = seqs.slice(at, at + size)
      const done = await steps.take({ seqs: some }, some.at(-1) ?? downTo)
      at += some.filter((seq) => seq >= done.downTo).length
      size = done.opened * 4 < some.length ? Math.min(2 * size, mostFiltered) : usualLook
    }
    if (steps.done) return
    steps.reached(downTo)
  }
}

/** What was found so far, and how far back that is. */
class Steps {
  readonly found: Found[] = []
  downTo: number
  opened = 0
  #named = 0
  #lookedUp = 0
  readonly #tx: pg.ClientBase
  readonly #sources: Sources
  readonly #asked: Asked

  constructor(tx: pg.ClientBase, sources: Sources, asked: Asked) {
    this.#tx = tx
    this.#sources = sources
    this.#asked = asked
    this.downTo = asked.before
  }

  get done(): boolean {
    return this.found.length >= this.#asked.enough || this.#named >= mostOpened || this.#lookedUp >= mostLookedUp
  }

  reached(seq: number): void {
    this.downTo = seq
  }

  /** Looks at some, down to an entry; says how far it came, and how many it opened. */
  async take(where: Where, downTo: number): Promise<{ downTo: number; opened: number }> {
    const { terms, filters } = this.#asked
    const { found, opened, stoppedAt } = await check(this.#tx, this.#sources, terms, filters, where)
    this.found.push(...found)
    this.opened += opened
    this.downTo = stoppedAt ?? downTo
    if ('seqs' in where) {
      this.#named += opened
      this.#lookedUp += where.seqs.length
    }
    return { downTo: this.downTo, opened }
  }
}
