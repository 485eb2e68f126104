import type { Ledger } from '../ledger/context.ts'
import { segmentSize } from '../ledger/word-index.ts'
import { type IndexTurn, indexBatch } from './index-batch.ts'
import { indexStatus, showStatus } from './index-status.ts'
import { IndexThread } from './index-thread.ts'
import { recordMatches } from './saved-alerts.ts'

/** Commits of other processes are seen this much later, in milliseconds. */
const pollEvery = 500
/** Commits gather this long for one batch: a word of many entries costs no more than that of one. Whoever searches reads what is not indexed yet. */
const gather = 1000
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
  #wake: () => void = () => undefined
  #woken = false
  #thread: IndexThread | null = null
  /** What an earlier run found and did not come to record is recorded at the start. */
  #matched = true

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  start(): void {
    const unsubscribe = this.#ledger.writer.onCommit(() => {
      this.#woken = true
      this.#wake()
    })
    this.#running = this.#run().finally(unsubscribe)
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
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
        if (turn === 'nothing') await this.#rest(pollEvery)
        if (turn === 'some') await this.#pause(gather)
        if (turn === 'more' && this.#ledger.writer.waitingBytes > 0) await this.#pause(yielded * (performance.now() - began))
      } catch (err) {
        if (this.#stopping.signal.aborted) return
        log.warn({ event: 'search-index', err })
        await this.#endThread()
        await this.#pause(Math.min(longestPause, 250 * 2 ** failures++))
      }
    }
  }

  async #turn(): Promise<'nothing' | 'some' | 'more'> {
    const before = await indexStatus(this.#ledger)
    showStatus(before)
    if (before.cursor >= before.head) {
      await this.#recordMatches(null)
      return 'nothing'
    }
    this.#thread ??= new IndexThread(this.#ledger)
    const turn = await this.#thread.turn()
    for (const seq of turn.unreadable) this.#ledger.log.warn({ event: 'search-file-unreadable', seq })
    await this.#recordMatches(turn)
    if (turn.state === 'worked') showStatus(await indexStatus(this.#ledger))
    return turn.more ? 'more' : 'some'
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
