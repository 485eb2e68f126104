import { availableParallelism } from 'node:os'
import type pg from 'pg'
import type { Chunk, Span } from './follow-chunks.ts'
import { FactsThread } from './follow-thread.ts'

const mostThreads = 4
const youngMegabytes = 64

/**
 * Works conversations out on several threads. `next` gives some more of them, null at the end; `take` is called with what is finished, by
 * one thread at a time for each, so that a slow store slows the threads down and nothing piles up.
 */
export async function inThreads(
  connection: pg.ClientConfig,
  next: () => Promise<Span | null>,
  take: (chunk: Chunk) => Promise<void>,
): Promise<void> {
  const count = Math.min(mostThreads, Math.max(1, availableParallelism()))
  const threads = Array.from({ length: count }, () => new FactsThread(connection, youngMegabytes))
  try {
    await Promise.all(threads.map((thread) => drive(thread, next, take)))
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

async function drive(thread: FactsThread, next: () => Promise<Span | null>, take: (chunk: Chunk) => Promise<void>): Promise<void> {
  let taking: Promise<void> = Promise.resolve()
  for (let span = await next(); ; span = await next()) {
    const chunks = span ? await thread.add(span) : [await thread.rest()]
    for (const chunk of chunks) {
      // One chunk is on its way while the thread works on the next.
      await taking
      taking = take(chunk)
      taking.catch(() => undefined)
    }
    if (!span) break
  }
  await taking
}
