import type { Candidate } from './candidate.ts'
import type { Identity } from './identity.ts'
import { isObject, type JsonObject } from './json.ts'

/** The field of a record that names a person, by kind where it is not `person_id`. */
const personField: Partial<Record<Candidate['kind'], string>> = {
  gpt: 'owner_id',
  project: 'owner_id',
  skill: 'owner_id',
  connector: 'owner_id',
}

/**
 * The items a record refers to. Each gets its number when it is first named, so that nothing is refused for order: a message may
 * come before its conversation, a conversation before its person.
 */
export function referencesOf(candidate: Candidate): Identity[] {
  const { fields, workspace, source } = candidate
  const named: Identity[] = []
  const name = (kind: string, id: unknown) => {
    if (isId(id)) named.push({ workspace, source, kind, id })
  }
  name('person', fields[personField[candidate.kind] ?? 'person_id'])
  name('conversation', conversationOf(candidate))
  name('gpt', fields.gpt_id)
  name('project', fields.project_id)
  if (candidate.kind === 'group' && Array.isArray(fields.member_ids)) for (const id of fields.member_ids) name('person', id)
  return named
}

/** What a field that its kind does not know holds need not be an id at all. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 512 && value.isWellFormed() && !value.includes('\0')
}

/** The conversation a record belongs to; a share or a deletion of one belongs to it as well. */
function conversationOf({ kind, fields, id }: Candidate): unknown {
  if (kind === 'conversation') return id
  const of: JsonObject = (kind === 'share' || kind === 'deletion') && isObject(fields.of) ? fields.of : {}
  if (of.kind === 'conversation') return of.id
  return of.conversation_id ?? fields.conversation_id
}

/** What a `deletion` deletes. For a message the conversation is part of its identity. */
export interface DeletionTarget extends Identity {
  readonly conversationId: string | null
}

export function deletionTarget({ kind, fields, workspace, source }: Candidate): DeletionTarget | null {
  if (kind !== 'deletion' || !isObject(fields.of)) return null
  const { of } = fields
  const conversationId = typeof of.conversation_id === 'string' ? of.conversation_id : null
  return { workspace, source, kind: String(of.kind), id: String(of.id), conversationId }
}
