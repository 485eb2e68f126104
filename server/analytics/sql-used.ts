import type { Binds } from './sql.ts'
import {
  all,
  chosen,
  conditionsOf,
  daysSuffice,
  filterOf,
  groupBy,
  keyColumn,
  keyColumns,
  keyOf,
  keysOf,
  list,
  presenceOf,
  type Slice,
  type Used,
  whereOf,
} from './sql-facts.ts'
import { messagesFrom } from './sql-messages.ts'
import { calendarDimensions, modelDimensions, ownerDimensions, type Part } from './sql-part.ts'

/** What a message did itself, one entry each, and the sum of it by person and day. */
const entries = {
  tool: { list: 'tool_results', days: 'tool_messages', counts: 'tool messages' },
  skill: { list: 'skills_activated', days: 'skill_uses', counts: 'skill uses' },
  connector: { list: 'connectors_called', days: 'connector_calls', counts: 'connector calls' },
} as const

const supported = (used: Used) => {
  const owners = [...ownerDimensions, ...modelDimensions]
  return { counts: entries[used].counts, by: new Set([...calendarDimensions, ...owners, used]), filters: new Set([...owners, used]) }
}

const isPlain = (slice: Slice, used: Used) => daysSuffice(slice) && !slice.by.includes(used) && !filterOf(slice, used)

/** Rows with their entries counted: an entry of its own row each where they are asked for by name, else as many as the row has. */
function entriesOf(slice: Slice, used: Used, binds: Binds): { keys: string[]; count: string; where: string } {
  const named = chosen(entries[used].list, filterOf(slice, used), binds)
  const byName = slice.by.includes(used)
  const keys = slice.by.map((dimension) =>
    dimension === used ? `arrayJoin(${named}) as ${keyColumn(dimension)}` : keyOf(dimension, slice, binds),
  )
  const where = all(whereOf(slice, binds), [`notEmpty(${entries[used].list})`], presenceOf(slice), conditionsOf(slice, binds, [used]))
  return { keys, count: byName ? 'sum(sign)' : `sum(sign * toInt64(length(${named})))`, where }
}

/** Tool messages, skill uses or connector calls. */
export function uses(used: Used): Part {
  return {
    ...supported(used),
    columns: { uses: 0 },
    adds: true,
    select(slice, binds) {
      const columns = keyColumns(slice.by)
      if (isPlain(slice, used)) {
        const where = all(whereOf(slice, binds), conditionsOf(slice, binds))
        return `select ${list(keysOf(slice, binds), `sum(${entries[used].days}) as uses`)} from person_day where ${where} ${groupBy(columns)}`
      }
      const { keys, count, where } = entriesOf(slice, used, binds)
      return `select ${list(keys, `${count} as uses`)} from message_fact where ${where} ${groupBy(columns)}`
    },
  }
}

/** Active people in whose conversations it was used; who is active does not depend on what was used. */
export function users(used: Used): Part {
  return {
    ...supported(used),
    columns: { people: 0 },
    select: (slice, binds) => (isPlain(slice, used) ? usersByDay(slice, used, binds) : usersByMessage(slice, used, binds)),
  }
}

function usersByDay(slice: Slice, used: Used, binds: Binds): string {
  const keys = keyColumns(slice.by)
  const where = all(whereOf(slice, binds), ['person != 0'], conditionsOf(slice, binds))
  return `select ${list(keys, 'countIf(m > 0 and used > 0) as people')}
    from (select ${list(keysOf(slice, binds), 'person', 'sum(messages) as m', `sum(${entries[used].days}) as used`)} from person_day
          where ${where} ${groupBy([...keys, 'person'])}) ${groupBy(keys)}`
}

function usersByMessage(slice: Slice, used: Used, binds: Binds): string {
  const rest = {
    ...slice,
    by: slice.by.filter((dimension) => dimension !== used),
    filters: slice.filters.filter(({ id }) => id !== used),
  }
  const restKeys = keyColumns(rest.by)
  const allKeys = keyColumns(slice.by)
  const { keys, count, where } = entriesOf(slice, used, binds)
  const { from, sums } = messagesFrom(rest, binds)
  return `select ${list(allKeys, 'count() as people')}
    from (select ${list(keys, 'person')} from message_fact where ${where} and person != 0 ${groupBy([...allKeys, 'person'])} having ${count} > 0)
    where (${list(restKeys, 'person')}) in (
      select ${list(restKeys, 'person')} from (
        select ${list(keysOf(rest, binds), 'person')} from ${from} ${groupBy([...restKeys, 'person'])} having ${sums.messages} > 0))
    ${groupBy(allKeys)}`
}
