import type { RecordEntry, RecordVersion } from '../../contract/record.ts'
import type { RecordKind } from '../../contract/records.ts'
import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import { isObject } from '../ledger/json.ts'
import { rowsOf } from '../ledger/read.ts'
import { textOrNull } from './openai-common.ts'
import { loadPeople } from './people-named.ts'
import { erasuresOf, unknownErasure } from './record-erasures.ts'
import type { EntryRow } from './record-select.ts'

/** What an entry is a version of. */
interface Subject {
  seq: number
  /** Item number; of a message the seq it first arrived at. */
  number: number
  id: string
  repeated_id: boolean
  deleted_at: string | null
  newest: number | null
  version: number
  versions: number
}

/** Entries in words: whose, of which conversation, which version, deleted or erased. Nothing of what they say. */
export async function describeEntries(ctx: Context, rows: readonly EntryRow[]): Promise<Omit<RecordEntry, 'excerpt'>[]> {
  const seqs = rows.map(({ seq }) => seq)
  const [items, messages, people, conversations] = await Promise.all([
    itemsOf(ctx, seqs),
    messagesOf(ctx, seqs),
    loadPeople(
      ctx,
      rows.map(({ person }) => person),
    ),
    wireIds(
      ctx,
      rows.map(({ conversation }) => conversation),
    ),
  ])
  const subjects = new Map([...items, ...messages].map((subject) => [subject.seq, subject]))
  const gone = rows.flatMap(({ size, seq, kind, conversation }) => {
    const subject = size === null ? subjects.get(seq) : undefined
    return subject ? [{ seq, kind, number: subject.number, conversation }] : []
  })
  const erasures = await erasuresOf(ctx, gone)
  return rows.map((row) => {
    const conversation = row.conversation === null ? undefined : conversations.get(row.conversation)
    const subject = subjects.get(row.seq)
    return {
      ...saidOf(row),
      id: wireIdOf(row, subject),
      person: (row.person === null ? undefined : people.get(row.person)) ?? null,
      conversation_id: conversation?.id ?? null,
      ...versionOf(row, subject),
      deleted_at: subject?.deleted_at ?? conversation?.deleted_at ?? null,
      erased: row.size === null ? (erasures.get(row.seq) ?? unknownErasure) : null,
    }
  })
}

/** What stands in the entry itself, the content-free part that outlives an erasure. */
function saidOf({ seq, kind, id, source, remains, occurred_at, received_at, size }: EntryRow) {
  const said: unknown = remains === null ? null : JSON.parse(remains)
  const { role, id: about, kind: what } = isObject(said) ? said : {}
  return {
    seq,
    // Whatever stands in the log beside the ledger's own entries is of a kind that intake knows.
    kind: kind as RecordKind,
    source_id: id,
    source,
    role: textOrNull(role),
    of: kind === 'deletion' && typeof about === 'string' && typeof what === 'string' ? { kind: what, id: about } : null,
    occurred_at,
    received_at,
    size,
  }
}

function wireIdOf({ kind, id, conversation }: EntryRow, subject: Subject | undefined): string {
  if (kind === 'message' && conversation !== null) return messageWireId(conversation, id, subject?.repeated_id ?? false)
  return subject?.id ?? id
}

function versionOf({ kind, seq }: EntryRow, subject: Subject | undefined): Pick<RecordEntry, 'version'> {
  if (kind === 'deletion' || !subject) return { version: null }
  // Of messages only those that were changed have their versions listed.
  return { version: { number: Math.max(1, subject.version), of: Math.max(1, subject.versions), newest: subject.newest === seq } }
}

function itemsOf(ctx: Context, seqs: readonly number[]): Promise<Subject[]> {
  return rowsOf(
    ctx.ledger.database,
    'items of entries',
    `select l.seq, i.number, coalesce(i.wire_id, i.id) as id, false as repeated_id, i.deleted_at, i.seq as newest,
       (select count(*) from version v where v.organization_id = i.organization_id and v.item = i.number and v.seq <= l.seq) as version,
       (select count(*) from version v where v.organization_id = i.organization_id and v.item = i.number) as versions
     from log l join item i on i.organization_id = l.organization_id and i.workspace_id = l.workspace_id and i.kind = l.kind and i.id = l.id and i.source = l.source
     where l.organization_id = $1 and l.seq = any($2::bigint[]) and l.kind not in ('message', 'deletion')`,
    [ctx.ledger.organization.number, seqs],
  )
}

function messagesOf(ctx: Context, seqs: readonly number[]): Promise<Subject[]> {
  const versions = `from message_version v where v.organization_id = m.organization_id and v.conversation = m.conversation and v.first_seq = m.first_seq`
  return rowsOf(
    ctx.ledger.database,
    'messages of entries',
    `select l.seq, m.first_seq as number, m.id, m.repeated_id, m.deleted_at, m.seq as newest,
       (select count(*) ${versions} and v.seq <= l.seq) as version, (select count(*) ${versions}) as versions
     from log l join message m on m.organization_id = l.organization_id and m.workspace_id = l.workspace_id and m.id = l.id and m.conversation = l.conversation
     where l.organization_id = $1 and l.seq = any($2::bigint[]) and l.kind = 'message'`,
    [ctx.ledger.organization.number, seqs],
  )
}

async function wireIds(ctx: Context, numbers: readonly (number | null)[]): Promise<Map<number, { id: string; deleted_at: string | null }>> {
  const wanted = [...new Set(numbers.filter((number) => number !== null))]
  const rows = await rowsOf<{ number: number; id: string; deleted_at: string | null }>(
    ctx.ledger.database,
    'conversations of entries',
    'select number, coalesce(wire_id, id) as id, deleted_at from item where organization_id = $1 and number = any($2::bigint[])',
    [ctx.ledger.organization.number, wanted],
  )
  return new Map(rows.map((row) => [row.number, row]))
}

/** All versions of what an entry is about, the oldest first; a deletion is about something else and has none of its own. */
export function versionsOf(ctx: Context, row: EntryRow): Promise<RecordVersion[]> {
  if (row.kind === 'deletion') return Promise.resolve([])
  const columns = `v.seq, l.received_at as recorded_at, v.updated_at, v.seq = i.seq as newest, l.payload is null or s.salt is null as erased`
  const opened = `join log l on l.organization_id = v.organization_id and l.seq = v.seq
    left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq`
  const { database, organization } = ctx.ledger
  if (row.kind === 'message')
    return rowsOf(
      database,
      'versions of a message',
      `select ${columns} from log e join message i on i.organization_id = e.organization_id and i.workspace_id = e.workspace_id and i.id = e.id and i.conversation = e.conversation
       join lateral (
         select organization_id, seq, updated_at from message_version where organization_id = i.organization_id and conversation = i.conversation and first_seq = i.first_seq
         union select organization_id, seq, updated_at from message where organization_id = i.organization_id and conversation = i.conversation and first_seq = i.first_seq and seq is not null) v on true
       ${opened} where e.organization_id = $1 and e.seq = $2 order by v.seq`,
      [organization.number, row.seq],
    )
  return rowsOf(
    database,
    'versions of an item',
    `select ${columns} from log e join item i on i.organization_id = e.organization_id and i.workspace_id = e.workspace_id and i.kind = e.kind and i.id = e.id and i.source = e.source
     join version v on v.organization_id = i.organization_id and v.item = i.number ${opened} where e.organization_id = $1 and e.seq = $2 order by v.seq`,
    [organization.number, row.seq],
  )
}
