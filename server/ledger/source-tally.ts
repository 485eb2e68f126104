import type pg from 'pg'
import type { Candidate } from './candidate.ts'
import { transpose } from './columns.ts'
import { microseconds } from './times.ts'

/** What became of one record that a source sent, as far as it is counted. */
export type Fate = 'accepted' | 'updated' | 'duplicates' | 'rejected'

type Told = Pick<Candidate, 'workspace' | 'source' | 'occurredAt' | 'ahead'> & { readonly kind: string }

interface Line {
  readonly workspace: number
  readonly source: string
  readonly kind: string
  readonly counts: Record<Fate, number>
  newest: string | null
}

/** Where refusals are counted that named no workspace. */
export const nowhere = 0

/** Where refusals are counted, whatever kind they may have been of. */
export const refused = ''

/** Counts by workspace, source and kind what one transaction takes or refuses, and is written with it: killed anywhere, both are there or neither. */
export class SourceTally {
  readonly #lines = new Map<string, Line>()

  took({ workspace, source, kind, occurredAt, ahead }: Told, fate: Exclude<Fate, 'rejected'>): void {
    const line = this.#line(workspace, source, kind)
    line.counts[fate]++
    if (fate === 'duplicates' || ahead) return
    line.newest = later(line.newest, occurredAt)
  }

  refused(workspace: number | null, source: string): void {
    this.#line(workspace ?? nowhere, source, refused).counts.rejected++
  }

  /** `at`: when the records arrived; null for refusals, which are no records. */
  async write(client: pg.ClientBase, organization: number, at: string | null): Promise<void> {
    if (this.#lines.size === 0) return
    const rows = [...this.#lines.values()].map(({ workspace, source, kind, counts, newest }) => [
      workspace,
      source,
      kind,
      counts.accepted,
      counts.updated,
      counts.duplicates,
      counts.rejected,
      newest,
    ])
    await client.query({ name: 'source tally', text: upsert, values: [organization, at, ...transpose(rows, 8)] })
  }

  #line(workspace: number, source: string, kind: string): Line {
    const key = `${workspace} ${source} ${kind}`
    const known = this.#lines.get(key)
    if (known) return known
    const line = { workspace, source, kind, counts: { accepted: 0, updated: 0, duplicates: 0, rejected: 0 }, newest: null }
    this.#lines.set(key, line)
    return line
  }
}

/** In one order of the keys, so that two transactions that meet in several rows take turns instead of locking each other out. */
const upsert = `
  insert into source_tally as s (organization_id, workspace_id, source, kind, accepted, updated, duplicates, rejected, first_received_at, last_received_at, newest_at)
  select $1, workspace, source, kind, accepted, updated, duplicates, rejected, $2, $2, newest
  from unnest($3::integer[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::timestamptz[])
    as t (workspace, source, kind, accepted, updated, duplicates, rejected, newest)
  order by workspace, source, kind
  on conflict (organization_id, workspace_id, source, kind) do update set
    accepted = s.accepted + excluded.accepted, updated = s.updated + excluded.updated,
    duplicates = s.duplicates + excluded.duplicates, rejected = s.rejected + excluded.rejected,
    first_received_at = coalesce(s.first_received_at, excluded.first_received_at),
    last_received_at = greatest(s.last_received_at, excluded.last_received_at),
    newest_at = greatest(s.newest_at, excluded.newest_at)`

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return microseconds(a) >= microseconds(b) ? a : b
}
