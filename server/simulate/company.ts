import { type Assets, makeAssets } from './assets.ts'
import { secondsOfDay, weekdayOf } from './calendar.ts'
import { type Group, makeGroups } from './groups.ts'
import { isThere, makePeople, type Person } from './people.ts'
import { type Plan, randomOf } from './plan.ts'
import { dayFactor } from './rhythm.ts'

/** Seats bought, from a day on. */
export interface Purchase {
  readonly day: number
  readonly seats: number
}

/** Everything of a company that does not happen on a single day. Small, and kept in memory. */
export interface Company extends Assets {
  readonly plan: Plan
  readonly people: readonly Person[]
  readonly groups: readonly Group[]
  readonly purchases: readonly Purchase[]
  /** Sunday to Saturday without any use, in a history that is long enough for one. */
  readonly freeWeek: readonly [number, number] | null
  /** Conversations of a person of appetite 1 on a day of factor 1. */
  readonly rate: number
}

export function makeCompany(plan: Plan): Company {
  const people = makePeople(plan, domainOf(plan))
  const freeWeek = freeWeekOf(plan)
  return {
    plan,
    people,
    groups: makeGroups(plan, people),
    ...makeAssets(plan, people),
    purchases: purchasesOf(plan, people),
    freeWeek,
    rate: rateOf(plan, people, freeWeek),
  }
}

/** Domains that no company has: RFC 2606 keeps them for examples. */
function domainOf(plan: Plan): string {
  return `${randomOf(plan, 'domain').pick(['northwind', 'tallgrass', 'brightwater', 'oakbridge', 'silverline', 'westfjord'])}.example`
}

function freeWeekOf({ first, last }: Plan): readonly [number, number] | null {
  if (last - first < 50) return null
  const middle = first + Math.floor((last - first) * 0.6)
  const sunday = middle - weekdayOf(middle)
  return [sunday, sunday + 6]
}

export const isFree = (freeWeek: Company['freeWeek'], day: number) => freeWeek !== null && freeWeek[0] <= day && day <= freeWeek[1]

/** A few more seats than people whenever they are counted, every quarter. */
function purchasesOf(plan: Plan, people: readonly Person[]): Purchase[] {
  const purchases: Purchase[] = []
  for (let day = plan.first; day <= plan.last; day += 91) {
    const there = people.filter((person) => isThere(person, (day + 60) * secondsOfDay)).length
    const seats = Math.max(purchases.at(-1)?.seats ?? 0, Math.ceil((there * 1.08) / 5) * 5)
    if (seats !== purchases.at(-1)?.seats) purchases.push({ day, seats })
  }
  return purchases
}

/** How much more is asked later in the history than at its beginning. */
export function growthOf({ first, last }: Plan, day: number): number {
  return last === first ? 1 : 0.6 + (0.6 * (day - first)) / (last - first)
}

export const usesOn = ({ firstDay, lastDay, away }: Person, day: number) =>
  firstDay <= day && day <= lastDay && !away.some(([from, to]) => from <= day && day <= to)

/** Messages of all roles in a conversation, on average. */
const messagesPerConversation = 9.65

/** The rate at which the company comes to as many messages as its plan says. */
function rateOf(plan: Plan, people: readonly Person[], freeWeek: Company['freeWeek']): number {
  const noise = randomOf(plan, 'days')
  let [weight, personDays] = [0, 0]
  for (let day = plan.first; day <= plan.last; day++) {
    const second = day * secondsOfDay
    const factor = isFree(freeWeek, day) ? 0 : dayFactor(noise, day) * growthOf(plan, day)
    for (const person of people) {
      if (isThere(person, second)) personDays++
      if (usesOn(person, day)) weight += factor * person.appetite
    }
  }
  return weight === 0 ? 0 : ((personDays / 365) * plan.messagesPerPerson) / (weight * messagesPerConversation)
}
