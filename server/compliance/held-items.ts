import { waitForCommits } from '../ledger/append.ts'
import type { Context } from '../ledger/context.ts'
import type { JsonObject } from '../ledger/json.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { Refusal } from '../platform/refusal.ts'

/** An item that is not a message, opened in one of its versions; the newest unless somebody asked for another. */
export interface Held {
  readonly number: number
  /** As it stands on the wire. */
  readonly id: string
  readonly source: string
  readonly person: number | null
  readonly conversation: number | null
  /** Unix seconds: when it was deleted at its source. It can still be read here. */
  readonly deleted_at: number | null
  /** Of the version. */
  readonly seq: number
  /** Unix seconds: when its first version arrived. */
  readonly first_at: number
  /** Unix seconds: since when this version holds. */
  readonly valid_at: number
  readonly record: JsonObject
}

interface Row extends SealedRow, Omit<Held, 'record'> {}

export interface HeldQuery {
  readonly workspace: number
  readonly kind: string
  /** Item number of the person whose items are wanted; null: everybody's. */
  readonly person: number | null
  /** Unix seconds; only what was committed then or later. */
  readonly since: number | null
  /** Id of the last item of the page before. */
  readonly after: string | null
  readonly limit: number
  /** Which of some items the list shows, and in which version; all as they are where it is left out. */
  choose?(items: readonly Held[]): Promise<readonly Held[]>
}

export interface HeldPage {
  readonly items: readonly Held[]
  readonly hasMore: boolean
}

/** What was erased has no salt and is in no list. */
const columns = `i.number, coalesce(i.wire_id, i.id) as id, i.source, i.person, i.conversation, extract(epoch from i.deleted_at)::float8 as deleted_at, l.seq,
  extract(epoch from v.valid_from)::float8 as valid_at, extract(epoch from (
    select e.received_at from version f join log e on e.organization_id = f.organization_id and e.seq = f.seq
    where f.organization_id = i.organization_id and f.item = i.number order by f.seq limit 1))::float8 as first_at, ${sealedColumns}`
const opened = `join log l on l.organization_id = v.organization_id and l.seq = v.seq and l.payload is not null
  join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq`
const newest = `item i join version v on v.organization_id = i.organization_id and v.item = i.number and v.seq = i.seq ${opened}`

/**
 * A page of items in the order in which Daybook first heard of them. An item never moves in it and new ones come last, so a walk
 * neither skips nor repeats what others write meanwhile.
 */
export async function listHeld(ctx: Context, query: HeldQuery): Promise<HeldPage> {
  const start = query.after === null ? 0 : await placeOf(ctx, query, query.after)
  let items = await walk(ctx, query, start)
  if (items.length <= query.limit) {
    // Only who has seen every commit that began before may say "that is all": a client comes back with the time of this reply.
    await waitForCommits(ctx.ledger.database.reads, ctx.ledger.organization.number)
    items = await walk(ctx, query, start)
  }
  return { items: items.slice(0, query.limit), hasMore: items.length > query.limit }
}

/** One item more than the page where there is one: pages are never empty while more follows, however many are left out of the list. */
async function walk(ctx: Context, query: HeldQuery, start: number): Promise<Held[]> {
  const found: Held[] = []
  for (let from = start; ; ) {
    const rows = await select(ctx, query, from)
    found.push(...((await query.choose?.(rows)) ?? rows))
    const last = rows.at(-1)
    if (found.length > query.limit || rows.length <= query.limit || !last) return found
    from = last.number
  }
}

async function select(ctx: Context, { workspace, kind, person, since, limit }: HeldQuery, start: number): Promise<Held[]> {
  const { database, organization } = ctx.ledger
  const values: unknown[] = [organization.number, workspace, kind, start, limit + 1]
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = [
    person === null ? '' : `and i.person = ${bind(person)}::bigint`,
    since === null ? '' : `and l.received_at >= to_timestamp(${bind(since)}::float8)`,
  ].join(' ')
  const rows = await rowsOf<Row>(
    database,
    `held items ${person !== null} ${since !== null}`,
    `select ${columns} from ${newest}
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind = $3 and i.number > $4 ${conditions} order by i.number limit $5`,
    values,
  )
  return openAll(ctx, rows)
}

/** An item keeps its place when it is erased, so a walk that ended with it goes on. */
async function placeOf(ctx: Context, { workspace, kind }: HeldQuery, id: string): Promise<number> {
  const number = await numberOf(ctx, workspace, kind, id)
  if (number === null) throw new Refusal('not_found', 'what "after" names is not known', { param: 'after' })
  return number
}

