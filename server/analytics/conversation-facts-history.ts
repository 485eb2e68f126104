import type { ConversationRemains, MessageRemains } from '../ledger/remains.ts'

/** One version of a record as the log holds it, content-free. Numbers are the ledger's; 0 means none. */
interface Version {
  readonly seq: number
  /** Microseconds; null when the source keeps no such time. */
  readonly updatedAt: number | null
  readonly person: number
  readonly gpt: number
  readonly project: number
}

export interface MessageVersion extends Version {
  /** Microseconds since 1970; null for a message without a time. */
  readonly at: number | null
  readonly remains: MessageRemains
}

export interface ConversationVersion extends Version {
  readonly remains: ConversationRemains
}

export interface MessageHistory {
  readonly id: string
  readonly firstSeq: number
  readonly source: string
  readonly versions: readonly MessageVersion[]
}

/** Everything the log says about one conversation, in the order of the sequence. */
export interface ConversationHistory {
  readonly organization: number
  readonly workspace: number
  readonly number: number
  readonly versions: readonly ConversationVersion[]
  readonly messages: readonly MessageHistory[]
  /** The id of the message, or null for the conversation itself. */
  readonly deletions: readonly { readonly seq: number; readonly message: string | null }[]
}

export interface MessageState {
  readonly id: string
  readonly firstSeq: number
  readonly source: string
  readonly current: MessageVersion
  readonly deleted: boolean
}

/** A conversation as it stood after one entry of the log. */
export interface ConversationState {
  readonly organization: number
  readonly workspace: number
  readonly number: number
  readonly owner: number
  readonly gpt: number
  readonly project: number
  readonly model: string | undefined
  readonly messages: readonly MessageState[]
}

export function stateAt(history: ConversationHistory, seq: number): ConversationState {
  const current = currentAt(history.versions, seq)
  const deletions = history.deletions.filter((one) => one.seq <= seq)
  const deleted = new Set(deletions.flatMap(({ message }) => message ?? []))
  const allDeleted =
    deletions.some(({ message }) => message === null) || history.versions.some((one) => one.seq <= seq && one.remains.deleted)
  const messages: MessageState[] = []
  for (const { id, firstSeq, source, versions } of history.messages) {
    const newest = currentAt(versions, seq)
    if (!newest) continue
    const isDeleted = allDeleted || deleted.has(id) || versions.some((one) => one.seq <= seq && one.remains.deleted)
    messages.push({ id, firstSeq, source, current: newest, deleted: isDeleted })
  }
  return {
    organization: history.organization,
    workspace: history.workspace,
    number: history.number,
    owner: current?.person || firstWriter(history, seq),
    gpt: current?.gpt ?? 0,
    project: current?.project ?? 0,
    model: current?.remains.model,
    messages,
  }
}

/** The ledger's rule of versions: one that says it is from before the current one is history from the start. */
function currentAt<V extends Version>(versions: readonly V[], seq: number): V | null {
  let current: V | null = null
  for (const one of versions) {
    if (one.seq > seq) break
    if (current === null || one.updatedAt === null || current.updatedAt === null || one.updatedAt > current.updatedAt) current = one
  }
  return current
}

/** Until the conversation's own record has arrived it is taken to be that of whoever is the first to have written in it. */
function firstWriter({ messages }: ConversationHistory, seq: number): number {
  let first: MessageVersion | null = null
  for (const { versions } of messages)
    for (const one of versions) if (one.person !== 0 && one.seq <= seq && (first === null || one.seq < first.seq)) first = one
  return first?.person ?? 0
}
