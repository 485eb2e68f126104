import type { Facts } from '../platform/clickhouse.ts'
import { codingColumns } from './coding-facts.ts'
import { type Chunk, type ChunkTable, chunkTables, type Piece, pieceOf } from './follow-chunks.ts'
import type { RowCounts } from './follow-position.ts'

const tables = { ...chunkTables, coding_fact: codingColumns } as const

export type FactsTable = keyof typeof tables
export const factsTables = Object.keys(tables) as FactsTable[]

export interface WriterOptions {
  /** In the tokens: names the batch. */
  readonly batch: string
  /** Of the tables it goes to. */
  readonly suffix?: string
  /** For a batch that was begun before: looks whether a chunk is there. */
  readonly check?: ChunkCheck
}

/** Whether what is to be inserted is in its table already; `before` are the rows written before it. */
export type ChunkCheck = (table: FactsTable, rows: number, before: RowCounts) => Promise<boolean>

/** More attempts than crashes that anybody has seen in one batch. */
const mostAttempts = 20

/**
 * Inserts the rows of a batch chunk by chunk, the same chunks in the same order under the same tokens. A
 * token alone does not make an insert count once: the engine notes it a moment before the rows are there, and one that is killed
 * in between takes the rows' next coming for a repetition. So a batch that was begun before is looked after chunk by chunk, and what is missing is
 * sent under the next token; the token keeps apart what a killed server may still have under way.
 */
export class FactsWriter {
  readonly #facts: Facts
  readonly #options: WriterOptions
  #number = 0
  readonly rows: RowCounts = { messages: 0, sessions: 0, coding: 0 }

  constructor(facts: Facts, options: WriterOptions) {
    this.#facts = facts
    this.#options = options
  }

  async chunk(chunk: Chunk): Promise<void> {
    const number = this.#number++
    for (const table of Object.keys(chunkTables) as ChunkTable[]) await this.#insert(table, chunk[table], number)
    this.rows.messages += chunk.message_fact.count
    this.rows.sessions += chunk.session_fact.count
  }

  async coding(lines: readonly string[]): Promise<void> {
    await this.#insert('coding_fact', pieceOf(lines), this.#number)
    this.rows.coding += lines.length
  }

  async #insert(table: FactsTable, { pieces, count }: Piece, number: number): Promise<void> {
    if (count === 0) return
    const { batch, suffix = '', check } = this.#options
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      if (check && (await check(table, count, this.rows))) return
      await this.#facts.insert(`${table}${suffix}`, tables[table], pieces, `${batch}:${table}:${number}:${attempt}`)
      if (!check) return
    }
    if (!(await check?.(table, count, this.rows))) throw new FactsDiffer()
  }
}

/** The facts are not those that were written: they have to be made anew. */
export class FactsDiffer extends Error {
  override name = 'FactsDiffer'
}
