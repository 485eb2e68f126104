import type { ConversationState, MessageState } from './conversation-facts-history.ts'
import { toolName } from './conversation-facts-tools.ts'
import { type Turns, turnsOf } from './conversation-facts-turns.ts'

/**
 * What one conversation says in the facts: a pure function of its state. The rules stand in `docs/metrics.md`, "What becomes a fact";
 * facts/0001-facts.sql says what each column holds. Times are whole seconds since 1970.
 */

export interface MessageFact {
  readonly organization: number
  readonly workspace: number
  readonly at: number
  readonly timed: boolean
  readonly person: number
  readonly conversation: number
  readonly message: number
  readonly source: string
  readonly role: string
  readonly unseen: boolean
  readonly counted: boolean
  readonly deleted: boolean
  readonly model: string
  readonly gpt: number
  readonly project: number
  readonly client: string
  readonly toolResults: readonly string[]
  readonly tools: readonly string[]
  readonly skills: readonly string[]
  readonly connectors: readonly string[]
  readonly skillsActivated: readonly string[]
  readonly connectorsCalled: readonly string[]
  readonly tokens: readonly [number, number, number]
}

export interface SessionFact {
  readonly organization: number
  readonly workspace: number
  readonly at: number
  readonly person: number
  readonly conversation: number
  readonly source: string
  readonly gpt: number
  readonly project: number
  readonly seconds: number
  readonly messages: number
}

export interface ConversationFacts {
  readonly messages: readonly MessageFact[]
  readonly sessions: readonly SessionFact[]
}

export const noFacts: ConversationFacts = { messages: [], sessions: [] }

export function factsOf(conversation: ConversationState): ConversationFacts {
  const turns = turnsOf(conversation.messages)
  const used = usedInTurns(conversation.messages, turns)
  const messages = conversation.messages.map((message, place) => messageFact({ conversation, turns, used }, message, place))
  return { messages, sessions: sessionsOf(conversation.messages, messages) }
}

interface Around {
  readonly conversation: ConversationState
  readonly turns: Turns
  readonly used: ReadonlyMap<number, Used>
}

function messageFact({ conversation, turns, used }: Around, message: MessageState, place: number): MessageFact {
  const { current, firstSeq, source, deleted } = message
  const { remains } = current
  const isUser = remains.role === 'user'
  const unseen = remains.hidden === true || remains.injected === true
  const timed = current.at !== null
  const { tools, skills, connectors } = used.get(place) ?? (usesAnything(message) ? usedIn(message) : unused)
  const [input, output, cached] = remains.tokens ?? [0, 0, 0]
  return {
    organization: conversation.organization,
    workspace: conversation.workspace,
    at: secondsOf(current.at),
    timed,
    person: (isUser && current.person) || conversation.owner,
    conversation: conversation.number,
    message: firstSeq,
    source,
    role: remains.role,
    unseen,
    counted: isUser && !unseen && timed,
    deleted,
    model: (isUser ? turns.models.get(place) : remains.model) ?? conversation.model ?? 'unknown',
    gpt: current.gpt || conversation.gpt,
    project: current.project || conversation.project,
    client: remains.client ?? '',
    toolResults: toolResults(message, turns.answers.get(place) ?? nothing),
    tools: inOrder(tools),
    skills: inOrder(skills),
    connectors: inOrder(connectors),
    skillsActivated: remains.skills ?? nothing,
    connectorsCalled: remains.connectors?.map(({ name }) => name) ?? nothing,
    tokens: [input ?? 0, output ?? 0, cached ?? 0],
  }
}

/** What a DateTime can hold, to the second. A time before or after it stays timed, on the first or the last of these seconds. */
const lastSecond = 4_294_967_295

function secondsOf(at: number | null): number {
  return at === null ? 0 : Math.min(lastSecond, Math.max(0, Math.floor(at / 1e6)))
}

const nothing: readonly string[] = []
const inOrder = (names: ReadonlySet<string>) => (names.size === 0 ? nothing : [...names].sort())

interface Used {
  readonly tools: Set<string>
  readonly skills: Set<string>
  readonly connectors: Set<string>
}

const unused: Used = { tools: new Set(), skills: new Set(), connectors: new Set() }

/** Most messages use nothing. */
function usesAnything({ current: { remains } }: MessageState): boolean {
  return remains.role === 'tool' || Boolean(remains.tools || remains.results || remains.skills || remains.connectors)
}

function usedIn({ current: { remains } }: MessageState): Used {
  const own = remains.role === 'tool' ? [remains.tool] : []
  return {
    tools: new Set([...own, ...(remains.tools ?? []), ...(remains.results ?? [])].map(toolName)),
    skills: new Set(remains.skills),
    connectors: new Set(remains.connectors?.map(({ name }) => name)),
  }
}

/** Everything used in a turn, on the message of the person that began it. */
function usedInTurns(messages: readonly MessageState[], { asker }: Turns): Map<number, Used> {
  const turns = new Map<number, Used>()
  messages.forEach((message, place) => {
    const asked = asker[place] ?? -1
    if (asked < 0 || !usesAnything(message)) return
    const begun = messages[asked]
    const turn = turns.get(asked) ?? (begun ? usedIn(begun) : usedIn(message))
    turns.set(asked, turn)
    const used = usedIn(message)
    for (const name of used.tools) turn.tools.add(name)
    for (const name of used.skills) turn.skills.add(name)
    for (const name of used.connectors) turn.connectors.add(name)
  })
  return turns
}

/**
 * The tool messages a row stands for: a tool's own message for itself; an assistant message for the results inside it, or else for its
 * calls, without those that a tool's own message answers, which is counted already.
 */
function toolResults({ current: { remains } }: MessageState, answered: readonly string[]): readonly string[] {
  if (remains.role === 'tool') return [toolName(remains.tool)]
  if (remains.role !== 'assistant' || !(remains.results || remains.tools)) return nothing
  const left = (remains.results ?? remains.tools ?? []).map(toolName)
  const others: string[] = []
  for (const name of answered) {
    const place = left.indexOf(name)
    if (place < 0) others.push(name)
    else left.splice(place, 1)
  }
  // An answer under another name answers one of the calls that are left.
  return left.slice(others.length).sort()
}

/** A pause longer than this begins another session. Microseconds. */
const longestPause = 30 * 60 * 1e6

interface Session {
  first: number
  last: number
  counted: MessageFact | null
  messages: number
}

function sessionsOf(states: readonly MessageState[], facts: readonly MessageFact[]): SessionFact[] {
  const shown = facts.flatMap((fact, place) => {
    const state = states[place]
    const isHiddenSystem = state?.current.remains.role === 'system' && state.current.remains.hidden === true
    return state && state.current.at !== null && !isHiddenSystem ? [{ fact, at: state.current.at, id: state.id }] : []
  })
  shown.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const sessions: Session[] = []
  for (const { fact, at } of shown) {
    let session = sessions.at(-1)
    if (!session || at - session.last > longestPause) {
      session = { first: at, last: at, counted: null, messages: 0 }
      sessions.push(session)
    }
    session.last = at
    if (!fact.counted) continue
    session.counted ??= fact
    session.messages++
  }
  return sessions.flatMap(sessionFact)
}

/** Of the person, GPT and project of the first message that counts in it. */
function sessionFact({ first, last, counted, messages }: Session): SessionFact[] {
  if (!counted) return []
  const { organization, workspace, person, conversation, source, gpt, project } = counted
  const seconds = Math.min(lastSecond, Math.floor((last - first) / 1e6))
  return [{ organization, workspace, at: secondsOf(first), person, conversation, source, gpt, project, seconds, messages }]
}
