import { pick, wholeBetween } from '../../bench/support/random.ts'
import type { Sent, SentConversation, SentMessage } from './plain-facts.ts'

/**
 * Conversations as awkward as sources make them: late models, edited times, branches, hidden and injected messages, deletions before and
 * after what they delete, records that never come. In the order of being said; whoever sends them may shuffle.
 */
export function randomHistory(random: () => number, conversations: number, name = ''): Sent[] {
  return Array.from({ length: conversations }, (_, n) => conversation(random, `${name}c${n}`)).flat()
}

const start = Date.UTC(2024, 1, 27, 20)
const chance = (random: () => number, part: number) => random() < part

function conversation(random: () => number, id: string): Sent[] {
  const said: Sent[] = []
  const owner = `user-${wholeBetween(random, 1, 5)}`
  const facets = () => ({
    ...(chance(random, 0.5) ? { default_model: pick(random, ['gpt-4o', 'o3']) } : {}),
    ...(chance(random, 0.3) ? { gpt_id: `g-${wholeBetween(random, 1, 3)}` } : {}),
    ...(chance(random, 0.2) ? { project_id: `p-${wholeBetween(random, 1, 2)}` } : {}),
  })
  for (let version = wholeBetween(random, 1, 3); version > 0; version--) {
    const record: SentConversation = { kind: 'conversation', id, person_id: owner, updated_at: moment(version * 1000), ...facets() }
    if (chance(random, 0.05)) record.deleted_at = moment(9000)
    said.push(record)
  }
  const length = wholeBetween(random, 1, 14)
  for (let n = 0; n < length; n++) {
    // Most follow the one before; some branch off; some name a message that never comes.
    const parent = n === 0 ? undefined : chance(random, 0.75) ? n - 1 : chance(random, 0.1) ? 99 : wholeBetween(random, 0, n - 1)
    const versions = chance(random, 0.25) ? wholeBetween(random, 2, 3) : 1
    for (let version = 1; version <= versions; version++) said.push(message(random, { id, n, parent, version }))
    if (chance(random, 0.06))
      said.push({ kind: 'deletion', of: { kind: 'message', id: `${id}-m${n}`, conversation_id: id }, deleted_at: moment(8000) })
  }
  if (chance(random, 0.1)) said.push({ kind: 'deletion', of: { kind: 'conversation', id }, deleted_at: moment(8000) })
  return said
}

const moment = (seconds: number) => new Date(start + seconds * 1000).toISOString()

function message(random: () => number, of: { id: string; n: number; parent: number | undefined; version: number }): SentMessage {
  const { id, n, parent, version } = of
  const role = n === 0 ? 'user' : pick(random, ['user', 'assistant', 'assistant', 'assistant', 'tool', 'system'] as const)
  const some = (values: readonly string[]) => Array.from({ length: wholeBetween(random, 1, 2) }, () => pick(random, values))
  // Later versions move within days; every message has a second of its own, so that only those without a time are told apart by arrival.
  const at = n * 600 + wholeBetween(random, 0, 500) + (chance(random, 0.2) ? 86_400 * version : 0) + version / 10
  const record: SentMessage = { kind: 'message', id: `${id}-m${n}`, conversation_id: id, role, updated_at: moment(100_000 + version) }
  if (parent !== undefined) record.parent_id = `${id}-m${parent}`
  if (!chance(random, 0.06)) record.created_at = moment(at + n / 1000)
  if (role === 'user' && chance(random, 0.7)) record.person_id = `user-${wholeBetween(random, 1, 6)}`
  if (role === 'assistant' && chance(random, 0.7)) record.model = pick(random, ['gpt-4o', 'gpt-4o-mini', "o'dd\\model"])
  if (role === 'tool') record.tool_name = pick(random, ['web', 'bio', 'own'])
  if (role === 'assistant' && chance(random, 0.4)) record.tools = some(['web', 'bio', 'python', 'own'])
  if (role === 'assistant' && chance(random, 0.2)) record.content = some(['web', 'own']).map((name) => ({ type: 'tool_result', name }))
  if (chance(random, 0.15)) record.skills = some(['brand', 'legal'])
  if (chance(random, 0.15)) record.connectors = some(['drive', 'crm']).map((name) => ({ name }))
  if (chance(random, 0.1)) record.hidden = true
  if (role === 'user' && chance(random, 0.1)) record.injected = true
  if (chance(random, 0.1)) record.gpt_id = 'g-9'
  if (chance(random, 0.05)) record.deleted_at = moment(7000)
  if (chance(random, 0.3)) record.tokens = { input: wholeBetween(random, 0, 90), output: wholeBetween(random, 0, 90) }
  return record
}

export function shuffled<T>(random: () => number, values: readonly T[]): T[] {
  const order = [...values]
  for (let i = order.length - 1; i > 0; i--) {
    const j = wholeBetween(random, 0, i)
    const [a, b] = [order[i], order[j]]
    if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a]
  }
  return order
}
