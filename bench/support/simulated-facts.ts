import type { Facts } from '../../server/platform/clickhouse.ts'
import type { Company } from '../../server/simulate/company.ts'
import { Days } from '../../server/simulate/day.ts'
import { assistant, mark, type Said, type Talk, tool, user } from '../../server/simulate/talk.ts'
import { models, tools } from '../../server/simulate/vocabulary.ts'

/** Where the facts of a simulated company go. */
export interface FactsPlace {
  readonly organization: number
  readonly workspace: number
}

/** Rows gathered for one insert: one part of each table. */
const rowsPerChunk = 400_000

/**
 * Writes a company's conversations straight into the facts, as its follower would after an import. The plan's numbers go into a table
 * in memory as they are; names and roll-ups are the engine's work, while the next days are planned.
 */
export async function writeSimulatedFacts(facts: Facts, company: Company, place: FactsPlace): Promise<{ rows: number; sent: number }> {
  const days = new Days(company)
  for (const sql of staging) await facts.command(sql)
  let chunk = new Chunk()
  let [rows, sent] = [0, 0]
  let writing = Promise.resolve()
  const flush = async () => {
    const full = chunk
    full.end()
    chunk = new Chunk()
    rows += full.rows
    sent += full.sent
    await writing
    writing = write(facts, full, { company, place, before: rows })
    writing.catch(() => undefined)
  }
  for (let day = company.plan.first; day <= company.plan.last; day++) {
    for (const talk of days.plan(day).talks) chunk.add(company, talk)
    if (chunk.rows >= rowsPerChunk) await flush()
  }
  await flush()
  await writing
  for (const table of ['planned_message', 'planned_session']) await facts.command('drop table {table:Identifier}', { table })
  return { rows, sent }
}

let conversations = 0

/** Lines of numbers, tab-separated. */
class Chunk {
  readonly messages: Buffer[] = []
  readonly sessions: string[] = []
  rows = 0
  sent = 0

  #text = ''

