import type { Ledger } from '../ledger/context.ts'
import { segmentSize, takeIndex } from '../ledger/word-index.ts'
import { transaction } from '../ledger/writer.ts'
import { indexBatch } from './index-batch.ts'
import { type IndexStatus, indexStatus } from './index-status.ts'

export interface RebuildOptions {
  onStep?(status: IndexStatus): void
  readonly signal?: AbortSignal
}

/**
 * Makes the index anew from the whole record. A server may run beside it: whoever has the index does the next batch, and both end at the same
 * rows. Interrupted, it is finished by whoever follows.
 */
export async function rebuildIndex(ledger: Ledger, { onStep, signal }: RebuildOptions = {}): Promise<IndexStatus> {
  const { database, organization } = ledger
  await transaction(database.writes, async (tx) => {
    await takeIndex(tx, organization.number, true)
    await tx.query('delete from word_posting where organization_id = $1', [organization.number])
    await tx.query('update word_index set cursor = 0 where organization_id = $1', [organization.number])
  })
  for (;;) {
    signal?.throwIfAborted()
    const { state } = await indexBatch(database.writes, ledger, segmentSize)
    if (state === 'idle') return indexStatus(ledger)
    if (state === 'busy') await new Promise((resolve) => setTimeout(resolve, 100))
    onStep?.(await indexStatus(ledger))
  }
}
