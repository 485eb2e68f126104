import type { AnalyticsReply, HiddenValue, ShownValue } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { type Membership, type SourceRole, sourceRoles } from './groups.ts'
import { isOfGroups, type Reader } from './privacy.ts'
import type { Counted, CountedRow, Key, Question } from './query-question.ts'
import { isCalendar } from './query-rows.ts'
import { type Group, hiddenGroups } from './suppress.ts'

/** What of an answer may not be shown to a reader who sees no people. */
export interface Curtain {
  /** The dimension that the keys belong to. */
  readonly of: 'group' | 'role'
  /** Of those that were asked for: all, or those that the question is narrowed to. */
  readonly keys: ReadonlySet<Key>
  /** The question is narrowed to what may not be shown, so nothing of its answer may. */
  readonly closed: boolean
}

export const tooFew: HiddenValue = { hidden: 'too-few-people' }

/** The curtain before a question about groups or roles; null where everything may be shown. */
export function curtainOf(reader: Reader, { by, filters }: Question, membership: Membership | null): Curtain | null {
  const of = [...by, ...filters.map(({ id }) => id)].find(isOfGroups)
  if (reader.people !== 'none' || !membership || of === undefined) return null
  const { sets, keys } = drawnFor(membership, of)
  const wanted = filters.filter(({ id }) => id === of).flatMap(({ any, none }) => [...any, ...none])
  const behind = wanted.filter((value) => keys.has(value) || !isKnown(value, sets))
  return { of, keys: by.includes(of) ? keys : new Set(behind), closed: behind.length > 0 }
}

interface Sets {
  readonly sets: readonly Group[]
  /** Of those that may not be shown. */
  readonly keys: ReadonlySet<Key>
}

const known = new WeakMap<Membership, Partial<Record<Curtain['of'], Sets>>>()

/** Worked out once for everybody who asks about the same period. */
function drawnFor(membership: Membership, of: Curtain['of']): Sets {
  const before = known.get(membership) ?? {}
  const found = before[of] ?? draw(membership, of)
  known.set(membership, { ...before, [of]: found })
  return found
}

function draw(membership: Membership, of: Curtain['of']): Sets {
  const sets = of === 'group' ? groupsOf(membership) : rolesOf(membership)
  return { sets, keys: keysOf(of, hiddenGroups(sets, membership.present)) }
}

const keysOf = (of: Curtain['of'], names: ReadonlySet<string>) => new Set([...names].map((name) => (of === 'group' ? Number(name) : name)))

const groupsOf = ({ groups }: Membership): Group[] => [...groups.values()].map(({ number, members }) => ({ key: String(number), members }))

function rolesOf({ present, roles }: Membership): Group[] {
  const byRole = Map.groupBy(present, (person): SourceRole => roles.get(person) ?? 'unknown')
  return sourceRoles.flatMap((key) => (byRole.has(key) ? [{ key, members: new Set(byRole.get(key)) }] : []))
}

/** A group that was gone by then is nobody, and nobody is too few. */
const isKnown = (value: Key, sets: readonly Group[]) => sets.some(({ key }) => key === String(value))

/** The rows that may be shown, in their order, then those that may not, in the order of their keys: their place would tell their size. */
export function rowsBefore(curtain: Curtain | null, rows: readonly CountedRow[], { by }: Pick<Question, 'by'>): Drawn[] {
  if (!curtain) return rows.map(drawn)
  // Which tools a group uses is as much as how often.
  if (curtain.closed) return by.every(isCalendar) ? rows.map(({ keys }) => ({ keys, values: null })) : []
  const place = by.indexOf(curtain.of)
  if (place < 0) return rows.map(drawn)
  const shown = rows.filter(({ keys }) => !curtain.keys.has(keys[place] ?? ''))
  const hidden = by.length > 1 ? [] : [...curtain.keys].sort().map((key) => ({ keys: [key], values: null }))
  return [...shown.map(drawn), ...hidden]
}

/** A row whose figures may be shown, or null in their place. */
export interface Drawn {
  readonly keys: readonly Key[]
  readonly values: CountedRow['values'] | null
}

const drawn = ({ keys, values }: CountedRow): Drawn => ({ keys, values })

export const totalBefore = (curtain: Curtain | null, total: Counted['total']) => (curtain?.closed ? null : total)

/** Shares of groups are rounded for who sees no people: a tenth of a per cent can be one person. */
export function shownFigure(curtain: Curtain | null, metric: MetricId, value: number | null): ShownValue {
  const isRounded = curtain !== null && value !== null && metrics[metric].unit === 'share'
  return isRounded ? Math.round(value * 100) / 100 : value
}

export function hiddenEntries(curtain: Curtain | null, wireId: (key: Key) => string): AnalyticsReply['hidden'] {
  if (!curtain) return []
  return [...curtain.keys].map((key) => ({ dimension: curtain.of, key: wireId(key), reason: tooFew.hidden }))
}
