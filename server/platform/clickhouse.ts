import type pg from 'pg'
import type { Facts } from './clickhouse-facts.ts'
import type { Config } from './config.ts'

export type { Answer, Facts, Parameters, QueryOptions } from './clickhouse-facts.ts'

/**
 * `writes` is the ledger's pool: the numbered steps are applied under a lock there. Nothing is loaded or started before it is needed: most
 * commands never ask.
 */
export function openFacts(config: Config, writes: pg.Pool): Facts {
  let opened: Promise<Facts> | null = null
  let closed = false
  const facts = () => {
    if (closed) return Promise.reject(new Error('the facts are closed'))
    opened ??= import('./clickhouse-client.ts').then(({ connectFacts }) => connectFacts(config, writes))
    return opened
  }
  return {
    start: async () => (await facts()).start(),
    query: async (sql, parameters, options) => (await facts()).query(sql, parameters, options),
    command: async (sql, parameters) => (await facts()).command(sql, parameters),
    insert: async (table, columns, rows, token) => (await facts()).insert(table, columns, rows, token),
    ping: async () => (await facts()).ping(),
    close: async () => {
      closed = true
      await (await opened)?.close()
    },
  }
}
