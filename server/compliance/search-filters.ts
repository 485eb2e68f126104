import { type SearchKind, searchKinds } from '../../contract/search.ts'
import { endOf, fromThenOn } from './moments.ts'

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
  const from = since ? fromThenOn(since, 'since') : null
  const before = until ? endOf(until, 'until') : null
  return {
    workspace,
    kinds: (kinds ?? searchKinds).flatMap((kind) => (kind === 'file' ? ['file', 'file_bytes'] : [kind])),
    person,
    from,
    before,
  }
}
