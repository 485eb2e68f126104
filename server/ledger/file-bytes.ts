import type pg from 'pg'
import type { Received } from '../platform/blobs.ts'
import { Refusal } from '../platform/refusal.ts'
import { aboutNobody, takeNumbers, takeTurn, writeEntries } from './append.ts'
import { canonicalText } from './canonical.ts'
import type { Ledger, Workspace } from './context.ts'
import { seal } from './entry.ts'
import { lookUpItems } from './identity.ts'
import { writeItems } from './items.ts'
import { SourceTally } from './source-tally.ts'
import { transaction } from './writer.ts'

export interface FileIdentity {
  readonly workspace: Workspace
  readonly source: string
  readonly id: string
}

export interface StoredBytes {
  readonly duplicate: boolean
  readonly seq: number | null
}

/** Bytes of a file that was erased: nothing of it is taken again. */
export class ErasedFile extends Refusal {
  constructor() {
    super('gone', 'this file was deleted from the record for good and is not taken again')
  }
}

/**
 * Gives a file its bytes: the blob and its salt, the reference, and an entry in the log that says their size and SHA-256, in one
 * transaction. The file's record may come before or after. The same bytes again change nothing; those of an erased file are refused.
 */
export async function storeFileBytes(ledger: Ledger, file: FileIdentity, received: Received): Promise<StoredBytes> {
  try {
    const stored = await transaction(ledger.database.writes, (tx) => store(tx, ledger, file, received))
    if (stored === 'erased') throw new ErasedFile()
    return stored
  } finally {
    await received.discard()
  }
}

async function store(tx: pg.ClientBase, ledger: Ledger, file: FileIdentity, received: Received): Promise<StoredBytes | 'erased'> {
  const organization = ledger.organization.number
  await takeTurn(tx, organization)
  const identity = { workspace: file.workspace.number, kind: 'file', source: file.source, id: file.id }
  const [state] = (await lookUpItems(tx, organization, [identity])).values()
  if (!state) throw new Error('the file was not looked up')
  if (state.purged) return refuse(tx, organization, file)
  const before = state.isNew ? null : await newestAddress(tx, organization, state.number)
  const duplicate = before === received.address
  const head = await takeNumbers(tx, organization, duplicate ? 0 : 1, state.isNew ? 1 : 0)
  const tally = new SourceTally()
  const told = { ...identity, kind: 'file_bytes', occurredAt: null, ahead: false }
  tally.took(told, duplicate ? 'duplicates' : before === null ? 'accepted' : 'updated')
  await tally.write(tx, organization, head.committedAt)
  if (duplicate) return { duplicate, seq: null }
  if (state.isNew) {
    state.number = head.firstItem
    await writeItems(tx, organization, [state], [])
  }
  const record = {
    kind: 'file_bytes',
    id: file.id,
    source: file.source,
    workspace_id: file.workspace.id,
    size: received.size,
    sha256: received.sha256,
  }
  const entry = {
    ...identity,
    kind: 'file_bytes',
    occurredAt: null,
    ahead: false,
    sealed: seal(ledger.organization.keys, Buffer.from(canonicalText(record))),
  }
  await writeEntries(tx, organization, head, [aboutNobody(entry)])
  await refer(tx, organization, state.number, head.firstSeq, received)
  await moveConversation(tx, organization, state.number, head)
  return { duplicate: false, seq: head.firstSeq }
}

/** Counted, and nothing of it is kept. */
async function refuse(tx: pg.ClientBase, organization: number, { workspace, source }: FileIdentity): Promise<'erased'> {
  const tally = new SourceTally()
  tally.refused(workspace.number, source)
  await tally.write(tx, organization, null)
  return 'erased'
}

async function newestAddress(tx: pg.ClientBase, organization: number, item: number): Promise<string | null> {
  const { rows } = await tx.query<{ address: string }>(
    'select address from file_bytes where organization_id = $1 and item = $2 order by seq desc limit 1',
    [organization, item],
  )
  return rows[0]?.address ?? null
}

/** A blob that is there already keeps its salt; a new one is moved to its address before the commit that refers to it. */
async function refer(tx: pg.ClientBase, organization: number, item: number, seq: number, received: Received): Promise<void> {
  const { rowCount } = await tx.query('insert into blob (organization_id, address, size) values ($1, $2, $3) on conflict do nothing', [
    organization,
    received.address,
    received.size,
  ])
  if (rowCount === 1) {
    await received.keep()
    await tx.query('insert into salts.blob (organization_id, address, salt) values ($1, $2, $3)', [
      organization,
      received.address,
      received.salt,
    ])
  }
  await tx.query('insert into file_bytes (organization_id, item, address, seq) values ($1, $2, $3, $4)', [
    organization,
    item,
    received.address,
    seq,
  ])
}

/** Readers of the conversation see the file differently now, so it moves in their list. */
async function moveConversation(
  tx: pg.ClientBase,
  organization: number,
  item: number,
  head: { firstSeq: number; committedAt: string },
): Promise<void> {
  await tx.query(
    `update conversation c set position = $3, changed_at = $4 from item i
     where i.organization_id = $1 and i.number = $2 and c.organization_id = $1 and c.number = i.conversation`,
    [organization, item, head.firstSeq, head.committedAt],
  )
}
