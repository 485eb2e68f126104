import type { Erasure } from '../../contract/record.ts'
import type { Context } from '../ledger/context.ts'
import { rowsOf } from '../ledger/read.ts'

/** Something whose content is gone: an item by its number, a message by the seq it first arrived at. */
export interface Gone {
  readonly seq: number
  readonly kind: string
  readonly number: number
  readonly conversation: number | null
}

export const unknownErasure: Erasure = { at: null, receipt: null }

/** When each was erased, and the receipt of then: its own, or that of what it went with. */
export async function erasuresOf(ctx: Context, gone: readonly Gone[]): Promise<Map<number, Erasure>> {
  if (gone.length === 0) return new Map()
  const rows = await rowsOf<Erasure & { seq: number }>(
    ctx.ledger.database,
    'erasures',
    `select k.seq, coalesce(i.purged_at, m.purged_at) as at, r.id as receipt
     from unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) as k (seq, kind, number, conversation)
     left join item i on k.kind <> 'message' and i.organization_id = $1 and i.number = k.number
     left join message m on k.kind = 'message' and m.organization_id = $1 and m.conversation = k.conversation and m.first_seq = k.number
     left join lateral (
       select id from receipt where organization_id = $1 and at = coalesce(i.purged_at, m.purged_at)
       order by kind = k.kind and number = k.number desc limit 1) r on true`,
    [
      ctx.ledger.organization.number,
      gone.map(({ seq }) => seq),
      gone.map(({ kind }) => kind),
      gone.map(({ number }) => number),
      gone.map(({ conversation }) => conversation),
    ],
  )
  return new Map(rows.map(({ seq, ...erasure }) => [seq, erasure]))
}