  /** What was added last is text until then: few large pieces cost less than many small ones. */
  end(): void {
    this.messages.push(Buffer.from(this.#text, 'latin1'))
    this.#text = ''
  }

  add(company: Company, talk: Talk): void {
    const conversation = ++conversations
    const source = company.people[talk.person]?.source === 'claude' ? 2 : company.people[talk.person]?.source === 'chatgpt' ? 1 : 3
    const about = `${talk.person + 1}\t${conversation}\t${source}\t${talk.gpt + 1}\t${talk.project + 1}`
    const turns = usedInTurns(talk)
    let text = ''
    talk.said.forEach((said, at) => {
      const asks = said.role === user && said.asker === at
      const used = turns.get(at) ?? usedIn(said)
      const result = said.role === tool || (said.role === assistant && said.tool >= 0 && !(said.marks & mark.calls)) ? said.tool + 1 : 0
      const unseen = said.marks & (mark.hidden | mark.injected) ? 1 : 0
      if (asks && said.at !== 0) this.sent++
      text += `${about}\t${++this.rows}\t${said.at}\t${said.role + 1}\t${unseen}\t${asks ? 1 : 0}\t${modelOf(talk, said, at) + 1}\t${result}\t${used.tools}\t${used.connectors}\t${said.role === user ? said.skill + 1 : 0}\t${said.connector + 1}\t${said.calls}\t${said.input}\t${said.output}\t${said.cached}\n`
    })
    this.#text += text
    if (this.#text.length > 1_000_000) this.end()
    for (const { at, seconds, asked } of sessionsOf(talk)) this.sessions.push(`${about}\t${at}\t${seconds}\t${asked}\n`)
  }
}

interface Used {
  tools: number
  connectors: number
}

const usedIn = ({ role, tool: used, connector }: Said): Used => ({
  tools: used >= 0 && role !== user ? 2 ** used : 0,
  connectors: connector >= 0 ? 2 ** connector : 0,
})

/** Sets as numbers with a bit for each of at most thirty tools and connectors. */
function usedInTurns({ said }: Talk): Map<number, Used> {
  const turns = new Map<number, Used>()
  said.forEach((one, at) => {
    if (one.asker === at) turns.set(at, usedIn(one))
    const turn = turns.get(one.asker)
    if (!turn) return
    const own = usedIn(one)
    turn.tools |= own.tools
    turn.connectors |= own.connectors
  })
  return turns
}

function modelOf(talk: Talk, said: Said, at: number): number {
  if (said.role !== user) return said.model < 0 ? talk.model : said.model
  let found = talk.model
  if (said.asker === at) for (const one of talk.said) if (one.role === assistant && one.parent === at) found = one.model
  return found
}

function sessionsOf({ said }: Talk): { at: number; seconds: number; asked: number }[] {
  const found: { at: number; seconds: number; asked: number }[] = []
  said.forEach(({ at, role, asker, marks }, place) => {
    if (at === 0 || (role === 2 && marks & mark.hidden)) return
    const open = found.at(-1)
    const asks = role === user && asker === place ? 1 : 0
    if (open && at - open.at - open.seconds <= 1800) {
      open.seconds = at - open.at
      open.asked += asks
    } else found.push({ at, seconds: 0, asked: asks })
  })
  return found.filter(({ asked }) => asked > 0)
}

async function write(
  facts: Facts,
  { messages, sessions }: Chunk,
  { company, place, before }: { company: Company; place: FactsPlace; before: number },
): Promise<void> {
  const names = {
    ...place,
    before,
    models: models.map(({ slug }) => slug),
    tools: tools.map(({ printed }) => printed),
    skills: company.skills.map(({ name }) => name),
    connectors: company.connectors.map(({ name }) => name),
  }
  await Promise.all([
    facts.insert('planned_message', messageColumns, messages, crypto.randomUUID()),
    facts.insert('planned_session', sessionColumns, [Buffer.from(sessions.join(''))], crypto.randomUUID()),
  ])
  for (const sql of expansions) await facts.command(sql, names)
  await facts.command('truncate table planned_message')
  await facts.command('truncate table planned_session')
}

const about = ['person', 'conversation', 'source', 'gpt', 'project'] as const
const messageColumns = [
  ...about,
  ...['message', 'at', 'role', 'unseen', 'asks', 'model', 'result', 'tools', 'connectors', 'skill', 'connector', 'calls'],
  ...['input', 'output', 'cached'],
]
const sessionColumns = [...about, 'at', 'seconds', 'asked']

const ofAbout = 'person UInt32, conversation UInt32, source UInt8, gpt UInt32, project UInt32'
const staging = [
  `create or replace table planned_message (${ofAbout}, message UInt32, at UInt32, role UInt8, unseen UInt8, asks UInt8, model UInt8, result UInt8,
     tools UInt32, connectors UInt32, skill UInt16, connector UInt16, calls UInt8, input UInt32, output UInt32, cached UInt32) engine = Memory`,
  `create or replace table planned_session (${ofAbout}, at UInt32, seconds UInt32, asked UInt32) engine = Memory`,
]

const bound = '{organization:UInt32} as organization, {workspace:UInt32} as workspace'
const sourceName = `arrayElement(['chatgpt', 'claude', 'open-webui'], source)`
const bits = (mask: string, names: string) =>
  `arrayMap(bit -> arrayElement({${names}:Array(String)}, bit + 1), bitPositionsToArray(${mask}))`
const one = (place: string, names: string) => `if(${place} = 0, [], [arrayElement({${names}:Array(String)}, ${place})])`
const called = `arrayWithConstant(calls, arrayElement({connectors:Array(String)}, connector))`

const expansions = [
  `insert into message_fact (sign, organization, workspace, day, at, timed, person, conversation, message, source, role, unseen, counted, deleted, model,
     gpt, project, client, tool_results, tools, skills, connectors, skill_uses, connector_calls, skills_activated, connectors_called, input_tokens,
     output_tokens, cached_tokens)
   select 1, ${bound}, toDate(planned.at), toDateTime(planned.at, 'UTC'), planned.at != 0, person, conversation, {before:UInt64} + message, ${sourceName}, role,
     unseen, asks and planned.at != 0, false, arrayElement({models:Array(String)}, model), gpt, project, '', arraySort(${one('result', 'tools')}),
     arraySort(arrayDistinct(${bits('tools', 'tools')})), ${one('skill', 'skills')}, arraySort(${bits('connectors', 'connectors')}), skill != 0, calls, ${one('skill', 'skills')}, ${called},
     input, output, cached
   from planned_message as planned`,
  `insert into session_fact (sign, organization, workspace, day, at, person, conversation, source, gpt, project, seconds, messages)
   select 1, ${bound}, toDate(planned.at), toDateTime(planned.at, 'UTC'), person, conversation, ${sourceName}, gpt, project, seconds, asked from planned_session as planned`,
  `insert into person_day (organization, workspace, day, person, messages, gpt_messages, project_messages, tool_messages, skill_uses, connector_calls)
   select ${bound}, toDate(planned.at) as day, person, sum(asks), sum(asks and gpt != 0), sum(asks and project != 0), sum(result != 0), sum(skill != 0), sum(calls)
   from planned_message as planned where planned.at != 0 group by day, person`,
  `insert into conversation_day (organization, workspace, day, person, conversation, gpt, project, source, model, messages)
   select ${bound}, toDate(planned.at) as day, person, conversation, gpt, project, ${sourceName} as source_name, arrayElement({models:Array(String)}, model) as slug, count()
   from planned_message as planned where planned.at != 0 and asks group by day, person, conversation, gpt, project, source_name, slug`,
  `insert into used_day (organization, workspace, day, person, kind, name, uses)
   select ${bound}, toDate(planned.at) as day, person, used.1 as kind, used.2 as name, count()
   from planned_message as planned array join arrayConcat(
     arrayMap(x -> ('tool', x), ${one('result', 'tools')}), arrayMap(x -> ('skill', x), ${one('skill', 'skills')}), arrayMap(x -> ('connector', x), ${called})) as used
   where planned.at != 0 group by day, person, kind, name`,
]
