import { secondsOfDay, weekdayOf } from './calendar.ts'
import { Choices } from './choices.ts'
import { type Company, growthOf, isFree, usesOn } from './company.ts'
import type { Person } from './people.ts'
import { randomOf } from './plan.ts'
import type { Random } from './random.ts'
import { dayFactor, secondOfDay } from './rhythm.ts'
import { type Talk, talk } from './talk.ts'

/** Work of a coding agent. */
export interface CodingWork {
  readonly person: number
  readonly start: number
  readonly seconds: number
  readonly model: number
  readonly commits: number
  readonly pullRequests: number
  readonly linesAdded: number
  readonly linesRemoved: number
  readonly accepted: number
  readonly rejected: number
}

/** What begins on one day, in numbers alone. */
export interface Day {
  readonly day: number
  readonly talks: readonly Talk[]
  readonly coding: readonly CodingWork[]
}

/** Plans days, each by itself: the same day is the same whatever was planned before it. */
export class Days {
  readonly company: Company
  readonly #noise: Random

  constructor(company: Company) {
    this.company = company
    this.#noise = randomOf(company.plan, 'days')
  }

  plan(day: number): Day {
    const { company } = this
    if (isFree(company.freeWeek, day)) return { day, talks: [], coding: [] }
    const random = randomOf(company.plan, 'day', day)
    const busy = dayFactor(this.#noise, day) * growthOf(company.plan, day)
    const choices = new Choices(company, day)
    const talks: Talk[] = []
    for (const person of company.people) {
      if (!usesOn(person, day)) continue
      const many = timesOf(random, company.rate * busy * person.appetite)
      for (let i = 0; i < many; i++)
        talks.push(talk({ company, choices, person, random, number: talks.length, start: startOf(random, day) }))
    }
    return { day, talks, coding: this.#coding(day, busy) }
  }

  #coding(day: number, busy: number): CodingWork[] {
    const random = randomOf(this.company.plan, 'coding', day)
    const choices = new Choices(this.company, day)
    return this.company.people.flatMap((person) => {
      const codes = person.source === 'claude' && usesOn(person, day) && random.chance(Math.min(0.6, 0.25 * person.appetite * busy))
      return codes ? [codingWork(random, choices, person, startOf(random, day))] : []
    })
  }
}

const startOf = (random: Random, day: number) => day * secondsOfDay + secondOfDay(random, weekdayOf(day))

/** Some days are quiet and some are not: a whole number whose mean is the rate. */
function timesOf(random: Random, rate: number): number {
  if (rate < 0.4) return random.chance(rate) ? 1 : 0
  const today = rate * (moods[random.int(moods.length)] ?? 1)
  const whole = Math.floor(today)
  return whole + (random.chance(today - whole) ? 1 : 0)
}

const moods = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.8, 2.6]

function codingWork(random: Random, choices: Choices, person: Person, start: number): CodingWork {
  // One in seven is opened and left without anything done.
  const works = random.int(7) > 0
  const some = (most: number) => (works ? random.int(most) : 0)
  return {
    person: person.place,
    start,
    seconds: 60 + random.int(5400),
    model: choices.model(random, person.source),
    commits: some(5),
    pullRequests: random.chance(0.3) ? some(2) : 0,
    linesAdded: some(420),
    linesRemoved: some(160),
    accepted: some(30),
    rejected: some(8),
  }
}
