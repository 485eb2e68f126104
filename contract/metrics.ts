/**
 * The metric catalogue: one entry per number that a page, an export or the API shows, with the sentence that explains it. The rules are
 * those of docs/metrics.md; a metric without its sentence does not compile.
 */
export interface Metric {
  readonly label: string
  /** How it is printed. A share is a fraction from 0 to 1. */
  readonly unit: 'count' | 'ratio' | 'share' | 'seconds'
  readonly sentence: string
  /** The total of several days is not the sum of the days: people, medians, shares. */
  readonly additive: boolean
}

const count = (label: string, sentence: string): Metric => ({ label, unit: 'count', sentence, additive: true })
const people = (label: string, sentence: string): Metric => ({ label, unit: 'count', sentence, additive: false })
const share = (label: string, sentence: string): Metric => ({ label, unit: 'share', sentence, additive: false })

export const metrics = {
  active_people: people('Active people', 'People who sent at least one message in the period. A login alone is no activity.'),
  messages: count('Messages', 'Messages that people sent: author role user, neither hidden nor injected by the system, with a time.'),
  gpt_messages: count('GPT messages', 'Messages sent in a conversation with a custom GPT. A subset of messages.'),
  project_messages: count('Project messages', 'Messages sent inside a project. A subset of messages.'),
  tool_messages: count(
    'Tool messages',
    'Responses tied to a tool: each message of role tool, hidden or not, and each tool result inside an answer. Never part of messages.',
  ),
  skill_uses: count('Skill uses', 'Explicit activations of a skill.'),
  connector_calls: count('Connector calls', 'Calls to a connector (an app or an MCP server).'),
  conversations: people('Conversations', 'Conversations with at least one message in the period.'),
  messages_per_conversation: {
    label: 'Messages per conversation',
    unit: 'ratio',
    sentence: 'Messages divided by the conversations that hold them.',
    additive: false,
  },
  messages_per_conversation_median: {
    label: 'Median messages per conversation',
    unit: 'ratio',
    sentence: 'Half of the conversations have at most so many messages in the period.',
    additive: false,
  },
  sessions: count(
    'Sessions',
    'Stretches of a conversation without a pause of more than 30 minutes between two messages; counted on the day they begin.',
  ),
  session_seconds: {
    label: 'Mean session length',
    unit: 'seconds',
    sentence: 'First to last message of a session, on average.',
    additive: false,
  },
  session_seconds_median: {
    label: 'Median session length',
    unit: 'seconds',
    sentence: 'Half of the sessions are at most this long, first to last message.',
    additive: false,
  },
  daily_active: people('Daily active people', 'People active on the last day of the step.'),
  weekly_active: people('Weekly active people', 'People active in the 7 days ending on the last day of the step.'),
  monthly_active: people('Monthly active people', 'People active in the 30 days ending on the last day of the step.'),
  members: people('Members', 'People who are there on the last day of the period, active or not; of a group, its members.'),
  activation_rate: share('Activated', 'Members who sent at least one message, ever, up to the end of the period.'),
  weekly_share: share('Active in a week', 'Members active in a week, on average over the whole weeks of the period.'),
  messages_per_weekly_person: {
    label: 'Messages per weekly user',
    unit: 'ratio',
    sentence: 'Messages of the whole weeks of the period, divided by the people active in each of them, week by week.',
    additive: false,
  },
  people_using_gpts: people('People using GPTs', 'Active people who sent a message to a custom GPT.'),
  people_using_projects: people('People using projects', 'Active people who sent a message inside a project.'),
  people_using_tools: people('People using tools', 'Active people in whose conversations a tool answered.'),
  people_using_skills: people('People using skills', 'Active people in whose conversations a skill was used.'),
  people_using_connectors: people('People using connectors', 'Active people in whose conversations a connector was called.'),
  gpt_share: share('Share using GPTs', 'People using GPTs among active people.'),
  project_share: share('Share using projects', 'People using projects among active people.'),
  tool_share: share('Share using tools', 'People using tools (with a tool named: that tool) among active people.'),
  skill_share: share('Share using skills', 'People using skills among active people.'),
  connector_share: share('Share using connectors', 'People using connectors among active people.'),
  coding_people: people('People coding', 'People with a coding session that used a tool or touched the repository.'),
  coding_sessions: count('Coding sessions', 'Sessions of coding agents.'),
  commits: count('Commits', 'Commits made in coding sessions.'),
  pull_requests: count('Pull requests', 'Pull requests opened in coding sessions.'),
  lines_added: count('Lines added', 'Lines of code added in coding sessions.'),
  lines_removed: count('Lines removed', 'Lines of code removed in coding sessions.'),
  tool_actions_accepted: count('Edits accepted', 'Edits that a coding agent proposed and a person accepted.'),
  tool_actions_rejected: count('Edits rejected', 'Edits that a coding agent proposed and a person rejected.'),
  input_tokens: count('Input tokens', 'Tokens read by models, where the source reports them.'),
  output_tokens: count('Output tokens', 'Tokens written by models, where the source reports them.'),
  cached_tokens: count('Cached tokens', 'Input tokens served from a cache, where the source reports them.'),
} as const satisfies Record<string, Metric>

export type MetricId = keyof typeof metrics
export const metricIds = Object.keys(metrics) as MetricId[]

/** What a question may be broken down by. Times first; `weekday` 0 is Sunday, `hour` is UTC. */
export const dimensions = {
  day: { label: 'Day', time: true },
  week: { label: 'Week', time: true },
  month: { label: 'Month', time: true },
  weekday: { label: 'Weekday', time: false },
  hour: { label: 'Hour', time: false },
  person: { label: 'Person', time: false },
  model: { label: 'Model', time: false },
  model_family: { label: 'Model family', time: false },
  tool: { label: 'Tool', time: false },
  gpt: { label: 'GPT', time: false },
  project: { label: 'Project', time: false },
  skill: { label: 'Skill', time: false },
  connector: { label: 'Connector', time: false },
  group: { label: 'Group', time: false },
  role: { label: 'Role', time: false },
  source: { label: 'Source', time: false },
} as const

export type Dimension = keyof typeof dimensions
export const dimensionIds = Object.keys(dimensions) as Dimension[]

/** Raised with every change of a counting rule; a figure names the version it was counted by. */
export const rulesVersion = 1
