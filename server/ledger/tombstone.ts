import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { aboutNobody, type Head, writeEntries } from './append.ts'
import { canonicalText } from './canonical.ts'
import type { Ledger } from './context.ts'
import { ownSource, seal } from './entry.ts'
import type { Erased } from './purge-erase.ts'
import type { Located } from './purge-locate.ts'
import type { Why } from './purge-target.ts'

interface Gone {
  readonly found: Located
  readonly why: Why
  /** With one sequence number for this. */
  readonly head: Head
  readonly erased: readonly Erased[]
  /** How many blobs lost their last reference. */
  readonly blobs: number
  /** Numbers of dead letters that went with it. */
  readonly letters: readonly number[]
}

/**
 * What stays of an erasure: an entry of the log that names every erased one by its commitment, so that the gap in what can be
 * read is accounted for by what can be proved. It holds no content and no name, and is never erased itself. Returns the id of its receipt.
 */
export async function writeTombstone(tx: pg.ClientBase, ledger: Ledger, gone: Gone): Promise<string> {
  const { keys, number: organization } = ledger.organization
  const { found, head } = gone
  const id = randomUUID()
  const sealed = seal(keys, Buffer.from(canonicalText(recordOf(id, gone))))
  const entry = { source: ownSource, kind: 'tombstone', id, occurredAt: head.committedAt, ahead: false, sealed }
  await writeEntries(tx, organization, head, [aboutNobody({ ...entry, workspace: found.workspace.number })])
  await tx.query('insert into receipt (organization_id, id, workspace_id, seq, kind, number, at) values ($1, $2, $3, $4, $5, $6, $7)', [
    organization,
    id,
    found.workspace.number,
    head.firstSeq,
    found.kind,
    found.number,
    head.committedAt,
  ])
  return id
}

function recordOf(id: string, { found, why, head, erased, blobs, letters }: Gone) {
  return {
    kind: 'tombstone',
    id,
    source: ownSource,
    workspace_id: found.workspace.id,
    occurred_at: head.committedAt,
    reason: why.reason,
    request_id: why.requestId,
    actor: { kind: why.actor.kind, id: why.actor.id },
    item: { kind: found.kind, id: found.id, number: found.number },
    entries: erased.map(({ seq, kind, commitment }) => ({ seq, kind, commitment: commitment.toString('base64') })),
    blobs,
    dead_letters: letters,
  }
}
