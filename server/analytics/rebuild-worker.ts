// One thread of a rebuild: reads conversations, works their facts out and hands finished pieces to the thread that inserts them.
import { parentPort, workerData } from 'node:worker_threads'
import { readPool } from '../platform/database.ts'
import { factsOf, noFacts } from './conversation-facts.ts'
import { stateAt } from './conversation-facts-history.ts'
import { difference } from './conversation-facts-rows.ts'
import { readHistories } from './follow-read.ts'
import { Chunk } from './follow-write.ts'
import type { FromWorker, ToWorker, WorkerInput } from './rebuild-threads.ts'

const { connection, organization, asOf } = workerData as WorkerInput // the thread that starts it says so
const pool = readPool(connection, 4)
pool.on('error', () => undefined)

/** Messages handed over at once. */
const enough = 100_000

let chunk = new Chunk()

async function work(numbers: readonly number[]): Promise<void> {
  for (const history of await readHistories(pool, organization, numbers, asOf))
    chunk.add(difference(noFacts, factsOf(stateAt(history, asOf))))
}

function handOver(): FromWorker {
  const { messages, sessions } = chunk
  const days = chunk.days()
  const done: FromWorker = {
    messages: { pieces: messages.whole(), count: messages.count },
    sessions: { pieces: sessions.whole(), count: sessions.count },
    days: { pieces: days.whole(), count: days.count },
  }
  chunk = new Chunk()
  return done
}

parentPort?.on('message', (told: ToWorker) => {
  const answer = async () => {
    if (told.numbers.length > 0) await work(told.numbers)
    const isLast = told.numbers.length === 0
    const done = isLast || chunk.messages.count >= enough ? handOver() : null
    if (isLast) await pool.end()
    parentPort?.postMessage(done)
    if (isLast) parentPort?.close()
  }
  // A thread that throws ends, and the rebuild with it.
  answer().catch((error: unknown) =>
    setImmediate(() => {
      throw error
    }),
  )
})
