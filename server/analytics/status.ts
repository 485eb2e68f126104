import type { Ledger } from '../ledger/context.ts'
import { type RowCounts, readPosition } from './follow-position.ts'

export interface FactsStatus {
  /** Everything up to this entry of the log is counted. */
  readonly cursor: number
  /** The newest entry of the log. */
  readonly head: number
  /** Age of the oldest entry that is not counted yet; 0 when all are. */
  readonly lag_seconds: number
  /** The time of the commit the cursor stands at; null before anything was counted. */
  readonly data_through: string | null
  /** Rows written to the facts, those that take another one back included. */
  readonly rows: RowCounts
}

export async function factsStatus({ database, organization }: Pick<Ledger, 'database' | 'organization'>): Promise<FactsStatus> {
  const { cursor, through, rows } = await readPosition(database.reads, organization.number)
  const { rows: found } = await database.reads.query<{ seq: number; lag: number | null }>({
    name: 'facts lag',
    text: `select h.seq, (select date_part('epoch', clock_timestamp() - l.received_at) from log l where l.organization_id = $1 and l.seq = $2 + 1) as lag
           from ledger_head h where h.organization_id = $1`,
    values: [organization.number, cursor],
  })
  const [head] = found
  return { cursor, head: head?.seq ?? 0, lag_seconds: Math.max(0, head?.lag ?? 0), data_through: through, rows }
}
