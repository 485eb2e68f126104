import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type pg from 'pg'
import type { Ledger } from '../ledger/context.ts'
import type { Organization } from '../ledger/organization.ts'
import type { IndexTurn } from './index-batch.ts'

export interface WorkerInput {
  readonly connection: pg.ClientConfig
  readonly organization: Organization
  /** Folder of the blobs. */
  readonly blobs: string
}

export interface WorkerTurn extends IndexTurn {
  /** Entries whose bytes could not be read. */
  readonly unreadable: readonly number[]
}

/** Indexes on a thread of its own, so that nobody waits while texts are opened and cut into words. One batch at a time. */
export class IndexThread {
  readonly #worker: Worker
  /** Rejects when the thread ends, whatever it was asked. */
  readonly #end: Promise<never>

  constructor({ database, organization, config }: Ledger) {
    const input: WorkerInput = { connection: { ...database.connection }, organization, blobs: config.blobs }
    this.#worker = new Worker(new URL('index-worker.ts', import.meta.url), {
      workerData: input,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    })
    this.#end = new Promise((_, reject) => {
      this.#worker.once('error', reject)
      this.#worker.once('exit', () => reject(new Error('the thread that indexes has ended')))
    })
    this.#end.catch(() => undefined)
  }

  async turn(): Promise<WorkerTurn> {
    const reply = once(this.#worker, 'message')
    reply.catch(() => undefined)
    this.#worker.postMessage('turn')
    const [answer] = await Promise.race([reply, this.#end])
    return answer as WorkerTurn // what the worker posts for it
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** Texts live for a moment. */
const youngMegabytes = 32
