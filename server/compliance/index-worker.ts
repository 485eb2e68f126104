// A thread of its own for the search index: opens what is new, cuts it into words and writes where they stand.
import { parentPort, workerData } from 'node:worker_threads'
import { segmentSize } from '../ledger/word-index.ts'
import { openBlobFolder } from '../platform/blobs.ts'
import { writePool } from '../platform/database.ts'
import { indexBatch } from './index-batch.ts'
import type { WorkerInput, WorkerTurn } from './index-thread.ts'

const { connection, organization, blobs } = workerData as WorkerInput // the thread that starts it says so
const pool = writePool(connection, 1)
pool.on('error', () => undefined)
const folder = await openBlobFolder(blobs)

parentPort?.on('message', () => {
  const answer = async () => {
    const unreadable: number[] = []
    const sources = { organization, blobs: folder, unreadable: (seq: number) => void unreadable.push(seq) }
    const turn: WorkerTurn = { ...(await indexBatch(pool, sources, segmentSize)), unreadable }
    parentPort?.postMessage(turn)
  }
  // A thread that throws ends, and its transaction with it.
  answer().catch((error: unknown) =>
    setImmediate(() => {
      throw error
    }),
  )
})
