import type { FilterId } from '../../contract/analytics.ts'
import type { Dimension, MetricId } from '../../contract/metrics.ts'
import { type Role, roleScopes } from '../../contract/people.ts'
import { isWholeMonth, isWholeWeek, type Period } from '../../contract/periods.ts'
import type { PrivacyMode, ViewerDetail } from '../../contract/workspaces.ts'
import type { Actor, Context } from '../ledger/context.ts'
import { listWorkspaces } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Filter } from './query-question.ts'

/** What somebody who may see the counts of a workspace sees of the people in it. */
export interface Reader {
  readonly people: 'named' | 'pseudonymous' | 'none'
  readonly gpts: boolean
}

export async function readerOf(ctx: Context, workspace: number): Promise<Reader> {
  const row = (await listWorkspaces(ctx.ledger)).find(({ number }) => number === workspace)
  if (!row) throw new Refusal('not_found', 'there is no such workspace')
  return { people: peopleFor(ctx.actor, row), gpts: !row.hideGptAnalytics }
}

/** The mode of the workspace decides for everybody; for analytics viewers it may be narrowed. A key sees what the mode says. */
function peopleFor(
  actor: Actor,
  { privacyMode, viewerDetail }: { privacyMode: PrivacyMode; viewerDetail: ViewerDetail },
): Reader['people'] {
  if (privacyMode === 'groups_only') return 'none'
  if (viewerDetail === 'groups' && actor.kind === 'person' && isViewerOnly(actor.roles)) return 'none'
  return privacyMode
}

const isViewerOnly = (roles: readonly Role[]) =>
  !roles.some((role) => role !== 'analytics_viewer' && roleScopes[role].includes('analytics:read'))

/** Metrics that are about GPTs and nothing else. */
const gptMetrics: ReadonlySet<MetricId> = new Set(['gpt_messages', 'people_using_gpts', 'gpt_share'] satisfies MetricId[])

/** Why a metric is not shown to this reader, or null when it is. */
export function turnedOff(reader: Reader, metric: MetricId): string | null {
  return !reader.gpts && gptMetrics.has(metric) ? 'not shown: turned off for this workspace' : null
}

/** Refuses a question about one metric that is not shown. */
export async function demandShown(ctx: Context, workspace: number, metric: MetricId): Promise<void> {
  const reason = turnedOff(await readerOf(ctx, workspace), metric)
  if (reason) throw new Refusal('forbidden', `metric: ${metric} is ${reason}`, { param: 'metric' })
}

/** Refuses a dimension or a filter that this reader may not use at all. */
export function checkAllowed(reader: Reader, param: 'by' | FilterId, id: Dimension): void {
  if (reader.people === 'none' && id === 'person')
    throw new Refusal('forbidden', `${param}: people are not shown here, only groups of ten or more`, { param })
  if (!reader.gpts && id === 'gpt')
    throw new Refusal('forbidden', `${param}: the analytics of GPTs are turned off for this workspace`, { param })
}

interface Asked {
  readonly by: readonly Dimension[]
  readonly filters: readonly Filter[]
  readonly periods: readonly (Period & { readonly running?: boolean })[]
}

export const isOfGroups = (id: Dimension): id is 'group' | 'role' => id === 'group' || id === 'role'

/**
 * Who sees no people could still learn about one from the difference of two questions. So groups and roles come in windows that do not
 * slide, one at a time, and under one other filter at most.
 */
export function checkGroupView(reader: Reader, { by, filters, periods }: Asked): void {
  const views = [...by, ...filters.map(({ id }) => id)].filter(isOfGroups)
  if (reader.people !== 'none' || views.length === 0) return
  const sliding = periods.find((period) => period.running === true || !(isWholeWeek(period) || isWholeMonth(period)))
  if (sliding) throw refused('range', 'groups are shown for a whole week or a whole month only, and so is what they are compared with')
  if (views.length > 1) throw refused(views[1] ?? 'by', 'one view of groups or roles is shown at a time')
  const values = filters.reduce((sum, { any, none }) => sum + any.length + none.length, 0)
  if (values > 1) throw refused(filters.at(-1)?.id ?? 'filter', 'groups are shown under one filter at a time')
}

const refused = (param: string, sentence: string) => new Refusal('bad_request', `${param}: ${sentence}`, { param })
