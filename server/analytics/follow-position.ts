import type pg from 'pg'

/** How many rows were written of each kind: the facts hold exactly these, or they are not the ones the position is about. */
export interface RowCounts {
  messages: number
  sessions: number
  coding: number
}

/** Where the facts of an organization stand in its log. */
export interface Position {
  readonly cursor: number
  readonly through: string | null
  /** The batch under way goes from the entry after the cursor up to here. */
  readonly planTo: number | null
  readonly rows: RowCounts
}

interface Row {
  cursor: number
  through: string | null
  plan_to: number | null
  message_rows: number
  session_rows: number
  coding_rows: number
}

const columns = 'cursor, through, plan_to, message_rows, session_rows, coding_rows'

const positionOf = (row: Row): Position => ({
  cursor: row.cursor,
  through: row.through,
  planTo: row.plan_to,
  rows: { messages: row.message_rows, sessions: row.session_rows, coding: row.coding_rows },
})

export const nowhere: Position = { cursor: 0, through: null, planTo: null, rows: { messages: 0, sessions: 0, coding: 0 } }

export async function readPosition(pool: pg.Pool, organization: number): Promise<Position> {
  const { rows } = await pool.query<Row>({
    name: 'facts position',
    text: `select ${columns} from facts_follow where organization_id = $1`,
    values: [organization],
  })
  return rows[0] ? positionOf(rows[0]) : nowhere
}

/** Whether there is nothing to do: no entry to follow, no batch under way, no rebuild that waits for its place. */
export async function isCurrent(pool: pg.Pool, organization: number): Promise<boolean> {
  const { rows } = await pool.query<{ current: boolean }>({
    name: 'facts current',
    text: `select f.cursor = h.seq and f.plan_to is null and not exists (select from facts_rebuild) as current
           from facts_follow f join ledger_head h using (organization_id) where f.organization_id = $1`,
    values: [organization],
  })
  return rows[0]?.current ?? false
}

/** Fixes the next batch, durably, before anything of it is written. Null when there is nothing to follow. */
export async function planBatch(pool: pg.Pool, organization: number, most: number): Promise<Position | null> {
  await pool.query('insert into facts_follow (organization_id) values ($1) on conflict do nothing', [organization])
  const { rows } = await pool.query<Row>({
    name: 'facts plan',
    text: `update facts_follow f set plan_to = least(f.cursor + $2, h.seq) from ledger_head h
           where f.organization_id = $1 and h.organization_id = $1 and f.plan_to is null and h.seq > f.cursor
           returning ${columns}`,
    values: [organization, most],
  })
  return rows[0] ? positionOf(rows[0]) : null
}

/**
 * Moves the cursor to the end of the batch; when there is enough for another whole one, fixes that in the same commit. Null when the position is not the one that the batch
 * was made for: somebody else was faster.
 */
export async function advance(
  pool: pg.Pool,
  organization: number,
  { cursor, planTo }: Position,
  done: { rows: RowCounts; most: number },
): Promise<Position | null> {
  const { messages, sessions, coding } = done.rows
  const { rows } = await pool.query<Row>({
    name: 'facts advance',
    text: `update facts_follow f set cursor = f.plan_to,
             through = (select received_at from log where organization_id = $1 and seq = f.plan_to),
             plan_to = case when h.seq - f.plan_to >= $4 then f.plan_to + $4 end,
             message_rows = message_rows + $5, session_rows = session_rows + $6, coding_rows = coding_rows + $7
           from ledger_head h
           where f.organization_id = $1 and h.organization_id = $1 and f.cursor = $2 and f.plan_to = $3
           returning ${columns}`,
    values: [organization, cursor, planTo, done.most, messages, sessions, coding],
  })
  return rows[0] ? positionOf(rows[0]) : null
}

const followers = 8488

/**
 * Runs `work` while nobody else writes facts of the organization; null when somebody does and `patient` is false. The lock is held for one
 * batch at a time, so that followers on several machines take turns and a rebuild finds its moment.
 */
export async function withTurn<T>(
  pool: pg.Pool,
  organization: number,
  patient: boolean,
  work: () => Promise<T>,
): Promise<{ result: T } | null> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    if (patient) await client.query('select pg_advisory_lock($1, $2)', [followers, organization])
    else {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [followers, organization])
      if (!rows[0]?.got) return null
    }
    try {
      return { result: await work() }
    } finally {
      await client.query('select pg_advisory_unlock($1, $2)', [followers, organization]).catch((error: Error) => {
        broken = error
      })
    }
  } finally {
    client.release(broken)
  }
}
