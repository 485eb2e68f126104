import { waitForCommits } from '../ledger/append.ts'
import type { Context } from '../ledger/context.ts'
import { rowsOf } from '../ledger/read.ts'
import { Refusal } from '../platform/refusal.ts'
import { recallPosition, rememberPosition, type Walk } from './page-position.ts'

/** Which conversations, in the order of their last update, oldest first. */
export interface ListQuery {
  readonly workspaces: readonly number[]
  /** Item numbers of people; null: everybody's. */
  readonly people: readonly number[] | null
  /** Item numbers of the only conversations wanted; null: all. */
  readonly conversations: readonly number[] | null
  /** Only conversations with a message in this span, inclusive; RFC 3339. */
  readonly from: string | null
  readonly until: string | null
  /** Unix seconds; only conversations last updated then or later. Ignored with `after`. */
  readonly since: number | null
  /** Id of the last conversation of the page before. */
  readonly after: string | null
  readonly limit: number
  /** Of the parameters that select, as text: tells walks apart. */
  readonly selection: string
}

export interface Listed {
  number: number
  id: string
  workspace_id: number
  person: number | null
  position: number
  created_at: number | null
  first_message_at: number | null
  last_active_at: number | null
  changed_at: number
}

export interface ConversationPage {
  readonly rows: readonly Listed[]
  readonly hasMore: boolean
}

export async function listConversations(ctx: Context, query: ListQuery): Promise<ConversationPage> {
  const walk: Walk = { list: 'conversations', selection: `${query.selection} limit=${query.limit}`, start: String(query.since ?? '') }
  const start = await startPosition(ctx, query, walk)
  let rows = await select(ctx, query, start)
  if (rows.length <= query.limit) {
    // Only who has seen every commit that began before may say "that is all": a client comes back with the time of this reply.
    await waitForCommits(ctx.ledger.database.reads, ctx.ledger.organization.number)
    rows = await select(ctx, query, start)
  }
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  if (last) await rememberPosition(ctx, walk, last.id, last.position)
  return { rows: page, hasMore: rows.length > query.limit }
}

async function startPosition(ctx: Context, query: ListQuery, walk: Walk): Promise<number> {
  if (query.after !== null) {
    const position = (await recallPosition(ctx, walk, query.after)) ?? (await currentPosition(ctx, query, query.after))
    if (position === null) throw new Refusal('not_found', 'the conversation named by "after" is not known', { param: 'after' })
    return position
  }
  return query.since === null ? 0 : seqBefore(ctx, query.since)
}

/** An id that was not handed out to this caller: from where it stands now. */
async function currentPosition(ctx: Context, query: ListQuery, id: string): Promise<number | null> {
  const found = await findConversation(ctx, query.workspaces, id)
  if (found === null) return null
  const row = await ctx.ledger.database.reader
    .selectFrom('conversation')
    .select('position')
    .where('organization_id', '=', ctx.ledger.organization.number)
    .where('number', '=', found)
    .executeTakeFirst()
  return row?.position ?? null
}

/** The item number of a conversation by the id it has on the wire or at its source. */
export async function findConversation(ctx: Context, workspaces: readonly number[], id: string): Promise<number | null> {
  const [number] = await findItems(ctx, workspaces, 'conversation', [id])
  return number ?? null
}

/** Items by the ids they have on the wire or at their source. Whoever has an id on the wire is meant, and no namesake of another source. */
export async function findItems(ctx: Context, workspaces: readonly number[], kind: string, ids: readonly string[]): Promise<number[]> {
  const rows = await rowsOf<{ number: number; workspace_id: number; id: string; shown: string }>(
    ctx.ledger.database,
    'items by id',
    `select number, workspace_id, id, coalesce(wire_id, id) as shown from item
     where organization_id = $1 and workspace_id = any($2::integer[]) and kind = $3 and (id = any($4::text[]) or wire_id = any($4::text[]))
     order by coalesce(wire_id, id) = any($4::text[]) desc, number`,
    [ctx.ledger.organization.number, workspaces, kind, ids],
  )
  const asked = new Set(ids)
  const onWire = new Set(rows.map(({ workspace_id, shown }) => `${workspace_id} ${shown}`))
  return rows.filter(({ workspace_id, id, shown }) => asked.has(shown) || !onWire.has(`${workspace_id} ${id}`)).map(({ number }) => number)
}