/** The number of an item by the id it has on the wire or at its source; the one on the wire is meant before a namesake. */
export async function numberOf(ctx: Context, workspace: number, kind: string, id: string): Promise<number | null> {
  const [row] = await rowsOf<{ number: number }>(
    ctx.ledger.database,
    'item number',
    `select number from item where organization_id = $1 and workspace_id = $2 and kind = $3 and (id = $4 or wire_id = $4)
     order by coalesce(wire_id, id) = $4 desc, number limit 1`,
    [ctx.ledger.organization.number, workspace, kind, id],
  )
  return row?.number ?? null
}

/** One item; throws `not_found` for what was never there, only referred to, or erased. */
export async function findHeld(ctx: Context, workspace: number, kind: string, id: string): Promise<Held> {
  const number = await numberOf(ctx, workspace, kind, id)
  const [item] = number === null ? [] : await heldNow(ctx, [number])
  if (!item) throw new Refusal('not_found', `there is no such ${kind.replaceAll('_', ' ')}`)
  return item
}

/** Some items as they are by now. */
async function heldNow(ctx: Context, numbers: readonly number[]): Promise<Held[]> {
  const rows = await rowsOf<Row>(
    ctx.ledger.database,
    'held now',
    `select ${columns} from ${newest} where i.organization_id = $1 and i.number = any($2::bigint[])`,
    [ctx.ledger.organization.number, numbers],
  )
  return openAll(ctx, rows)
}

/** Items in the version before the one that is given; those that have none are left out. */
export async function heldBefore(ctx: Context, items: readonly Held[]): Promise<Held[]> {
  if (items.length === 0) return []
  const rows = await rowsOf<Row>(
    ctx.ledger.database,
    'held before',
    `select ${columns} from unnest($2::bigint[], $3::bigint[]) as given (item, seq)
     join item i on i.organization_id = $1 and i.number = given.item
     join version c on c.organization_id = $1 and c.item = given.item and c.seq = given.seq
     join lateral (
       select * from version o where o.organization_id = $1 and o.item = given.item and (o.valid_from, o.seq) < (c.valid_from, c.seq)
       order by o.valid_from desc, o.seq desc limit 1) v on true ${opened}`,
    [ctx.ledger.organization.number, items.map(({ number }) => number), items.map(({ seq }) => seq)],
  )
  return openAll(ctx, rows)
}

/** The seqs of all versions of an item, the oldest first. */
export async function versionSeqs(ctx: Context, number: number): Promise<number[]> {
  const rows = await rowsOf<{ seq: number }>(
    ctx.ledger.database,
    'version seqs',
    'select seq from version where organization_id = $1 and item = $2 order by valid_from, seq',
    [ctx.ledger.organization.number, number],
  )
  return rows.map(({ seq }) => seq)
}

/** An item may have any number of versions, and each may be large: so many are opened at a time. */
const versionsAtOnce = 50

/** Versions of an item in the order in which their seqs are given. */
export async function* heldAt(ctx: Context, number: number, seqs: readonly number[]): AsyncGenerator<Held> {
  for (let at = 0; at < seqs.length; at += versionsAtOnce) {
    const some = seqs.slice(at, at + versionsAtOnce)
    const rows = await rowsOf<Row>(
      ctx.ledger.database,
      'held versions',
      `select ${columns} from item i join version v on v.organization_id = i.organization_id and v.item = i.number ${opened}
       where i.organization_id = $1 and i.number = $2 and v.seq = any($3::bigint[])`,
      [ctx.ledger.organization.number, number, some],
    )
    const bySeq = new Map(openAll(ctx, rows).map((one) => [one.seq, one]))
    for (const seq of some) {
      const version = bySeq.get(seq)
      if (version) yield version
    }
  }
}

export const sourceKey = (source: string, id: string) => `${source}\0${id}`

/** Items by the ids that records of their own source call them by; the key is made by `sourceKey`. */
export async function heldBySource(ctx: Context, workspace: number, kind: string, ids: readonly string[]): Promise<Map<string, Held>> {
  if (ids.length === 0) return new Map()
  const { database, organization } = ctx.ledger
  const rows = await rowsOf<Row & { own_id: string }>(
    database,
    'held by source',
    `select i.id as own_id, ${columns} from ${newest}
     where i.organization_id = $1 and i.workspace_id = $2 and i.kind = $3 and i.id = any($4::text[])`,
    [organization.number, workspace, kind, [...new Set(ids)]],
  )
  return new Map(rows.flatMap((row) => openAll(ctx, [row]).map((item) => [sourceKey(row.source, row.own_id), item])))
}

function openAll(ctx: Context, rows: readonly Row[]): Held[] {
  return rows.flatMap(({ commitment, payload, salt, ...rest }) => {
    const record = openRow(ctx.ledger.organization, { commitment, payload, salt })
    return record ? [{ ...rest, record }] : []
  })
}
