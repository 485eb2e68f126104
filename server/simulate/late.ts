import { secondsOfDay } from './calendar.ts'
import { Choices } from './choices.ts'
import { type Company, isFree, usesOn } from './company.ts'
import type { Day, Days } from './day.ts'
import { randomOf } from './plan.ts'
import { type Said, type Talk, talk, user } from './talk.ts'

/**
 * What a source tells late: conversations of a client that was offline, and messages whose time was wrong or missing. The day as it is in
 * the end.
 */
export function lateDay(company: Company, days: Days, day: number): Day {
  const plan = days.plan(day)
  const corrected = plan.talks.map((one) => {
    const place = correctedPlace(one)
    return place < 0
      ? one
      : { ...one, said: one.said.map((said, i) => (i === place ? { ...said, at: correctedTime(company, one, said) } : said)) }
  })
  return { ...plan, talks: [...corrected, ...offlineTalks(company, day)] }
}

/** Conversations that were held on this day and arrive with the late records. */
export function offlineTalks(company: Company, day: number): Talk[] {
  const random = randomOf(company.plan, 'late', day)
  if (isFree(company.freeWeek, day) || random.int(4) > 0) return []
  const able = company.people.filter((person) => usesOn(person, day))
  if (able.length === 0) return []
  const choices = new Choices(company, day)
  return Array.from({ length: 1 + random.int(2) }, (_, number) => {
    const start = day * secondsOfDay + 6 * 3600 + random.int(14 * 3600)
    return talk({ company, choices, person: random.pick(able), random, number, start })
  })
}

/** The question whose time is corrected: that of every twentieth conversation, and every one without a time. -1: none. */
export function correctedPlace({ number, said }: Talk): number {
  const untimed = said.findIndex((one) => one.at === 0)
  if (untimed >= 0) return untimed
  return number % 20 === 7 ? said.findLastIndex(({ role, asker }, place) => role === user && asker === place) : -1
}

/** Some hours to some days before it was first said to be, but not before the history. */
export function correctedTime({ plan }: Company, { start, number }: Talk, { at }: Said): number {
  if (at === 0) return start
  return Math.max(plan.first * secondsOfDay, at - 7200 * (1 + (number % 31)))
}

/** Conversations that their person deletes long after. */
export const isDeletedLate = ({ number, deleted }: Talk) => deleted === 0 && number % 30 === 9
