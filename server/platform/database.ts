import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Config } from './config.ts'
import { openEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate } from './migrations.ts'
import { OperatorError } from './refusal.ts'
import type { Tables } from './tables.ts'

/** The ledger's PostgreSQL, embedded or by DATABASE_URL: the same driver and the same statements for both. */
export interface Database {
  /** For the ordered writer and the commands; nothing else imports it (the import test says so). */
  readonly writes: pg.Pool
  /** Every transaction on it is read-only by the server's own rule. */
  readonly reads: pg.Pool
  /** The read-only pool as typed queries. */
  readonly reader: Reader
  readonly connection: pg.ClientConfig
  close(): Promise<void>
}

/** What a Context can do with the database: select. A stray insert does not compile, and PostgreSQL would refuse it. */
export type Reader = Pick<Kysely<Tables>, 'selectFrom' | 'getExecutor'>

const oldestVersion = 150_000

export async function openDatabase(config: Config): Promise<Database> {
  const embedded = config.databaseUrl === null ? await openEmbeddedPostgres(config.data) : null
  const connection = embedded?.connection ?? { connectionString: config.databaseUrl ?? '' }
  const writes = new pg.Pool({ ...connection, ...session(''), max: 8 })
  const reads = readPool(connection, 12)
  // An idle connection that breaks is replaced by the pool; the next query hears of it if the server is really gone.
  for (const pool of [writes, reads]) {
    pool.on('error', () => undefined)
    // One that breaks while it is lent out and nothing is asked of it: whoever has it hears of it with the next query.
    pool.on('connect', (client) => client.on('error', () => undefined))
  }
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: reads }) })
  const close = async () => {
    await Promise.all([kysely.destroy(), writes.end()])
    await embedded?.leave()
  }
  try {
    await checkVersion(writes, config)
    await migrate(writes)
  } catch (error) {
    await close()
    throw error
  }
  return { writes, reads, reader: kysely, connection, close }
}

/** Connections that can only read, with the settings of all of ours; for a thread that has to have its own. */
export function readPool(connection: pg.ClientConfig, max: number): pg.Pool {
  return new pg.Pool({ ...connection, ...session(' -c default_transaction_read_only=on'), max })
}

/** Connections that write, with the settings of all of ours; for the thread that writes the search index. */
export function writePool(connection: pg.ClientConfig, max: number): pg.Pool {
  return new pg.Pool({ ...connection, ...session(''), max })
}

/**
 * Every query of ours finds its rows by key. The planner cannot know that of a table that has just been filled and has no statistics
 * yet: it then hashes a whole table for a page of rows, fifty times slower. So joins are by index, always, and a plan is
 * made for its values, since one made while a table was empty would stay with the statement.
 */
const plans = [
  'plan_cache_mode=force_custom_plan',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_bitmapscan=off',
  'enable_seqscan=off',
]

/** Instants are read as RFC 3339 text with all their microseconds, 64-bit integers as numbers (no sequence of ours passes 2^53). */
function session(more: string): pg.PoolConfig {
  return {
    options: `${[...plans, 'timezone=UTC', 'client_min_messages=warning'].map((setting) => `-c ${setting}`).join(' ')}${more}`,
    application_name: 'daybook',
    connectionTimeoutMillis: 30_000,
    types: { getTypeParser: parserOf },
  }
}

const int8 = 20
const timestamptz = 1184

// biome-ignore lint/suspicious/noExplicitAny: the driver's own signature
function parserOf(oid: number, format?: 'text' | 'binary'): any {
  if (oid === int8) return Number
  if (oid === timestamptz) return (text: string) => text.replace(' ', 'T').replace(/\+00$/, 'Z')
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
}

async function checkVersion(pool: pg.Pool, config: Config): Promise<void> {
  try {
    const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num')
    const version = Number(rows[0]?.server_version_num)
    if (version < oldestVersion) throw new OperatorError(`PostgreSQL 15 or newer is needed, this one is ${Math.floor(version / 10_000)}`)
  } catch (error) {
    if (error instanceof OperatorError || config.databaseUrl === null) throw error
    const { hostname, port } = new URL(config.databaseUrl)
    throw new OperatorError(`PostgreSQL at ${hostname}:${port || 5432} (DATABASE_URL) does not answer: ${reason(error)}`, { cause: error })
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}
