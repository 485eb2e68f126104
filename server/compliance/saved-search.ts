import { z } from 'zod'
import { searchKinds } from '../../contract/search.ts'
import type { Organization } from '../ledger/organization.ts'
import { unwrap, wrap } from '../platform/crypto.ts'

/** What a saved search is kept as, sealed: what somebody looks for, and why, is told to nobody else. */
const sealedSearch = z.object({
  name: z.string(),
  text: z.string(),
  purpose: z.string(),
  kinds: z.array(z.enum(searchKinds)).nullable(),
  /** Item number. */
  person: z.int().nullable(),
  since: z.string().nullable(),
  until: z.string().nullable(),
})
export type SealedSearch = z.output<typeof sealedSearch>

export interface SavedRow {
  readonly id: string
  readonly workspace_id: number
  readonly sealed: Buffer
}

export const savedColumns = 's.id, s.workspace_id, s.sealed'

/** A sealed search opens in its own row only. */
const purposeOf = (id: string) => `daybook/saved-search/v1/${id}`

export function sealSaved({ keys }: Organization, id: string, search: SealedSearch): Buffer {
  return wrap(keys.searches, Buffer.from(JSON.stringify(search)), purposeOf(id))
}

export function openSaved({ keys }: Organization, { id, sealed }: SavedRow): SealedSearch {
  return sealedSearch.parse(JSON.parse(unwrap(keys.searches, sealed, purposeOf(id)).toString('utf8')))
}
