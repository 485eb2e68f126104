import { type FilterId, filterIds } from '../../contract/analytics.ts'

/** `model_family` is GPT-4, or is not. Several values of one dimension mean any of them. */
export interface Filter {
  readonly on: FilterId
  readonly value: string
  readonly not: boolean
}

/** What the reader can narrow the page by. */
export const filterNames = {
  model_family: 'Model family',
  model: 'Model',
  tool: 'Tool',
  gpt: 'GPT',
  project: 'Project',
  skill: 'Skill',
  connector: 'Connector',
  person: 'Person',
  group: 'Group',
  role: 'Role',
  source: 'Source',
} as const satisfies Record<FilterId, string>

/** Roles at the source, as the API calls them. */
export const roleNames: Readonly<Record<string, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  analytics_viewer: 'Analytics viewer',
  member: 'Member',
  unknown: 'Not known',
}

/** In a link as in the API: `tool=Search`, `tool=!Search`. */
export function readFilters(parameters: Parameters): Filter[] {
  return filterIds.flatMap((on) =>
    valuesOf(parameters[on])
      .filter((text) => text !== '' && text !== '!')
      .map((text) => (text.startsWith('!') ? { on, value: text.slice(1), not: true } : { on, value: text, not: false })),
  )
}

export function printFilters(filters: readonly Filter[]): Parameters {
  const printed: Record<string, string[]> = {}
  for (const { on, value, not } of filters) printed[on] = [...(printed[on] ?? []), `${not ? '!' : ''}${value}`]
  return printed
}

/** A filter said twice is said once, and its opposite gives way to it. */
export function withFilter(filters: readonly Filter[], added: Filter): Filter[] {
  return [...withoutFilter(filters, added), added]
}

export function withoutFilter(filters: readonly Filter[], gone: Pick<Filter, 'on' | 'value'>): Filter[] {
  return filters.filter(({ on, value }) => on !== gone.on || value !== gone.value)
}

export function filterWords(filter: Filter): string {
  return filterCalled(filter, (filter.on === 'role' ? roleNames[filter.value] : undefined) ?? filter.value)
}

/** The same where the value is called otherwise. */
export function filterCalled({ on, not }: Filter, name: string): string {
  return `${filterNames[on]} ${not ? 'is not' : 'is'} ${name}`
}

export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>

export function valuesOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
