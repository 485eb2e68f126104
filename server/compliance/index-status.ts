import { Gauge } from 'prom-client'
import type { Ledger } from '../ledger/context.ts'
import { registry } from '../platform/metrics.ts'

export interface IndexStatus {
  /** Everything up to here can be found by the index. */
  readonly cursor: number
  /** The newest entry of the log. */
  readonly head: number
  /** Age of the oldest entry that the index does not hold; 0 when it holds all of them. */
  readonly lag_seconds: number
}

export async function indexStatus({ database, organization, clock }: Ledger): Promise<IndexStatus> {
  const { rows } = await database.reads.query<{ cursor: number; head: number; waiting_since: string | null }>({
    name: 'index status',
    text: `select coalesce(w.cursor, 0) as cursor, h.seq as head,
             (select l.received_at from log l where l.organization_id = h.organization_id and l.seq = coalesce(w.cursor, 0) + 1) as waiting_since
           from ledger_head h left join word_index w using (organization_id) where h.organization_id = $1`,
    values: [organization.number],
  })
  const { cursor, head, waiting_since } = rows[0] ?? { cursor: 0, head: 0, waiting_since: null }
  const lag = waiting_since === null ? 0 : (clock.now().epochMilliseconds - Date.parse(waiting_since)) / 1000
  return { cursor, head, lag_seconds: Math.max(0, lag) }
}

const lagGauge = new Gauge({
  name: 'daybook_search_lag_seconds',
  help: 'Age of the oldest entry of the log that the search index does not hold yet; 0 when it holds all of them',
  registers: [registry],
})

const behindGauge = new Gauge({
  name: 'daybook_search_entries_behind',
  help: 'Entries of the log that the search index does not hold yet',
  registers: [registry],
})

export function showStatus({ cursor, head, lag_seconds }: IndexStatus): void {
  lagGauge.set(lag_seconds)
  behindGauge.set(head - cursor)
}
