import type { Ledger } from '../ledger/context.ts'
import { type Batch, writeBatch } from './follow-batch.ts'
import { holds } from './follow-check.ts'
import { type ChunkMaker, Chunks } from './follow-chunks.ts'
import { factsBehind, factsLag } from './follow-metrics.ts'
import { advance, isCurrent, planBatch, type RowCounts, readPosition, withTurn } from './follow-position.ts'
import { beginCatchingUp, endCatchingUp } from './follow-readiness.ts'
import { FactsThread } from './follow-thread.ts'
import { FactsDiffer } from './follow-write.ts'
import { rebuildFacts } from './rebuild.ts'
import { rebuildWaits, takePlace } from './rebuild-switch.ts'
import { factsStatus } from './status.ts'

/** Entries in one batch, at most. */
const mostEntries = 20_000
/** With this much to catch up from nothing, a rebuild is the faster way. */
const worthRebuilding = 200_000
/** Commits of other processes are seen this much later, in milliseconds. */
const pollEvery = 500
/** Commits gather this long for one batch: an insert costs the same for one row and for thousands. */
const gather = 500
const longestPause = 5000
/** After so many looks at nothing new the thread's memory is given back; another one is there in a moment. */
const idleTurns = 60
/** The thread's memory for what lives for a moment. */
const youngMegabytes = 16

/** `more`: another whole batch is planned already. */
type Turn = 'more' | 'worked' | 'idle'

/**
 * Follows the log into the facts, for one organization. Every batch is fixed in PostgreSQL before it is written and written under
 * tokens, so that it counts exactly once, whenever and wherever a process dies.
 */
export class Follower {
  readonly #ledger: Ledger
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null
  #wake: () => void = () => undefined
  #woken = false
  #verified = false
  /** Where the cursor was last seen. */
  #reached = 0
  #inBackground = false
  /** Where facts are worked out in the background; in the foreground nobody else waits. */
  #thread: FactsThread | null = null
  /** The plan this process has made and not begun. */
  #chained: number | null = null

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  start(): void {
    const unsubscribe = this.#ledger.writer.onCommit(() => {
      this.#woken = true
      this.#wake()
    })
    beginCatchingUp(this.#ledger)
    this.#inBackground = true
    this.#running = this.#run().finally(unsubscribe)
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    await this.#running
    await this.#endThread()
  }

  /** Follows until nothing is left, in the foreground. */
  async catchUp(): Promise<void> {
    while ((await this.#turn()) !== 'idle');
  }

  async #run(): Promise<void> {
    const { log } = this.#ledger
    let failures = 0
    let idle = 0
    while (!this.#stopping.signal.aborted) {
      try {
        const turn = await this.#turn()
        await this.#measure()
        failures = 0
        idle = turn === 'idle' ? idle + 1 : 0
        if (idle === idleTurns) await this.#endThread()
        if (turn === 'idle') await this.#rest(pollEvery)
        if (turn === 'worked') await this.#pause(gather)
      } catch (err) {
        if (this.#stopping.signal.aborted) return
        // What was written is written; whether all of it is there is looked at again before anything is added.
        this.#verified = false
        log.warn({ event: 'facts-follow', err })
        await this.#pause(Math.min(longestPause, 250 * 2 ** failures++))
      }
    }
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread
    this.#thread = null
    await thread?.end()
  }

  async #turn(): Promise<Turn> {
    const { database, facts, organization, log } = this.#ledger
    if (this.#verified && (await isCurrent(database.reads, organization.number))) return 'idle'
    if (await rebuildWaits(database.reads)) await takePlace(database.writes, facts)
    const turn = await withTurn(database.writes, organization.number, false, () => this.#batch().catch(differing))
    if (turn?.result !== 'rebuild') return turn?.result ?? 'idle'
    log.warn({ event: 'facts-rebuild', hint: 'the facts are not those that were followed, or far behind: they are made anew' })
    beginCatchingUp(this.#ledger)
    await rebuildFacts(this.#ledger, { signal: this.#stopping.signal })
    return 'more'
  }

  async #batch(): Promise<Turn | 'rebuild'> {
    const { database, facts, organization } = this.#ledger
    const position = await readPosition(database.writes, organization.number)
    if (position.planTo === null && !this.#verified) {
      if (!(await holds(facts, organization.number, position.rows))) return 'rebuild'
      this.#verified = true
    }
    const batch = position.planTo === null ? await planBatch(database.writes, organization.number, mostEntries) : position
    if (batch?.planTo == null) return 'idle'
    if (batch.cursor === 0 && batch.planTo === mostEntries && (await this.#isFarBehind())) return 'rebuild'
    // A plan that was found, not made, may have been begun, and so may one of this process that failed.
    const before = position.planTo === null || this.#chained === position.planTo ? null : batch.rows
    this.#chained = null
    const span = { organization: organization.number, from: batch.cursor + 1, to: batch.planTo, before }
    const rows = await this.#write(span)
    const next = await advance(database.writes, organization.number, batch, { rows, most: mostEntries })
    if (!next) this.#verified = false
    this.#chained = next?.planTo ?? null
    return next?.planTo == null ? 'worked' : 'more'
  }

  async #write(batch: Batch): Promise<RowCounts> {
    const { database, facts } = this.#ledger
    try {
      return await writeBatch({ pool: database.reads, facts, maker: () => this.#maker() }, batch)
    } catch (error) {
      // The thread may still hold a part of what was given up.
      await this.#endThread()
      throw error
    }
  }

  #maker(): ChunkMaker {
    const { reads, connection } = this.#ledger.database
    if (!this.#inBackground) return new Chunks(reads)
    this.#thread ??= new FactsThread(connection, youngMegabytes)
    return this.#thread
  }

  async #isFarBehind(): Promise<boolean> {
    return (await factsStatus(this.#ledger)).head > worthRebuilding
  }

  async #measure(): Promise<void> {
    const { cursor, head, lag_seconds } = await factsStatus(this.#ledger)
    factsLag.set(lag_seconds)
    factsBehind.set(head - cursor)
    // Somebody else's rebuild ends where it began.
    if (cursor < this.#reached) beginCatchingUp(this.#ledger)
    endCatchingUp(this.#ledger, lag_seconds)
    this.#reached = cursor
  }

  /** Until there may be something to do. */
  async #rest(milliseconds: number): Promise<void> {
    if (!this.#woken) await this.#pause(milliseconds, true)
    this.#woken = false
  }

  #pause(milliseconds: number, untilWoken = false): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      const end = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#wake = () => {
        if (untilWoken || this.#stopping.signal.aborted) end()
      }
    })
  }
}

function differing(error: unknown): 'rebuild' {
  if (error instanceof FactsDiffer) return 'rebuild'
  throw error
}
