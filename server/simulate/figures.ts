import { type Dimension, type MetricId, metricIds } from '../../contract/metrics.ts'
import { weekdayOf } from './calendar.ts'
import type { CountedCoding, CountedMessage, CountedPerson, CountedSession } from './counted.ts'

/** What belongs to one row of an answer; the row without a key is the whole. */
export interface Cell {
  readonly by: Dimension | null
  readonly key: string
  /** Messages of the period: those of people and all that used something. */
  readonly sent: readonly CountedMessage[]
  readonly messages: readonly CountedMessage[]
  readonly sessions: readonly CountedSession[]
  readonly coding: readonly CountedCoding[]
  /** Messages of people in the days up to `end`, the last day of the row: thirty of them at least. */
  readonly recent: readonly CountedMessage[]
  readonly end: number
  /** Who is there at the end of the period. */
  readonly members: readonly CountedPerson[]
  /** Sunday of the first and of the last whole week of the period, which has none when the second is before the first. */
  readonly weeks: readonly [number, number]
}

const calendar = ['day', 'week', 'month'] as const
const owners = ['person', 'gpt', 'project', 'source', 'group', 'role'] as const
const ofModels = ['model', 'model_family'] as const
const times = [...calendar, 'weekday', 'hour'] as const

/** What each kind of figure can be broken down by. */
const dimensionsOf = {
  sent: [...times, ...owners, ...ofModels, 'tool', 'skill', 'connector'],
  actives: [...calendar, ...owners, ...ofModels, 'tool', 'skill', 'connector'],
  sessions: [...times, ...owners],
  coding: [...times, 'person', 'source', 'group', 'role', ...ofModels],
  tokens: [...times, ...owners, ...ofModels],
  tool: [...times, ...owners, ...ofModels, 'tool'],
  skill: [...times, ...owners, ...ofModels, 'skill'],
  connector: [...times, ...owners, ...ofModels, 'connector'],
  members: ['person', 'group', 'role'],
} as const satisfies Record<string, readonly Dimension[]>

type Part = keyof typeof dimensionsOf

interface Figure {
  readonly part: Part
  readonly count: (cell: Cell, whole: Cell) => number | null
}

const sent = (count: Figure['count']): Figure => ({ part: 'sent', count })
const withGpt = ({ sent: rows }: Cell) => rows.filter(({ gpt }) => gpt >= 0)
const inProject = ({ sent: rows }: Cell) => rows.filter(({ project }) => project >= 0)

type Used = 'tool' | 'skill' | 'connector'
const entries = { tool: 'results', skill: 'activated', connector: 'called' } as const

/** Of a message the entries that the cell is about. */
const entriesIn = (cell: Cell, used: Used, message: CountedMessage) =>
  cell.by === used ? message[entries[used]].filter((name) => name === cell.key) : message[entries[used]]

const uses = (used: Used): Figure => ({ part: used, count: (cell) => sum(cell.messages, (one) => entriesIn(cell, used, one).length) })

/** Who is active does not depend on what was used. */
const activeBeside = (used: Dimension, cell: Cell, whole: Cell) => people(cell.by === used ? whole.sent : cell.sent)

function users(used: Used, cell: Cell, whole: Cell): number {
  const active = activeBeside(used, cell, whole)
  return [...people(cell.messages.filter((one) => entriesIn(cell, used, one).length > 0))].filter((person) => active.has(person)).length
}

const peopleUsing = (used: Used): Figure => ({ part: used, count: (cell, whole) => users(used, cell, whole) })
const shareUsing = (used: Used): Figure => ({
  part: used,
  count: (cell, whole) => quotient(users(used, cell, whole), activeBeside(used, cell, whole).size),
})

const ofMembers = (count: (cell: Cell) => number | null): Figure => ({ part: 'members', count })
const weekCount = ({ weeks: [first, last] }: Cell) => Math.max(0, (last - first) / 7 + 1)

/** Messages of the whole weeks, by person and week. */
function byWeek({ sent: rows, weeks: [first, last] }: Cell): CountedMessage[][] {
  const within = rows.filter(({ day }) => first <= day && day <= last + 6)
  return [...Map.groupBy(within, ({ person, day }) => `${person} ${day - weekdayOf(day)}`).values()]
}

function memberWeeks(cell: Cell): number {
  const members = people(cell.members)
  return byWeek(cell).filter(([one]) => one && members.has(one.person)).length
}

