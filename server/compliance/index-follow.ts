import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from '../ledger/context.ts'
import { segmentSize } from '../ledger/word-index.ts'
import { type IndexTurn, indexBatch } from './index-batch.ts'
import { type IndexStatus, indexStatus, showStatus } from './index-status.ts'
import { IndexThread } from './index-thread.ts'
import { recordMatches } from './saved-alerts.ts'

/** Milliseconds between two looks at what there is to do. */
const pollEvery = 500
/**
 * Commits gather this long for one batch, or until there are so many: a row of a frequent word is written anew with every batch, however
 * little is added to it. Whoever searches reads what is not indexed yet.
 */
const gather = 5000
const enough = 1000
const betweenBatches = 1000
const longestPause = 5000
/** While records wait for their commit, two moments of three are theirs alone: nobody waits for the index. */
const yielded = 2
/** After so many looks at nothing new the thread's memory is given back. */
const idleTurns = 60

/** Follows the log into the search index, for one organization. */
export class Indexer {
  readonly #ledger: Ledger
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null
  #thread: IndexThread | null = null
  /** What an earlier run found and did not come to record is recorded at the start. */
  #matched = true
  /** Since when something waits to be indexed. */
  #waitingSince: number | null = null

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.#endThread()
  }

  /** Indexes until nothing is left, in the foreground; `most` entries in one batch at most. */
  async catchUp(most: number = segmentSize): Promise<void> {
    const { database } = this.#ledger
    for (;;) {
      const turn = await indexBatch(database.writes, this.#ledger, most)
      await this.#recordMatches(turn)
      if (turn.state === 'idle') return
      if (turn.state === 'busy') await this.#pause(pollEvery)
    }
  }

  async #run(): Promise<void> {
    const { log } = this.#ledger
    let failures = 0
    let idle = 0
    while (!this.#stopping.signal.aborted) {
      try {
        const began = performance.now()
        const turn = await this.#turn()
        failures = 0
        idle = turn === 'nothing' ? idle + 1 : 0
        if (idle === idleTurns) await this.#endThread()
        if (turn !== 'more') await this.#pause(turn === 'worked' ? betweenBatches : pollEvery)
        if (turn === 'more' && this.#ledger.writer.waitingBytes > 0) await this.#pause(yielded * (performance.now() - began))
      } catch (err) {
        if (this.#stopping.signal.aborted) return
        log.warn({ event: 'search-index', err })
        await this.#endThread()
        await this.#pause(Math.min(longestPause, 250 * 2 ** failures++))
      }
    }
  }

  async #turn(): Promise<'nothing' | 'worked' | 'more'> {
    const status = await indexStatus(this.#ledger)
    showStatus(status)
    if (!this.#isDue(status)) {
      await this.#recordMatches(null)
      return 'nothing'
    }
    this.#thread ??= new IndexThread(this.#ledger)
    const turn = await this.#thread.turn()
    this.#waitingSince = null
    for (const seq of turn.unreadable) this.#ledger.log.warn({ event: 'search-file-unreadable', seq })
    await this.#recordMatches(turn)
    if (turn.state === 'worked') showStatus(await indexStatus(this.#ledger))
    return turn.more ? 'more' : turn.state === 'worked' ? 'worked' : 'nothing'
  }

  #isDue({ cursor, head }: IndexStatus): boolean {
    if (cursor >= head) this.#waitingSince = null
    else this.#waitingSince ??= performance.now()
    return this.#waitingSince !== null && (head - cursor >= enough || performance.now() - this.#waitingSince >= gather)
  }

  async #recordMatches(turn: IndexTurn | null): Promise<void> {
    if (turn?.matched) this.#matched = true
    if (!this.#matched) return
    await recordMatches(this.#ledger)
    this.#matched = false
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread
    this.#thread = null
    await thread?.end()
  }

  /** Ends sooner when this is told to stop. */
  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
  }
}