/** The last seq committed before a time, by bisection: seq is gap-free and commit times never go back. About 30 look-ups. */
export async function seqBefore(ctx: Context, since: number): Promise<number> {
  const { rows } = await ctx.ledger.database.reads.query<{ seq: number }>({
    name: 'seq before',
    text: `with recursive bisect (low, high) as (
        select 0::bigint, (select seq + 1 from ledger_head where organization_id = $1)
        union all
        select case when l.received_at < to_timestamp($2::float8) then l.seq else b.low end, case when l.received_at < to_timestamp($2::float8) then b.high else l.seq end
        from bisect b join log l on l.organization_id = $1 and l.seq = (b.low + b.high) / 2 where b.high - b.low > 1)
      select max(low) as seq from bisect`,
    values: [ctx.ledger.organization.number, since],
  })
  return rows[0]?.seq ?? 0
}

const columns = `c.number, coalesce(i.wire_id, i.id) as id, c.workspace_id, c.person, c.position,
  extract(epoch from c.created_at)::float8 as created_at, extract(epoch from c.first_message_at)::float8 as first_message_at,
  extract(epoch from c.last_active_at)::float8 as last_active_at, extract(epoch from c.changed_at)::float8 as changed_at`

/** One conversation by its item number, as the lists have it. */
export async function oneConversation(ctx: Context, workspace: number, number: number): Promise<Listed | undefined> {
  const [row] = await rowsOf<Listed>(
    ctx.ledger.database,
    'one conversation',
    `select ${columns} from conversation c join item i on i.organization_id = c.organization_id and i.number = c.number
     where c.organization_id = $1 and c.workspace_id = $2 and c.number = $3 and c.purged_at is null`,
    [ctx.ledger.organization.number, workspace, number],
  )
  return row
}

/** One index range per workspace, merged: an organization has few. One row more than the page tells whether there is more. */
async function select(ctx: Context, query: ListQuery, start: number): Promise<Listed[]> {
  const lists = await Promise.all(query.workspaces.map((workspace) => selectIn(ctx, query, workspace, start)))
  return lists
    .flat()
    .sort((a, b) => a.position - b.position)
    .slice(0, query.limit + 1)
}

function selectIn(ctx: Context, query: ListQuery, workspace: number, start: number): Promise<Listed[]> {
  const values: unknown[] = [ctx.ledger.organization.number, workspace, start, query.limit + 1]
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions: string[] = []
  if (query.people) conditions.push(`c.person = any(${bind(query.people)}::bigint[])`)
  if (query.conversations) conditions.push(`c.number = any(${bind(query.conversations)}::bigint[])`)
  if (query.from !== null || query.until !== null) conditions.push(inSpan(bind(query.from), bind(query.until)))
  return rowsOf<Listed>(
    ctx.ledger.database,
    `conversations ${query.people !== null} ${query.conversations !== null} ${query.from !== null || query.until !== null}`,
    `select ${columns} from conversation c join item i on i.organization_id = c.organization_id and i.number = c.number
     where c.organization_id = $1 and c.workspace_id = $2 and c.position > $3 and c.purged_at is null ${conditions.map((condition) => `and ${condition}`).join(' ')}
     order by c.position limit $4`,
    values,
  )
}

/** The conversation's own bounds first: they spare the messages of nearly all others. */
function inSpan(from: string, until: string): string {
  const after = `coalesce(${from}::timestamptz, '-infinity')`
  const before = `coalesce(${until}::timestamptz, 'infinity')`
  return `c.last_active_at >= ${after} and c.first_message_at <= ${before} and exists (
    select from message m where m.organization_id = c.organization_id and m.conversation = c.number and m.seq is not null and m.purged_at is null
      and m.created_at between ${after} and ${before})`
}
