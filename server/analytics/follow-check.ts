import type { Facts } from '../platform/clickhouse.ts'
import type { RowCounts } from './follow-position.ts'
import { type ChunkCheck, FactsDiffer, type FactsTable } from './follow-write.ts'

const countOf = { message_fact: 'messages', session_fact: 'sessions', coding_fact: 'coding' } as const
type Counted = keyof typeof countOf
type RollUp = Exclude<FactsTable, Counted>

/** Tables of rows are checked by counting them, roll-ups by what they add up: their own rows melt together in merges. */
export function chunkCheck(facts: Facts, organization: number, before: RowCounts): ChunkCheck {
  return async (table, rows, written) => {
    if (isRollUp(table)) return addsUp(facts, organization, table)
    const kind = countOf[table]
    const expected = before[kind] + written[kind]
    const found = await rowCounts(facts, organization, table)
    if (found === expected + rows) return true
    if (found === expected) return false
    throw new FactsDiffer()
  }
}

const isRollUp = (table: FactsTable): table is RollUp => Object.hasOwn(rollUps, table)

async function rowCounts(facts: Facts, organization: number, table: FactsTable): Promise<number> {
  const { rows } = await facts.query<{ found: number }>(
    'select count() as found from {table:Identifier} where organization = {organization:UInt32}',
    { table, organization },
  )
  return rows[0]?.found ?? 0
}

/** A folder that was deleted or restored, another CLICKHOUSE_URL, a machine that lost power: then the rows are not those written. */
export async function holds(facts: Facts, organization: number, rows: RowCounts): Promise<boolean> {
  for (const table of Object.keys(countOf) as Counted[])
    if ((await rowCounts(facts, organization, table)) !== rows[countOf[table]]) return false
  for (const table of Object.keys(rollUps) as RollUp[]) if (!(await addsUp(facts, organization, table))) return false
  return true
}

/** Each roll-up as it follows from the message facts. */
const rollUps = {
  person_day: {
    keys: 'workspace, day, person',
    sums: ['messages', 'gpt_messages', 'project_messages', 'tool_messages', 'skill_uses', 'connector_calls'],
    made: `select workspace, day, person, toInt64(sign) * counted as messages, messages * (gpt != 0) as gpt_messages,
        messages * (project != 0) as project_messages, sign * toInt64(length(tool_results)) as tool_messages,
        sign * toInt64(message_fact.skill_uses) as skill_uses, sign * toInt64(message_fact.connector_calls) as connector_calls
      from message_fact where organization = {organization:UInt32} and timed`,
  },
  conversation_day: {
    keys: 'workspace, day, person, conversation, gpt, project, source, model',
    sums: ['messages'],
    made: `select * except (sign), toInt64(sign) as messages from message_fact where organization = {organization:UInt32} and counted`,
  },
  used_day: {
    keys: 'workspace, day, person, kind, name',
    sums: ['uses'],
    made: `select workspace, day, person, used.1 as kind, used.2 as name, toInt64(sign) as uses
      from message_fact array join arrayConcat(
        arrayMap(x -> ('tool', toString(x)), tool_results),
        arrayMap(x -> ('skill', toString(x)), skills_activated),
        arrayMap(x -> ('connector', toString(x)), connectors_called)) as used
      where organization = {organization:UInt32} and timed`,
  },
} as const satisfies Record<RollUp, { keys: string; sums: readonly string[]; made: string }>

/**
 * Whether a roll-up says what the message facts say. Each number is weighed with a hash of its keys and all are added up, which comes
 * to the same however rows are split, taken back or melted together, and takes no memory: half a second for ten million messages.
 */
async function addsUp(facts: Facts, organization: number, table: RollUp): Promise<boolean> {
  const { keys, sums, made } = rollUps[table]
  const weighed = sums.map((name) => `sum(${name} * weight)`).join(', ')
  const print = (from: string) => `(select tuple(${weighed}) from (select *, cityHash64(${keys}) as weight from (${from})))`
  const { rows } = await facts.query<{ same: number }>(
    `select ${print(made)} = ${print(`select * from ${table} where organization = {organization:UInt32}`)} as same`,
    { organization },
  )
  return rows[0]?.same === 1
}
