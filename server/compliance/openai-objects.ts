import type { JsonObject } from '../ledger/json.ts'
import { isObject } from '../ledger/json.ts'
import { epochSeconds } from '../ledger/times.ts'
import { type FileObject, secondsOr, textOrNull, wholeList } from './openai-common.ts'

/** Builders of the provider's objects. Names and constants are the provider's; section 2 and 3 of its reference. */

export interface UserObject {
  object: 'compliance.workspace.user'
  id: string
  email: string | null
  name: string | null
  created_at: number
  role: string
  status: string
}

const userRole: Record<string, string> = {
  owner: 'account-owner',
  admin: 'account-admin',
  analytics_viewer: 'analytics-viewer',
  member: 'standard-user',
}

export function userObject(id: string, record: JsonObject, firstSeenAt: number): UserObject {
  const { email, name, created_at: created, role, status } = record
  return {
    object: 'compliance.workspace.user',
    id,
    email: textOrNull(email),
    name: textOrNull(name),
    created_at: secondsOr(created, firstSeenAt),
    role: sourceRole(role),
    status: status === 'deleted' ? 'inactive' : 'active',
  }
}

/** The provider's word for somebody's role at the source. */
export function sourceRole(role: unknown): string {
  return (typeof role === 'string' ? userRole[role] : undefined) ?? 'standard-user'
}

export interface MessageParts {
  /** Ids as they stand on the wire. */
  id: string
  parentId: string | null
  gptId: string | null
  projectId: string | null
  files: readonly FileObject[]
}

/** The whole message as JSON text; `created_at` is null for records that have no time, `content` for those that have none. */
export function messageJson(record: JsonObject, parts: MessageParts): string {
  return JSON.stringify({
    object: 'compliance.workspace.conversation.message',
    id: parts.id,
    parent_id: parts.parentId,
    created_at: typeof record.created_at === 'string' ? epochSeconds(record.created_at) : null,
    gpt_id: parts.gptId,
    project_id: parts.projectId,
    author: { object: 'compliance.workspace.conversation.message.author', role: record.role, tool_name: textOrNull(record.tool_name) },
    content: contentObject(record.content),
    files: wholeList(parts.files),
  })
}

interface ContentObject {
  object: 'compliance.workspace.conversation.message.content'
  type: string
  value: string
  annotations: { type: 'url_citation'; urls: string[] }[]
}

/** The parts of a message as the provider's one value: text joined by newlines, citations beside it, everything else as JSON. */
function contentObject(content: unknown): ContentObject | null {
  if (!Array.isArray(content) || content.length === 0) return null
  const parts = content.filter(isObject)
  const shown = parts.filter(({ type }) => type !== 'citation')
  return {
    object: 'compliance.workspace.conversation.message.content',
    type: contentType(shown),
    value: shown.map(partText).join('\n'),
    annotations: parts.flatMap(({ type, urls }) =>
      type === 'citation' && Array.isArray(urls) ? [{ type: 'url_citation' as const, urls }] : [],
    ),
  }
}

const typeName: Record<string, string> = {
  text: 'text',
  code: 'code',
  thinking: 'thoughts',
  tool_use: 'tool_use',
  tool_result: 'tool_result',
  raw: 'raw',
}

function contentType(parts: readonly JsonObject[]): string {
  const types = new Set(parts.map(({ type }) => String(type)))
  const [only] = types
  if (types.size === 0) return 'text'
  return types.size === 1 && only !== undefined ? (typeName[only] ?? 'multimodal_text') : 'multimodal_text'
}

function partText(part: JsonObject): string {
  if (typeof part.text === 'string') return part.text
  if (part.type === 'tool_result') return asText(part.content)
  if (part.type === 'tool_use') return asText(part.input)
  if (part.type === 'raw') return asText(part.value)
  return JSON.stringify(part)
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
