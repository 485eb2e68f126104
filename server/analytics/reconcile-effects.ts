import type { ReconciledMetric, ReconciliationStep } from '../../contract/analytics.ts'

/** How much something adds to each step of a reconciliation; what a step takes away is counted here as well. */
export type Effects = Readonly<Partial<Record<ReconciliationStep, number>>>

/** Messages that are alike in everything that decides, as the record has them. */
export interface MessageGroup {
  /** The compliance API hands them out for the range. */
  readonly returned: boolean
  /** `never`: without a time. */
  readonly at: 'inside' | 'outside' | 'never'
  readonly role: string
  readonly unseen: boolean
  readonly in_gpt: boolean
  readonly in_project: boolean
  /** Whether each of them holds a use of what is counted. */
  readonly used: boolean
  readonly messages: number
  /** All their uses: skills activated, connectors called, results of tools inside an answer. */
  readonly uses: number
}

export const messageMetrics = [
  'messages',
  'gpt_messages',
  'project_messages',
  'tool_messages',
  'skill_uses',
  'connector_calls',
] as const satisfies ReconciledMetric[]
export type MessageMetric = (typeof messageMetrics)[number]

export const isOfMessages = (metric: ReconciledMetric): metric is MessageMetric => messageMetrics.some((one) => one === metric)

export function effectsOfMessages(metric: MessageMetric, group: MessageGroup): Effects {
  const step = stepOf[metric](group)
  const entries = entriesOf(metric, group, step)
  if (!group.returned) return { deleted_since: entries, counted: entries }
  const taken = step === null ? {} : { [step]: group.messages }
  const further = entries - (step === null ? group.messages : 0)
  return { returned: group.messages, ...taken, ...(further > 0 ? { [furtherStep(metric)]: further } : {}), counted: entries }
}

const furtherStep = (metric: MessageMetric) => (metric === 'tool_messages' ? 'inside_answers' : 'further_uses')

type StepOf = (group: MessageGroup) => ReconciliationStep | null

/** The first reason for which it does not count; null: it does. */
const stepOf: Record<MessageMetric, StepOf> = {
  messages: notSent,
  gpt_messages: (group) => notSent(group) ?? (group.in_gpt ? null : 'no_gpt'),
  project_messages: (group) => notSent(group) ?? (group.in_project ? null : 'no_project'),
  tool_messages: (group) => notWithin(group) ?? noTool(group),
  skill_uses: (group) => notWithin(group) ?? (group.used ? null : 'no_skill'),
  connector_calls: (group) => notWithin(group) ?? (group.used ? null : 'no_connector'),
}

function notWithin({ at }: MessageGroup): ReconciliationStep | null {
  if (at === 'inside') return null
  return at === 'outside' ? 'outside_range' : 'no_time'
}

function notSent(group: MessageGroup): ReconciliationStep | null {
  return notWithin(group) ?? notByPerson(group) ?? (group.unseen ? 'hidden_or_injected' : null)
}

function notByPerson({ role }: MessageGroup): ReconciliationStep | null {
  if (role === 'user') return null
  return role === 'tool' || role === 'system' ? role : 'assistant'
}

function noTool({ role }: MessageGroup): ReconciliationStep | null {
  if (role === 'tool') return null
  return role === 'user' ? 'person' : role === 'system' ? role : 'assistant'
}

/** What they add to the number itself. */
function entriesOf(metric: MessageMetric, group: MessageGroup, step: ReconciliationStep | null): number {
  // An answer is no response of a tool, but the results inside it are.
  if (metric === 'tool_messages' && step === 'assistant') return group.uses
  if (step !== null) return 0
  return metric === 'skill_uses' || metric === 'connector_calls' ? group.uses : group.messages
}

/** Conversations that are alike; of their messages those that fit the filters. */
export interface ConversationGroup {
  readonly returned: boolean
  /** The API returns a message of it, one within the range, one that counts. */
  readonly spoken: boolean
  readonly inside: boolean
  readonly seen: boolean
  /** A message of it counts, returned or not. */
  readonly counted: boolean
  readonly conversations: number
}

export function effectsOfConversations(group: ConversationGroup): Effects {
  const { returned, counted, conversations } = group
  const step = conversationStep(group)
  const taken = step === null ? {} : { [step]: conversations }
  const isExtra = counted && (!returned || step !== null)
  return {
    ...(returned ? { returned: conversations, ...taken } : {}),
    ...(isExtra ? { deleted_since: conversations } : {}),
    ...(counted ? { counted: conversations } : {}),
  }
}

function conversationStep({ spoken, inside, seen }: ConversationGroup): ReconciliationStep | null {
  if (!spoken) return 'no_message'
  if (!inside) return 'outside_range'
  return seen ? null : 'not_counted'
}

export interface PersonSeen {
  /** On the users list of the API. */
  readonly listed: boolean
  /** Wrote within the range, and something that counts. */
  readonly spoken: boolean
  readonly counted: boolean
}

export function effectsOfPerson({ listed, spoken, counted }: PersonSeen): Effects {
  if (!listed) return counted ? { not_listed: 1, counted: 1 } : {}
  if (counted) return { returned: 1, counted: 1 }
  return spoken ? { returned: 1, not_counted: 1 } : { returned: 1, silent: 1 }
}

export type Sums = Map<ReconciliationStep, number>

export function sumOf(effects: Iterable<Effects>): Sums {
  const sums: Sums = new Map()
  for (const one of effects) add(sums, one)
  return sums
}

export function add(sums: Sums, effects: Effects): void {
  for (const [step, amount] of entries(effects)) sums.set(step, (sums.get(step) ?? 0) + amount)
}

/** The keys of an object of effects are steps. */
const entries = (effects: Effects) => Object.entries(effects) as [ReconciliationStep, number][]
