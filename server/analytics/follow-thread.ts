import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type pg from 'pg'
import type { Chunk, ChunkMaker, Span } from './follow-chunks.ts'

export interface WorkerInput {
  readonly connection: pg.ClientConfig
}

/** null asks for the rest. */
export type ToWorker = Span | null

/** Makes chunks on a thread of its own, so that nobody waits while a long conversation is worked out. One question at a time. */
export class FactsThread implements ChunkMaker {
  readonly #worker: Worker
  /** Rejects when the thread ends, whatever it was asked. */
  readonly #end: Promise<never>

  /** Facts live for a moment: a young generation that holds a whole group of conversations is emptied at once. */
  constructor(connection: pg.ClientConfig, youngMegabytes: number) {
    this.#worker = new Worker(new URL('follow-worker.ts', import.meta.url), {
      workerData: { connection: { ...connection } } satisfies WorkerInput,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    })
    this.#end = new Promise((_, reject) => {
      this.#worker.once('error', reject)
      this.#worker.once('exit', () => reject(new Error('the thread that works facts out has ended')))
    })
    this.#end.catch(() => undefined)
  }

  add(span: Span): Promise<Chunk[]> {
    return this.#ask<Chunk[]>(span)
  }

  rest(): Promise<Chunk> {
    return this.#ask<Chunk>(null)
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  async #ask<Answer>(told: ToWorker): Promise<Answer> {
    const reply = once(this.#worker, 'message')
    reply.catch(() => undefined)
    this.#worker.postMessage(told)
    const [answer] = await Promise.race([reply, this.#end])
    return answer as Answer // what the worker posts for it
  }
}
