import type { FilterId } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import { actives } from './sql-actives.ts'
import { coding, tokens } from './sql-coding.ts'
import { activated, members, weeks } from './sql-members.ts'
import { conversations, senders, sent } from './sql-messages.ts'
import type { Part } from './sql-part.ts'
import { sessions } from './sql-sessions.ts'
import { users, uses } from './sql-used.ts'

export const parts = {
  sent,
  senders,
  conversations,
  tools: uses('tool'),
  skills: uses('skill'),
  connectors: uses('connector'),
  tool_users: users('tool'),
  skill_users: users('skill'),
  connector_users: users('connector'),
  sessions,
  actives,
  coding,
  tokens,
  members,
  activated,
  weeks,
} as const satisfies Record<string, Part>
export type PartId = keyof typeof parts

/** One figure of one part; `without` asks for it as if this dimension and filter were not there: the whole that a share is of. */
export interface Measure {
  readonly part: PartId
  readonly column: string
  readonly without: FilterId | null
}

/** A metric is a figure, or one figure divided by another. */
export interface Formula {
  readonly of: Measure
  readonly per: Measure | null
}

const measure = (part: PartId, column: string, without: FilterId | null = null): Measure => ({ part, column, without })
const figure = (part: PartId, column: string): Formula => ({ of: measure(part, column), per: null })
const mean = (part: PartId, column: string, per: string): Formula => ({ of: measure(part, column), per: measure(part, per) })
/** People using something among all active people, not only among those who use it. */
const shareOf = (of: Measure, without: FilterId): Formula => ({ of, per: measure('senders', 'active', without) })

export const formulas: Record<MetricId, Formula> = {
  active_people: figure('senders', 'active'),
  messages: figure('sent', 'messages'),
  gpt_messages: figure('sent', 'gpt_messages'),
  project_messages: figure('sent', 'project_messages'),
  tool_messages: figure('tools', 'uses'),
  skill_uses: figure('skills', 'uses'),
  connector_calls: figure('connectors', 'uses'),
  conversations: figure('conversations', 'conversations'),
  messages_per_conversation: mean('conversations', 'messages', 'conversations'),
  messages_per_conversation_median: figure('conversations', 'median'),
  sessions: figure('sessions', 'sessions'),
  session_seconds: mean('sessions', 'seconds', 'sessions'),
  session_seconds_median: figure('sessions', 'median'),
  daily_active: figure('actives', 'daily'),
  weekly_active: figure('actives', 'weekly'),
  monthly_active: figure('actives', 'monthly'),
  members: figure('members', 'members'),
  activation_rate: { of: measure('activated', 'people'), per: measure('members', 'members') },
  weekly_share: { of: measure('weeks', 'member_actives'), per: measure('members', 'member_weeks') },
  messages_per_weekly_person: mean('weeks', 'messages', 'actives'),
  people_using_gpts: figure('senders', 'gpt_people'),
  people_using_projects: figure('senders', 'project_people'),
  people_using_tools: figure('tool_users', 'people'),
  people_using_skills: figure('skill_users', 'people'),
  people_using_connectors: figure('connector_users', 'people'),
  gpt_share: shareOf(measure('senders', 'gpt_people'), 'gpt'),
  project_share: shareOf(measure('senders', 'project_people'), 'project'),
  tool_share: shareOf(measure('tool_users', 'people'), 'tool'),
  skill_share: shareOf(measure('skill_users', 'people'), 'skill'),
  connector_share: shareOf(measure('connector_users', 'people'), 'connector'),
  coding_people: figure('coding', 'people'),
  coding_sessions: figure('coding', 'sessions'),
  commits: figure('coding', 'commits'),
  pull_requests: figure('coding', 'pull_requests'),
  lines_added: figure('coding', 'lines_added'),
  lines_removed: figure('coding', 'lines_removed'),
  tool_actions_accepted: figure('coding', 'accepted'),
  tool_actions_rejected: figure('coding', 'rejected'),
  input_tokens: figure('tokens', 'input'),
  output_tokens: figure('tokens', 'output'),
  cached_tokens: figure('tokens', 'cached'),
}

export const measuresOf = ({ of, per }: Formula): readonly Measure[] => (per ? [of, per] : [of])
