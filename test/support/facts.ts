import { dayOf } from '../../server/analytics/conversation-facts-rows.ts'
import type { Facts } from '../../server/platform/clickhouse.ts'
import type { PlainFact, PlainSession } from './plain-facts.ts'

/** What the tables say once the signs are added up, as lines in order: what two ways of making facts are compared by. */
export async function factLines(facts: Facts): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const table of ['message_fact', 'session_fact', 'coding_fact']) {
    const { rows } = await facts.query<Record<string, unknown>>(
      `select * except (sign), sum(sign) as rows from ${table} group by all having rows != 0 order by all`,
    )
    tables[table] = rows.map((row) => JSON.stringify(row))
  }
  for (const [table, sums] of Object.entries(rollUps)) {
    const { rows } = await facts.query<Record<string, unknown>>(
      `select * except (${sums.join(', ')}), ${sums.map((name) => `sum(${table}.${name}) as ${name}_`).join(', ')} from ${table}
       group by all having ${sums.map((name) => `${name}_ != 0`).join(' or ')} order by all`,
    )
    tables[table] = rows.map((row) => JSON.stringify(row))
  }
  return tables
}

const rollUps = {
  person_day: ['messages', 'gpt_messages', 'project_messages', 'tool_messages', 'skill_uses', 'connector_calls'],
  conversation_day: ['messages'],
  used_day: ['uses'],
}

interface MessageRow {
  message: number
  conversation: number
  second: number
  timed: boolean
  person: number
  role: string
  counted: boolean
  deleted: boolean
  model: string
  gpt: number
  project: number
  tool_results: string[]
  tools: string[]
  skills: string[]
  connectors: string[]
  skills_activated: string[]
  connectors_called: string[]
  input_tokens: number
  output_tokens: number
  rows: number
}

/** Ids at the source by the ledger's numbers. */
export interface Names {
  item(number: number): string
  message(number: number): string
}

/** The message facts of a workspace as a plain computation has them. */
export async function storedFacts(facts: Facts, workspace: number, names: Names): Promise<PlainFact[]> {
  const { rows } = await facts.query<MessageRow>(
    `select * except (sign, at, day, source, organization, workspace, unseen, client, skill_uses, connector_calls, cached_tokens),
       toUnixTimestamp(at) as second, sum(sign) as rows
     from message_fact where workspace = {workspace:UInt32} group by all having rows != 0`,
    { workspace },
  )
  return rows.map((row) => {
    if (row.rows !== 1) throw new Error(`a message is ${row.rows} facts`)
    return {
      message: names.message(row.message),
      conversation: names.item(row.conversation),
      second: row.second,
      timed: row.timed,
      person: names.item(row.person),
      role: row.role,
      counted: row.counted,
      deleted: row.deleted,
      model: row.model,
      gpt: names.item(row.gpt),
      project: names.item(row.project),
      toolResults: row.tool_results,
      tools: row.tools,
      skills: row.skills,
      connectors: row.connectors,
      skillsActivated: row.skills_activated,
      connectorsCalled: row.connectors_called,
      input: row.input_tokens,
      output: row.output_tokens,
    }
  })
}

export async function storedSessions(facts: Facts, workspace: number, names: Names): Promise<PlainSession[]> {
  const { rows } = await facts.query<{
    conversation: number
    second: number
    person: number
    seconds: number
    messages: number
    rows: number
  }>(
    `select conversation, toUnixTimestamp(at) as second, person, seconds, messages, sum(sign) as rows
     from session_fact where workspace = {workspace:UInt32} group by all having rows != 0`,
    { workspace },
  )
  return rows.map(({ conversation, second, person, seconds, messages }) => ({
    conversation: names.item(conversation),
    second,
    person: names.item(person),
    seconds,
    messages,
  }))
}

type Day = Record<'messages' | 'gpt' | 'project' | 'tool' | 'skills' | 'connectors', number>

/** Person × day counted from plain facts. */
export function plainDays(facts: readonly PlainFact[]): Record<string, Day> {
  const days: Record<string, Day> = {}
  for (const fact of facts) {
    if (!fact.timed) continue
    const key = `${dayOf(fact.second)} ${fact.person}`
    const day = days[key] ?? { messages: 0, gpt: 0, project: 0, tool: 0, skills: 0, connectors: 0 }
    days[key] = day
    day.messages += fact.counted ? 1 : 0
    day.gpt += fact.counted && fact.gpt !== '' ? 1 : 0
    day.project += fact.counted && fact.project !== '' ? 1 : 0
    day.tool += fact.toolResults.length
    day.skills += fact.skillsActivated.length
    day.connectors += fact.connectorsCalled.length
  }
  return Object.fromEntries(Object.entries(days).filter(([, day]) => Object.values(day).some((count) => count !== 0)))
}

export async function storedDays(facts: Facts, workspace: number, names: Names): Promise<Record<string, Day>> {
  const { rows } = await facts.query<Day & { day: string; person: number }>(
    `select day, person, sum(person_day.messages) as messages, sum(gpt_messages) as gpt, sum(project_messages) as project,
       sum(tool_messages) as tool, sum(skill_uses) as skills, sum(connector_calls) as connectors
     from person_day where workspace = {workspace:UInt32} group by day, person`,
    { workspace },
  )
  const days = rows.map(({ day, person, ...counts }) => [`${day} ${names.item(person)}`, counts] as const)
  return Object.fromEntries(days.filter(([, counts]) => Object.values(counts).some((count) => count !== 0)))
}

/** Sums by day of what stands between the bars. */
type Sums = Record<string, number>

function sumsOf(rows: readonly (readonly [string, number])[]): Sums {
  const sums: Sums = {}
  for (const [key, count] of rows) sums[key] = (sums[key] ?? 0) + count
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count !== 0))
}

/** The two other roll-ups counted from plain facts: messages by conversation and day, uses by name and day. */
export function plainSums(facts: readonly PlainFact[]): Sums {
  return sumsOf(
    facts.flatMap((fact) => {
      const { conversation, person, gpt, project, model, toolResults, skillsActivated, connectorsCalled } = fact
      const day = `${dayOf(fact.second)} | ${person}`
      const used = [
        ...toolResults.map((name) => `tool | ${name}`),
        ...skillsActivated.map((name) => `skill | ${name}`),
        ...connectorsCalled.map((name) => `connector | ${name}`),
      ]
      const sent = fact.counted ? [[`${day} | ${conversation} | ${gpt} | ${project} | ${model}`, 1] as const] : []
      return fact.timed ? [...sent, ...used.map((name) => [`${day} | ${name}`, 1] as const)] : []
    }),
  )
}

export async function storedSums(facts: Facts, workspace: number, names: Names): Promise<Sums> {
  const conversations = await facts.query<
    Record<'day' | 'model', string> & Record<'person' | 'conversation' | 'gpt' | 'project' | 'messages', number>
  >('select * from conversation_day where workspace = {workspace:UInt32}', { workspace })
  const used = await facts.query<Record<'day' | 'kind' | 'name', string> & Record<'person' | 'uses', number>>(
    'select * from used_day where workspace = {workspace:UInt32}',
    { workspace },
  )
  return sumsOf([
    ...conversations.rows.map(({ day, person, conversation, gpt, project, model, messages }) => {
      const ids = [person, conversation, gpt, project].map((id) => names.item(id))
      return [`${day} | ${ids.join(' | ')} | ${model}`, messages] as const
    }),
    ...used.rows.map(({ day, person, kind, name, uses }) => [`${day} | ${names.item(person)} | ${kind} | ${name}`, uses] as const),
  ])
}
