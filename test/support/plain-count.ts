import { Temporal } from 'temporal-polyfill'
import type { Dimension, MetricId } from '../../contract/metrics.ts'
import { type Period, type Step, startOf } from '../../contract/periods.ts'
import type { Filter, Key } from '../../server/analytics/query-question.ts'
import {
  dayOf,
  familyOf,
  isCounted,
  type PlainCoding,
  type PlainMessage,
  type PlainOrganization,
  type PlainSession,
} from './counted-organization.ts'

/** A condition on what is counted: a filter, or the key of the row that is looked at. */
export interface Condition {
  readonly id: Dimension
  readonly any: readonly Key[]
  readonly none: readonly Key[]
}

export const conditionsOf = (filters: readonly Filter[], by: readonly Dimension[], keys: readonly Key[]): Condition[] => [
  ...filters,
  ...by.map((id, place) => ({ id, any: [keys[place] ?? ''], none: [] })),
]

/** Every figure of one cell, counted as one would by hand: look at everything, keep what fits, count. */
export function plainCount(plain: PlainOrganization, metric: MetricId, period: Period, conditions: readonly Condition[]): number | null {
  return plainly[metric](new Cell(plain, period, conditions), metric)
}

type List = 'results' | 'activated' | 'called'
const used = { results: 'tool', activated: 'skill', called: 'connector' } as const

/** What belongs to one cell. */
class Cell {
  readonly #plain: PlainOrganization
  readonly #period: Period
  readonly #conditions: readonly Condition[]

  constructor(plain: PlainOrganization, period: Period, conditions: readonly Condition[]) {
    this.#plain = plain
    this.#period = period
    this.#conditions = conditions
  }

