import type { ReconciledMetric, ReconciliationStep } from '../../contract/analytics.ts'

/** What a reconciliation needs to know of a message, as one counts it by hand. */
export interface PlainSaid {
  readonly message: string
  readonly conversation: string
  /** The day it was written, null without a time. */
  readonly day: string | null
  readonly role: string
  readonly seen: boolean
  /** Nobody is ''. */
  readonly person: string
  readonly gpt: boolean
  readonly project: boolean
  readonly results: number
  readonly skills: number
  readonly connectors: number
}

/** Everything having been changed since the range began, the API returns it all, but for what is purged. */
export interface PlainScope {
  readonly from: string
  readonly to: string
  readonly purged: ReadonlySet<string>
  /** Conversations that are purged themselves, all their messages with them. */
  readonly gone: ReadonlySet<string>
  /** People on the users list. */
  readonly listed: readonly string[]
}

type Steps = Partial<Record<ReconciliationStep, number>>

const total = (all: readonly PlainSaid[], of: (one: PlainSaid) => number) => all.reduce((sum, one) => sum + of(one), 0)

/** The steps of a number counted in a list of messages: look at everything, keep what fits, count. */
export function plainSteps(metric: ReconciledMetric, all: readonly PlainSaid[], scope: PlainScope): Steps {
  if (metric === 'conversations') return conversationSteps(all, scope)
  if (metric === 'active_people') return peopleSteps(all, scope)
  const there = all.filter(({ message }) => !scope.purged.has(message))
  const inside = there.filter((one) => within(one, scope))
  const lost = all.filter((one) => scope.purged.has(one.message) && within(one, scope))
  const begin = {
    returned: there.length,
    outside_range: there.filter((one) => one.day !== null && !within(one, scope)).length,
    no_time: there.filter(({ day }) => day === null).length,
  }
  if (metric === 'tool_messages') return { ...begin, ...toolSteps(inside, lost) }
  if (metric === 'skill_uses') return { ...begin, ...stepsOfUses('no_skill', ({ skills }) => skills, inside, lost) }
  if (metric === 'connector_calls') return { ...begin, ...stepsOfUses('no_connector', ({ connectors }) => connectors, inside, lost) }
  return { ...begin, ...sentSteps(metric, inside, lost) }
}

const by = (role: string, all: readonly PlainSaid[]) => all.filter((one) => one.role === role)

function toolSteps(inside: readonly PlainSaid[], lost: readonly PlainSaid[]): Steps {
  const responses = ({ role, results }: PlainSaid) => (role === 'tool' ? 1 : results)
  return {
    ...{ system: by('system', inside).length, person: by('user', inside).length, assistant: by('assistant', inside).length },
    ...{ inside_answers: total(by('assistant', inside), responses), deleted_since: total(lost, responses) },
    counted: total(inside, responses) + total(lost, responses),
  }
}

function stepsOfUses(
  none: ReconciliationStep,
  uses: (one: PlainSaid) => number,
  inside: readonly PlainSaid[],
  lost: readonly PlainSaid[],
): Steps {
  const without = inside.filter((one) => uses(one) === 0).length
  const further = total(inside, (one) => Math.max(0, uses(one) - 1))
  return { [none]: without, further_uses: further, deleted_since: total(lost, uses), counted: total(inside, uses) + total(lost, uses) }
}

function sentSteps(
  metric: 'messages' | 'gpt_messages' | 'project_messages',
  inside: readonly PlainSaid[],
  lost: readonly PlainSaid[],
): Steps {
  const isWanted = (one: PlainSaid) => (metric === 'gpt_messages' ? one.gpt : metric === 'project_messages' ? one.project : true)
  const sent = by('user', inside).filter(({ seen }) => seen)
  const wanted = sent.filter(isWanted).length
  const gone = by('user', lost).filter((one) => one.seen && isWanted(one)).length
  return {
    ...{ system: by('system', inside).length, tool: by('tool', inside).length, assistant: by('assistant', inside).length },
    hidden_or_injected: by('user', inside).length - sent.length,
    ...(metric === 'gpt_messages' ? { no_gpt: sent.length - wanted } : {}),
    ...(metric === 'project_messages' ? { no_project: sent.length - wanted } : {}),
    ...{ deleted_since: gone, counted: wanted + gone },
  }
}

const within = ({ day }: PlainSaid, { from, to }: PlainScope) => day !== null && day >= from && day <= to
const counts = (one: PlainSaid, scope: PlainScope) => within(one, scope) && one.role === 'user' && one.seen

function conversationSteps(all: readonly PlainSaid[], scope: PlainScope): Steps {
  const steps = { returned: 0, no_message: 0, outside_range: 0, not_counted: 0, deleted_since: 0, counted: 0 }
  for (const [conversation, messages] of Map.groupBy(all, (one) => one.conversation)) {
    const there = messages.filter(({ message }) => !scope.purged.has(message))
    const step = !there[0] ? 'no_message' : !there.some((one) => within(one, scope)) ? 'outside_range' : 'not_counted'
    const isShown = there.some((one) => counts(one, scope))
    const isCounted = messages.some((one) => counts(one, scope))
    const isListed = !scope.gone.has(conversation)
    if (isListed) steps.returned++
    if (isListed && !isShown) steps[step]++
    if (isCounted && !isShown) steps.deleted_since++
    if (isCounted) steps.counted++
  }
  return steps
}

function peopleSteps(all: readonly PlainSaid[], scope: PlainScope): Steps {
  const wrote = new Set(all.filter((one) => within(one, scope) && one.role === 'user').map(({ person }) => person))
  const active = new Set(all.filter((one) => counts(one, scope) && one.person !== '').map(({ person }) => person))
  const idle = scope.listed.filter((person) => !active.has(person))
  return {
    returned: scope.listed.length,
    silent: idle.filter((person) => !wrote.has(person)).length,
    not_counted: idle.filter((person) => wrote.has(person)).length,
    not_listed: [...active].filter((person) => !scope.listed.includes(person)).length,
    counted: active.size,
  }
}
