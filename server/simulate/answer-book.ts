import { Temporal } from 'temporal-polyfill'
import { type Dimension, dimensionIds } from '../../contract/metrics.ts'
import { bucketsOf, type Period, parseRange, type Step, startOf, startOfWeek } from '../../contract/periods.ts'
import { dateOf, dayNumber, dayText, secondsOfDay, weekdayOf } from './calendar.ts'
import type { Company } from './company.ts'
import { Counted, type CountedCoding, type CountedMessage, type CountedPerson, type CountedSession } from './counted.ts'
import { Days } from './day.ts'
import { type Cell, type Figures, figuresOf } from './figures.ts'
import { membersAt } from './groups.ts'
import { lateDay } from './late.ts'
import { at, isThere } from './people.ts'

/** What every count comes to in one period. */
export interface Answers {
  /** The range as it is asked for on the day after the history ends. */
  readonly range: string
  readonly first: string
  readonly last: string
  readonly total: Figures
  /** By dimension, a row for each key; what has no row is zero, or null where nothing can be said. */
  readonly by: Partial<Record<Dimension, readonly (Figures & { key: string })[]>>
}

export interface AnswerBook {
  /** `now`: of the history alone; `late`: with what arrives later and is about the past. */
  readonly state: 'now' | 'late'
  readonly seats: Seats
  readonly periods: readonly Answers[]
}

/** As of the end of the history. */
interface Seats {
  readonly purchased: number
  readonly enabled: number
  /** Of those enabled, who was active in the last 28 days. */
  readonly active: number
  readonly pending: number
  readonly power_users: number
  readonly ever_active: number
}

/** The answers to everything that can be asked of a company, worked out from its plan. */
export function answerBook(company: Company, late: boolean): AnswerBook {
  const counted = new Counted(company)
  const days = new Days(company)
  const { first, last } = company.plan
  for (let day = first; day <= last; day++) counted.add(late ? lateDay(company, days, day) : days.plan(day))
  const periods = periodsOf(first, last).map(({ range, period }) => answersIn(company, counted, range, period))
  return { state: late ? 'late' : 'now', seats: seatsOf(company, counted), periods }
}

/** Months, weeks and presets that touch the history, seen from the day after it. */
function periodsOf(first: number, last: number): { range: string; period: Period }[] {
  const today = dateOf(last + 1)
  const begin = dateOf(first)
  const months = Array.from({ length: 12 }, (_, i) => dateOf(last).with({ day: 1 }).subtract({ months: i }).toString().slice(0, 7))
  const weeks = [1, 2, 3, 4, 5].map((i) => `week-${startOfWeek(today).subtract({ weeks: i })}`)
  const custom = `${begin.add({ days: Math.floor((last - first) / 3) })}..${begin.add({ days: Math.floor(((last - first) * 4) / 5) })}`
  return [...months, ...weeks, '7d', '28d', '90d', '12m', 'yesterday', custom].flatMap((range) => {
    const wanted = parseLimited(range, today)
    return wanted && dayNumber(wanted.last) >= first ? [{ range, period: wanted }] : []
  })
}

/** A custom range may be longer than can be asked for. */
function parseLimited(range: string, today: Period['last']): Period | null {
  try {
    return parseRange(range, today)
  } catch {
    return null
  }
}

function answersIn(company: Company, counted: Counted, range: string, period: Period): Answers {
  const [first, last] = [dayNumber(period.first), dayNumber(period.last)]
  const within = <T extends { day: number }>(rows: readonly T[], from = first) => rows.filter(({ day }) => from <= day && day <= last)
  const messages = within(counted.messages)
  const whole: Cell = {
    by: null,
    key: '',
    messages,
    sent: messages.filter(({ sent }) => sent),
    sessions: within(counted.sessions),
    coding: within(counted.coding),
    recent: within(counted.messages, first - 29).filter(({ sent }) => sent),
    end: last,
    members: membersOf(company, counted, last),
    weeks: [first + ((7 - weekdayOf(first)) % 7), last - ((weekdayOf(last) + 1) % 7) - 6],
  }
  const keys = new Keys(company, last)
  const by = dimensionIds.map((dimension) => {
    const rows = cellsOf(whole, dimension, keys, period).map((cell) => ({ key: cell.key, ...figuresOf(cell, whole) }))
    return [dimension, rows] as const
  })
  return { range, first: dayText(first), last: dayText(last), total: figuresOf(whole, whole), by: Object.fromEntries(by) }
}

/** Everybody the record knows of, without those who left; who came later is said to have been there. */
function membersOf({ people }: Company, { messages }: Counted, last: number): CountedPerson[] {
  const ever = new Set(messages.filter(({ sent, day }) => sent && day <= last).map(({ person }) => person))
  return people
    .filter(({ left }) => left === null || left >= (last + 1) * secondsOfDay)
    .map(({ place, source }) => ({ day: last, hour: 0, person: place, source, activated: ever.has(place) }))
}

