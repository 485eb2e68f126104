import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
 * Writes a company's conversations straight into the facts, as its follower would after an import. The plan's numbers go into a file as
 * they are, in the engine's own binary form; names and roll-ups are the engine's work, while the next days are planned.
 */
export async function writeSimulatedFacts(
  facts: Facts,
  company: Company,
  place: FactsPlace,
  folder: string,
): Promise<{ rows: number; sent: number }> {
  const days = new Days(company)
  for (const sql of staging) await facts.command(sql)
  const chunks = [new Chunk(join(folder, 'one')), new Chunk(join(folder, 'other'))]
  let [rows, sent] = [0, 0]
  let writing = Promise.resolve()
  const flush = async () => {
    const [full] = chunks.splice(0, 1)
    if (!full) throw new Error('there are two')
    chunks.push(full)
    await writing
    writing = write(facts, full, { company, place, before: rows }).then(() => full.clear())
    writing.catch(() => undefined)
    rows += full.rows
    sent += full.sent
  }
  for (let day = company.plan.first; day <= company.plan.last; day++) {
    for (const talk of days.plan(day).talks) chunks[0]?.add(company, talk)
    if ((chunks[0]?.rows ?? 0) >= rowsPerChunk) await flush()
  }
  await flush()
  await writing
  for (const table of ['planned_message', 'planned_session']) await facts.command('drop table {table:Identifier}', { table })
  return { rows, sent }
}

let conversations = 0

/** Bytes of a row of numbers, at most. */
const widest = 64

/** Numbers in the form RowBinary: each in as many bytes as its column has, the lowest first. */
class Numbers {
  #bytes = Buffer.allocUnsafe(rowsPerChunk * widest)
  #end = 0

  /** Before every row: what follows is not looked at again. */
  makeRoom(): void {
    if (this.#end + widest > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.allocUnsafe(this.#bytes.length)])
  }

  one(value: number): void {
    this.#bytes[this.#end++] = value
  }

  two(value: number): void {
    this.#bytes[this.#end++] = value
    this.#bytes[this.#end++] = value >>> 8
  }

  four(value: number): void {
    const bytes = this.#bytes
    bytes[this.#end++] = value
    bytes[this.#end++] = value >>> 8
    bytes[this.#end++] = value >>> 16
    bytes[this.#end++] = value >>> 24
  }

  save(file: string): void {
    writeFileSync(file, this.#bytes.subarray(0, this.#end))
    this.#end = 0
  }
}

/** So many days' rows, as files. */
class Chunk {
  readonly #messages = new Numbers()
  readonly #sessions = new Numbers()
  readonly files: { readonly messages: string; readonly sessions: string }
  rows = 0
  sent = 0

  constructor(path: string) {
    this.files = { messages: `${path}-messages`, sessions: `${path}-sessions` }
  }

  save(): void {
    this.#messages.save(this.files.messages)
    this.#sessions.save(this.files.sessions)
  }

  clear(): void {
    this.rows = 0
    this.sent = 0
  }

  add(company: Company, talk: Talk): void {
    const conversation = ++conversations
    const source = company.people[talk.person]?.source === 'claude' ? 2 : company.people[talk.person]?.source === 'chatgpt' ? 1 : 3
    const about = (to: Numbers) => {
      to.makeRoom()
      to.four(talk.person + 1)
      to.four(conversation)
      to.one(source)
      to.four(talk.gpt + 1)
      to.four(talk.project + 1)
    }
    const turns = usedInTurns(talk)
    talk.said.forEach((said, at) => {
      const asks = said.role === user && said.asker === at
      if (asks && said.at !== 0) this.sent++
      about(this.#messages)
      this.#messages.four(++this.rows)
      this.#message(said, { asks, used: turns.get(at) ?? usedIn(said), model: modelOf(talk, said, at) })
    })
    for (const { at, seconds, asked } of sessionsOf(talk)) {
      about(this.#sessions)
      for (const number of [at, seconds, asked]) this.#sessions.four(number)
    }
  }

  #message(said: Said, { asks, used, model }: { asks: boolean; used: Used; model: number }): void {
    const to = this.#messages
    to.four(said.at)
    to.one(said.role + 1)
    to.one(said.marks & (mark.hidden | mark.injected) ? 1 : 0)
    to.one(asks ? 1 : 0)
    to.one(model + 1)
    to.one(said.role === tool || (said.role === assistant && said.tool >= 0 && !(said.marks & mark.calls)) ? said.tool + 1 : 0)
    to.four(used.tools)
    to.four(used.connectors)
    to.two(said.role === user ? said.skill + 1 : 0)
    to.two(said.connector + 1)
    to.one(said.calls)
    to.four(said.input)
    to.four(said.output)
    to.four(said.cached)
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
  chunk: Chunk,
  { company, place, before }: { company: Company; place: FactsPlace; before: number },
): Promise<void> {
  chunk.save()
  const names = {
    ...place,
    before,
    models: models.map(({ slug }) => slug),
    tools: tools.map(({ printed }) => printed),
    skills: company.skills.map(({ name }) => name),
    connectors: company.connectors.map(({ name }) => name),
  }
  await facts.command(`insert into planned_message select * from file({file:String}, 'RowBinary', '${messageColumns}')`, {
    file: chunk.files.messages,
  })
  await facts.command(`insert into planned_session select * from file({file:String}, 'RowBinary', '${sessionColumns}')`, {
    file: chunk.files.sessions,
  })
  for (const sql of expansions) await facts.command(sql, names)
  await facts.command('truncate table planned_message')
  await facts.command('truncate table planned_session')
}

const ofAbout = 'person UInt32, conversation UInt32, source UInt8, gpt UInt32, project UInt32'
const messageColumns = `${ofAbout}, message UInt32, at UInt32, role UInt8, unseen UInt8, asks UInt8, model UInt8, result UInt8,
  tools UInt32, connectors UInt32, skill UInt16, connector UInt16, calls UInt8, input UInt32, output UInt32, cached UInt32`
const sessionColumns = `${ofAbout}, at UInt32, seconds UInt32, asked UInt32`
const staging = [
  `create or replace table planned_message (${messageColumns}) engine = Memory`,
  `create or replace table planned_session (${sessionColumns}) engine = Memory`,
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
