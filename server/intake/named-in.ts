import { ownSource } from '../ledger/entry.ts'
import { isObject } from '../ledger/json.ts'

interface Named {
  /** null: none, or none that could be one. */
  readonly source: string | null
  readonly workspace: string | null
}

const sourceName = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** Larger ones are not read again only to find out whose they were. */
const largestRead = 1_048_576

/** The source and the workspace that a refused record names, as far as it can be read at all. */
export function namedIn(bytes: Buffer): Named {
  const record = bytes.length > largestRead ? null : parsed(bytes)
  if (!isObject(record)) return { source: null, workspace: null }
  const { source, workspace_id: workspace } = record
  return {
    source: typeof source === 'string' && sourceName.test(source) && source !== ownSource ? source : null,
    workspace: typeof workspace === 'string' ? workspace : null,
  }
}

/** The conversation that a refused record belongs to, so that it goes when the conversation is deleted. */
export function conversationNamedIn(bytes: Buffer): string | null {
  const record = parsed(bytes)
  if (!isObject(record)) return null
  const of = isObject(record.of) ? record.of : {}
  const id = record.conversation_id ?? of.conversation_id ?? (of.kind === 'conversation' ? of.id : null)
  return typeof id === 'string' ? id : null
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
