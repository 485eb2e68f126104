import type { JsonObject } from '../intake/found.ts'
import { timeText } from './calendar.ts'
import type { Company } from './company.ts'
import { departments } from './departments.ts'
import { drawingOf, uploadOf } from './files.ts'
import { uuid } from './ids.ts'
import { randomOf } from './plan.ts'
import { besideTalk } from './records-beside.ts'
import { assistant, mark, roles, type Said, system, type Talk, tool, user } from './talk.ts'
import type { MadeFile, Telling } from './telling.ts'
import { models, tools } from './vocabulary.ts'
import { answerWords, followUpWords, matterOf, promptWords, thinkingWords, titleWords } from './words/chat.ts'
import { tasks } from './words/tasks.ts'

/** A conversation as records: itself, its messages, and what was made in it. */
export interface TalkRecords {
  readonly records: JsonObject[]
  /** Files whose bytes follow. */
  readonly files: readonly MadeFile[]
}

/** `day`: the day it was planned for, under which its words and ids are drawn. */
export function talkRecords(company: Company, day: number | string, talk: Talk): TalkRecords {
  const ids = randomOf(company.plan, 'ids', day, talk.number)
  const person = company.people[talk.person]
  if (!person) return { records: [], files: [] }
  const words = randomOf(company.plan, 'words', day, talk.number)
  const telling: Telling = {
    company,
    talk,
    person,
    matter: matterOf(words, person.language, {
      task: tasks[talk.task] ?? 'other',
      topic: departments[person.department]?.topic ?? 'general',
    }),
    conversation: uuid(ids),
    messages: talk.said.map(() => uuid(ids)),
    random: words,
    files: [],
  }
  const records = [conversationRecord(telling), ...talk.said.map((said, place) => messageRecord(telling, said, place))]
  records.push(...telling.files.map(({ record }) => record), ...besideTalk(telling))
  return { records, files: telling.files }
}

function conversationRecord({ company, talk, person, matter, conversation, random }: Telling): JsonObject {
  const last = talk.said.reduce((latest, { at }) => Math.max(latest, at), talk.start)
  return {
    kind: 'conversation',
    id: conversation,
    source: person.source,
    person_id: person.id,
    title: titleWords(random, person.language, matter),
    created_at: timeText(talk.start),
    updated_at: timeText(last),
    default_model: models[talk.model]?.slug ?? null,
    ...(talk.gpt < 0 ? {} : { gpt_id: company.gpts[talk.gpt]?.id }),
    ...(talk.project < 0 ? {} : { project_id: company.projects[talk.project]?.id }),
    ...(talk.temporary ? { temporary: true } : {}),
  }
}

function messageRecord(telling: Telling, said: Said, place: number): JsonObject {
  const { company, person, conversation, messages } = telling
  const { parent, role, at, marks } = said
  const record: JsonObject = {
    kind: 'message',
    id: messages[place],
    source: person.source,
    conversation_id: conversation,
    role: roles[role],
    parent_id: parent < 0 ? null : messages[parent],
    created_at: at === 0 ? null : timeText(at),
    content: contentOf(telling, said, place),
  }
  if (at !== 0) record.updated_at = record.created_at
  if (role === user) record.person_id = person.id
  if (said.model >= 0) record.model = models[said.model]?.slug
  if (role === tool) record.tool_name = tools[said.tool]?.name
  if (marks & mark.calls) record.tools = [tools[said.tool]?.name]
  if (said.skill >= 0) record.skills = [company.skills[said.skill]?.name]
  if (said.connector >= 0) record.connectors = connectorsOf(company, said)
  if (marks & mark.hidden) record.hidden = true
  if (marks & mark.injected) record.injected = true
  if (said.output > 0) record.tokens = { input: said.input, output: said.output, cached: said.cached }
  return record
}

function connectorsOf({ connectors }: Company, { connector, calls }: Said): JsonObject[] {
  const called = connectors[connector]
  if (!called) return []
  return Array.from({ length: calls }, (_, i) => ({
    name: called.name,
    url: called.url,
    access: called.writes && i > 0 ? 'write' : 'read',
  }))
}

function contentOf(telling: Telling, said: Said, place: number): JsonObject[] {
  const { person, matter, random } = telling
  if (said.role === system) return [{ type: 'text', text: '' }]
  if (said.role === assistant) return said.marks & mark.calls ? callOf(telling, said) : answerOf(telling, said)
  if (said.role === tool) return resultOf(telling, said, place)
  if (said.marks & mark.injected)
    return [{ type: 'text', text: 'The user provided the additional info about how they would like you to respond.' }]
  if (said.marks & mark.hidden) return [{ type: 'text', text: 'Continue.' }]
  const say = telling.talk.said[said.parent]?.role === assistant ? followUpWords : promptWords
  const text: JsonObject = { type: 'text', text: say(random, person.language, matter) }
  if (random.int(400) > 0) return [text]
  const file = uploadOf(telling, place)
  telling.files.push(file)
  return [text, { type: 'file', file_id: file.id }]
}

function callOf({ random, person, matter }: Telling, { tool: used }: Said): JsonObject[] {
  const name = tools[used]?.printed
  if (name === 'Data analysis')
    return [{ type: 'code', language: 'python', text: `import pandas as pd\n\nframe = pd.read_csv("input.csv")\nprint(frame.describe())` }]
  return [{ type: 'code', language: 'json', text: JSON.stringify({ query: titleWords(random, person.language, matter) }) }]
}

function resultOf(telling: Telling, { tool: used }: Said, place: number): JsonObject[] {
  const { random, person, matter } = telling
  if (tools[used]?.printed !== 'Image Gen') return [{ type: 'text', text: titleWords(random, person.language, matter) }]
  const file = drawingOf(telling, place)
  telling.files.push(file)
  return [{ type: 'image', file_id: file.id }]
}

function answerOf({ random, person, matter }: Telling, { marks, tool: used }: Said): JsonObject[] {
  const content: JsonObject[] = []
  if (marks & mark.thinking) content.push({ type: 'thinking', text: thinkingWords(random, person.language, matter) })
  if (used >= 0) {
    const { name } = tools[used] ?? { name: 'unknown' }
    const id = `toolu_${random.next().toString(16)}${random.next().toString(16)}`
    content.push({ type: 'tool_use', id, name, input: { query: titleWords(random, person.language, matter) } })
    content.push({ type: 'tool_result', tool_use_id: id, name, content: 'ok', is_error: random.int(40) === 0 })
  }
  content.push({ type: 'text', text: answerWords(random, person.language, matter) })
  if (marks & mark.cites)
    content.push({
      type: 'citation',
      urls: [`https://www.example.org/${random.int(9000)}`, `https://news.example.net/${random.int(9000)}`],
    })
  return content
}
