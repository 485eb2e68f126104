import type { Temporal } from 'temporal-polyfill'
import { type ReconciledMetric, reconciledMetrics } from '../../contract/analytics.ts'
import { BadRange, parseRange, type Range, type Step, steps } from '../../contract/periods.ts'
import { type Filter, type Parameters, printFilters, readFilters, valuesOf } from './filters.ts'

/**
 * Everything that a link carries. A default is left out of the address, so a link says only what somebody chose; what cannot be
 * understood falls back to the default and is named, once.
 */
export interface Bookmark {
  /** null: the first workspace the reader may see. */
  readonly workspace: string | null
  readonly range: Range
  /** `prev`, `year`, `weekdays`, a range, or `off`. */
  readonly vs: string
  /** null: as the length of the range suggests. */
  readonly step: Step | null
  readonly filters: readonly Filter[]
  /** Panels shown as tables, by id. */
  readonly tables: 'all' | readonly string[]
  /** Over how many days somebody is active once they were. null: as the step suggests. */
  readonly active: ActiveSpan | null
  readonly hours: 'messages' | 'active_people'
  /** A column, with `-` before it from the largest down. */
  readonly sort: string
  /** The same for groups. */
  readonly groupSort: string
  /** What lies open over the page. */
  readonly open: 'reconciliation' | null
  /** The number that is opened there. */
  readonly metric: ReconciledMetric
}

export const activeSpans = ['daily', 'weekly', 'monthly'] as const
export type ActiveSpan = (typeof activeSpans)[number]

export const defaultRange = '28d'
export const namedComparisons = ['prev', 'year', 'weekdays', 'off'] as const
const defaultSort = '-tool_messages'
const defaultGroupSort = '-members'
const groupSorts = ['group', 'members', 'activation_rate', 'weekly_share', 'messages_per_weekly_person', 'messages']
const sorts = ['tool', 'tool_messages', 'people_using_tools', 'tool_share']

/** A range is changed by its text; what days it means is worked out where the link is read. */
export type BookmarkChange = Partial<Omit<Bookmark, 'range'>> & { readonly range?: Pick<Range, 'text'> }

export interface ReadBookmark {
  readonly bookmark: Bookmark
  /** Sentences about what was not understood. */
  readonly ignored: readonly string[]
}

export function readBookmark(parameters: Parameters, today: Temporal.PlainDate): ReadBookmark {
  const ignored: string[] = []
  function one<T>(name: string, fallback: T, read: (text: string) => T | undefined): T {
    const text = valuesOf(parameters[name])[0]
    if (text === undefined || text === '') return fallback
    const value = read(text)
    if (value !== undefined) return value
    ignored.push(`“${name}=${text.slice(0, 40)}” means nothing here and was left out.`)
    return fallback
  }
  const range = (text: string) => rangeOrNot(text, today)
  const chosen: Omit<Bookmark, 'metric'> = {
    workspace: one<string | null>('workspace', null, (text) => text),
    range: one('range', parseRange(defaultRange, today), range),
    vs: one('vs', 'prev', (text) => (namedComparisons.some((name) => name === text) || range(text) ? text : undefined)),
    step: one<Step | null>('step', null, oneOf(steps)),
    filters: readFilters(parameters),
    tables: one<Bookmark['tables']>('view', [], (text) =>
      text === 'table' ? 'all' : text.split(',').filter((id) => /^[a-z-]+$/.test(id)),
    ),
    active: one<ActiveSpan | null>('active', null, oneOf(activeSpans)),
    hours: one('hours', 'messages', oneOf(['messages', 'active_people'] as const)),
    sort: one('sort', defaultSort, (text) => (sorts.includes(text.replace(/^-/, '')) ? text : undefined)),
    groupSort: one('groups', defaultGroupSort, (text) => (groupSorts.includes(text.replace(/^-/, '')) ? text : undefined)),
    open: one<Bookmark['open']>('open', null, oneOf(['reconciliation'] as const)),
  }
  // It means nothing while nothing is open.
  const metric = chosen.open === null ? 'messages' : one<ReconciledMetric>('metric', 'messages', oneOf(reconciledMetrics))
  const bookmark = { ...chosen, metric }
  return { bookmark, ignored }
}

export function printBookmark(bookmark: Omit<Bookmark, 'range'> & { readonly range: Pick<Range, 'text'> }): Parameters {
  const { workspace, range, vs, step, filters, tables, active, hours, sort, groupSort, open, metric } = bookmark
  const view = tables === 'all' ? 'table' : tables.join(',')
  const chosen: Record<string, string | null> = {
    workspace,
    range: range.text === defaultRange ? null : range.text,
    vs: vs === 'prev' ? null : vs,
    step,
    view: view === '' ? null : view,
    active,
    hours: hours === 'messages' ? null : hours,
    sort: sort === defaultSort ? null : sort,
    groups: groupSort === defaultGroupSort ? null : groupSort,
    open,
    metric: open === null || metric === 'messages' ? null : metric,
  }
  const given = Object.entries(chosen).filter((entry): entry is [string, string] => entry[1] !== null)
  return { ...Object.fromEntries(given), ...printFilters(filters) }
}

/** What another page is told of this one: which workspace it was about. */
export function sameWorkspace({ workspace }: Pick<Bookmark, 'workspace'>): Parameters {
  return workspace === null ? {} : { workspace }
}

function oneOf<T extends string>(known: readonly T[]) {
  return (text: string) => known.find((one) => one === text)
}

export function rangeOrNot(text: string, today: Temporal.PlainDate): Range | undefined {
  try {
    return parseRange(text, today)
  } catch (error) {
    if (error instanceof BadRange) return undefined
    throw error
  }
}

/** `?tool=a&tool=b` and back. A parameter said once is a text, said again a list. */
export function readSearch(search: string): Parameters {
  // A map, because somebody will name a parameter `valueOf`.
  const read = new Map<string, string | readonly string[]>()
  for (const [name, value] of new URLSearchParams(search)) {
    const before = read.get(name)
    read.set(name, before === undefined ? value : [...valuesOf(before), value])
  }
  return Object.fromEntries(read)
}

export function printSearch(parameters: Parameters): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) for (const one of valuesOf(value)) search.append(name, one)
  // Colons, commas and exclamation marks may stand in a query as they are, and links are read by people.
  const text = search.toString().replaceAll('%2C', ',').replaceAll('%21', '!')
  return text === '' ? '' : `?${text}`
}
