import type { InjectOptions } from 'fastify'
import type { Place } from './app.ts'
import { uuid } from './records.ts'

interface Route {
  readonly method: NonNullable<InjectOptions['method']>
  readonly url: string
  readonly schema?: { readonly querystring?: unknown; readonly body?: unknown }
}

/** What a request needs besides, to get as far as its workspace. */
const neededQuery: Record<string, string> = {
  '/api/analytics/query': '&metrics=messages',
  '/api/explain': '&member=somebody@example.com&scope=analytics:read',
}
const neededBody: Record<string, object> = {
  '/api/members/:id/roles': { roles: ['member'] },
  '/api/invitations': { email: 'somebody@example.com', roles: ['member'] },
  '/api/keys': { name: 'key', scopes: ['analytics:read'] },
  '/api/settings': { changes: { seats: 1 } },
  '/api/search': { text: 'word', purpose: 'a test' },
  '/api/saved-searches': { name: 'search', text: 'word', purpose: 'a test' },
  '/api/record/people': { text: 'somebody' },
  '/api/record/entry': { seq: 1, purpose: 'a test' },
  '/api/record/conversation': { conversation_id: 'c', purpose: 'a test' },
}

/** The address of a route with something in place of its parameters. */
export const filled = (url: string, workspace: string) => url.replace(':workspace_id', workspace).replace(/:\w+/g, uuid())

/** The requests that name a foreign workspace in the ways a route knows: its path, its query, its body. */
export function foreignRequests({ method, url, schema = {} }: Route, own: Place, foreign: Place): InjectOptions[] {
  const found: InjectOptions[] = []
  const address = filled(url, own.id)
  if (url.includes(':workspace_id')) found.push({ method, url: filled(url, foreign.id) })
  if (hasField(schema.querystring, 'workspace_id'))
    found.push({ method, url: `${address}?workspace_id=${foreign.id}${neededQuery[url] ?? ''}` })
  if (hasField(schema.body, 'workspace_id')) found.push({ method, url: address, payload: { workspace_id: foreign.id, ...neededBody[url] } })
  return found
}

/** Whether a schema of ours has a field. */
function hasField(schema: unknown, field: string): boolean {
  return typeof schema === 'object' && schema !== null && 'shape' in schema && Object.hasOwn(Object(schema.shape), field)
}
