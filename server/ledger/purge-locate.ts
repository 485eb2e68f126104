import type pg from 'pg'
import { Refusal } from '../platform/refusal.ts'
import type { Workspace } from './context.ts'
import { messageWireId } from './identity.ts'
import type { Target } from './purge-target.ts'

/** A target as it stands in the record. */
export interface Located {
  readonly workspace: Workspace
  readonly kind: string
  /** As it stands on the wire. */
  readonly id: string
  /** Item number; of a message the seq it first arrived at. */
  readonly number: number
  readonly source: string | null
  /** The conversation that it is, or is in. */
  readonly conversation: number | null
  /** Something of it can be read. */
  readonly isThere: boolean
}

/** Throws `not_found` for what its workspace never heard of. */
export async function locate(tx: pg.ClientBase, organization: number, target: Target): Promise<Located> {
  const found = 'item' in target ? await locateItem(tx, organization, target) : await locateMessage(tx, organization, target)
  if (!found) throw new Refusal('not_found', 'there is no such item')
  return found
}

interface ItemRow {
  kind: string
  id: string
  source: string
  conversation: number | null
  is_there: boolean
}

/**
 * A file may be known by its bytes alone, and a conversation by its messages; one that was erased is there again once a message came
 * that was not known.
 */
async function locateItem(
  tx: pg.ClientBase,
  organization: number,
  { workspace, item }: Extract<Target, { item: number }>,
): Promise<Located | null> {
  const { rows } = await tx.query<ItemRow>(
    `select i.kind, coalesce(i.wire_id, i.id) as id, i.source, case when i.kind = 'conversation' then i.number else i.conversation end as conversation,
       case i.kind
         when 'conversation' then exists (select from conversation c where c.organization_id = $1 and c.number = i.number and c.purged_at is null)
         else i.purged_at is null and (i.seq is not null or exists (select from file_bytes f where f.organization_id = $1 and f.item = i.number))
       end as is_there
     from item i where i.organization_id = $1 and i.workspace_id = $2 and i.number = $3`,
    [organization, workspace.number, item],
  )
  const [row] = rows
  return row ? { workspace, kind: row.kind, id: row.id, number: item, ...belonging(row), isThere: row.is_there } : null
}

const belonging = ({ source, conversation }: Pick<ItemRow, 'source' | 'conversation'>) => ({ source, conversation })

async function locateMessage(
  tx: pg.ClientBase,
  organization: number,
  { workspace, message }: Extract<Target, { message: object }>,
): Promise<Located | null> {
  const { rows } = await tx.query<{ id: string; repeated_id: boolean; is_there: boolean }>(
    `select id, repeated_id, seq is not null and purged_at is null as is_there from message
     where organization_id = $1 and workspace_id = $2 and conversation = $3 and first_seq = $4`,
    [organization, workspace.number, message.conversation, message.firstSeq],
  )
  const [row] = rows
  if (!row) return null
  const id = messageWireId(message.conversation, row.id, row.repeated_id)
  return {
    workspace,
    kind: 'message',
    id,
    number: message.firstSeq,
    source: null,
    conversation: message.conversation,
    isThere: row.is_there,
  }
}
