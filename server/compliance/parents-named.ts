import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import { rowsOf } from '../ledger/read.ts'
import type { Listed } from './conversation-list.ts'
import type { Loaded } from './loaded.ts'
import { textOrNull } from './openai-common.ts'

/** The id on the wire of the message that another one of a conversation answers, by the id it has at its source. */
export type ParentLookup = (loaded: Loaded, parent: string) => string

/**
 * Nearly every parent stands beside its children. One that does not, because it is erased, or has not come, may have its id from another
 * conversation: then it is called what it is called here once it comes, and never as that other message.
 */
export async function loadParents(ctx: Context, chunk: readonly Loaded[]): Promise<ParentLookup> {
  const missing = chunk.flatMap((loaded) => missingIn(loaded))
  const repeatedElsewhere = missing.length === 0 ? new Set<string>() : await repeatedAmong(ctx, missing)
  return ({ row, repeated }, parent) =>
    messageWireId(row.number, parent, repeated.has(parent) || repeatedElsewhere.has(placeOf({ row, id: parent })))
}

interface Missing {
  readonly row: Listed
  readonly id: string
}

const placeOf = ({ row, id }: Missing) => `${row.number}\0${id}`

function missingIn({ row, messages, repeated }: Loaded): Missing[] {
  const here = new Set(messages.map(({ sourceId }) => sourceId))
  const parents = new Set(messages.flatMap(({ record }) => textOrNull(record.parent_id) ?? []))
  return [...parents].filter((id) => !here.has(id) && !repeated.has(id)).map((id) => ({ row, id }))
}

/** Two index look-ups per id. */
async function repeatedAmong(ctx: Context, missing: readonly Missing[]): Promise<Set<string>> {
  const rows = await rowsOf<{ place: number }>(
    ctx.ledger.database,
    'parents elsewhere',
    `select k.place from unnest($2::integer[], $3::bigint[], $4::text[], $5::integer[]) as k (workspace_id, conversation, id, place)
     left join message m on m.organization_id = $1 and m.workspace_id = k.workspace_id and m.id = k.id and m.conversation = k.conversation
     where coalesce(m.repeated_id, exists (
       select from message o where o.organization_id = $1 and o.workspace_id = k.workspace_id and o.id = k.id))`,
    [
      ctx.ledger.organization.number,
      missing.map(({ row }) => row.workspace_id),
      missing.map(({ row }) => row.number),
      missing.map(({ id }) => id),
      missing.map((_, place) => place),
    ],
  )
  const repeated = new Set(rows.map(({ place }) => place))
  return new Set(missing.filter((_, place) => repeated.has(place)).map(placeOf))
}
