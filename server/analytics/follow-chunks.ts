import type pg from 'pg'
import { factsOf, noFacts } from './conversation-facts.ts'
import { stateAt } from './conversation-facts-history.ts'
import { type Difference, difference, messageColumns, sessionColumns } from './conversation-facts-rows.ts'
import { conversationDayColumns, personDayColumns, RollUps, usedDayColumns } from './conversation-facts-sums.ts'
import { readHistories } from './follow-read.ts'

/** The tables that conversations are written to. Roll-ups come after what they add up, against which they are checked. */
export const chunkTables = {
  message_fact: messageColumns,
  session_fact: sessionColumns,
  person_day: personDayColumns,
  conversation_day: conversationDayColumns,
  used_day: usedDayColumns,
} as const

export type ChunkTable = keyof typeof chunkTables

/** Rows ready to be sent. */
export interface Piece {
  readonly pieces: readonly Uint8Array[]
  readonly count: number
}

/** What is inserted at once into each table: few enough rows to be one block, which is there whole or not at all. */
export type Chunk = Readonly<Record<ChunkTable, Piece>>

/** Messages in one chunk; the rows of a last conversation come on top. */
const enough = 100_000

/** Some conversations, and two entries of the log: what changed after the first one, up to and with the second. */
export interface Span {
  readonly organization: number
  readonly conversations: readonly number[]
  readonly before: number
  readonly after: number
}

/** Works out what conversations change in the facts. The same spans in the same order make the same chunks. */
export interface ChunkMaker {
  /** The chunks that became full. */
  add(span: Span): Promise<Chunk[]>
  /** What has not filled a chunk. */
  rest(): Promise<Chunk>
}

export class Chunks implements ChunkMaker {
  readonly #pool: pg.Pool
  #open = new OpenChunk()

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async add({ organization, conversations, before, after }: Span): Promise<Chunk[]> {
    const full: Chunk[] = []
    for (const history of await readHistories(this.#pool, organization, conversations, after)) {
      const said = before === 0 ? noFacts : factsOf(stateAt(history, before))
      this.#open.add(difference(said, factsOf(stateAt(history, after))))
      if (this.#open.messages.count >= enough) full.push(await this.rest())
    }
    return full
  }

  async rest(): Promise<Chunk> {
    const whole = this.#open.whole()
    this.#open = new OpenChunk()
    return whole
  }
}

class OpenChunk {
  readonly messages = new Lines()
  readonly #sessions = new Lines()
  readonly #rollUps = new RollUps()

  add({ messages, sessions }: Difference): void {
    for (const one of messages) {
      this.messages.add(`${one.sign}\t${one.line}\n`)
      this.#rollUps.add(one)
    }
    for (const { sign, line } of sessions) this.#sessions.add(`${sign}\t${line}\n`)
  }

  whole(): Chunk {
    const { person_day, conversation_day, used_day } = this.#rollUps.lines()
    return {
      message_fact: this.messages.whole(),
      session_fact: this.#sessions.whole(),
      person_day: pieceOf(person_day),
      conversation_day: pieceOf(conversation_day),
      used_day: pieceOf(used_day),
    }
  }
}

export function pieceOf(lines: readonly string[]): Piece {
  const whole = new Lines()
  for (const line of lines) whole.add(`${line}\n`)
  return whole.whole()
}

/** Lines as the few large pieces they are sent in: many short strings kept for long are what a garbage collector is slow with. */
class Lines {
  readonly #pieces: Buffer[] = []
  #text = ''
  count = 0

  add(line: string): void {
    this.#text += line
    this.count++
    if (this.#text.length > 65_536) this.#cut()
  }

  whole(): Piece {
    this.#cut()
    return { pieces: this.#pieces, count: this.count }
  }

  #cut(): void {
    if (this.#text !== '') this.#pieces.push(Buffer.from(this.#text))
    this.#text = ''
  }
}
