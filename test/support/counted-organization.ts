import fc from 'fast-check'
import type { SourceRole } from '../../server/analytics/groups.ts'
import { modelFamily } from '../../server/analytics/model-family.ts'
import type { Facts } from '../../server/platform/clickhouse.ts'

/** A message as it is counted, in plain words; a random organization is a list of them. Times are whole seconds of UTC. */
export interface PlainMessage {
  readonly person: number
  readonly conversation: number
  readonly message: number
  readonly source: string
  readonly role: 'user' | 'assistant' | 'system' | 'tool'
  readonly unseen: boolean
  /** RFC 3339, null for a message without a time. */
  readonly at: string | null
  readonly model: string
  readonly gpt: number
  readonly project: number
  readonly results: readonly string[]
  /** Of a user message: of its whole turn. */
  tools: readonly string[]
  skills: readonly string[]
  connectors: readonly string[]
  readonly activated: readonly string[]
  readonly called: readonly string[]
  readonly tokens: readonly [number, number, number]
}

export interface PlainSession {
  readonly person: number
  readonly conversation: number
  readonly source: string
  readonly gpt: number
  readonly project: number
  readonly at: string
  readonly seconds: number
}

export interface PlainCoding {
  readonly person: number
  readonly session: number
  readonly source: string
  readonly model: string
  readonly at: string
  readonly figures: readonly [number, number, number, number, number, number]
}

export interface PlainOrganization {
  readonly messages: readonly PlainMessage[]
  readonly sessions: readonly PlainSession[]
  readonly coding: readonly PlainCoding[]
  /** People who are there at the end of every period, members by group, and roles that are known. */
  readonly members?: readonly number[]
  readonly groups?: ReadonlyMap<number, readonly number[]>
  readonly roles?: ReadonlyMap<number, SourceRole>
}

export const models = ['gpt-4o', 'gpt-4o-mini', 'openai/gpt-4', 'claude-3-opus-20240229', 'home-grown', 'unknown']
export const tools = ['Search', 'Memory', "Ann's tool"]
export const skills = ['minutes', 'brand']
export const connectors = ['drive', 'mail']
export const sources = ['chatgpt', 'claude']
export const people = [0, 1, 2, 3, 4, 5]
export const gpts = [0, 31, 32]
export const projects = [0, 41]
export const groups = [51, 52, 53]
export const roles = ['owner', 'member', 'unknown'] as const

const someOf = (names: readonly string[], most: number) => fc.array(fc.constantFrom(...names), { maxLength: most })

/** Moments around the borders of days, weeks and months, and a few anywhere between. 2024-12-01 is a Sunday. */
const moment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('2024-11-30T23:59:59Z', '2024-12-01T00:00:00Z', '2024-12-31T23:59:59Z', '2025-01-01T00:00:00Z') },
  { weight: 1, arbitrary: fc.constantFrom('2024-12-07T23:59:59Z', '2024-12-08T00:00:00Z', '2024-11-23T23:59:59Z', '2024-11-24T00:00:00Z') },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 75 * 86_400 }).map((second) => iso(Date.parse('2024-11-10T00:00:00Z') + second * 1000)),
  },
)

const turnMessage = fc.record({
  role: fc.constantFrom('user' as const, 'user' as const, 'assistant' as const, 'assistant' as const, 'system' as const, 'tool' as const),
  unseen: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  pause: fc.constantFrom(1, 40, 600, 1800, 1801, 4000, 90_000),
  timed: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  model: fc.constantFrom(...models),
  results: someOf(tools, 2),
  activated: someOf(skills, 2),
  called: someOf(connectors, 2),
  tokens: fc.tuple(fc.nat(90), fc.nat(90), fc.nat(90)),
})

const talk = fc.record({
  person: fc.constantFrom(...people),
  source: fc.constantFrom(...sources),
  gpt: fc.constantFrom(...gpts),
  project: fc.constantFrom(...projects),
  begins: moment,
  messages: fc.array(turnMessage, { minLength: 1, maxLength: 8 }),
})

const codingSession = fc.record({
  person: fc.constantFrom(...people),
  source: fc.constantFrom(...sources),
  model: fc.constantFrom(...models),
  at: moment,
  figures: fc.tuple(fc.nat(2), fc.nat(1), fc.nat(3), fc.nat(3), fc.nat(2), fc.nat(2)),
})

