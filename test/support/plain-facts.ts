/**
 * The facts counted once more, plainly, from the records as they were sent: no ledger, no sequence, no code of the product. Slow and
 * simple on purpose: it walks up and down the conversation anew for every question.
 */

export interface SentMessage {
  kind: 'message'
  id: string
  conversation_id: string
  role: 'user' | 'assistant' | 'system' | 'tool'
  parent_id?: string
  person_id?: string
  created_at?: string
  updated_at: string
  model?: string
  tool_name?: string
  tools?: string[]
  content?: { type: 'tool_result'; name: string }[]
  skills?: string[]
  connectors?: { name: string }[]
  hidden?: boolean
  injected?: boolean
  gpt_id?: string
  project_id?: string
  deleted_at?: string
  tokens?: { input: number; output: number }
}

export interface SentConversation {
  kind: 'conversation'
  id: string
  person_id: string
  updated_at: string
  default_model?: string
  gpt_id?: string
  project_id?: string
  deleted_at?: string
}

export interface SentDeletion {
  kind: 'deletion'
  of: { kind: string; id: string; conversation_id?: string }
  deleted_at: string
}

export type Sent = SentMessage | SentConversation | SentDeletion

/** One fact under the ids of the source, as JSON would hold it. */
export interface PlainFact {
  message: string
  conversation: string
  second: number
  timed: boolean
  person: string
  role: string
  counted: boolean
  deleted: boolean
  model: string
  gpt: string
  project: string
  toolResults: string[]
  tools: string[]
  skills: string[]
  connectors: string[]
  skillsActivated: string[]
  connectorsCalled: string[]
  input: number
  output: number
}

export interface PlainSession {
  conversation: string
  second: number
  person: string
  seconds: number
  messages: number
}

const printed: Record<string, string> = { web: 'Search', bio: 'Memory', python: 'Data analysis', own: 'own' }
const nameOf = (tool = 'unknown') => printed[tool] ?? tool
const seconds = (time: string) => Math.floor(Date.parse(time) / 1000)

export function plainFacts(sent: readonly Sent[]): { facts: PlainFact[]; sessions: PlainSession[] } {
  const conversations = [...new Set(sent.flatMap((one) => (one.kind === 'message' ? one.conversation_id : [])))]
  const counted = conversations.map((id) => countConversation(id, sent))
  return { facts: counted.flatMap(({ facts }) => facts), sessions: counted.flatMap(({ sessions }) => sessions) }
}

const newest = <T extends { updated_at: string }>(versions: T[]) =>
  versions.reduce((a, b) => (Date.parse(b.updated_at) > Date.parse(a.updated_at) ? b : a))

