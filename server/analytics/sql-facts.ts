import type { FilterId } from '../../contract/analytics.ts'
import { type Dimension, dimensions } from '../../contract/metrics.ts'
import type { Membership } from './groups.ts'
import { familyOfPrefix, familyPattern, otherFamily } from './model-family.ts'
import type { Filter } from './query-question.ts'
import type { Binds } from './sql.ts'
import { groupKey, peopleConditions, roleKey } from './sql-people.ts'

/** What one query on the facts is about: whose, when, narrowed how, broken down how. */
export interface Slice {
  readonly organization: number
  readonly workspace: number
  /** Both ends included. */
  readonly first: string
  readonly last: string
  readonly by: readonly Dimension[]
  readonly filters: readonly Filter[]
  /** Last days of the steps that a rolling figure is for. */
  readonly ends: readonly string[]
  /** Who belongs where at the end of the period; null where nothing asks for it. */
  readonly membership: Membership | null
}

/** Names of things in the lists that a row carries. */
const lists = { tool: 'tools', skill: 'skills', connector: 'connectors' } as const
export type Used = keyof typeof lists
export const usedThings = Object.keys(lists) as Used[]
export const isUsed = (id: string): id is Used => Object.hasOwn(lists, id)

/** The organization first, then the workspace, then the days: the order of the tables. A day before the first that the engine knows would become that one. */
export function whereOf(slice: Slice, binds: Binds): string[] {
  return [
    `organization = ${binds.bind('UInt32', slice.organization)}`,
    `workspace = ${binds.bind('UInt32', slice.workspace)}`,
    `day between ${binds.bind('Date', slice.first)} and ${binds.bind('Date', slice.last)}`,
    ...(slice.last < firstDay ? ['false'] : []),
  ]
}

const firstDay = '1970-01-01'
/** What has no time stands on the first day, and is in no figure. */
export const timed = 'timed'

/** The column of a dimension in a result. */
export const keyColumn = (dimension: Dimension) => `key_${dimension}`
export const keyColumns = (by: readonly Dimension[]) => by.map(keyColumn)

/**
 * Each dimension as an expression over a row. A row that uses several tools counts for each of them. Where a filter names some of them,
 * only those are shown: a list of tools narrowed to one tool has one row.
 */
export function keysOf(slice: Slice, binds: Binds): string[] {
  return slice.by.map((dimension) => keyOf(dimension, slice, binds))
}

export function keyOf(dimension: Dimension, slice: Slice, binds: Binds): string {
  return `${expressionOf(dimension, slice, binds)} as ${keyColumn(dimension)}`
}

function expressionOf(dimension: Dimension, slice: Slice, binds: Binds): string {
  switch (dimension) {
    case 'week':
      return 'toStartOfWeek(day, 0)'
    case 'month':
      return 'toStartOfMonth(day)'
    case 'weekday':
      return '(toDayOfWeek(day) % 7)'
    case 'hour':
      return 'toHour(at)'
    case 'model_family':
      return familyOf(binds)
    case 'tool':
    case 'skill':
    case 'connector':
      return `arrayJoin(${chosen(`arrayDistinct(${lists[dimension]})`, filterOf(slice, dimension), binds)})`
    case 'group':
      return groupKey(slice.membership, binds)
    case 'role':
      return roleKey(slice.membership, binds)
    default:
      return dimension
  }
}

export const filterOf = (slice: Slice, id: FilterId) => slice.filters.find((filter) => filter.id === id)

/** The entries of a list that a filter leaves. */
export function chosen(list: string, filter: Filter | undefined, binds: Binds): string {
  if (!filter || filter.any.length + filter.none.length === 0) return list
  const any = filter.any.length > 0 ? [`x in ${binds.bind('Array(String)', filter.any)}`] : []
  const none = filter.none.length > 0 ? [`x not in ${binds.bind('Array(String)', filter.none)}`] : []
  return `arrayFilter(x -> ${[...any, ...none].join(' and ')}, ${list})`
}

export function familyOf(binds: Binds): string {
  const prefixes = binds.bind(
    'Array(String)',
    familyOfPrefix.map(([prefix]) => prefix),
  )
  const names = binds.bind(
    'Array(String)',
    familyOfPrefix.map(([, family]) => family),
  )
  return `transform(extract(lower(model), ${binds.bind('String', familyPattern)}), ${prefixes}, ${names}, ${binds.bind('String', otherFamily)})`
}

/** Outside any GPT or project there is nothing to show a row for. */
export function presenceOf({ by }: Slice): string[] {
  return by.flatMap((dimension) => (dimension === 'gpt' || dimension === 'project' ? [`${dimension} != 0`] : []))
}

/** Filters as conditions on a row; those in `except` are left to whoever reads the entries themselves. */
export function conditionsOf(slice: Slice, binds: Binds, except: readonly FilterId[] = []): string[] {
  return slice.filters.filter(({ id }) => !except.includes(id)).flatMap((filter) => conditions(filter, slice, binds))
}

function conditions(filter: Filter, { membership }: Slice, binds: Binds): string[] {
  const { id, any, none } = filter
  if (id === 'group' || id === 'role') return peopleConditions(filter, membership, binds)
  const type = id === 'person' || id === 'gpt' || id === 'project' ? 'Array(UInt64)' : 'Array(String)'
  if (isUsed(id)) {
    const holds = (values: readonly unknown[]) => `hasAny(${lists[id]}, ${binds.bind(type, values)})`
    return [...(any.length > 0 ? [holds(any)] : []), ...(none.length > 0 ? [`not ${holds(none)}`] : [])]
  }
  const column = id === 'model_family' ? familyOf(binds) : id
  return [
    ...(any.length > 0 ? [`${column} in ${binds.bind(type, any)}`] : []),
    ...(none.length > 0 ? [`${column} not in ${binds.bind(type, none)}`] : []),
  ]
}

const calendar: ReadonlySet<Dimension> = new Set(['day', 'week', 'month', 'weekday'])
/** What follows from who it is. */
const ofPerson: ReadonlySet<string> = new Set(['person', 'group', 'role'] satisfies FilterId[])

/** Whether people by day, which knows neither messages nor models, can answer it: the far smaller table. */
export function daysSuffice({ by, filters }: Slice): boolean {
  return by.every((dimension) => calendar.has(dimension) || ofPerson.has(dimension)) && filters.every(({ id }) => ofPerson.has(id))
}

/** `group by` of some columns, or nothing: everything is one row then. */
export function groupBy(columns: readonly string[]): string {
  return columns.length === 0 ? '' : `group by ${columns.join(', ')}`
}

export const list = (...columns: readonly (string | readonly string[])[]) => columns.flat().join(', ')
export const all = (...conditions: readonly (readonly string[])[]) => conditions.flat().join(' and ')

export const isTime = (dimension: Dimension) => dimensions[dimension].time
