import { messagesPerPage } from '../../contract/record.ts'
import type { Context } from '../ledger/context.ts'
import type { JsonObject } from '../ledger/json.ts'
import { openBytes, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'

/** A message with its newest version, unopened. */
export interface MessageRow {
  readonly first_seq: number
  readonly seq: number | null
  readonly id: string
  readonly repeated_id: boolean
  readonly deleted_at: string | null
  readonly person: number | null
  readonly remains: string | null
  readonly occurred_at: string | null
  readonly received_at: string | null
  /** null once erased. */
  readonly size: number | null
}

/** A version of a message; `record` null: erased, or left out because it is too large to come along. */
export interface OpenedVersion {
  readonly first_seq: number
  readonly seq: number
  readonly recorded_at: string
  readonly updated_at: string | null
  readonly erased: boolean
  readonly record: JsonObject | null
}

export interface OpenedMessage extends MessageRow {
  readonly record: JsonObject | null
  /** Oldest first; empty where there is one only. */
  readonly versions: readonly OpenedVersion[]
}

export interface MessagePage {
  readonly messages: readonly OpenedMessage[]
  readonly cursor: number | null
}

/** A page ends where its records, as they are stored and as they are read, pass this many bytes; one always comes. */
const mostBytes = 8 * 1024 * 1024
/** Older versions of a page beyond this are named and not sent along. */
const mostOlderBytes = 2 * 1024 * 1024

/** Messages of a conversation in the order of their arrival, those after `after`. */
export async function loadMessages(ctx: Context, conversation: number, after: number): Promise<MessagePage> {
  const rows = await rowsOf<MessageRow>(
    ctx.ledger.database,
    'record messages',
    `select m.first_seq, m.seq, m.id, m.repeated_id, m.deleted_at, m.person, l.remains, l.occurred_at, l.received_at,
       case when s.salt is null then null else octet_length(l.payload) end as size
     from (select * from message where organization_id = $1 and conversation = $2 and first_seq > $3 order by first_seq limit $4) m
     left join log l on l.organization_id = m.organization_id and l.seq = m.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq order by m.first_seq`,
    [ctx.ledger.organization.number, conversation, after, messagesPerPage + 1],
  )
  const wanted = withinStored(rows.slice(0, messagesPerPage))
  const records = await openRows(ctx, wanted)
  const left = wanted.findIndex(({ seq }) => seq !== null && !records.has(seq))
  const shown = left < 0 ? wanted : wanted.slice(0, left)
  const older = await loadOlder(ctx, conversation, shown)
  const messages = shown.map((row) => ({
    ...row,
    record: (row.seq === null ? null : records.get(row.seq)) ?? null,
    versions: older.filter(({ first_seq }) => first_seq === row.first_seq),
  }))
  return { messages, cursor: rows.length > shown.length ? (shown.at(-1)?.first_seq ?? null) : null }
}

function withinStored(rows: readonly MessageRow[]): MessageRow[] {
  let bytes = 0
  return rows.filter(({ size }, at) => {
    bytes += size ?? 0
    return at === 0 || bytes <= mostBytes
  })
}

/** Opens row by row as far as the page holds them: what is small as it is stored may be large when it is unpacked. */
async function openRows(ctx: Context, rows: readonly MessageRow[]): Promise<Map<number, JsonObject | null>> {
  const { database, organization } = ctx.ledger
  const sealed = await rowsOf<SealedRow & { seq: number }>(
    database,
    'record message payloads',
    `select l.seq, ${sealedColumns} from log l left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where l.organization_id = $1 and l.seq = any($2::bigint[])`,
    [organization.number, rows.flatMap(({ seq }) => seq ?? [])],
  )
  const sealedOf = new Map(sealed.map((row) => [row.seq, row]))
  const opened = new Map<number, JsonObject | null>()
  let bytes = 0
  for (const { seq } of rows) {
    const row = seq === null ? undefined : sealedOf.get(seq)
    if (!row) continue
    const plain = openBytes(organization, row)
    bytes += plain?.length ?? 0
    if (opened.size > 0 && bytes > mostBytes) break
    opened.set(row.seq, plain && parsed(plain))
  }
  return opened
}

// What was stored is a record, and that is an object.
const parsed = (bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as JsonObject

async function loadOlder(ctx: Context, conversation: number, rows: readonly MessageRow[]): Promise<OpenedVersion[]> {
  const { database, organization } = ctx.ledger
  const found = await rowsOf<Omit<OpenedVersion, 'record' | 'erased'> & SealedRow>(
    database,
    'record message versions',
    `select v.first_seq, v.seq, v.updated_at, l.received_at as recorded_at, ${sealedColumns} from message_version v
     join log l on l.organization_id = v.organization_id and l.seq = v.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where v.organization_id = $1 and v.conversation = $2 and v.first_seq = any($3::bigint[]) order by v.first_seq, v.seq`,
    [organization.number, conversation, rows.map(({ first_seq }) => first_seq)],
  )
  let bytes = 0
  return found.map(({ commitment, payload, salt, ...version }) => {
    const plain = bytes > mostOlderBytes ? null : openBytes(organization, { commitment, payload, salt })
    bytes += plain?.length ?? 0
    return { ...version, erased: payload === null || salt === null, record: plain && parsed(plain) }
  })
}
