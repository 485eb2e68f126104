// A thread of its own for working facts out: reads conversations and makes chunks of rows for the thread that inserts them.
import { parentPort, workerData } from 'node:worker_threads'
import { readPool } from '../platform/database.ts'
import { Chunks } from './follow-chunks.ts'
import type { ToWorker, WorkerInput } from './follow-thread.ts'

const { connection } = workerData as WorkerInput // the thread that starts it says so
const pool = readPool(connection, 4)
pool.on('error', () => undefined)
const chunks = new Chunks(pool)

parentPort?.on('message', (told: ToWorker) => {
  const answer = async () => parentPort?.postMessage(told ? await chunks.add(told) : await chunks.rest())
  // A thread that throws ends, and what it was working on with it.
  answer().catch((error: unknown) =>
    setImmediate(() => {
      throw error
    }),
  )
})
