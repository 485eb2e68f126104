import type { EntriesInput } from '../../contract/record.ts'
import { recordKinds } from '../../contract/records.ts'
import type { Context } from '../ledger/context.ts'
import { rowsOf } from '../ledger/read.ts'
import { endOf, fromThenOn } from './moments.ts'
import { entriesAbout } from './record-ids.ts'

/** An entry of the log, unopened. */
export interface EntryRow {
  readonly seq: number
  readonly kind: string
  readonly source: string
  readonly id: string
  /** Item numbers. */
  readonly conversation: number | null
  readonly person: number | null
  readonly remains: string | null
  readonly occurred_at: string | null
  readonly received_at: string
  /** null once erased. */
  readonly size: number | null
}

/** What is asked for, with item numbers in place of ids. */
export interface EntrySelection extends Pick<EntriesInput, 'kind' | 'since' | 'until' | 'id' | 'cursor'> {
  readonly workspace: number
  readonly person: number | null
  readonly conversation: number | null
  readonly limit: number
}

export const entryColumns = `l.seq, l.kind, l.source, l.id, l.conversation, l.person, l.remains, l.occurred_at, l.received_at,
  case when s.salt is null then null else octet_length(l.payload) end as size`
export const entrySalt = 'left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq'

/** The newest entries of a selection, in commit order. The ledger's own are those of the access record and are not among them. */
export async function selectEntries(ctx: Context, selection: EntrySelection): Promise<EntryRow[]> {
  const { workspace, kind, person, conversation, since, until, id, cursor, limit } = selection
  const values: unknown[] = [ctx.ledger.organization.number, workspace, kind === undefined ? recordKinds : [kind], limit]
  const bind = (value: unknown) => `$${values.push(value)}`
  const about = id === undefined ? null : await entriesAbout(ctx, workspace, id, conversation)
  const conditions = [
    cursor === undefined ? '' : `and l.seq < ${bind(cursor)}`,
    person === null ? '' : `and l.person = ${bind(person)}`,
    about === null ? '' : `and l.seq = any(${bind(about)}::bigint[])`,
    since === undefined ? '' : `and l.occurred_at >= ${bind(fromThenOn(since, 'since'))}::timestamptz`,
    until === undefined ? '' : `and l.occurred_at < ${bind(endOf(until, 'until'))}::timestamptz`,
  ]
  const ofConversation =
    conversation === null ? '' : `and l.conversation = $${values.push(conversation)} and l.seq in (${seqsOf(`$${values.length}`)})`
  // A span of time is looked up by time and then sorted: walking back through the log would pass everything newer first.
  const bySpan = (since !== undefined || until !== undefined) && person === null && conversation === null && about === null
  const found = `from log l where l.organization_id = $1 and l.workspace_id = $2 and l.kind = any($3::text[]) and ${notOurs} ${conditions.join(' ')} ${ofConversation}`
  return rowsOf<EntryRow>(
    ctx.ledger.database,
    `record entries ${[kind === undefined, cursor === undefined, person === null, about === null, conversation === null, since === undefined, until === undefined]}`,
    `select ${entryColumns} from (select l.seq ${found} order by ${bySpan ? 'l.seq + 0' : 'l.seq'} desc limit $4) k
     join log l on l.organization_id = $1 and l.seq = k.seq ${entrySalt} order by l.seq desc`,
    values,
  )
}

/** As the index of times has it, so that a span is found in that index alone. */
const notOurs = `l.kind not in ('access', 'change', 'tombstone')`

/** Everything recorded of a conversation: itself, its messages, what hangs on it, and what was deleted of it. One index range each. */
function seqsOf(conversation: string): string {
  return `select seq from message where organization_id = $1 and conversation = ${conversation} and seq is not null
    union select seq from message_version where organization_id = $1 and conversation = ${conversation}
    union select seq from version where organization_id = $1 and item = ${conversation}
    union select v.seq from item i join version v on v.organization_id = i.organization_id and v.item = i.number
      where i.organization_id = $1 and i.conversation = ${conversation}
    union select seq from log where organization_id = $1 and conversation = ${conversation} and kind = 'deletion'`
}
