import type pg from 'pg'
import type { Database } from '../platform/database.ts'
import { Refusal } from '../platform/refusal.ts'
import { type Accepted, accept, type Outcome } from './accept.ts'
import type { Candidate } from './candidate.ts'
import type { Entry } from './entry.ts'
import { KnownNumbers } from './identity.ts'
import { Statistics } from './statistics.ts'

export interface Receipt {
  readonly outcomes: Outcome[]
  /** Where the log stood after the commit that holds these. */
  readonly lastSeq: number
}

interface Job {
  readonly candidates: readonly Candidate[]
  readonly entries: readonly Entry[]
  readonly bytes: number
  resolve(receipt: Receipt): void
  reject(error: unknown): void
}

/** One transaction takes what has gathered, up to this much: enough to make the flush cheap, small enough to answer soon. */
const groupRecords = 2000
const groupBytes = 16 * 1_048_576

/** What may wait in memory. Beyond it the caller is told to come back: a queue must never be the only place something is. */
const mostWaiting = 64 * 1_048_576

/**
 * Group commit: while one transaction is on its way to the disk, everything that arrives gathers for the next. A promise resolves
 * from the commit, never before.
 */
export class Writer {
  readonly #pool: pg.Pool
  readonly #organization: number
  readonly #known = new KnownNumbers()
  readonly #statistics: Statistics
  #waiting: Job[] = []
  #waitingBytes = 0
  #running: Promise<void> | null = null
  readonly #followers = new Set<() => void>()

  constructor(database: Database, organization: number) {
    this.#pool = database.writes
    this.#organization = organization
    this.#statistics = new Statistics(database.writes)
  }

  /** Bytes that wait for a commit, for the metrics. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Takes records; the outcomes stand in their order. */
  take(candidates: readonly Candidate[]): Promise<Receipt> {
    return this.#submit(candidates, [])
  }

  /** Takes entries of the ledger's own, such as an access record. */
  record(entries: readonly Entry[]): Promise<Receipt> {
    return this.#submit([], entries)
  }

  /** Calls whoever follows the log after every commit of this process. Returns how to end it. */
  onCommit(follower: () => void): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  /** Resolves once nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running
  }

  #submit(candidates: readonly Candidate[], entries: readonly Entry[]): Promise<Receipt> {
    const bytes = [...candidates, ...entries].reduce((sum, { sealed }) => sum + sealed.payload.length, 0)
    // The ledger's own entries are never turned away: what they record is about to happen.
    if (entries.length === 0 && this.#waitingBytes > mostWaiting) {
      return Promise.reject(
        new Refusal('overloaded', 'more is waiting to be written than may wait; send it again shortly', { retryAfter: 1 }),
      )
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ candidates, entries, bytes, resolve, reject })
      this.#waitingBytes += bytes
      this.#running ??= this.#run()
    })
  }

  async #run(): Promise<void> {
    // What arrives in the same turn of the event loop shares the first transaction.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup()
      await this.#commit(group)
      this.#waitingBytes -= group.reduce((sum, { bytes }) => sum + bytes, 0)
    }
    this.#running = null
  }

  #nextGroup(): Job[] {
    let records = 0
    let bytes = 0
    let size = 0
    for (const job of this.#waiting) {
      if (size > 0 && (records + job.candidates.length > groupRecords || bytes + job.bytes > groupBytes)) break
      records += job.candidates.length
      bytes += job.bytes
      size++
    }
    return this.#waiting.splice(0, size)
  }

  async #commit(group: Job[]): Promise<void> {
    try {
      const { outcomes, lastSeq } = await this.#transaction(
        group.flatMap(({ candidates }) => candidates),
        group.flatMap(({ entries }) => entries),
      )
      let at = 0
      for (const { candidates, resolve } of group) {
        resolve({ outcomes: outcomes.slice(at, at + candidates.length), lastSeq })
        at += candidates.length
      }
    } catch (error) {
      if (!isDataError(error)) for (const { reject } of group) reject(unavailable(error))
      else for (const job of group) await this.#alone(job)
    }
  }

  /** The store refused a value in the group: find the record and let every other one through. */
  async #alone(job: Job): Promise<void> {
    try {
      const outcomes: Outcome[] = []
      const lastSeq = await this.#halve(job.candidates, job.entries, outcomes)
      job.resolve({ outcomes, lastSeq })
    } catch (error) {
      job.reject(unavailable(error))
    }
  }

  async #halve(candidates: readonly Candidate[], entries: readonly Entry[], outcomes: Outcome[]): Promise<number> {
    try {
      const done = await this.#transaction(candidates, entries)
      outcomes.push(...done.outcomes)
      return done.lastSeq
    } catch (error) {
      if (!isDataError(error) || candidates.length === 0) throw error
      if (candidates.length === 1) {
        outcomes.push({ taken: null, code: 'bad_field', message: 'record: holds a value that the store cannot keep' })
        return this.#halve([], entries, outcomes)
      }
      const middle = candidates.length >> 1
      await this.#halve(candidates.slice(0, middle), [], outcomes)
      return this.#halve(candidates.slice(middle), entries, outcomes)
    }
  }

  async #transaction(candidates: readonly Candidate[], entries: readonly Entry[]): Promise<Accepted> {
    const done = await transaction(this.#pool, (client) => accept(client, this.#organization, this.#known, candidates, entries))
    for (const [key, number] of done.numbers) this.#known.learn(key, number)
    this.#statistics.wrote(candidates.length)
    for (const follower of this.#followers) follower()
    return done
  }
}

/** Runs `work` between begin and commit on one connection. A connection that failed in between is not used again. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** SQLSTATE classes 22 (data exception), 23 (constraint) and 54 (limit exceeded): the statement is at fault, not the server. */
function isDataError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(22|23|54)/.test(error.code)
}

function unavailable(cause: unknown): Error {
  if (cause instanceof Refusal) return cause
  return Object.assign(new Refusal('overloaded', 'the ledger cannot write at the moment; nothing of this was taken', { retryAfter: 2 }), {
    cause,
  })
}
