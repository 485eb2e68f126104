import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import type { JsonObject } from '../ledger/json.ts'
import { openPacked, type PackedRow, packedColumn, rowsOf } from '../ledger/read.ts'
import type { Listed } from './conversation-list.ts'
import type { FileObject } from './openai-common.ts'

export type FileLookup = (loaded: Loaded, message: LoadedMessage) => readonly FileObject[]

export interface LoadedMessage {
  readonly wireId: string
  readonly sourceId: string
  readonly record: JsonObject
}

export interface Loaded {
  readonly row: Listed
  /** null: its own record has not arrived, or is erased. */
  readonly record: JsonObject | null
  /** Source ids of its messages that another conversation had before: on the wire they are called otherwise. */
  readonly repeated: ReadonlySet<string>
  /** In the order of arrival, parents before children as sources send them; erased ones are left out. */
  readonly messages: readonly LoadedMessage[]
}

/** So many conversations are fetched together, one round trip for all their messages; fewer where that would bring more messages than these into memory. */
const together = 25
const mostMessages = 500

/** Conversations in the same order, in groups that are fetched together. One that has too many messages by itself is alone in its group. */
export async function groupsOf(ctx: Context, rows: readonly Listed[]): Promise<Listed[][]> {
  const sizes = await messageCounts(ctx, rows)
  const groups: Listed[][] = []
  let messages = 0
  for (const row of rows) {
    const size = sizes.get(row.number) ?? 0
    const group = groups.at(-1)
    messages += size
    if (group && group.length < together && messages <= mostMessages) group.push(row)
    else {
      groups.push([row])
      messages = size
    }
  }
  return groups
}

async function messageCounts(ctx: Context, rows: readonly Listed[]): Promise<Map<number, number>> {
  const counts = await rowsOf<{ conversation: number; messages: number }>(
    ctx.ledger.database,
    'conversation sizes',
    'select conversation, count(*) as messages from message where organization_id = $1 and conversation = any($2::bigint[]) group by conversation',
    [ctx.ledger.organization.number, rows.map(({ number }) => number)],
  )
  return new Map(counts.map(({ conversation, messages }) => [conversation, messages]))
}

/** A group as it comes from the database. */
export interface SealedGroup {
  readonly rows: readonly Listed[]
  readonly records: readonly RecordRow[]
  readonly messages: readonly MessageRow[]
}

export async function fetchGroup(ctx: Context, rows: readonly Listed[]): Promise<SealedGroup> {
  const numbers = rows.map(({ number }) => number)
  const [records, messages] = await Promise.all([
    conversationRows(ctx, numbers),
    messageRows(ctx, numbers, { after: 0, most: mostMessages + 1 }),
  ])
  return { rows, records, messages }
}

/** A group with all its messages; null where they are too many, also because more came meanwhile: then it is read in slices. */
export function openGroup(ctx: Context, { rows, records: sealed, messages: found }: SealedGroup): Loaded[] | null {
  if (found.length > mostMessages) return null
  const records = openRecords(ctx, sealed)
  const byConversation = Map.groupBy(found, ({ conversation }) => conversation)
  return rows.map((row) => {
    const own = byConversation.get(row.number) ?? []
    const repeated = new Set(own.flatMap(({ id, repeated_id }) => (repeated_id ? [id] : [])))
    return { row, record: records.get(row.number) ?? null, repeated, messages: opened(ctx, own) }
  })
}

/** One conversation, so many messages at a time: those after a place in it, and so many of them at most. */
export async function* slicesOf(ctx: Context, row: Listed, { after, most }: { after: number; most: number }): AsyncGenerator<Loaded> {
  const [sealed, repeated] = await Promise.all([conversationRows(ctx, [row.number]), repeatedIds(ctx, row.number)])
  const record = openRecords(ctx, sealed).get(row.number) ?? null
  let [from, left] = [after, most]
  while (left > 0) {
    const asked = Math.min(left, mostMessages)
    const found = await messageRows(ctx, [row.number], { after: from, most: asked })
    yield { row, record, repeated, messages: opened(ctx, found) }
    if (found.length < asked) return
    from = found.at(-1)?.first_seq ?? from
    left -= found.length
  }
}

interface RecordRow extends PackedRow {
  number: number
}

function conversationRows(ctx: Context, numbers: readonly number[]): Promise<RecordRow[]> {
  return rowsOf<RecordRow>(
    ctx.ledger.database,
    'conversation records',
    `select i.number, ${packedColumn} from item i join log l on l.organization_id = i.organization_id and l.seq = i.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where i.organization_id = $1 and i.number = any($2::bigint[])`,
    [ctx.ledger.organization.number, numbers],
  )
}

function openRecords(ctx: Context, rows: readonly RecordRow[]): Map<number, JsonObject | null> {
  return new Map(rows.map((row) => [row.number, openPacked(ctx.ledger.organization, row)]))
}

async function repeatedIds(ctx: Context, conversation: number): Promise<Set<string>> {
  const rows = await rowsOf<{ id: string }>(
    ctx.ledger.database,
    'repeated ids',
    'select id from message where organization_id = $1 and conversation = $2 and repeated_id',
    [ctx.ledger.organization.number, conversation],
  )
  return new Set(rows.map(({ id }) => id))
}

interface MessageRow extends PackedRow {
  conversation: number
  first_seq: number
  id: string
  repeated_id: boolean
}

/** What was erased has no salt. */
const readable = `message m join log l on l.organization_id = m.organization_id and l.seq = m.seq and l.payload is not null
  join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq`

function messageRows(ctx: Context, numbers: readonly number[], { after, most }: { after: number; most: number }): Promise<MessageRow[]> {
  return rowsOf<MessageRow>(
    ctx.ledger.database,
    'conversation messages',
    `select m.conversation, m.first_seq, m.id, m.repeated_id, ${packedColumn} from ${readable}
     where m.organization_id = $1 and m.conversation = any($2::bigint[]) and m.first_seq > $3 order by m.conversation, m.first_seq limit $4`,
    [ctx.ledger.organization.number, numbers, after, most],
  )
}

function opened(ctx: Context, rows: readonly MessageRow[]): LoadedMessage[] {
  const messages: LoadedMessage[] = []
  for (const row of rows) {
    const record = openPacked(ctx.ledger.organization, row)
    if (record) messages.push({ wireId: messageWireId(row.conversation, row.id, row.repeated_id), sourceId: row.id, record })
  }
  return messages
}

/** Where a message stands in its conversation, by the id it has on the wire or at its source; also an erased one. null: it was never heard of. */
export async function placeOfMessage(ctx: Context, conversation: number, id: string): Promise<number | null> {
  const rows = await rowsOf<Pick<MessageRow, 'first_seq' | 'id' | 'repeated_id'>>(
    ctx.ledger.database,
    'message places',
    'select first_seq, id, repeated_id from message where organization_id = $1 and conversation = $2 order by first_seq',
    [ctx.ledger.organization.number, conversation],
  )
  const found = rows.find((row) => row.id === id || messageWireId(conversation, row.id, row.repeated_id) === id)
  return found?.first_seq ?? null
}

/** Whether more than so many messages follow a place. */
export async function hasMoreThan(ctx: Context, conversation: number, { after, most }: { after: number; most: number }): Promise<boolean> {
  const rows = await rowsOf<{ first_seq: number }>(
    ctx.ledger.database,
    'message after',
    `select m.first_seq from ${readable} where m.organization_id = $1 and m.conversation = $2 and m.first_seq > $3
     order by m.first_seq offset $4 limit 1`,
    [ctx.ledger.organization.number, conversation, after, most],
  )
  return rows.length > 0
}