function countConversation(id: string, sent: readonly Sent[]) {
  const said = sent.filter((one): one is SentConversation => one.kind === 'conversation' && one.id === id)
  const conversation = said.length > 0 ? newest(said) : null
  const versions = sent.filter((one): one is SentMessage => one.kind === 'message' && one.conversation_id === id)
  const messages = [...new Set(versions.map((one) => one.id))].map((name) => newest(versions.filter((one) => one.id === name)))
  const owner = conversation?.person_id ?? ''
  const allGone =
    said.some((one) => one.deleted_at) || sent.some((one) => one.kind === 'deletion' && one.of.kind === 'conversation' && one.of.id === id)
  const isGone = (name: string) =>
    allGone ||
    versions.some((one) => one.id === name && one.deleted_at) ||
    sent.some((one) => one.kind === 'deletion' && one.of.kind === 'message' && one.of.id === name && one.of.conversation_id === id)
  const parentOf = (one: SentMessage) => messages.find((other) => other.id === one.parent_id)
  const asks = (one: SentMessage) => one.role === 'user' && !one.hidden && !one.injected
  const above = (one: SentMessage): SentMessage[] => {
    const path: SentMessage[] = []
    for (let up = parentOf(one); up && !path.includes(up); up = parentOf(up)) path.push(up)
    return path
  }
  /** The way up to the message asked, without it; null when nobody asked. */
  const wayTo = (one: SentMessage, asked: SentMessage): SentMessage[] | null => {
    const path = above(one)
    const place = path.findIndex(asks)
    return place >= 0 && path[place] === asked && !asks(one) ? path.slice(0, place) : null
  }
  const modelOf = (one: SentMessage): string => {
    if (one.role !== 'user') return one.model ?? conversation?.default_model ?? 'unknown'
    const answers = messages.filter((other) => {
      const way = wayTo(other, one)
      return (
        way &&
        asks(one) &&
        other.role === 'assistant' &&
        other.model &&
        !way.some((between) => between.role === 'assistant' && between.model)
      )
    })
    const last = answers.sort((a, b) => Date.parse(a.created_at ?? '1900-01-01') - Date.parse(b.created_at ?? '1900-01-01')).at(-1)
    return last?.model ?? conversation?.default_model ?? 'unknown'
  }
  const callerOf = (one: SentMessage) => above(one).find((up) => up.role !== 'tool')
  const resultsOf = (one: SentMessage): string[] => {
    if (one.role === 'tool') return [nameOf(one.tool_name)]
    if (one.role !== 'assistant') return []
    const inside = one.content?.length ? one.content.map((part) => part.name) : (one.tools ?? [])
    const answered = messages.filter((other) => other.role === 'tool' && callerOf(other) === one).map((other) => nameOf(other.tool_name))
    const names = inside.map(nameOf)
    let others = 0
    for (const name of answered) {
      if (names.includes(name)) names.splice(names.indexOf(name), 1)
      else others++
    }
    return names.slice(others).sort()
  }
  const used = (one: SentMessage, what: (one: SentMessage) => string[]) => {
    const turn = asks(one) ? messages.filter((other) => wayTo(other, one)) : []
    return [...new Set([one, ...turn].flatMap(what))].sort()
  }
  const toolsOf = (one: SentMessage) => [
    ...(one.role === 'tool' ? [nameOf(one.tool_name)] : []),
    ...(one.tools ?? []).map(nameOf),
    ...(one.content ?? []).map((part) => nameOf(part.name)),
  ]
  const facts = messages.map((one): PlainFact => {
    const timed = one.created_at !== undefined
    return {
      message: one.id,
      conversation: id,
      second: one.created_at === undefined ? 0 : seconds(one.created_at),
      timed,
      person: (one.role === 'user' ? one.person_id : undefined) ?? owner,
      role: one.role,
      counted: asks(one) && timed,
      deleted: isGone(one.id),
      model: modelOf(one),
      gpt: one.gpt_id ?? conversation?.gpt_id ?? '',
      project: one.project_id ?? conversation?.project_id ?? '',
      toolResults: resultsOf(one),
      tools: used(one, toolsOf),
      skills: used(one, (other) => other.skills ?? []),
      connectors: used(one, (other) => (other.connectors ?? []).map(({ name }) => name)),
      skillsActivated: one.skills ?? [],
      connectorsCalled: (one.connectors ?? []).map(({ name }) => name),
      input: one.tokens?.input ?? 0,
      output: one.tokens?.output ?? 0,
    }
  })
  return { facts, sessions: plainSessions(id, messages, facts) }
}

function plainSessions(conversation: string, messages: SentMessage[], facts: PlainFact[]): PlainSession[] {
  const shown = messages
    .flatMap((one) =>
      one.created_at !== undefined && !(one.role === 'system' && one.hidden) ? [{ at: Date.parse(one.created_at), id: one.id }] : [],
    )
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const groups: (typeof shown)[] = []
  for (const one of shown) {
    const last = groups.at(-1)
    if (last && one.at - (last.at(-1)?.at ?? 0) <= 30 * 60_000) last.push(one)
    else groups.push([one])
  }
  return groups.flatMap((group) => {
    const counted = group.flatMap(({ id }) => facts.filter((fact) => fact.message === id && fact.counted))
    const [first] = counted
    const start = group[0]?.at ?? 0
    const end = group.at(-1)?.at ?? 0
    if (!first) return []
    return [
      {
        conversation,
        second: Math.floor(start / 1000),
        person: first.person,
        seconds: Math.floor((end - start) / 1000),
        messages: counted.length,
      },
    ]
  })
}
