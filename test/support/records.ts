import { randomUUID } from 'node:crypto'

/** Records as a source would send them: the fields that are needed, and whatever a test adds. */

type Fields = Record<string, unknown>

export const uuid = (): string => randomUUID()

let people = 0
export const userId = (): string => `user-${String(++people).padStart(6, '0')}`

export function person(id: string, more: Fields = {}) {
  return { kind: 'person', id, email: `${id}@example.com`, name: `Name of ${id}`, role: 'member', status: 'enabled', ...more }
}

export function conversation(id: string, personId: string, more: Fields = {}) {
  return { kind: 'conversation', id, person_id: personId, title: `Title of ${id}`, created_at: '2024-05-01T08:00:00Z', ...more }
}

export function message(id: string, conversationId: string, more: Fields = {}) {
  return {
    kind: 'message',
    id,
    conversation_id: conversationId,
    role: 'user',
    created_at: '2024-05-01T08:01:00Z',
    content: [{ type: 'text', text: `Text of ${id}` }],
    ...more,
  }
}
