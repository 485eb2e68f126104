import { expect } from 'vitest'
import { type Receipt, receipt } from '../../contract/receipts.ts'
import type { Ledger, Workspace } from '../../server/ledger/context.ts'
import { type Purged, purge, takePurgeTurn } from '../../server/ledger/purge.ts'
import type { Target } from '../../server/ledger/purge-target.ts'
import { removeReleasedBlobs } from '../../server/ledger/released-blobs.ts'
import { transaction } from '../../server/ledger/writer.ts'
import type { Place, TestApp } from './app.ts'

/** As everything that erases does it: in a transaction of its own, and the files of blobs after its commit. */
export async function purgeNow(ledger: Ledger, targets: readonly Target[]): Promise<Purged[]> {
  const purged = await transaction(ledger.database.writes, async (tx) => {
    await takePurgeTurn(tx, ledger)
    return purge(tx, ledger, targets, { reason: 'api', actor: { kind: 'operator', id: 'test' }, requestId: 'test' })
  })
  await removeReleasedBlobs(ledger)
  return purged
}

/** Items by their ids at the source. */
export async function itemTargets(daybook: TestApp, workspace: Workspace, kind: string, ids: readonly string[]): Promise<Target[]> {
  const rows = await daybook.rows<{ number: number }>(
    'select number from item where workspace_id = $1 and kind = $2 and id = any($3) order by number',
    [workspace.number, kind, ids],
  )
  return rows.map(({ number }) => ({ workspace, item: number }))
}

/** Messages by their ids at the source. */
export async function messageTargets(daybook: TestApp, workspace: Workspace, ids: readonly string[]): Promise<Target[]> {
  const rows = await daybook.rows<{ conversation: number; first_seq: number }>(
    'select conversation, first_seq from message where workspace_id = $1 and id = any($2) and seq is not null order by first_seq',
    [workspace.number, ids],
  )
  return rows.map(({ conversation, first_seq }) => ({ workspace, message: { conversation, firstSeq: first_seq } }))
}

export async function receiptOf(daybook: TestApp, place: Place, id: string): Promise<Receipt> {
  const answer = await daybook.get(`/api/receipts/${id}`, place.read)
  expect(answer.statusCode, answer.body).toBe(200)
  return receipt.parse(answer.json())
}
