import { Temporal } from 'temporal-polyfill'
import { type Period, startOfWeek } from '../../contract/periods.ts'
import { all, conditionsOf, groupBy, keyColumns, keysOf, list, type Slice, whereOf } from './sql-facts.ts'
import type { Part } from './sql-part.ts'
import { inPeople, long } from './sql-people.ts'

/** What is said of the people there are, whether they did anything or not. */
const ofPeople = { by: new Set(['person'] as const), filters: new Set(['person'] as const) }

/** The people at the end of the period: a list that the ledger gives. */
export const members: Part = {
  ...ofPeople,
  counts: 'members',
  columns: { members: 0, member_weeks: 0 },
  select(slice, binds) {
    const keys = keyColumns(slice.by)
    const weeks = binds.bind('UInt32', wholeWeeks(slice).count)
    const conditions = conditionsOf(slice, binds)
    return `select ${list(keysOf(slice, binds), 'count() as members', `count() * ${weeks} as member_weeks`)}
      from (select arrayJoin(${long(binds, 'Array(UInt64)', [...peopleOf(slice)])}) as person) ${conditions.length > 0 ? `where ${all(conditions)}` : ''}
      ${groupBy(keys)}`
  },
}

/** Those of them who ever sent anything up to the end of the period. */
export const activated: Part = {
  ...ofPeople,
  counts: 'members who were ever active',
  columns: { people: 0 },
  select(slice, binds) {
    const where = all(whereOf({ ...slice, first: '1970-01-01' }, binds), [inPeople(peopleOf(slice), binds)], conditionsOf(slice, binds))
    return `select ${list(keysOf(slice, binds), 'count() as people')}
      from (select person from person_day where ${where} group by person having sum(messages) > 0) ${groupBy(keyColumns(slice.by))}`
  },
}

/** Weekly actives of the whole weeks of the period, week by week added up, and what they sent. */
export const weeks: Part = {
  ...ofPeople,
  counts: 'people active in a week',
  columns: { actives: 0, member_actives: 0, messages: 0 },
  select(slice, binds) {
    const where = all(whereOf({ ...slice, ...wholeWeeks(slice) }, binds), ['person != 0'], conditionsOf(slice, binds))
    return `select ${list(keysOf(slice, binds), 'count() as actives', `countIf(${inPeople(peopleOf(slice), binds)}) as member_actives`, 'sum(sent) as messages')}
      from (select person, sum(messages) as sent from person_day where ${where} group by person, toStartOfWeek(day, 0) having sent > 0)
      ${groupBy(keyColumns(slice.by))}`
  },
}

function peopleOf({ membership }: Slice): ReadonlySet<number> {
  if (!membership) throw new Error('a question about members was asked without who they are')
  return membership.people
}

/** From the first Sunday to the last Saturday; of no week at all the last day lies before the first. */
function wholeWeeks(slice: Slice): { first: string; last: string; count: number } {
  const { first, last } = periodOf(slice)
  const sunday = startOfWeek(first.add({ days: 6 }))
  const saturday = startOfWeek(last.add({ days: 1 })).subtract({ days: 1 })
  return { first: `${sunday}`, last: `${saturday}`, count: Math.max(0, (sunday.until(saturday).days + 1) / 7) }
}

const periodOf = ({ first, last }: Slice): Period => ({ first: Temporal.PlainDate.from(first), last: Temporal.PlainDate.from(last) })