/** The rows of a breakdown, by key. What is asked of the days before the end of a step is asked anew for each step. */
function cellsOf(whole: Cell, by: Dimension, keys: Keys, period: Period): Cell[] {
  const lately = whole.recent.filter(({ day }) => day > whole.end - 30)
  const messages = keys.group(whole.messages, by, true)
  const [sent, recent] = [keys.group(whole.sent, by, false), keys.group(lately, by, false)]
  const sessions = keys.group(whole.sessions, by, false)
  const coding = keys.group(whole.coding, by, false)
  const members = by === 'person' || by === 'group' || by === 'role' ? keys.group(whole.members, by, false) : null
  const isStep = by === 'day' || by === 'week' || by === 'month'
  const occurring = [members, messages, sent, recent, sessions, coding].flatMap((map) => [...(map?.keys() ?? [])])
  // A step without anything in it has a row: people may have been active in the days before.
  const all = new Set(isStep ? bucketsOf(period, by, period.last).map(({ key }) => key) : occurring)
  return [...all].sort().map((key) => ({
    by,
    key,
    messages: messages.get(key) ?? [],
    sent: sent.get(key) ?? [],
    sessions: sessions.get(key) ?? [],
    coding: coding.get(key) ?? [],
    recent: isStep ? whole.recent : (recent.get(key) ?? []),
    end: isStep ? Math.min(whole.end, endOf(by, key)) : whole.end,
    members: members?.get(key) ?? [],
    weeks: whole.weeks,
  }))
}

function endOf(step: Step, key: string): number {
  return dayNumber(Temporal.PlainDate.from(key).add({ [`${step}s`]: 1 })) - 1
}

type Row = CountedMessage | CountedSession | CountedCoding | CountedPerson

/** The keys that a row has in each dimension; groups and roles as of the end of the period. */
class Keys {
  readonly #company: Company
  readonly #groups: Map<number, string[]> = new Map()
  readonly #roles: string[]

  constructor(company: Company, lastDay: number) {
    this.#company = company
    const second = (lastDay + 1) * secondsOfDay - 1
    company.groups.forEach(({ id }, place) => {
      for (const person of membersAt(company.groups, place, second)) this.#groups.set(person, [...(this.#groups.get(person) ?? []), id])
    })
    this.#roles = company.people.map(({ roles }) => at(roles, second))
  }

  /** `byEntry`: rows of tools, skills and connectors by what they did themselves, and not by what was used in their turn. */
  group<T extends Row>(rows: readonly T[], by: Dimension, byEntry: boolean): Map<string, T[]> {
    const groups = new Map<string, T[]>()
    for (const row of rows)
      for (const key of this.#keysOf(row, by, byEntry)) {
        const known = groups.get(key)
        if (known) known.push(row)
        else groups.set(key, [row])
      }
    return groups
  }

  #keysOf(row: Row, by: Dimension, byEntry: boolean): readonly string[] {
    const { people, gpts, projects } = this.#company
    switch (by) {
      case 'day':
        return [dayText(row.day)]
      case 'week':
      case 'month':
        return [stepText(by, row.day)]
      case 'weekday':
        return [String(weekdayOf(row.day))]
      case 'hour':
        return [String(row.hour)]
      case 'person':
        return [people[row.person]?.id ?? '']
      case 'role':
        return [this.#roles[row.person] ?? 'unknown']
      case 'group':
        return this.#groups.get(row.person) ?? []
      case 'source':
        return [row.source]
      case 'gpt':
        return 'gpt' in row && row.gpt >= 0 ? [gpts[row.gpt]?.id ?? ''] : []
      case 'project':
        return 'project' in row && row.project >= 0 ? [projects[row.project]?.id ?? ''] : []
      case 'model':
        return 'model' in row ? [row.model] : []
      case 'model_family':
        return 'family' in row ? [row.family] : []
      default:
        return 'tools' in row ? usedIn(row, by, byEntry) : []
    }
  }
}

function usedIn(row: CountedMessage, by: 'tool' | 'skill' | 'connector', byEntry: boolean): readonly string[] {
  if (by === 'tool') return byEntry ? new Set(row.results).keys().toArray() : row.tools
  if (by === 'skill') return byEntry ? row.activated : row.skills
  return byEntry ? new Set(row.called).keys().toArray() : row.connectors
}

const stepTexts = new Map<string, string>()

function stepText(step: Step, day: number): string {
  const name = `${step} ${day}`
  const text = stepTexts.get(name) ?? startOf(step, dateOf(day)).toString()
  stepTexts.set(name, text)
  return text
}

function seatsOf(company: Company, { messages }: Counted): Seats {
  const { last } = company.plan
  const end = (last + 1) * secondsOfDay - 1
  const enabled = new Set(company.people.filter((person) => isThere(person, end)).map(({ place }) => place))
  const sent = messages.filter((one) => one.sent)
  const recent = Map.groupBy(
    sent.filter(({ day }) => day > last - 28),
    ({ person }) => person,
  )
  const amounts = [...recent.values()].map(({ length }) => length).sort((a, b) => b - a)
  const least = amounts[Math.ceil(amounts.length * 0.2) - 1] ?? 0
  // Ties share the rank of the first of them.
  const power = [...recent.values()].filter(
    (own) => own.length >= least && own.length / 4 >= 75 && new Set(own.flatMap(({ tools }) => tools)).size >= 3,
  )
  return {
    purchased: company.purchases.at(-1)?.seats ?? 0,
    enabled: enabled.size,
    active: [...recent.keys()].filter((person) => enabled.has(person)).length,
    pending: company.people.filter(({ invitations, joined }) => joined === null && invitations.some(({ expires }) => expires > end)).length,
    power_users: power.length,
    ever_active: new Set(sent.map(({ person }) => person)).size,
  }
}
