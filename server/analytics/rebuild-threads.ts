import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type pg from 'pg'
import type { Piece } from './follow-write.ts'

export interface WorkerInput {
  readonly connection: pg.ClientConfig
  readonly organization: number
  readonly asOf: number
}

/** Conversations to work out; none: hand over what is left and end. */
export interface ToWorker {
  readonly numbers: readonly number[]
}

export interface FromWorker {
  readonly messages: Piece
  readonly sessions: Piece
  readonly days: Piece
}

const mostThreads = 4

/**
 * Works conversations out on several threads. `next` gives the numbers of some more, none at the end; `take` is called with what is finished, by
 * one thread at a time for each, so that a slow store slows the threads down and nothing piles up.
 */
export async function inThreads(
  input: WorkerInput,
  next: () => Promise<number[]>,
  take: (done: FromWorker) => Promise<void>,
): Promise<void> {
  const threads = Math.min(mostThreads, Math.max(1, availableParallelism()))
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(new URL('rebuild-worker.ts', import.meta.url), {
        workerData: input,
        // Facts live for a moment: a young generation that holds a whole group of conversations is emptied at once.
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      }),
  )
  try {
    await Promise.all(workers.map((worker) => drive(worker, next, take)))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

async function drive(worker: Worker, next: () => Promise<number[]>, take: (done: FromWorker) => Promise<void>): Promise<void> {
  let taking: Promise<void> = Promise.resolve()
  for (let isLast = false; !isLast; ) {
    const numbers = await next()
    isLast = numbers.length === 0
    const reply = once(worker, 'message')
    worker.postMessage({ numbers } satisfies ToWorker)
    const [done] = (await reply) as [FromWorker | null] // what a worker posts
    if (!done) continue
    // One chunk is on its way while the thread works on the next.
    await taking
    taking = take(done)
    taking.catch(() => undefined)
  }
  await taking
}
