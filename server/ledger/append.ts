import type pg from 'pg'
import type { Entry } from './entry.ts'

/** An entry with its subjects, in the order it is to stand in the log. */
export interface Placed {
  entry: Entry
  conversation: number | null
  person: number | null
  gpt: number | null
  project: number | null
}

/** An entry that is about none of them. */
export function aboutNobody(entry: Entry): Placed {
  return { entry, conversation: null, person: null, gpt: null, project: null }
}

export interface Head {
  /** The first sequence number and the first item number that are free to use in this transaction. */
  readonly firstSeq: number
  readonly firstItem: number
  /** Time of this commit by the database's clock, never before an earlier one's. */
  readonly committedAt: string
}

const lockClass = 8485

/**
 * The ordered writer is this lock: whoever holds it, on any node, is the only one to read the ledger's state and write after it
 * until the commit, so the sequence is gap-free and in commit order.
 */
export async function takeTurn(client: pg.ClientBase, organization: number): Promise<void> {
  await client.query({ name: 'turn', text: 'select pg_advisory_xact_lock($1, $2)', values: [lockClass, organization] })
}

/** Returns once every commit that was under way is visible: a reader at the end of a list asks this before it says so. */
export async function waitForCommits(pool: pg.Pool, organization: number): Promise<void> {
  await pool.query({ name: 'fence', text: 'select pg_advisory_xact_lock_shared($1, $2)', values: [lockClass, organization] })
}

/** Takes sequence and item numbers; the caller holds the turn. */
export async function takeNumbers(client: pg.ClientBase, organization: number, entries: number, items: number): Promise<Head> {
  const { rows } = await client.query<{ seq: number; item: number; committed_at: string }>({
    name: 'head',
    text: `update ledger_head set seq = seq + $2, item = item + $3, committed_at = greatest(committed_at, clock_timestamp())
           where organization_id = $1 returning seq, item, committed_at`,
    values: [organization, entries, items],
  })
  const [row] = rows
  if (!row) throw new Error('the organization has no ledger head')
  return { firstSeq: row.seq - entries + 1, firstItem: row.item - items + 1, committedAt: row.committed_at }
}

/** Many byte strings as one binary parameter, cut apart again by the server: text arrays would double them into hexadecimal. */
export function packed(parts: readonly Buffer[]): [Buffer, number[], number[]] {
  const starts: number[] = []
  let at = 1
  for (const part of parts) {
    starts.push(at)
    at += part.length
  }
  return [Buffer.concat(parts), starts, parts.map((part) => part.length)]
}

/** Writes entries at consecutive sequence numbers from `head.firstSeq` on. One insert for the log, one for the salts. */
export async function writeEntries(client: pg.ClientBase, organization: number, head: Head, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return
  const entries = placed.map(({ entry }) => entry)
  await client.query({
    name: 'log',
    text: `insert into log (organization_id, seq, workspace_id, source, kind, id, conversation, person, gpt, project, remains, occurred_at, received_at, ahead, commitment, payload)
      select $1, $2 + n - 1, workspace, source, kind, id, conversation, person, gpt, project, remains, occurred_at, $3, ahead,
        substring($4::bytea from (32 * (n - 1) + 1)::integer for 32), substring($5::bytea from start for size)
      from unnest($6::integer[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::timestamptz[], $13::boolean[], $14::integer[], $15::integer[], $16::bigint[], $17::bigint[], $18::text[])
        with ordinality as t (workspace, source, kind, id, conversation, person, occurred_at, ahead, start, size, gpt, project, remains, n)`,
    values: [
      organization,
      head.firstSeq,
      head.committedAt,
      Buffer.concat(entries.map(({ sealed }) => sealed.commitment)),
      ...columns(placed, entries),
    ],
  })
  await client.query({
    name: 'salts',
    text: `insert into salts.log (organization_id, seq, salt)
      select $1, $2::bigint + n - 1, substring($3::bytea from (32 * (n - 1) + 1)::integer for 32) from generate_series(1, $4::integer) n`,
    values: [organization, head.firstSeq, Buffer.concat(entries.map(({ sealed }) => sealed.salt)), entries.length],
  })
}

function columns(placed: readonly Placed[], entries: readonly Entry[]): unknown[] {
  const [payloads, starts, sizes] = packed(entries.map(({ sealed }) => sealed.payload))
  return [
    payloads,
    entries.map((entry) => entry.workspace),
    entries.map((entry) => entry.source),
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.id),
    placed.map(({ conversation }) => conversation),
    placed.map(({ person }) => person),
    entries.map((entry) => entry.occurredAt),
    entries.map((entry) => entry.ahead),
    starts,
    sizes,
    placed.map(({ gpt }) => gpt),
    placed.map(({ project }) => project),
    entries.map((entry) => entry.remains ?? null),
  ]
}
