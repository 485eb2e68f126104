import type { AnalyticsReply } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import { stepOf } from '../ask/question.ts'
import { type ActiveSpan, activeSpans, type Bookmark } from '../bookmark/bookmark.ts'
import { today } from '../page.ts'
import type { PanelSpec } from '../panel/spec.ts'
import { metricColumn, rowsSheet, totalsSheet } from '../sheet/sheet.ts'
import { sortedBy } from '../sheet/sorted.ts'
import { prepareStack, stackSheet } from '../sheet/stack.ts'
import { groups } from './groups-spec.ts'
import { prepareHours } from './hours.ts'

/** The panels of Overview, in reading order. */

export const headlineIds = ['active_people', 'messages', 'gpt_messages', 'tool_messages'] as const satisfies MetricId[]
const depthIds = [
  'conversations',
  'messages_per_conversation',
  'messages_per_conversation_median',
  'session_seconds',
  'session_seconds_median',
] as const satisfies MetricId[]
const reachIds = ['project_messages', 'connector_calls', 'skill_uses'] as const satisfies MetricId[]

/** The stats and two panels share one question, so that the first numbers come together and early. */
const askTogether = (bookmark: Bookmark) => ({ metrics: [...headlineIds, ...reachIds, ...depthIds], by: [stepOf(bookmark)] })

export const headline: PanelSpec = {
  id: 'headline',
  title: 'How much is it used?',
  metrics: headlineIds,
  ask: askTogether,
  sheet: (reply, bookmark) => rowsSheet(reply, stepOf(bookmark), headlineIds),
}

/** Over how many days somebody counts as active; a span shorter than the step would show its last day only. */
export function activeSpanOf(bookmark: Bookmark): { chosen: ActiveSpan; possible: readonly ActiveSpan[] } {
  const possible = activeSpans.slice({ day: 0, week: 1, month: 2 }[stepOf(bookmark)])
  const chosen = possible.find((span) => span === bookmark.active) ?? possible[0] ?? 'monthly'
  return { chosen, possible }
}

export function activeMetric(bookmark: Bookmark): 'daily_active' | 'weekly_active' | 'monthly_active' {
  return `${activeSpanOf(bookmark).chosen}_active`
}

export const actives: PanelSpec = {
  id: 'actives',
  title: 'Is it taking hold?',
  metrics: ['daily_active', 'weekly_active', 'monthly_active'],
  ask: (bookmark) => ({ metrics: [activeMetric(bookmark)], by: [stepOf(bookmark)] }),
  sheet: (reply, bookmark) => rowsSheet(reply, stepOf(bookmark), [activeMetric(bookmark)]),
}

const shareIds = ['gpt_share', 'tool_share', 'project_share', 'connector_share', 'skill_share'] as const satisfies MetricId[]

export const shares: PanelSpec = {
  id: 'shares',
  title: 'How far does their use go?',
  metrics: shareIds,
  ask: () => ({
    metrics: [
      ...shareIds,
      'people_using_gpts',
      'people_using_tools',
      'people_using_projects',
      'people_using_connectors',
      'people_using_skills',
    ],
    by: [],
  }),
  sheet: (reply) => totalsSheet(reply, shareIds),
}

const families = { by: 'model_family', metric: 'messages' } as const

export const models: PanelSpec = {
  id: 'models',
  title: 'Which models answer?',
  metrics: ['messages'],
  ask: (bookmark) => ({ metrics: ['messages'], by: [stepOf(bookmark), families.by] }),
  sheet: (reply, bookmark) => stackSheet(stackOf(reply, bookmark), stepOf(bookmark)),
}

export function stackOf(reply: AnalyticsReply, bookmark: Bookmark) {
  return prepareStack(reply, { ...families, step: stepOf(bookmark), today: today() })
}

export const reach: PanelSpec = {
  id: 'reach',
  title: 'What else do they reach for?',
  metrics: reachIds,
  ask: askTogether,
  sheet: (reply) => totalsSheet(reply, reachIds),
}

export const toolIds = ['tool_messages', 'people_using_tools', 'tool_share'] as const satisfies MetricId[]

export const tools: PanelSpec = {
  id: 'tools',
  title: 'Which tools are used?',
  metrics: toolIds,
  ask: () => ({ metrics: toolIds, by: ['tool'] }),
  sheet: (reply, { sort }) => sortedBy(rowsSheet(reply, 'tool', toolIds), sort),
}

export const depth: PanelSpec = {
  id: 'depth',
  title: 'How long do they talk?',
  metrics: depthIds,
  ask: askTogether,
  sheet: (reply) => totalsSheet(reply, depthIds),
}

export const hours: PanelSpec = {
  id: 'hours',
  title: 'When do they use it?',
  metrics: ['messages', 'active_people'],
  ask: () => ({ metrics: ['messages', 'active_people'], by: ['weekday', 'hour'] }),
  sheet: (reply, bookmark) => {
    const { days } = prepareHours(reply, bookmark.hours)
    const column = metricColumn(bookmark.hours)
    return {
      columns: [{ key: 'weekday', name: 'Weekday', kind: 'text' }, { key: 'hour', name: 'Hour, UTC', kind: 'text' }, column],
      rows: days.flatMap(({ name, cells }) => cells.map(({ hour, value }) => ({ weekday: name, hour: `${hour}:00`, [column.key]: value }))),
    }
  },
}

const codingIds = [
  'coding_people',
  'coding_sessions',
  'commits',
  'pull_requests',
  'lines_added',
  'lines_removed',
  'tool_actions_accepted',
  'tool_actions_rejected',
] as const satisfies MetricId[]

export const coding: PanelSpec = {
  id: 'coding',
  title: 'What comes of it in code?',
  metrics: codingIds,
  maybeUnreported: true,
  ask: () => ({ metrics: codingIds, by: [] }),
  sheet: (reply) => totalsSheet(reply, codingIds),
}

const tokenIds = ['input_tokens', 'output_tokens', 'cached_tokens'] as const satisfies MetricId[]

export const tokens: PanelSpec = {
  id: 'tokens',
  title: 'How many tokens does it take?',
  metrics: tokenIds,
  maybeUnreported: true,
  ask: () => ({ metrics: tokenIds, by: [] }),
  sheet: (reply) => totalsSheet(reply, tokenIds),
}

export const overviewPanels: readonly PanelSpec[] = [headline, actives, shares, models, reach, depth, groups, tools, coding, hours, tokens]
export const panelIds = overviewPanels.map(({ id }) => id)