const somePeople = fc.subarray(people.slice(1))

export const organization: fc.Arbitrary<PlainOrganization> = fc
  .record({
    talks: fc.array(talk, { maxLength: 14 }),
    coding: fc.array(codingSession, { maxLength: 5 }),
    // Groups that overlap, are empty or are not there; one person may have left.
    members: fc.subarray(people.slice(1), { minLength: people.length - 2 }),
    groups: fc.array(fc.tuple(fc.constantFrom(...groups), somePeople), { maxLength: groups.length }),
    roles: fc.array(fc.tuple(fc.constantFrom(...people.slice(1)), fc.constantFrom(...roles))),
  })
  .map(({ talks, coding, members, ...named }) => {
    const all = talks.map((one, i) => messagesOf(one, 1000 + i))
    return {
      messages: all.flat(),
      sessions: all.flatMap(sessionsOf),
      coding: coding.map((one, i) => ({ ...one, session: 5000 + i })),
      members,
      groups: new Map(named.groups.map(([group, some]) => [group, some.filter((person) => members.includes(person))])),
      roles: new Map(named.roles.filter(([, role]) => role !== 'unknown')),
    }
  })

type Talk = typeof talk extends fc.Arbitrary<infer T> ? T : never

function messagesOf({ person, source, gpt, project, begins, messages }: Talk, conversation: number): PlainMessage[] {
  let now = Date.parse(begins)
  const rows = messages.map((one, i): PlainMessage => {
    now += i === 0 ? 0 : one.pause * 1000
    const { role, unseen, model, activated, called, tokens } = one
    const results = role === 'tool' ? one.results.slice(0, 1) : role === 'assistant' ? one.results : []
    const own = { results, tools: one.results, skills: activated, connectors: called, activated, called }
    return {
      person,
      conversation,
      message: conversation * 100 + i,
      source,
      gpt,
      project,
      role,
      unseen,
      model,
      tokens,
      at: one.timed ? iso(now) : null,
      ...own,
    }
  })
  for (const [i, row] of rows.entries()) {
    if (row.role !== 'user') continue
    const next = rows.findIndex(({ role }, j) => j > i && role === 'user')
    const turn = rows.slice(i, next < 0 ? rows.length : next)
    row.tools = [...new Set(turn.flatMap(({ tools: names }) => names))]
    row.skills = [...new Set(turn.flatMap(({ skills: names }) => names))]
    row.connectors = [...new Set(turn.flatMap(({ connectors: names }) => names))]
  }
  return rows
}

function sessionsOf(rows: readonly PlainMessage[]): PlainSession[] {
  const found: (PlainSession & { last: number })[] = []
  for (const { at, person, conversation, source, gpt, project } of rows) {
    if (at === null) continue
    const now = Date.parse(at)
    const open = found.at(-1)
    if (open && now - open.last <= 30 * 60_000)
      found[found.length - 1] = { ...open, last: now, seconds: (now - Date.parse(open.at)) / 1000 }
    else found.push({ person, conversation, source, gpt, project, at, seconds: 0, last: now })
  }
  return found.map(({ last: _, ...session }) => session)
}

const iso = (time: number) => new Date(time).toISOString().replace('.000', '')
export const dayOf = (at: string | null) => at?.slice(0, 10) ?? '1970-01-01'
export const isCounted = ({ role, unseen, at }: PlainMessage) => role === 'user' && !unseen && at !== null
export const familyOf = modelFamily

/**
 * Writes it into the facts as a follower might have: some messages were first said otherwise and taken back, some said, taken back
 * and said again, and a roll-up is spread over rows.
 */
