import { Agent } from 'node:http'
import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client'
import type pg from 'pg'
import { type EmbeddedEngine, embeddedEngine } from './clickhouse-embedded.ts'
import type { Answer, Facts, Parameters, QueryOptions } from './clickhouse-facts.ts'
import { applySteps } from './clickhouse-steps.ts'
import type { Config } from './config.ts'
import { OperatorError, Refusal } from './refusal.ts'

/** Seconds that a query of ours may take; one that somebody waits for sets less. */
const executionTime = 60
const database = 'daybook'

const settings: ClickHouseSettings = {
  max_execution_time: executionTime,
  max_memory_usage: '1000000000',
  // No number of ours passes 2^53.
  output_format_json_quote_64bit_integers: 0,
  wait_end_of_query: 1,
}

export function connectFacts(config: Config, writes: pg.Pool): Facts {
  const engine = config.clickhouseUrl === null ? embeddedEngine(config.data) : null
  const client = connect(config, engine, databaseOf(config))
  return new ClickHouseFacts(client, engine, () => prepare(config, engine, client, writes))
}

function connect(config: Config, engine: EmbeddedEngine | null, name: string): ClickHouseClient {
  const common = {
    clickhouse_settings: settings,
    request_timeout: (executionTime + 5) * 1000,
    application: 'daybook',
    // Lists of people do not fit into a URL.
    use_multipart_params_auto: true,
    // It would print statements with their values.
    log: { level: ClickHouseLogLevel.OFF },
  }
  if (!engine) {
    const url = new URL(config.clickhouseUrl ?? '')
    url.pathname = `/${name}`
    return createClient({ ...common, url, max_open_connections: 16 })
  }
  // Node passes what its documentation of the agent leaves out: the options of every connection, the socket's path among them.
  const agent = new Agent({ keepAlive: true, maxSockets: 16, socketPath: engine.socket } as ConstructorParameters<typeof Agent>[0])
  return createClient({ ...common, url: 'http://localhost', http_agent: agent, database: name })
}

/** The database that CLICKHOUSE_URL names in its path, else one of our own name. */
function databaseOf({ clickhouseUrl }: Config): string {
  const named = clickhouseUrl === null ? '' : new URL(clickhouseUrl).pathname.slice(1)
  return named === '' ? database : named
}

async function prepare(config: Config, engine: EmbeddedEngine | null, client: ClickHouseClient, writes: pg.Pool): Promise<void> {
  try {
    await ensureDatabase(config, engine, client)
    await applySteps(client, writes)
  } catch (error) {
    if (config.clickhouseUrl === null || error instanceof OperatorError) throw error
    const { hostname, port } = new URL(config.clickhouseUrl)
    const reason = error instanceof Error ? error.message : String(error)
    throw new OperatorError(`ClickHouse at ${hostname}:${port || 8123} (CLICKHOUSE_URL) cannot be used: ${reason}`, { cause: error })
  }
}

/** A connection cannot name a database that is not there: one to `default` makes it. */
async function ensureDatabase(config: Config, engine: EmbeddedEngine | null, client: ClickHouseClient): Promise<void> {
  try {
    await client.command({ query: 'select 1' })
  } catch (error) {
    if (!(error instanceof ClickHouseError) || error.type !== 'UNKNOWN_DATABASE') throw error
    const outside = connect(config, engine, 'default')
    await outside.command({ query: 'create database if not exists {name:Identifier}', query_params: { name: databaseOf(config) } })
    await outside.close()
  }
}

class ClickHouseFacts implements Facts {
  readonly #client: ClickHouseClient
  readonly #engine: EmbeddedEngine | null
  readonly #prepare: () => Promise<void>
  #started: Promise<void> | null = null

  constructor(client: ClickHouseClient, engine: EmbeddedEngine | null, prepare: () => Promise<void>) {
    this.#client = client
    this.#engine = engine
    this.#prepare = prepare
  }

  start(): Promise<void> {
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = null
      throw error
    })
    return this.#started
  }

  async #start(): Promise<void> {
    await this.#engine?.start()
    await this.#prepare()
  }

  query<Row>(sql: string, parameters: Parameters = {}, options: QueryOptions = {}): Promise<Answer<Row>> {
    return this.#ask(async () => {
      const result = await this.#client.query({
        query: sql,
        query_params: parameters,
        // The one form that says what was read, of a server and of chDB alike.
        format: 'JSON',
        ...(options.settings ? { clickhouse_settings: options.settings } : {}),
        ...(options.signal ? { abort_signal: options.signal } : {}),
      })
      const { data, statistics } = await result.json<Row>()
      return { rows: data, rowsRead: statistics?.rows_read ?? 0 }
    })
  }

  command(sql: string, parameters: Parameters = {}): Promise<void> {
    return this.#ask(async () => {
      await this.#client.command({ query: sql, query_params: parameters })
    })
  }

  insert(table: string, columns: readonly string[], rows: readonly Uint8Array[], token: string): Promise<void> {
    return this.#ask(async () => {
      await this.#client.insert({
        table,
        columns: columns as [string, ...string[]], // every table of ours has columns
        values: Readable.from(rows, { objectMode: false }),
        format: 'TabSeparated',
        clickhouse_settings: { insert_deduplication_token: token, max_memory_usage: '0' },
      })
    })
  }

  async ping(): Promise<void> {
    await this.query('select 1')
  }

  async close(): Promise<void> {
    await this.#started?.catch(() => undefined)
    await this.#client.close()
    await this.#engine?.leave()
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.start()
      return await work()
    } catch (error) {
      throw refused(error) ?? error
    }
  }
}

/** What the caller may try again: an engine that is away, out of memory, or was not done in time. Anything else is a defect. */
function refused(error: unknown): Refusal | null {
  if (error instanceof Refusal || error instanceof OperatorError) return null
  if (error instanceof ClickHouseError) {
    if (error.code === '159') return overloaded('the counts took longer than they may; ask for less at once', error)
    return error.code === '241' || error.code === '202' ? overloaded('the facts engine has too much to do at the moment', error) : null
  }
  if (error instanceof Error && (('code' in error && typeof error.code === 'string') || /socket hang up|timeout/i.test(error.message)))
    return overloaded('the facts engine does not answer at the moment', error)
  return null
}

function overloaded(message: string, cause: unknown): Refusal {
  return Object.assign(new Refusal('overloaded', message, { retryAfter: 2 }), { cause })
}
