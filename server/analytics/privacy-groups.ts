import type { AnalyticsReply, HiddenValue, ShownValue } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { type Membership, type SourceRole, sourceRoles } from './groups.ts'
import { isOfGroups, type Reader } from './privacy.ts'
import type { Counted, CountedRow, Key, Question } from './query-question.ts'
import { isCalendar } from './query-rows.ts'
import { floor, type Group, hiddenGroups } from './suppress.ts'
import { tellingGroups } from './suppress-sums.ts'

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

type Views = Readonly<Record<Curtain['of'], Sets>>
const known = new WeakMap<Membership, Views>()

/** Worked out once for everybody who asks about the same period. */
function drawnFor(membership: Membership, of: Curtain['of']): Sets {
  const drawn = known.get(membership) ?? draw(membership)
  known.set(membership, drawn)
  return drawn[of]
}

/** Each view by itself, then both together: whoever is shown groups may ask for roles next. */
function draw(membership: Membership): Views {
  const { present } = membership
  const sets = { group: groupsOf(membership), role: rolesOf(membership) }
  const hidden = { group: hiddenGroups(sets.group, present), role: hiddenGroups(sets.role, present) }
  const all = views.flatMap((of) => sets[of].map(({ key, members }) => ({ of, name: key, key: `${of} ${key}`, members })))
  const shown = all.filter(({ of, name }) => !hidden[of].has(name))
  const small = all.filter(({ members }) => members.size > 0 && members.size < floor)
  const telling = tellingGroups(shown, small, present, floor)
  const keysOf = (of: Curtain['of']) =>
    all.filter((one) => one.of === of && (hidden[of].has(one.name) || telling.has(one.key))).map((one) => one.name)
  return {
    group: { sets: sets.group, keys: new Set(keysOf('group').map(Number)) },
    role: { sets: sets.role, keys: new Set(keysOf('role')) },
  }
}

const views = ['group', 'role'] as const

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
