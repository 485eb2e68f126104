import type { FilterId } from '../../contract/analytics.ts'
import type { Binds } from './sql.ts'
import { all, conditionsOf, groupBy, keyColumns, keysOf, list, presenceOf, type Slice, whereOf } from './sql-facts.ts'
import { conversationsFrom } from './sql-messages.ts'
import { calendarDimensions, messageFilters, ownerDimensions, type Part } from './sql-part.ts'

/** What a session does not know is asked of the messages of its conversation. */
const ofMessages: readonly FilterId[] = ['model', 'model_family', 'tool', 'skill', 'connector']

/** Sessions by the day they begin. Equal lengths are counted together, and weigh as many times in the median. */
export const sessions: Part = {
  counts: 'sessions',
  by: new Set([...calendarDimensions, ...ownerDimensions]),
  filters: messageFilters,
  columns: { sessions: 0, seconds: 0, median: null },
  select(slice, binds) {
    const keys = keyColumns(slice.by)
    const where = all(
      whereOf(slice, binds),
      presenceOf(slice),
      conditionsOf(slice, binds, ofMessages),
      inFittingConversations(slice, binds),
    )
    return `select ${list(keys, 'sum(n) as sessions', 'sum(n * length) as seconds')},
        quantileExactInclusiveArray(0.5)(arrayWithConstant(toUInt64(n), length)) as median
      from (select ${list(keysOf(slice, binds), 'seconds as length', 'sum(sign) as n')} from session_fact where ${where}
            ${groupBy([...keys, 'length'])} having n > 0) ${groupBy(keys)}`
  },
}

/** With a filter on models or tools: sessions of conversations that have a message in the period which fits all of it. */
function inFittingConversations(slice: Slice, binds: Binds): string[] {
  const filters = slice.filters.filter(({ id }) => ofMessages.includes(id))
  if (filters.length === 0) return []
  const { from, sums } = conversationsFrom({ ...slice, by: [], filters }, binds)
  return [`conversation in (select conversation from ${from} group by conversation having ${sums.messages} > 0)`]
}
