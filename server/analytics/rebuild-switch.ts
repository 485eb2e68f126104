import type pg from 'pg'
import { transaction } from '../ledger/writer.ts'
import type { Facts } from '../platform/clickhouse.ts'
import { withTurn } from './follow-position.ts'
import { factsTables } from './follow-write.ts'

/** Facts made anew up to an entry of the log. */
export interface Rebuilt {
  readonly organization: number
  readonly cursor: number
  readonly through: string | null
  readonly rows: { readonly messages: number; readonly sessions: number; readonly coding: number }
}

export const commentOf = (id: string) => `rebuild ${id}`

/** From here on the new tables will take the place of the old ones, whoever does it and however often it is interrupted. */
export async function settle(pool: pg.Pool, id: string, rebuilt: readonly Rebuilt[]): Promise<void> {
  await transaction(pool, async (client) => {
    for (const { organization, cursor, through, rows } of rebuilt)
      await client.query(
        `insert into facts_rebuild (organization_id, id, cursor, through, message_rows, session_rows, coding_rows)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [organization, id, cursor, through, rows.messages, rows.sessions, rows.coding],
      )
  })
}

export async function rebuildWaits(pool: pg.Pool): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>('select id from facts_rebuild limit 1')
  return rows[0]?.id ?? null
}

/**
 * Puts complete new tables in the place of the old ones. A table that has changed places already is told by its comment, so this may be
 * interrupted anywhere and done again; a reader sees the old table or the new one, never a part.
 */
export async function takePlace(pool: pg.Pool, facts: Facts): Promise<void> {
  await withAllTurns(pool, async () => {
    const id = await rebuildWaits(pool)
    if (id === null) return
    const { rows } = await facts.query<{ name: string; comment: string }>(
      'select name, comment from system.tables where database = currentDatabase()',
    )
    const isThere = (table: string) => rows.some(({ name }) => name === table)
    const hasChanged = (table: string) => rows.some(({ name, comment }) => name === table && comment === commentOf(id))
    // A rebuild of the version before knew fewer tables; whether those that it did not know fit the new ones is looked at afterwards.
    for (const table of factsTables)
      if (!hasChanged(table) && isThere(`${table}_new`)) await facts.command(`exchange tables ${table} and ${table}_new`)
    await movePosition(pool)
    for (const table of factsTables) await facts.command(`drop table if exists ${table}_new sync`)
  })
}

async function movePosition(pool: pg.Pool): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query(
      `insert into facts_follow (organization_id, cursor, through, plan_to, message_rows, session_rows, coding_rows)
       select organization_id, cursor, through, null, message_rows, session_rows, coding_rows from facts_rebuild
       on conflict (organization_id) do update set cursor = excluded.cursor, through = excluded.through, plan_to = null,
         message_rows = excluded.message_rows, session_rows = excluded.session_rows, coding_rows = excluded.coding_rows`,
    )
    await client.query('delete from facts_rebuild')
  })
}

/** Tables hold every organization's facts: while they change places no follower writes. */
async function withAllTurns(pool: pg.Pool, work: () => Promise<void>): Promise<void> {
  const { rows } = await pool.query<{ organization_id: number }>('select organization_id from organization order by organization_id desc')
  const all = rows.reduce(
    (inner, { organization_id }) =>
      async () => {
        await withTurn(pool, organization_id, true, inner)
      },
    work,
  )
  await all()
}