/** People of so many days up to the last. */
const activeIn = (days: number): Figure => ({
  part: 'actives',
  count: ({ recent, end }) => people(recent.filter(({ day }) => day > end - days && day <= end)).size,
})

const perSession = (count: (seconds: number[]) => number | null): Figure => ({
  part: 'sessions',
  count: ({ sessions }) => count(sessions.map(({ seconds }) => seconds)),
})

const coded = (place: number): Figure => ({ part: 'coding', count: ({ coding }) => sum(coding, ({ figures }) => figures[place] ?? 0) })
const tokens = (place: number): Figure => ({ part: 'tokens', count: ({ messages }) => sum(messages, (one) => one.tokens[place] ?? 0) })

/** Every metric of the catalogue, each counted as one would by hand. */
const figures: Readonly<Record<MetricId, Figure>> = {
  active_people: sent((cell) => people(cell.sent).size),
  messages: sent((cell) => cell.sent.length),
  gpt_messages: sent((cell) => withGpt(cell).length),
  project_messages: sent((cell) => inProject(cell).length),
  tool_messages: uses('tool'),
  skill_uses: uses('skill'),
  connector_calls: uses('connector'),
  conversations: sent((cell) => perConversation(cell).length),
  messages_per_conversation: sent((cell) => quotient(cell.sent.length, perConversation(cell).length)),
  messages_per_conversation_median: sent((cell) => median(perConversation(cell))),
  sessions: perSession(({ length }) => length),
  session_seconds: perSession((seconds) =>
    quotient(
      sum(seconds, (one) => one),
      seconds.length,
    ),
  ),
  session_seconds_median: perSession(median),
  daily_active: activeIn(1),
  weekly_active: activeIn(7),
  monthly_active: activeIn(30),
  people_using_gpts: sent((cell) => people(withGpt(cell)).size),
  people_using_projects: sent((cell) => people(inProject(cell)).size),
  people_using_tools: peopleUsing('tool'),
  people_using_skills: peopleUsing('skill'),
  people_using_connectors: peopleUsing('connector'),
  gpt_share: sent((cell, whole) => quotient(people(withGpt(cell)).size, activeBeside('gpt', cell, whole).size)),
  project_share: sent((cell, whole) => quotient(people(inProject(cell)).size, activeBeside('project', cell, whole).size)),
  tool_share: shareUsing('tool'),
  skill_share: shareUsing('skill'),
  connector_share: shareUsing('connector'),
  members: ofMembers(({ members }) => members.length),
  activation_rate: ofMembers(({ members }) => quotient(members.filter(({ activated }) => activated).length, members.length)),
  weekly_share: ofMembers((cell) => quotient(memberWeeks(cell), cell.members.length * weekCount(cell))),
  messages_per_weekly_person: ofMembers((cell) =>
    quotient(
      sum(byWeek(cell), ({ length }) => length),
      byWeek(cell).length,
    ),
  ),
  coding_people: { part: 'coding', count: ({ coding }) => people(coding.filter(({ figures: work }) => work.some((one) => one > 0))).size },
  coding_sessions: { part: 'coding', count: ({ coding }) => coding.length },
  commits: coded(0),
  pull_requests: coded(1),
  lines_added: coded(2),
  lines_removed: coded(3),
  tool_actions_accepted: coded(4),
  tool_actions_rejected: coded(5),
  input_tokens: tokens(0),
  output_tokens: tokens(1),
  cached_tokens: tokens(2),
}

export type Figures = Partial<Record<MetricId, number | null>>

/** Every figure of a cell that it can be broken down to. */
export function figuresOf(cell: Cell, whole: Cell): Figures {
  const found: Figures = {}
  for (const metric of metricIds) {
    const figure = figures[metric]
    if (cell.by === null || dimensionsOf[figure.part].some((dimension) => dimension === cell.by)) found[metric] = figure.count(cell, whole)
  }
  return found
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  let total = 0
  for (const row of rows) total += of(row)
  return total
}

const quotient = (of: number, per: number) => (per === 0 ? null : of / per)
const people = (rows: readonly { person: number }[]) => new Set(rows.map(({ person }) => person))

function perConversation({ sent: rows }: Cell): number[] {
  const counts = new Map<number, number>()
  for (const { conversation } of rows) counts.set(conversation, (counts.get(conversation) ?? 0) + 1)
  return [...counts.values()]
}

/** Of an even number the mean of the two in the middle. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
