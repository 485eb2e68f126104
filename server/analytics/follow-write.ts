import type { Facts } from '../platform/clickhouse.ts'
import { codingColumns } from './coding-facts.ts'
import { type Difference, messageColumns, PersonDays, personDayColumns, sessionColumns } from './conversation-facts-rows.ts'
import type { RowCounts } from './follow-position.ts'

const tables = {
  message_fact: messageColumns,
  session_fact: sessionColumns,
  person_day: personDayColumns,
  coding_fact: codingColumns,
} as const

export type FactsTable = keyof typeof tables
export const factsTables = Object.keys(tables) as FactsTable[]

/** Rows in one insert: few enough to be one block, which is there whole or not at all. */
const chunkRows = 200_000

/** Rows ready to be sent. */
export interface Piece {
  readonly pieces: readonly Uint8Array[]
  readonly count: number
}

/** Lines as the few large pieces they are sent in: many short strings kept for long are what a garbage collector is slow with. */
class Lines {
  readonly pieces: Buffer[] = []
  #text = ''
  count = 0

  add(line: string): void {
    this.#text += line
    this.count++
    if (this.#text.length > 65_536) this.#cut()
  }

  whole(): Buffer[] {
    this.#cut()
    return this.pieces
  }

  #cut(): void {
    if (this.#text !== '') this.pieces.push(Buffer.from(this.#text))
    this.#text = ''
  }
}

/** The rows of one chunk of a batch. */
export class Chunk {
  readonly messages = new Lines()
  readonly sessions = new Lines()
  #days = new PersonDays()

  add({ messages, sessions }: Difference): void {
    for (const one of messages) {
      this.messages.add(`${one.sign}\t${one.line}\n`)
      this.#days.add(one)
    }
    for (const { sign, line } of sessions) this.sessions.add(`${sign}\t${line}\n`)
  }

  days(): Lines {
    const lines = new Lines()
    for (const line of this.#days.lines()) lines.add(`${line}\n`)
    return lines
  }
}

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
 * Inserts the rows of a batch chunk by chunk. Given the same differences in the same order it makes the same chunks under the same tokens. A
 * token alone does not make an insert count once: the engine notes it a moment before the rows are there, and one that is killed
 * in between takes the rows' next coming for a repetition. So a batch that was begun before is looked after chunk by chunk, and what is missing is
 * sent under the next token; the token keeps apart what a killed server may still have under way.
 */
export class FactsWriter {
  readonly #facts: Facts
  readonly #options: WriterOptions
  #chunk = new Chunk()
  #number = 0
  readonly rows: RowCounts = { messages: 0, sessions: 0, coding: 0 }

  constructor(facts: Facts, options: WriterOptions) {
    this.#facts = facts
    this.#options = options
  }

  async conversation(changed: Difference): Promise<void> {
    this.#chunk.add(changed)
    if (this.#chunk.messages.count >= chunkRows) await this.flush()
  }

  /** Rows that were worked out elsewhere. */
  async take(done: { messages: Piece; sessions: Piece; days: Piece }): Promise<void> {
    const number = this.#number++
    await this.#insert('message_fact', done.messages, number)
    await this.#insert('session_fact', done.sessions, number)
    await this.#insert('person_day', done.days, number)
    this.rows.messages += done.messages.count
    this.rows.sessions += done.sessions.count
  }

  async coding(lines: readonly string[]): Promise<void> {
    const whole = new Lines()
    for (const line of lines) whole.add(`${line}\n`)
    await this.#insert('coding_fact', pieceOf(whole), this.#number)
    this.rows.coding += lines.length
  }

  /** The roll-up comes last: it is checked against the messages it adds up. */
  async flush(): Promise<void> {
    const { messages, sessions } = this.#chunk
    await this.#insert('message_fact', pieceOf(messages), this.#number)
    this.rows.messages += messages.count
    await this.#insert('session_fact', pieceOf(sessions), this.#number)
    this.rows.sessions += sessions.count
    await this.#insert('person_day', pieceOf(this.#chunk.days()), this.#number)
    this.#number++
    this.#chunk = new Chunk()
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

const pieceOf = (lines: Lines): Piece => ({ pieces: lines.whole(), count: lines.count })

/** The facts are not those that were written: they have to be made anew. */
export class FactsDiffer extends Error {
  override name = 'FactsDiffer'
}
