import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PlainMessage, PlainOrganization, PlainSession } from './counted-organization.ts'

/** What one counts in the files of ChatGPT's exports with nothing of ours: people by the ids of their accounts, in `accounts`. */
export interface PlainExports extends PlainOrganization {
  readonly accounts: readonly string[]
  /** All messages, counted or not. */
  readonly texts: number
}

interface Node {
  id: string
  parent: string | null
  children: string[]
  message: {
    author: { role: PlainMessage['role']; name: string | null }
    create_time: number | null
    recipient: string
    weight: number
    metadata: { model_slug?: string; is_visually_hidden_from_conversation?: boolean; is_user_system_message?: boolean }
    content: { content_type: string }
  } | null
}

interface Conversation {
  conversation_id: string
  default_model_slug: string | null
  mapping: Record<string, Node>
}

export function readPlainExports(folder: string): PlainExports {
  const accounts: string[] = []
  const messages: PlainMessage[] = []
  const sessions: PlainSession[] = []
  let conversations = 0
  for (const account of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const read = (file: string) => JSON.parse(readFileSync(join(folder, account.name, file), 'utf8'))
    const person = accounts.push(read('user.json').id)
    for (const conversation of read('conversations.json') as Conversation[]) {
      const said = messagesOf(conversation, person, ++conversations)
      messages.push(...said.map(({ message }) => message))
      sessions.push(...sessionsOf(said))
    }
  }
  return { accounts, messages, sessions, coding: [], texts: messages.length }
}

const toolNames: Record<string, string> = { bio: 'Memory', web: 'Search' }

/** A message with its time as the file has it: to the microsecond. */
interface Said {
  message: PlainMessage
  time: number | null
}

function messagesOf({ mapping, default_model_slug }: Conversation, person: number, conversation: number): Said[] {
  const nodes = Object.values(mapping).filter(({ message }) => message !== null)
  const sent = (node: Node) => node.message?.author.role === 'user' && !isUnseen(node)
  return nodes.map((node, i) => {
    const { author, create_time, metadata } = node.message ?? never()
    const turn = sent(node) ? [...below(mapping, node, sent)] : [node]
    const answers = sent(node) ? firstAnswers(mapping, node, sent) : []
    const [last] = answers.toSorted((a, b) => timeOf(b) - timeOf(a))
    const model = (author.role === 'user' ? last?.message?.metadata.model_slug : metadata.model_slug) ?? default_model_slug ?? 'unknown'
    const message: PlainMessage = {
      ...{ person, conversation, message: conversation * 10_000 + i, source: 'chatgpt', role: author.role, unseen: isUnseen(node) },
      ...{
        at: create_time === null ? null : new Date(Math.floor(create_time) * 1000).toISOString().replace('.000', ''),
        gpt: 0,
        project: 0,
      },
      ...{ model, results: author.role === 'tool' ? [toolOf(author.name)] : [], tools: [...new Set(turn.flatMap(usedIn))] },
      ...{ skills: [], connectors: [], activated: [], called: [], tokens: [0, 0, 0] },
    }
    return { message, time: create_time }
  })
}

function isUnseen({ message }: Node): boolean {
  return (
    message?.metadata.is_visually_hidden_from_conversation === true ||
    message?.metadata.is_user_system_message === true ||
    message?.weight === 0
  )
}

/** The node and all that follows from it, up to what a person sent next. */
function* below(mapping: Record<string, Node>, node: Node, sent: (node: Node) => boolean): Generator<Node> {
  yield node
  for (const child of childrenOf(mapping, node)) if (!sent(child)) yield* below(mapping, child, sent)
}

/** On every branch the first answer that says its model. */
function firstAnswers(mapping: Record<string, Node>, node: Node, sent: (node: Node) => boolean): Node[] {
  return childrenOf(mapping, node).flatMap((child) => {
    if (sent(child)) return []
    const isAnswer = child.message?.author.role === 'assistant' && child.message.metadata.model_slug !== undefined
    return isAnswer ? [child] : firstAnswers(mapping, child, sent)
  })
}

const childrenOf = (mapping: Record<string, Node>, { children }: Node) => children.flatMap((id) => mapping[id] ?? [])
const timeOf = ({ message }: Node) => message?.create_time ?? 0
const toolOf = (name: string | null) => toolNames[name ?? ''] ?? name ?? 'unknown'

function usedIn({ message }: Node): string[] {
  if (message?.author.role === 'tool') return [toolOf(message.author.name)]
  const calls = message?.author.role === 'assistant' && message.recipient !== 'all'
  return calls && message ? [toolOf(message.recipient)] : []
}

/** Stretches without a pause of more than thirty minutes in which somebody sent something. Messages of the system begin none. */
function sessionsOf(said: readonly Said[]): PlainSession[] {
  const timed = said.filter(({ time, message }) => time !== null && message.role !== 'system').sort((a, b) => secondOf(a) - secondOf(b))
  const stretches: Said[][] = []
  for (const one of timed) {
    const open = stretches.at(-1)
    const before = open?.at(-1)
    if (open && before && secondOf(one) - secondOf(before) <= 1800) open.push(one)
    else stretches.push([one])
  }
  return stretches.flatMap((stretch) => {
    const [first, last] = [stretch.at(0), stretch.at(-1)]
    if (!first?.message.at || !last || !stretch.some(({ message }) => message.role === 'user' && !message.unseen)) return []
    const { person, conversation, source, gpt, project, at } = first.message
    return [{ person, conversation, source, gpt, project, at, seconds: Math.floor(secondOf(last) - secondOf(first)) }]
  })
}

const secondOf = ({ time }: Said) => time ?? 0

function never(): never {
  throw new Error('nodes without a message were left out')
}
