import { Temporal } from 'temporal-polyfill'
import { type SearchKind, searchKinds } from '../../contract/search.ts'
import { Refusal } from '../platform/refusal.ts'

/** What narrows a search, as the database is asked. */
export interface Filters {
  readonly workspace: number
  /** Kinds of entries: the name of a file and its bytes came in two. */
  readonly kinds: readonly string[]
  /** Item number. */
  readonly person: number | null
  /** Instants; from and with the one, up to and without the other. */
  readonly from: string | null
  readonly before: string | null
}

interface Asked {
  readonly kinds?: readonly SearchKind[] | null | undefined
  readonly since?: string | null | undefined
  readonly until?: string | null | undefined
}

export function filtersOf({ kinds, since, until }: Asked, workspace: number, person: number | null): Filters {
  const from = since ? instantOf(since, 'since', 0) : null
  const before = until ? instantOf(until, 'until', 1) : null
  return {
    workspace,
    kinds: (kinds ?? searchKinds).flatMap((kind) => (kind === 'file' ? ['file', 'file_bytes'] : [kind])),
    person,
    from,
    before,
  }
}

/** `after`: of a day its end, of an instant the next one that a database tells apart. */
function instantOf(text: string, param: string, after: 0 | 1): string {
  try {
    if (!text.includes('T')) return Temporal.PlainDate.from(text).add({ days: after }).toZonedDateTime('UTC').toInstant().toString()
    return Temporal.Instant.from(text).add({ microseconds: after }).toString()
  } catch {
    throw new Refusal('bad_request', `${param}: is neither a day (2026-02-28) nor an RFC 3339 time`, { param })
  }
}
