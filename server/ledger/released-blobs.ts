import { takeTurn } from './append.ts'
import type { Ledger } from './context.ts'
import { transaction } from './writer.ts'

/**
 * Removes the files of blobs whose last reference is gone: after every purge, and when the server starts, for those that a crash left
 * over. They could not be read any more, their salt went with the reference. In the turn, since equal bytes may be on their way in.
 */
export async function removeReleasedBlobs(ledger: Ledger): Promise<void> {
  const organization = ledger.organization.number
  const { rowCount } = await ledger.database.reads.query('select from released_blob where organization_id = $1 limit 1', [organization])
  if (!rowCount) return
  await transaction(ledger.database.writes, async (tx) => {
    await takeTurn(tx, organization)
    const { rows } = await tx.query<{ address: string }>(
      `with released as (delete from released_blob where organization_id = $1 returning address)
       select r.address from released r where not exists (select from blob b where b.organization_id = $1 and b.address = r.address)`,
      [organization],
    )
    for (const { address } of rows) await ledger.blobs.remove(address)
  })
}
