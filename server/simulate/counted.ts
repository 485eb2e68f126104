import { dayOfSecond, secondsOfDay } from './calendar.ts'
import type { Company } from './company.ts'
import type { CodingWork, Day } from './day.ts'
import { assistant, mark, type Said, system, type Talk, tool, user } from './talk.ts'
import { models, tools } from './vocabulary.ts'

/** A message as it counts. Strings are the names that a count is broken down by; lists have one entry for each. */
export interface CountedMessage {
  readonly day: number
  readonly hour: number
  readonly person: number
  /** The same number for messages of one conversation. */
  readonly conversation: number
  readonly source: string
  readonly model: string
  readonly family: string
  /** -1: none. */
  readonly gpt: number
  readonly project: number
  /** A person sent it, seen, at a known time. */
  readonly sent: boolean
  /** Used in the turn that it begins, or else in itself. */
  readonly tools: readonly string[]
  readonly skills: readonly string[]
  readonly connectors: readonly string[]
  /** Tool messages, activations and calls that it stands for. */
  readonly results: readonly string[]
  readonly activated: readonly string[]
  readonly called: readonly string[]
  readonly tokens: readonly [number, number, number]
}

/** Somebody who is there at the end of a period. */
export interface CountedPerson {
  readonly day: number
  readonly hour: number
  readonly person: number
  readonly source: string
  /** Whether they sent anything up to then. */
  readonly activated: boolean
}

export interface CountedSession {
  readonly day: number
  readonly hour: number
  readonly person: number
  readonly source: string
  readonly gpt: number
  readonly project: number
  readonly seconds: number
}

export interface CountedCoding {
  readonly day: number
  readonly hour: number
  readonly person: number
  readonly source: string
  readonly model: string
  readonly family: string
  readonly figures: readonly [number, number, number, number, number, number]
}

/** Everything a plan comes to, by the rules of docs/metrics.md and not by any query. */
export class Counted {
  readonly messages: CountedMessage[] = []
  readonly sessions: CountedSession[] = []
  readonly coding: CountedCoding[] = []
  readonly #company: Company
  #conversations = 0

  constructor(company: Company) {
    this.#company = company
  }

  add({ talks, coding }: Pick<Day, 'talks' | 'coding'>): void {
    for (const talk of talks) this.#talk(talk)
    for (const work of coding) this.#coding(work)
  }

  #talk(talk: Talk): void {
    const conversation = this.#conversations++
    const source = this.#company.people[talk.person]?.source ?? ''
    const about = { person: talk.person, conversation, source, gpt: talk.gpt, project: talk.project }
    const turns = turnsIn(talk)
    talk.said.forEach((said, place) => {
      if (said.at === 0) return
      const { slug, family } = models[modelOf(talk, said, place)] ?? { slug: 'unknown', family: 'unknown' }
      const own = usesOf(this.#company, said)
      const used = turns.get(place)?.map((one) => usesOf(this.#company, one)) ?? [own]
      this.messages.push({
        ...about,
        ...timeOf(said.at),
        model: slug,
        family,
        sent: isQuestion(said, place),
        tools: distinct(used.flatMap(({ tools }) => tools)),
        skills: distinct(used.flatMap(({ activated }) => activated)),
        connectors: distinct(used.flatMap(({ called }) => called)),
        results: said.marks & mark.calls ? [] : own.tools,
        activated: own.activated,
        called: own.called,
        tokens: [said.input, said.output, said.cached],
      })
    })
    this.sessions.push(...sessionsOf(talk).map(({ at, seconds }) => ({ ...about, ...timeOf(at), seconds })))
  }

  #coding(work: CodingWork): void {
    const { slug, family } = models[work.model] ?? { slug: 'unknown', family: 'unknown' }
    const { commits, pullRequests, linesAdded, linesRemoved, accepted, rejected } = work
    this.coding.push({
      ...timeOf(work.start),
      person: work.person,
      source: this.#company.people[work.person]?.source ?? '',
      model: slug,
      family,
      figures: [commits, pullRequests, linesAdded, linesRemoved, accepted, rejected],
    })
  }
}

const timeOf = (second: number) => ({ day: dayOfSecond(second), hour: Math.floor((second % secondsOfDay) / 3600) })
const distinct = (names: readonly string[]) => (names.length < 2 ? names : [...new Set(names)])

/** A message of a person that begins a turn; hidden and injected ones do not. */
const isQuestion = (said: Said, place: number) => said.role === user && said.asker === place

/** The messages of each question's turn, itself included. */
function turnsIn({ said }: Talk): Map<number, Said[]> {
  const turns = new Map<number, Said[]>()
  for (const one of said) {
    const turn = turns.get(one.asker)
    if (turn) turn.push(one)
    else if (one.asker >= 0) turns.set(one.asker, [one])
  }
  return turns
}

/** Of a question the model of its last direct answer; of anything that names no model, that of the conversation. */
function modelOf(talk: Talk, said: Said, place: number): number {
  if (!isQuestion(said, place)) return said.model < 0 || said.role === user ? talk.model : said.model
  let last: Said | null = null
  for (const one of talk.said) if (one.role === assistant && one.parent === place && (last === null || one.at >= last.at)) last = one
  return last?.model ?? talk.model
}

interface Uses {
  readonly tools: readonly string[]
  readonly activated: readonly string[]
  readonly called: readonly string[]
}

const nothing: readonly string[] = []

function usesOf({ skills, connectors }: Company, said: Said): Uses {
  return {
    tools: said.tool < 0 || (said.role !== tool && said.role !== assistant) ? nothing : [tools[said.tool]?.printed ?? ''],
    activated: said.skill < 0 ? nothing : [skills[said.skill]?.name ?? ''],
    called: said.connector < 0 ? nothing : Array<string>(said.calls).fill(connectors[said.connector]?.name ?? ''),
  }
}

const longestPause = 30 * 60

/** Stretches without a longer pause in which the person asked something, with everything that is shown. */
function sessionsOf({ said }: Talk): { at: number; seconds: number }[] {
  const shown = said
    .map((one, place) => ({ at: one.at, asks: isQuestion(one, place), isShown: !(one.role === system && (one.marks & mark.hidden) > 0) }))
    .filter(({ at, isShown }) => at !== 0 && isShown)
    .sort((a, b) => a.at - b.at)
  const sessions: { at: number; last: number; asks: boolean }[] = []
  for (const { at, asks } of shown) {
    const open = sessions.at(-1)
    if (open && at - open.last <= longestPause) {
      open.last = at
      open.asks ||= asks
    } else sessions.push({ at, last: at, asks })
  }
  return sessions.filter(({ asks }) => asks).map(({ at, last }) => ({ at, seconds: last - at }))
}
