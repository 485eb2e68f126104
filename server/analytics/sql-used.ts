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
  timed,
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

/** The slice as if nobody had asked for it by what was used. */
const without = (slice: Slice, used: Used): Slice => ({
  ...slice,
  by: slice.by.filter((dimension) => dimension !== used),
  filters: slice.filters.filter(({ id }) => id !== used),
})

interface Entries {
  readonly keys: readonly string[]
  readonly count: string
  /** A table and which of its rows. */
  readonly from: string
}

/** What was used by name: from the roll-up where it knows the rest of the question as well. */
function entriesOf(slice: Slice, used: Used, binds: Binds): Entries {
  return daysSuffice(without(slice, used)) ? entriesByDay(slice, used, binds) : entriesByMessage(slice, used, binds)
}

function entriesByDay(slice: Slice, used: Used, binds: Binds): Entries {
  const keys = slice.by.map((dimension) => (dimension === used ? `name as ${keyColumn(dimension)}` : keyOf(dimension, slice, binds)))
  const { any = [], none = [] } = filterOf(slice, used) ?? {}
  const named = [
    ...(any.length > 0 ? [`name in ${binds.bind('Array(String)', any)}`] : []),
    ...(none.length > 0 ? [`name not in ${binds.bind('Array(String)', none)}`] : []),
  ]
  const where = all(whereOf(slice, binds), [`kind = ${binds.bind('String', used)}`], named, conditionsOf(slice, binds, [used]))
  return { keys, count: 'sum(uses)', from: `used_day where ${where}` }
}

/** Rows with their entries counted: an entry of its own row each where they are asked for by name, else as many as the row has. */
function entriesByMessage(slice: Slice, used: Used, binds: Binds): Entries {
  const named = chosen(entries[used].list, filterOf(slice, used), binds)
  const byName = slice.by.includes(used)
  const keys = slice.by.map((dimension) =>
    dimension === used ? `arrayJoin(${named}) as ${keyColumn(dimension)}` : keyOf(dimension, slice, binds),
  )
  const where = all(
    whereOf(slice, binds),
    [timed, `notEmpty(${entries[used].list})`],
    presenceOf(slice),
    conditionsOf(slice, binds, [used]),
  )
  return { keys, count: byName ? 'sum(sign)' : `sum(sign * toInt64(length(${named})))`, from: `message_fact where ${where}` }
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
      const { keys, count, from } = entriesOf(slice, used, binds)
      // The outer query renames: a sum may not be called like the column that it sums.
      return `select ${list(columns, 'n as uses')} from (select ${list(keys, `${count} as n`)} from ${from} ${groupBy(columns)})`
    },
  }
}

/** Active people in whose conversations it was used; who is active does not depend on what was used. */
export function users(used: Used): Part {
  return {
    ...supported(used),
    columns: { people: 0 },
    select: (slice, binds) => (isPlain(slice, used) ? usersByDay(slice, used, binds) : usersByName(slice, used, binds)),
  }
}

function usersByDay(slice: Slice, used: Used, binds: Binds): string {
  const keys = keyColumns(slice.by)
  const where = all(whereOf(slice, binds), ['person != 0'], conditionsOf(slice, binds))
  return `select ${list(keys, 'countIf(m > 0 and used > 0) as people')}
    from (select ${list(keysOf(slice, binds), 'person', 'sum(messages) as m', `sum(${entries[used].days}) as used`)} from person_day
          where ${where} ${groupBy([...keys, 'person'])}) ${groupBy(keys)}`
}

function usersByName(slice: Slice, used: Used, binds: Binds): string {
  const rest = without(slice, used)
  const restKeys = keyColumns(rest.by)
  const allKeys = keyColumns(slice.by)
  const { keys, count, from } = entriesOf(slice, used, binds)
  const active = messagesFrom(rest, binds)
  return `select ${list(allKeys, 'count() as people')}
    from (select ${list(keys, 'person')} from ${from} and person != 0 ${groupBy([...allKeys, 'person'])} having ${count} > 0)
    where (${list(restKeys, 'person')}) in (
      select ${list(restKeys, 'person')} from (
        select ${list(keysOf(rest, binds), 'person')} from ${active.from} ${groupBy([...restKeys, 'person'])} having ${active.sums.messages} > 0))
    ${groupBy(allKeys)}`
}
