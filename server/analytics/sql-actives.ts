import type { Dimension } from '../../contract/metrics.ts'
import { groupBy, isTime, keyColumns, keysOf, list } from './sql-facts.ts'
import { messagesFrom } from './sql-messages.ts'
import { messageDimensions, messageFilters, type Part } from './sql-part.ts'

const withoutTimes: readonly Dimension[] = ['weekday', 'hour']

/** The column that holds the last day of a step. */
export const endColumn = 'key_end'

/**
 * People active in the 1, 7 and 30 days ending on the last day of each step. One bitmap of people per day, joined over each window: with a
 * person counted once per day and window it would be thirty times the rows.
 */
export const actives: Part = {
  counts: 'people active in some days',
  by: new Set([...messageDimensions].filter((dimension) => !withoutTimes.includes(dimension))),
  filters: messageFilters,
  columns: { daily: 0, weekly: 0, monthly: 0 },
  window: 30,
  select(slice, binds) {
    const others = { ...slice, by: slice.by.filter((dimension) => !isTime(dimension)) }
    const keys = keyColumns(others.by)
    const { from, sums } = messagesFrom(others, binds)
    const ends = binds.bind('Array(Date)', slice.ends)
    return `select ${list(keys, `arrayJoin(arrayFilter(x -> x >= day and x < day + 30, ${ends})) as ${endColumn}`)},
        groupBitmapMergeIf(who, ${endColumn} = day) as daily, groupBitmapMergeIf(who, ${endColumn} < day + 7) as weekly, groupBitmapMerge(who) as monthly
      from (select ${list(keys, 'day', 'groupBitmapState(person) as who')}
            from (select ${list(keysOf(others, binds), 'day', 'person')} from ${from} and person != 0
                  ${groupBy([...keys, 'day', 'person'])} having ${sums.messages} > 0) ${groupBy([...keys, 'day'])})
      ${groupBy([...keys, endColumn])}`
  },
}
