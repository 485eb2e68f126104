import type { Facts } from '../../server/platform/clickhouse.ts'

/**
 * A year of an organization of 5,000 people, written straight into the facts: ten messages in a conversation, half of them of the
 * person, two sessions, six models, some with a GPT, a project or a tool. Everything follows from whole numbers, so that the same rows can
 * be made elsewhere.
 */
export const people = 5000
export const organization = 1
export const workspace = 1
export const firstDay = '2025-11-21'
export const lastDay = '2026-11-20'

export const models = ['gpt-4o', 'gpt-4o-mini', 'o3', 'claude-sonnet-4', 'gemini-2.5-pro', 'gpt-4.1']

/** Rows written at once. */
const chunk = 1_000_000

export async function writeFacts(facts: Facts, messages: number, say: (text: string) => void): Promise<void> {
  for (let from = 0; from < messages; from += chunk) {
    say(`writing facts, ${(from / 1e6).toFixed(0)} of ${(messages / 1e6).toFixed(0)} million`)
    await facts.command(messageRows, { from, count: Math.min(chunk, messages - from), models })
  }
  await facts.command(sessionRows, { conversations: Math.ceil(messages / 10) })
  for (const rows of [dayRows, conversationRows, usedRows]) await facts.command(rows)
  // As they are some time after they were written: in few parts.
  for (const table of ['message_fact', 'session_fact', 'person_day', 'conversation_day', 'used_day'])
    await facts.command('optimize table {table:Identifier} final', { table })
}

const ofConversation = `toUInt64((c * 7919) % ${people} + 1) as person, toDate('${firstDay}') + (c * 104729) % 365 as day,
  if(c % 8 = 0, toUInt64(c % 40 + 1), 0) as gpt, if(c % 9 = 0, toUInt64(c % 60 + 1), 0) as project`

const messageRows = `insert into message_fact (sign, organization, workspace, day, at, timed, person, conversation, message, source, role, unseen,
    counted, deleted, model, gpt, project, tool_results, tools)
  with intDiv(number, 10) + 1 as c, number % 10 as k, ${ofConversation}, k = 9 and c % 4 = 0 as is_tool
  select 1, ${organization}, ${workspace}, day, toDateTime(day, 'UTC') + 25200 + (c * 613) % 36000 + k * 60 + if(k >= 6, 2400, 0), true, person, c, number + 1,
    'chatgpt', multiIf(is_tool, 'tool', k % 2 = 0, 'user', 'assistant'), false, k % 2 = 0, false,
    arrayElement({models:Array(String)}, toUInt8((c * 31) % 6 + 1)), gpt, project, if(is_tool, ['Search'], []), if(k >= 8 and c % 4 = 0, ['Search'], [])
  from numbers({from:UInt64}, {count:UInt64})`

const sessionRows = `insert into session_fact (sign, organization, workspace, day, at, person, conversation, source, gpt, project, seconds, messages)
  with intDiv(number, 2) + 1 as c, number % 2 as part, ${ofConversation}
  select 1, ${organization}, ${workspace}, day, toDateTime(day, 'UTC') + 25200 + (c * 613) % 36000 + part * 2760, person, c, 'chatgpt', gpt, project,
    if(part = 0, 300, 180), if(part = 0, 3, 2)
  from numbers({conversations:UInt64} * 2)`

const dayRows = `insert into person_day
  select organization, workspace, day, person, sum(sign * counted), sum(sign * (counted and gpt != 0)), sum(sign * (counted and project != 0)),
    sum(sign * toInt64(length(tool_results))), 0, 0
  from message_fact group by organization, workspace, day, person`

const conversationRows = `insert into conversation_day
  select organization, workspace, day, person, conversation, gpt, project, source, model, sum(sign) from message_fact where counted group by all`

const usedRows = `insert into used_day
  select organization, workspace, day, person, 'tool', arrayJoin(tool_results) as name, sum(sign) from message_fact group by all`