  #within<T extends { at: string | null }>(rows: readonly T[], { first, last } = this.#period): T[] {
    const [from, to] = [first.toString(), last.toString()]
    return rows.filter(({ at }) => at !== null && dayOf(at) >= from && dayOf(at) <= to)
  }

  #without = (id: Dimension) => this.#conditions.filter((condition) => condition.id !== id)

  #fits = (row: Countable, conditions = this.#conditions) => fits(row, conditions, this.#plain)

  messages(): PlainMessage[] {
    return this.#within(this.#plain.messages).filter((row) => this.#fits(row))
  }

  sent(conditions = this.#conditions, period = this.#period): PlainMessage[] {
    return this.#within(this.#plain.messages, period).filter((row) => isCounted(row) && this.#fits(row, conditions))
  }

  coding(): PlainCoding[] {
    return this.#within(this.#plain.coding).filter((row) => this.#fits(row))
  }

  sessions(): PlainSession[] {
    const [ofSession, ofMessage] = [false, true].map((wanted) => this.#conditions.filter(({ id }) => messageOnly.has(id) === wanted))
    const sent = this.sent(ofMessage)
    const isFitting = ({ conversation }: PlainSession) => ofMessage?.length === 0 || sent.some((row) => row.conversation === conversation)
    return this.#within(this.#plain.sessions).filter((row) => this.#fits(row, ofSession) && isFitting(row))
  }

  perConversation(): number[] {
    return [...Map.groupBy(this.sent(), ({ conversation }) => conversation).values()].map(({ length }) => length)
  }

  /** People active in so many days before the end of the step, or of the period. */
  rolling(days: number): number {
    const last = lastDay(this.#period, this.#conditions)
    const conditions = this.#conditions.filter(({ id }) => !steps.has(id))
    return peopleOf(this.sent(conditions, { first: last.subtract({ days: days - 1 }), last })).size
  }

  uses(list: List): number {
    const rows = this.#within(this.#plain.messages).filter((row) => this.#fits(row, this.#without(used[list])))
    return sum(rows, (row) => entries(row[list], used[list], this.#conditions).length)
  }

  active(without: Dimension): Set<number> {
    return peopleOf(this.sent(this.#without(without)))
  }

  /** Who is there at the end of the period and fits. */
  members(): number[] {
    return (this.#plain.members ?? []).filter((person) => this.#fits({ at: null, person }))
  }

  everActive(): number {
    const ever = peopleOf(this.sent(this.#conditions, { first: Temporal.PlainDate.from('1970-01-02'), last: this.#period.last }))
    return this.members().filter((person) => ever.has(person)).length
  }

  /** Whole weeks of the period, each with what was sent in it. */
  weeks(): PlainMessage[][] {
    const { first, last } = this.#period
    const found: PlainMessage[][] = []
    for (let day = first; Temporal.PlainDate.compare(day.add({ days: 6 }), last) <= 0; day = day.add({ days: 1 }))
      if (day.dayOfWeek === 7) found.push(this.sent(this.#conditions, { first: day, last: day.add({ days: 6 }) }))
    return found
  }

  weeklyMembers(): number {
    const members = new Set(this.members())
    return sum(this.weeks(), (sent) => peopleOf(sent).intersection(members).size)
  }

  users(list: List): number {
    const rows = this.#within(this.#plain.messages).filter((row) => this.#fits(row, this.#without(used[list])))
    const active = this.active(used[list])
    const using = peopleOf(rows.filter((row) => entries(row[list], used[list], this.#conditions).length > 0))
    return [...using].filter((person) => active.has(person)).length
  }
}

const withGpt = ({ gpt }: PlainMessage) => gpt > 0
const inProject = ({ project }: PlainMessage) => project > 0
type Figure = (cell: Cell, metric: MetricId) => number | null
const codingFigure: Figure = (cell, metric) => sum(cell.coding(), ({ figures }) => figures[codingFigures.indexOf(metric)] ?? 0)
const tokenFigure: Figure = (cell, metric) => sum(cell.messages(), ({ tokens }) => tokens[tokenFigures.indexOf(metric)] ?? 0)
const shareOfUsers =
  (list: List): Figure =>
  (cell) =>
    quotient(cell.users(list), cell.active(used[list]).size)

const plainly: Record<MetricId, Figure> = {
  messages: (cell) => cell.sent().length,
  active_people: (cell) => peopleOf(cell.sent()).size,
  gpt_messages: (cell) => cell.sent().filter(withGpt).length,
  project_messages: (cell) => cell.sent().filter(inProject).length,
  tool_messages: (cell) => cell.uses('results'),
  skill_uses: (cell) => cell.uses('activated'),
  connector_calls: (cell) => cell.uses('called'),
  conversations: (cell) => cell.perConversation().length,
  messages_per_conversation: (cell) => quotient(cell.sent().length, cell.perConversation().length),
  messages_per_conversation_median: (cell) => median(cell.perConversation()),
  sessions: (cell) => cell.sessions().length,
  session_seconds: (cell) =>
    quotient(
      sum(cell.sessions(), ({ seconds }) => seconds),
      cell.sessions().length,
    ),
  session_seconds_median: (cell) => median(cell.sessions().map(({ seconds }) => seconds)),
  daily_active: (cell) => cell.rolling(1),
  weekly_active: (cell) => cell.rolling(7),
  monthly_active: (cell) => cell.rolling(30),
  members: (cell) => cell.members().length,
  activation_rate: (cell) => quotient(cell.everActive(), cell.members().length),
  weekly_share: (cell) => quotient(cell.weeklyMembers(), cell.members().length * cell.weeks().length),
  messages_per_weekly_person: (cell) =>
    quotient(
      sum(cell.weeks(), (sent) => sent.filter(({ person }) => person !== 0).length),
      sum(cell.weeks(), (sent) => peopleOf(sent).size),
    ),
  people_using_gpts: (cell) => peopleOf(cell.sent().filter(withGpt)).size,
  people_using_projects: (cell) => peopleOf(cell.sent().filter(inProject)).size,
  people_using_tools: (cell) => cell.users('results'),
  people_using_skills: (cell) => cell.users('activated'),
  people_using_connectors: (cell) => cell.users('called'),
  gpt_share: (cell) => quotient(peopleOf(cell.sent().filter(withGpt)).size, cell.active('gpt').size),
  project_share: (cell) => quotient(peopleOf(cell.sent().filter(inProject)).size, cell.active('project').size),
  tool_share: shareOfUsers('results'),
  skill_share: shareOfUsers('activated'),
  connector_share: shareOfUsers('called'),
  coding_people: (cell) => peopleOf(cell.coding().filter(({ figures }) => figures.some((figure) => figure > 0))).size,
  coding_sessions: (cell) => cell.coding().length,
  commits: codingFigure,
  pull_requests: codingFigure,
  lines_added: codingFigure,
  lines_removed: codingFigure,
  tool_actions_accepted: codingFigure,
  tool_actions_rejected: codingFigure,
  input_tokens: tokenFigure,
  output_tokens: tokenFigure,
  cached_tokens: tokenFigure,
}

const codingFigures: MetricId[] = [
  'commits',
  'pull_requests',
  'lines_added',
  'lines_removed',
  'tool_actions_accepted',
  'tool_actions_rejected',
]
const tokenFigures: MetricId[] = ['input_tokens', 'output_tokens', 'cached_tokens']
const messageOnly: ReadonlySet<string> = new Set(['model', 'model_family', 'tool', 'skill', 'connector'])
const steps: ReadonlySet<string> = new Set(['day', 'week', 'month'])

const sum = <T>(rows: readonly T[], of: (row: T) => number) => rows.reduce((total, row) => total + of(row), 0)
const quotient = (of: number, per: number) => (per === 0 ? null : of / per)
const peopleOf = (rows: readonly { person: number }[]) => new Set(rows.map(({ person }) => person).filter((person) => person !== 0))

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** The last day of the step that is looked at, cut to the period. */
function lastDay(period: Period, conditions: readonly Condition[]): Temporal.PlainDate {
  const step = conditions.find(({ id }) => steps.has(id))
  if (!step) return period.last
  const end = Temporal.PlainDate.from(String(step.any[0]))
    .add({ [`${step.id}s`]: 1 })
    .subtract({ days: 1 })
  return Temporal.PlainDate.compare(end, period.last) > 0 ? period.last : end
}

type Countable = { at: string | null; person: number } & Partial<Omit<PlainMessage, 'at' | 'person'>>

function fits(row: Countable, conditions: readonly Condition[], plain: PlainOrganization): boolean {
  return conditions.every(({ id, any, none }) => {
    const values = valuesOf(row, id, plain)
    return (any.length === 0 || any.some((value) => values.includes(value))) && !none.some((value) => values.includes(value))
  })
}

/** Entries by name that every condition on them leaves. */
function entries(names: readonly string[], id: Dimension, conditions: readonly Condition[]): string[] {
  const its = conditions.filter((condition) => condition.id === id)
  return names.filter((name) => its.every(({ any, none }) => (any.length === 0 || any.includes(name)) && !none.includes(name)))
}

const calendar = new Map<string, Record<Step | 'weekday', Key>>()

/** Worked out once per day: there are few days and many messages. */
function calendarOf(text: string): Record<Step | 'weekday', Key> {
  const known = calendar.get(text)
  if (known) return known
  const day = Temporal.PlainDate.from(text)
  const of = (step: Step) => startOf(step, day).toString()
  const keys = { day: of('day'), week: of('week'), month: of('month'), weekday: day.dayOfWeek % 7 }
  calendar.set(text, keys)
  return keys
}

export function valuesOf(row: Countable, id: Dimension, { groups, roles }: PlainOrganization): Key[] {
  switch (id) {
    case 'day':
    case 'week':
    case 'month':
    case 'weekday':
      return [calendarOf(dayOf(row.at))[id]]
    case 'hour':
      return [Number(row.at?.slice(11, 13))]
    case 'tool':
      return [...(row.tools ?? [])]
    case 'skill':
      return [...(row.skills ?? [])]
    case 'connector':
      return [...(row.connectors ?? [])]
    case 'model_family':
      return row.model === undefined ? [] : [familyOf(row.model)]
    case 'person':
      return [row.person]
    case 'group':
      return [...(groups ?? [])].flatMap(([group, members]) => (members.includes(row.person) ? [group] : []))
    case 'role':
      return [roles?.get(row.person) ?? 'unknown']
    case 'model':
      return row.model === undefined ? [] : [row.model]
    case 'source':
      return row.source === undefined ? [] : [row.source]
    case 'gpt':
      return row.gpt === undefined ? [] : [row.gpt]
    case 'project':
      return row.project === undefined ? [] : [row.project]
    default:
      return []
  }
}
