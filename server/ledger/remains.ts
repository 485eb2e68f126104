import type { RecordKind } from '../../contract/records.ts'
import { isObject, type JsonObject } from './json.ts'

/**
 * What remains of a record when its content is erased, and all that may be counted: times and ids stand in columns of the log, the
 * rest is this, content-free by construction. Names in it are those of models, tools, skills and connectors; never what was
 * said, never a title, a file name or a person.
 */
export interface MessageRemains {
  role: string
  model?: string
  /** Name of the tool that speaks, for messages of role `tool`. */
  tool?: string
  /** Tools that the message calls. */
  tools?: string[]
  /** Tools whose results stand inside the message itself. */
  results?: string[]
  skills?: string[]
  connectors?: { name: string; access?: string }[]
  client?: string
  hidden?: true
  injected?: true
  /** Input, output and cached tokens. */
  tokens?: [number | null, number | null, number | null]
  /** The message it answers, by its id at the source. */
  parent?: string
  /** The source gives no time for it; the time in the log is then that of its last change, or none. */
  untimed?: true
  /** The source says that it is deleted. */
  deleted?: true
}

export interface ConversationRemains {
  model?: string
  deleted?: true
}

/** What a deletion is about. */
export interface DeletionRemains {
  kind: string
  id: string
}

type Remains = { [key: string]: unknown }

const longestName = 100
const mostNames = 100

/** The remains as JSON text, or null for a kind of which nothing is counted. */
export function remainsOf(kind: RecordKind, fields: JsonObject): string | null {
  const make = makers[kind]
  return make ? JSON.stringify(make(fields)) : null
}

const makers: Partial<Record<RecordKind, (fields: JsonObject) => Remains>> = {
  message: messageRemains,
  conversation: ({ default_model, temporary, pinned, mode, deleted_at }) => ({
    model: name(default_model),
    temporary: yes(temporary),
    pinned: yes(pinned),
    mode: name(mode),
    deleted: yes(typeof deleted_at === 'string'),
  }),
  deletion: ({ of }) => (isObject(of) ? { kind: of.kind, id: of.id } : {}),
  coding_session: codingRemains,
  credit: ({ day, credits }) => ({ day, credits }),
  seats: ({ day, purchased }) => ({ day, purchased }),
  file: ({ size, origin }) => ({ size: whole(size), origin: name(origin) }),
  gpt: ({ config_type, sharing }) => ({ config_type: name(config_type), visibility: visibility(sharing) }),
  project: ({ config_type, sharing }) => ({ config_type: name(config_type), visibility: visibility(sharing) }),
  canvas: ({ version }) => ({ version: whole(version) }),
  automation: ({ enabled }) => ({ enabled: yes(enabled) }),
  recording: ({ duration_s }) => ({ duration_s: typeof duration_s === 'number' ? duration_s : undefined }),
  feedback: ({ rating }) => ({ rating: name(rating) }),
}

function messageRemains(fields: JsonObject): Remains {
  const remains: { [K in keyof MessageRemains]: MessageRemains[K] | undefined } = {
    role: String(fields.role),
    model: name(fields.model),
    tool: name(fields.tool_name),
    tools: names(fields.tools),
    results: names(resultParts(fields.content).map((part) => part.name ?? 'unknown')),
    skills: names(fields.skills),
    connectors: connectors(fields.connectors),
    client: name(fields.client),
    hidden: yes(fields.hidden),
    injected: yes(fields.injected),
    tokens: tokens(fields.tokens),
    parent: typeof fields.parent_id === 'string' ? fields.parent_id : undefined,
    untimed: yes(typeof fields.created_at !== 'string'),
    deleted: yes(typeof fields.deleted_at === 'string'),
  }
  return remains
}

function codingRemains(fields: JsonObject): Remains {
  const counts = ['commits', 'pull_requests', 'lines_added', 'lines_removed'].map((field) => [field, whole(fields[field])] as const)
  return {
    ...Object.fromEntries(counts),
    ended_at: fields.ended_at ?? undefined,
    surface: name(fields.surface),
    model: name(fields.model),
    actions: actions(fields.tool_actions),
    skills: names(fields.skills),
    connectors: names(fields.connectors),
    tokens: tokens(fields.tokens),
  }
}

/** Accepted and rejected counts per kind of tool action. */
function actions(value: unknown): Record<string, [number, number]> | undefined {
  if (!isObject(value)) return undefined
  const entries = Object.entries(value).flatMap(([kind, counts]) => {
    const known = isObject(counts) ? ([whole(counts.accepted) ?? 0, whole(counts.rejected) ?? 0] as [number, number]) : null
    return known ? [[name(kind) ?? 'unknown', known] as const] : []
  })
  return Object.fromEntries(entries.slice(0, mostNames))
}

function resultParts(content: unknown): JsonObject[] {
  return Array.isArray(content) ? content.filter(isObject).filter(({ type }) => type === 'tool_result') : []
}

/** A name as it may stand in the clear: short, printable, well-formed. Nearly all are plain ASCII and need no more than a look. */
function name(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (plain.test(value)) return value
  return value
    .slice(0, longestName)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\ufffd')
}

const plain = /^[ -~]{1,100}$/

/** Names given as strings or as objects with a name. */
function names(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const found = value.slice(0, mostNames).flatMap((one) => name(isObject(one) ? one.name : one) ?? [])
  return found.length > 0 ? found : undefined
}

function connectors(value: unknown): MessageRemains['connectors'] {
  if (!Array.isArray(value) || value.length === 0) return undefined
  return value.slice(0, mostNames).flatMap((one) => {
    const known = isObject(one) ? name(one.name) : undefined
    const access = isObject(one) ? name(one.access) : undefined
    return known ? [access ? { name: known, access } : { name: known }] : []
  })
}

function tokens(value: unknown): MessageRemains['tokens'] {
  if (!isObject(value)) return undefined
  return [whole(value.input) ?? null, whole(value.output) ?? null, whole(value.cached) ?? null]
}

const whole = (value: unknown) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined)
const yes = (value: unknown) => (value === true ? (true as const) : undefined)
const visibility = (sharing: unknown) => (isObject(sharing) ? name(sharing.visibility) : undefined)
