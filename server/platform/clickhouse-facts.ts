import type { ClickHouseSettings } from '@clickhouse/client'

/** The facts: content-free rows in ClickHouse, embedded or by CLICKHOUSE_URL, through one client and one dialect. */
export interface Facts {
  /** Brings the engine up and its tables up to date; everything else does so by itself when it is the first. */
  start(): Promise<void>
  /** Rows of an answer, and how many the engine read for it. Values are bound: `{day:Date}` in the text, its value in `parameters`. */
  query<Row>(sql: string, parameters?: Parameters, options?: QueryOptions): Promise<Answer<Row>>
  command(sql: string, parameters?: Parameters): Promise<void>
  /**
   * Inserts tab-separated rows as one block. The same token never counts twice: a repeated one is taken for the insert it repeats.
   */
  insert(table: string, columns: readonly string[], rows: readonly Uint8Array[], token: string): Promise<void>
  /** Throws when the engine does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type Parameters = Record<string, unknown>

export interface QueryOptions {
  readonly signal?: AbortSignal
  readonly settings?: ClickHouseSettings
}

export interface Answer<Row> {
  readonly rows: Row[]
  readonly rowsRead: number
}
