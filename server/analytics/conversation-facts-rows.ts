import { Temporal } from 'temporal-polyfill'
import type { ConversationFacts, MessageFact, SessionFact } from './conversation-facts.ts'

/** Facts as the lines that are inserted, and the difference of two states of a conversation as signed lines. */

export const messageColumns = [
  ...['sign', 'organization', 'workspace', 'day', 'at', 'timed', 'person', 'conversation', 'message', 'source', 'role', 'unseen'],
  ...['counted', 'deleted', 'model', 'gpt', 'project', 'client', 'tool_results', 'tools', 'skills', 'connectors', 'skill_uses'],
  ...['connector_calls', 'skills_activated', 'connectors_called', 'input_tokens', 'output_tokens', 'cached_tokens'],
] as const

export const sessionColumns = [
  ...['sign', 'organization', 'workspace', 'day', 'at', 'person', 'conversation', 'source', 'gpt', 'project', 'seconds', 'messages'],
] as const

/** A line without its sign: two facts are the same exactly when these are. */
export function messageLine(fact: MessageFact): string {
  const { organization, workspace, at, person, conversation, message, source, role, gpt, project } = fact
  const [input, output, cached] = fact.tokens
  const flags = `${bit(fact.unseen)}\t${bit(fact.counted)}\t${bit(fact.deleted)}`
  const lists = `${list(fact.toolResults)}\t${list(fact.tools)}\t${list(fact.skills)}\t${list(fact.connectors)}`
  const uses = `${fact.skillsActivated.length}\t${fact.connectorsCalled.length}\t${list(fact.skillsActivated)}\t${list(fact.connectorsCalled)}`
  return `${organization}\t${workspace}\t${dayOf(at)}\t${second(at)}\t${bit(fact.timed)}\t${person}\t${conversation}\t${message}\t${text(source)}\t${role}\t${flags}\t${text(fact.model)}\t${gpt}\t${project}\t${text(fact.client)}\t${lists}\t${uses}\t${input}\t${output}\t${cached}`
}

export function sessionLine(fact: SessionFact): string {
  const { organization, workspace, at, person, conversation, source, gpt, project, seconds, messages } = fact
  return `${organization}\t${workspace}\t${dayOf(at)}\t${second(at)}\t${person}\t${conversation}\t${text(source)}\t${gpt}\t${project}\t${seconds}\t${messages}`
}

const secondsOfDay = 86_400
const days = new Map<number, string>()

/** The UTC day of a second; there are few days and many messages. */
export function dayOf(at: number): string {
  const number = Math.floor(at / secondsOfDay)
  const known = days.get(number)
  if (known !== undefined) return known
  const day = Temporal.Instant.fromEpochMilliseconds(number * secondsOfDay * 1000)
    .toString()
    .slice(0, 10)
  days.set(number, day)
  return day
}

/** Ten digits are always taken for seconds; fewer could be a year. */
const second = (at: number) => String(at).padStart(10, '0')

const bit = (flag: boolean) => (flag ? 1 : 0)

const special = /[\\\t\n\r\0\b\f']/

/** Tab-separated text, which escapes with a backslash. Almost nothing needs it. */
export function text(value: string): string {
  return special.test(value) ? value.replace(/[\\\t\n\r\0\b\f']/g, (one) => escapes[one] ?? one) : value
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  "'": "\\'",
}

const list = (values: readonly string[]) => (values.length === 0 ? '[]' : `[${values.map((value) => `'${text(value)}'`).join(',')}]`)

export interface Signed<Fact> {
  readonly sign: 1 | -1
  readonly fact: Fact
  readonly line: string
}

export interface Difference {
  readonly messages: Signed<MessageFact>[]
  readonly sessions: Signed<SessionFact>[]
}

/** What is to be written so that the sum over the signs, which was `before`, becomes `after`. */
export function difference(before: ConversationFacts, after: ConversationFacts): Difference {
  return {
    messages: signed(before.messages, after.messages, messageLine),
    sessions: signed(before.sessions, after.sessions, sessionLine),
  }
}

function signed<Fact>(before: readonly Fact[], after: readonly Fact[], lineOf: (fact: Fact) => string): Signed<Fact>[] {
  if (before.length === 0) return after.map((fact) => ({ sign: 1, fact, line: lineOf(fact) }))
  const gone = new Map<string, { fact: Fact; times: number }>()
  for (const fact of before) {
    const line = lineOf(fact)
    const known = gone.get(line)
    if (known) known.times++
    else gone.set(line, { fact, times: 1 })
  }
  const come: Signed<Fact>[] = []
  for (const fact of after) {
    const line = lineOf(fact)
    const known = gone.get(line)
    if (known && known.times > 0) known.times--
    else come.push({ sign: 1, fact, line })
  }
  const taken: Signed<Fact>[] = []
  for (const [line, { fact, times }] of gone) for (let i = 0; i < times; i++) taken.push({ sign: -1, fact, line })
  return [...taken, ...come]
}