export async function writeFacts(
  facts: Facts,
  place: { organization: number; workspace: number },
  plain: PlainOrganization,
): Promise<void> {
  const rows = plain.messages.flatMap((message, i) => {
    const right = messageRow(place, message)
    if (i % 3 === 1) return [right, negated(right), right]
    const other = messageRow(place, { ...message, person: 5, model: 'gpt-4o', gpt: 31, at: '2024-12-02T10:00:00Z', tools: ['Search'] })
    return i % 3 === 2 ? [other, negated(other), right] : [right]
  })
  await Promise.all([
    insert(facts, 'message_fact', rows),
    insert(
      facts,
      'session_fact',
      plain.sessions.flatMap(({ at, ...rest }, i) => {
        const row = { sign: 1, ...place, ...rest, day: dayOf(at), at: clock(at), messages: 1 }
        return i % 2 === 0 ? [row] : [row, negated(row), row]
      }),
    ),
    insert(
      facts,
      'person_day',
      plain.messages.flatMap((message) => dayRows(place, message)),
    ),
    insert(
      facts,
      'conversation_day',
      plain.messages.flatMap((message) => conversationRows(place, message)),
    ),
    insert(
      facts,
      'used_day',
      plain.messages.flatMap((message) => usedRows(place, message)),
    ),
    insert(
      facts,
      'coding_fact',
      plain.coding.map(({ at, figures, ...rest }) => {
        const [commits, pull_requests, lines_added, lines_removed, accepted, rejected] = figures
        const sums = {
          commits,
          pull_requests,
          lines_added,
          lines_removed,
          accepted,
          rejected,
          input_tokens: 0,
          output_tokens: 0,
          cached_tokens: 0,
        }
        return { sign: 1, ...place, ...rest, day: dayOf(at), at: clock(at), surface: 'cli', ...sums }
      }),
    ),
  ])
}

type FactsRow = Record<string, string | number | readonly string[]>
const negated = (row: FactsRow): FactsRow => ({ ...row, sign: -1 })
const clock = (at: string | null) => (at === null ? '1970-01-01 00:00:00' : at.replace('T', ' ').replace('Z', ''))
const flag = (value: boolean) => (value ? 1 : 0)

function messageRow(place: object, message: PlainMessage): FactsRow {
  const { at, results, activated, called, tokens, unseen, ...rest } = message
  const [input_tokens, output_tokens, cached_tokens] = tokens
  return {
    sign: 1,
    ...place,
    ...rest,
    day: dayOf(at),
    at: clock(at),
    timed: flag(at !== null),
    unseen: flag(unseen),
    counted: flag(isCounted(message)),
    deleted: 0,
    client: '',
    tool_results: results,
    skill_uses: activated.length,
    connector_calls: called.length,
    skills_activated: activated,
    connectors_called: called,
    input_tokens,
    output_tokens,
    cached_tokens,
  }
}

/** Two rows that together say what the message adds to its person's day. */
function dayRows(place: object, message: PlainMessage): FactsRow[] {
  const { at, person, gpt, project, results, activated, called } = message
  const sent = flag(isCounted(message))
  const keys = { ...place, day: dayOf(at), person }
  const nothing = { messages: 0, gpt_messages: 0, project_messages: 0, tool_messages: 0, skill_uses: 0, connector_calls: 0 }
  return [
    { ...keys, ...nothing, messages: sent * 2, gpt_messages: gpt > 0 ? sent : 0, project_messages: project > 0 ? sent : 0 },
    { ...keys, ...nothing, messages: -sent, tool_messages: results.length, skill_uses: activated.length, connector_calls: called.length },
  ]
}

/** What was first said of another GPT, taken back, and what is right. */
function conversationRows(place: object, message: PlainMessage): FactsRow[] {
  const { at, person, conversation, gpt, project, source, model } = message
  const row = { ...place, day: dayOf(at), person, conversation, gpt, project, source, model, messages: 1 }
  return isCounted(message) ? [{ ...row, gpt: 31 }, { ...row, gpt: 31, messages: -1 }, row] : []
}

function usedRows(place: object, { at, person, results, activated, called }: PlainMessage): FactsRow[] {
  const rowsOf = (kind: string, names: readonly string[]) =>
    names.map((name): FactsRow => ({ ...place, day: dayOf(at), person, kind, name, uses: 1 }))
  return [...rowsOf('tool', results), ...rowsOf('skill', activated), ...rowsOf('connector', called)]
}

async function insert(facts: Facts, table: string, rows: readonly FactsRow[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first)
  const lines = rows.map((row) => Buffer.from(`${columns.map((column) => field(row[column] ?? '')).join('\t')}\n`))
  await facts.insert(table, columns, lines, crypto.randomUUID())
}

function field(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? escaped(value) : `[${value.map((one) => `'${escaped(one).replaceAll("'", "\\'")}'`).join(',')}]`
}

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')
