import { all, conditionsOf, groupBy, keyColumns, keysOf, list, presenceOf, timed, whereOf } from './sql-facts.ts'
import { calendarDimensions, messageFilters, modelDimensions, ownerDimensions, type Part } from './sql-part.ts'

const figures = {
  commits: 'commits',
  pull_requests: 'pull_requests',
  lines_added: 'lines_added',
  lines_removed: 'lines_removed',
  accepted: 'accepted',
  rejected: 'rejected',
} as const
const names = Object.keys(figures)
/** A session that did nothing is no sign of somebody coding. */
const touched = `(${names.join(' + ')}) > 0`

const dimensions = ['person', 'source', ...modelDimensions] as const

/** Sessions of coding agents, on the day they begin. */
export const coding: Part = {
  counts: 'coding sessions',
  by: new Set([...calendarDimensions, ...dimensions]),
  filters: new Set(dimensions),
  columns: { people: 0, sessions: 0, commits: 0, pull_requests: 0, lines_added: 0, lines_removed: 0, accepted: 0, rejected: 0 },
  select(slice, binds) {
    const keys = keyColumns(slice.by)
    const where = all(whereOf(slice, binds), conditionsOf(slice, binds))
    const summed = names.map((name) => `sum(sign * toInt64(${name})) as sum_${name}`)
    return `select ${list(
      keys,
      'countIf(person != 0 and did > 0) as people',
      'sum(n) as sessions',
      names.map((name) => `sum(sum_${name}) as ${name}`),
    )}
      from (select ${list(keysOf(slice, binds), 'person', 'sum(sign) as n', `sumIf(sign, ${touched}) as did`, summed)} from coding_fact
            where ${where} ${groupBy([...keys, 'person'])}) ${groupBy(keys)}`
  },
}

/** Tokens of messages of every role; those of coding sessions are often the same ones, reported a second time. */
export const tokens: Part = {
  counts: 'tokens',
  by: new Set([...calendarDimensions, ...ownerDimensions, ...modelDimensions]),
  filters: new Set([...messageFilters].filter((id) => id !== 'tool' && id !== 'skill' && id !== 'connector')),
  columns: { input: 0, output: 0, cached: 0 },
  adds: true,
  select(slice, binds, wanted) {
    const where = all(whereOf(slice, binds), [timed], presenceOf(slice), conditionsOf(slice, binds))
    const sums = [...wanted].map((name) => `sum(sign * toInt64(${name}_tokens)) as ${name}`)
    return `select ${list(keysOf(slice, binds), sums)} from message_fact where ${where} ${groupBy(keyColumns(slice.by))}`
  },
}
