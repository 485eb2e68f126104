import { Temporal } from 'temporal-polyfill'
import { dateOf, dayNumber } from './calendar.ts'
import { makeCompany } from './company.ts'
import { Days } from './day.ts'
import type { Timeline } from './distribution.ts'

export interface SimulatedDays {
  readonly seed: string
  readonly people: number
  readonly first: string
  readonly last: string
}

/** The conversations of a simulated company as a timeline: the day each began and how often its person asked. */
export function simulatedTimeline({ seed, people, first, last }: SimulatedDays): Timeline {
  const [from, to] = [first, last].map((date) => dayNumber(Temporal.PlainDate.from(date)))
  const plan = { seed, position: 0, people, first: from ?? 0, last: to ?? 0, messagesPerPerson: 2000 }
  const days = new Days(makeCompany(plan))
  const [dates, turns]: [string[], number[]] = [[], []]
  for (let day = plan.first; day <= plan.last; day++)
    for (const { said } of days.plan(day).talks) {
      dates.push(dateOf(day).toString())
      turns.push(said.filter(({ asker }, place) => asker === place).length)
    }
  return { dates, turns }
}
