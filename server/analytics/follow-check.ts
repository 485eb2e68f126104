import type { Facts } from '../platform/clickhouse.ts'
import type { RowCounts } from './follow-position.ts'
import { type ChunkCheck, FactsDiffer, type FactsTable } from './follow-write.ts'

const countOf = { message_fact: 'messages', session_fact: 'sessions', coding_fact: 'coding' } as const

/** Tables of rows are checked by counting them, the roll-up by adding the messages up once more: its own rows melt together in merges. */
export function chunkCheck(facts: Facts, organization: number, before: RowCounts): ChunkCheck {
  return async (table, rows, written) => {
    if (table === 'person_day') return addsUp(facts, organization)
    const kind = countOf[table]
    const expected = before[kind] + written[kind]
    const found = await rowCounts(facts, organization, table)
    if (found === expected + rows) return true
    if (found === expected) return false
    throw new FactsDiffer()
  }
}

async function rowCounts(facts: Facts, organization: number, table: FactsTable): Promise<number> {
  const { rows } = await facts.query<{ found: number }>(
    'select count() as found from {table:Identifier} where organization = {organization:UInt32}',
    { table, organization },
  )
  return rows[0]?.found ?? 0
}

/** A folder that was deleted or restored, another CLICKHOUSE_URL, a machine that lost power: then the rows are not those written. */
export async function holds(facts: Facts, organization: number, rows: RowCounts): Promise<boolean> {
  const counts = await Promise.all(
    (['message_fact', 'session_fact', 'coding_fact'] as const).map(
      async (table) => (await rowCounts(facts, organization, table)) === rows[countOf[table]],
    ),
  )
  return counts.every(Boolean)
}

/** Reads every message of the organization: a second for ten million, and only after something died. */
async function addsUp(facts: Facts, organization: number): Promise<boolean> {
  const { rows } = await facts.query(
    `select 1 from (
       select workspace, day, person, toInt64(sign) * counted as messages, sign * (counted and gpt != 0) as gpt_messages,
         sign * (counted and project != 0) as project_messages, sign * toInt64(length(tool_results)) as tool_messages,
         sign * toInt64(skill_uses) as skill_uses, sign * toInt64(connector_calls) as connector_calls
       from message_fact where organization = {organization:UInt32} and timed
       union all
       select workspace, day, person, -messages, -gpt_messages, -project_messages, -tool_messages, -skill_uses, -connector_calls
       from person_day where organization = {organization:UInt32})
     group by workspace, day, person
     having sum(messages) != 0 or sum(gpt_messages) != 0 or sum(project_messages) != 0 or sum(tool_messages) != 0
       or sum(skill_uses) != 0 or sum(connector_calls) != 0
     limit 1`,
    { organization },
  )
  return rows.length === 0
}
