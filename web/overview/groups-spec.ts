import type { AnalyticsReply } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import type { PanelSpec } from '../panel/spec.ts'
import { rowsSheet, type Sheet } from '../sheet/sheet.ts'
import { sortedBy } from '../sheet/sorted.ts'

export const groupIds = [
  'members',
  'activation_rate',
  'weekly_share',
  'messages_per_weekly_person',
  'messages',
] as const satisfies MetricId[]

export const groups: PanelSpec = {
  id: 'groups',
  title: 'Which groups use it?',
  metrics: groupIds,
  ask: () => ({ metrics: groupIds, by: ['group'] }),
  sheet: (reply, { groupSort }) => groupSheet(reply, groupSort),
}

/** With the id of each group beside its name, by which the page is narrowed to it. */
export function groupSheet(reply: AnalyticsReply, sort: string): Sheet {
  const { columns, rows } = rowsSheet(reply, 'group', groupIds)
  return sortedBy({ columns, rows: rows.map((row, place) => ({ ...row, id: String(reply.rows[place]?.group) })) }, sort)
}
