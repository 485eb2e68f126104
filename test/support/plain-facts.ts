/**
 * The facts counted once more, plainly, from the records as they were sent: no ledger, no sequence, no code of the product. Slow and
 * simple on purpose: it walks up and down the conversation anew for every question. The records are given in the order they arrived: of
 * two answers without a time the later one to arrive counts.
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
  const conversation = new PlainConversation(id, sent)
  const facts = conversation.messages.map((one) => conversation.fact(one))
  return { facts, sessions: plainSessions(id, conversation.messages, facts) }
}

const asks = (one: SentMessage) => one.role === 'user' && !one.hidden && !one.injected
const timeOf = (one: SentMessage) => Date.parse(one.created_at ?? '1900-01-01')
const toolsOf = (one: SentMessage) => [
  ...(one.role === 'tool' ? [nameOf(one.tool_name)] : []),
  ...(one.tools ?? []).map(nameOf),
  ...(one.content ?? []).map((part) => nameOf(part.name)),
]

class PlainConversation {
  readonly #id: string
  readonly #sent: readonly Sent[]
  readonly #said: SentConversation[]
  readonly #versions: SentMessage[]
  readonly #current: SentConversation | null
  readonly messages: SentMessage[]

  constructor(id: string, sent: readonly Sent[]) {
    this.#id = id
    this.#sent = sent
    this.#said = sent.filter((one): one is SentConversation => one.kind === 'conversation' && one.id === id)
    this.#current = this.#said.length > 0 ? newest(this.#said) : null
    this.#versions = sent.filter((one): one is SentMessage => one.kind === 'message' && one.conversation_id === id)
    const names = [...new Set(this.#versions.map((one) => one.id))]
    this.messages = names.map((name) => newest(this.#versions.filter((one) => one.id === name)))
  }

  fact(one: SentMessage): PlainFact {
    const timed = one.created_at !== undefined
    return {
      message: one.id,
      conversation: this.#id,
      second: one.created_at === undefined ? 0 : seconds(one.created_at),
      timed,
      person: (one.role === 'user' ? one.person_id : undefined) ?? this.#current?.person_id ?? '',
      role: one.role,
      counted: asks(one) && timed,
      deleted: this.#isGone(one.id),
      model: this.#modelOf(one) ?? this.#current?.default_model ?? 'unknown',
      gpt: one.gpt_id ?? this.#current?.gpt_id ?? '',
      project: one.project_id ?? this.#current?.project_id ?? '',
      toolResults: this.#resultsOf(one),
      tools: this.#used(one, toolsOf),
      skills: this.#used(one, (other) => other.skills ?? []),
      connectors: this.#used(one, (other) => (other.connectors ?? []).map(({ name }) => name)),
      skillsActivated: one.skills ?? [],
      connectorsCalled: (one.connectors ?? []).map(({ name }) => name),
      input: one.tokens?.input ?? 0,
      output: one.tokens?.output ?? 0,
    }
  }

  #isGone(name: string): boolean {
    const deletions = this.#sent.flatMap((one) => (one.kind === 'deletion' ? one.of : []))
    return (
      this.#said.some((one) => one.deleted_at) ||
      this.#versions.some((one) => one.id === name && one.deleted_at) ||
      deletions.some((of) => of.kind === 'conversation' && of.id === this.#id) ||
      deletions.some((of) => of.kind === 'message' && of.id === name && of.conversation_id === this.#id)
    )
  }

  #above(one: SentMessage): SentMessage[] {
    const parentOf = (child: SentMessage) => this.messages.find((other) => other.id === child.parent_id)
    const path: SentMessage[] = []
    for (let up = parentOf(one); up && !path.includes(up); up = parentOf(up)) path.push(up)
    return path
  }

  /** The way up to the message asked, without it; null when it was not the one that was asked. */
  #wayTo(one: SentMessage, asked: SentMessage): SentMessage[] | null {
    const path = this.#above(one)
    const place = path.findIndex(asks)
    return place >= 0 && path[place] === asked && !asks(one) ? path.slice(0, place) : null
  }

  #modelOf(one: SentMessage): string | undefined {
    if (one.role !== 'user') return one.model
    const spoke = (other: SentMessage) => other.role === 'assistant' && other.model
    const answers = this.messages.filter(
      (other) => spoke(other) && asks(one) && this.#wayTo(other, one)?.every((between) => !spoke(between)),
    )
    return answers.sort((a, b) => timeOf(a) - timeOf(b)).at(-1)?.model
  }

  #resultsOf(one: SentMessage): string[] {
    if (one.role === 'tool') return [nameOf(one.tool_name)]
    if (one.role !== 'assistant') return []
    const callerOf = (tool: SentMessage) => this.#above(tool).find((up) => up.role !== 'tool')
    const names = (one.content?.length ? one.content.map((part) => part.name) : (one.tools ?? [])).map(nameOf)
    let others = 0
    for (const answer of this.messages.filter((other) => other.role === 'tool' && callerOf(other) === one)) {
      const place = names.indexOf(nameOf(answer.tool_name))
      if (place < 0) others++
      else names.splice(place, 1)
    }
    return names.slice(others).sort()
  }

  #used(one: SentMessage, what: (one: SentMessage) => string[]): string[] {
    const turn = asks(one) ? this.messages.filter((other) => this.#wayTo(other, one)) : []
    return [...new Set([one, ...turn].flatMap(what))].sort()
  }
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
