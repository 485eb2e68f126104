import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Ledger } from '../ledger/context.ts'
import type { Facts } from '../platform/clickhouse.ts'
import type { Database } from '../platform/database.ts'
import { Refusal } from '../platform/refusal.ts'
import { codingDifference, readCodingSessions } from './coding-facts.ts'
import { FactsWriter, factsTables } from './follow-write.ts'
import { commentOf, type Rebuilt, rebuildWaits, settle, takePlace } from './rebuild-switch.ts'
import { inThreads } from './rebuild-threads.ts'

/** How many conversations are done. */
export interface RebuildStep {
  readonly done: number
  readonly total: number
}

export interface RebuildOptions {
  readonly onStep?: (step: RebuildStep) => void
  readonly signal?: AbortSignal
}

type Stores = Pick<Ledger, 'database' | 'facts'>

/**
 * Makes all facts anew from the log, in tables beside the present ones, which are read and followed meanwhile; then they change places, and
 * the follower goes on from where the new ones end. Killed before that, it leaves nothing but tables that the next one drops.
 */
export async function rebuildFacts({ database, facts }: Stores, options: RebuildOptions = {}): Promise<Rebuilt[]> {
  const pool = database.writes
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock(8489, 1) as got')
    if (!rows[0]?.got) throw new Refusal('conflict', 'the facts are being rebuilt already')
    try {
      await takePlace(pool, facts)
      return await rebuild({ database, facts }, options).catch(async (error: unknown) => {
        // Half-made tables are of no use to anybody; where they cannot be dropped now, the next rebuild does it.
        if (!(await rebuildWaits(pool))) await dropNew(facts).catch(() => undefined)
        throw error
      })
    } finally {
      await client.query('select pg_advisory_unlock(8489, 1)').catch((error: Error) => {
        broken = error
      })
    }
  } finally {
    client.release(broken)
  }
}

async function rebuild({ database, facts }: Stores, options: RebuildOptions): Promise<Rebuilt[]> {
  const id = randomUUID()
  await dropNew(facts)
  for (const table of factsTables) {
    await facts.command(`create table ${table}_new as ${table} comment '${commentOf(id)}'`)
  }
  const rebuilt: Rebuilt[] = []
  for (const head of await heads(database.reads)) {
    const writer = new FactsWriter(facts, { batch: `rebuild:${id}:${head.organization}`, suffix: '_new' })
    await writeConversations(database, head, writer, options)
    await writeCoding(database.reads, head, writer)
    rebuilt.push({ ...head, rows: writer.rows })
  }
  await settle(database.writes, id, rebuilt)
  await takePlace(database.writes, facts)
  return rebuilt
}

async function dropNew(facts: Facts): Promise<void> {
  for (const table of factsTables) await facts.command(`drop table if exists ${table}_new sync`)
}

interface Head {
  readonly organization: number
  readonly cursor: number
  readonly through: string | null
}

async function heads(pool: pg.Pool): Promise<Head[]> {
  const { rows } = await pool.query<{ organization_id: number; seq: number; received_at: string | null }>(
    `select h.organization_id, h.seq, l.received_at from ledger_head h
     left join log l on l.organization_id = h.organization_id and l.seq = h.seq order by h.organization_id`,
  )
  return rows.map(({ organization_id, seq, received_at }) => ({ organization: organization_id, cursor: seq, through: received_at }))
}

/** Conversations worked out at once: questions are planned anew each time, but a short life in memory is a cheap one. */
const group = 160

/** Conversations by number, which is the order of their arrival, so that the log is read nearly from its beginning to its end. */
async function writeConversations(database: Database, head: Head, writer: FactsWriter, { onStep, signal }: RebuildOptions): Promise<void> {
  const { reads, connection } = database
  const total = await conversationsOf(reads, head.organization)
  let done = 0
  let reading = Promise.resolve<readonly number[]>([0])
  const next = async () => {
    // One reader at a time: each goes on after the last number of the one before.
    reading = reading.then(async (before) => {
      signal?.throwIfAborted()
      onStep?.({ done, total })
      const last = before.at(-1)
      const numbers = last === undefined ? [] : await conversationsAfter(reads, head.organization, last)
      done += numbers.length
      return numbers
    })
    const conversations = await reading
    return conversations.length > 0 ? { organization: head.organization, conversations, before: 0, after: head.cursor } : null
  }
  await inThreads(connection, next, (chunk) => writer.chunk(chunk))
}

async function conversationsOf(pool: pg.Pool, organization: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*) from conversation where organization_id = $1', [organization])
  return rows[0]?.count ?? 0
}

async function conversationsAfter(pool: pg.Pool, organization: number, after: number): Promise<number[]> {
  const { rows } = await pool.query<{ number: number }>({
    name: 'facts conversations after',
    text: 'select number from conversation where organization_id = $1 and number > $2 order by number limit $3',
    values: [organization, after, group],
  })
  return rows.map(({ number }) => number)
}

/** Entries of the log looked through at once. A session that is changed much later comes up again, and is written once. */
const span = 1_000_000

async function writeCoding(pool: pg.Pool, { organization, cursor }: Head, writer: FactsWriter): Promise<void> {
  const written = new Set<number>()
  for (let from = 1; from <= cursor; from += span) {
    const sessions = await readCodingSessions(pool, { organization, from, to: Math.min(cursor, from + span - 1), asOf: cursor })
    const fresh = sessions.filter(({ session }) => !written.has(session))
    for (const { session } of fresh) written.add(session)
    await writer.coding(fresh.flatMap((session) => codingDifference(session, 0, cursor)))
  }
}
