import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { Place, TestApp } from './app.ts'
import { exported, ids, question, reply } from './export-records.ts'
import { uuid } from './records.ts'

/**
 * Two workspaces of one organization with everything the export shows. Both hold the same ids; `there` also holds ids that only it has.
 * Whatever is written there in words has the marker in it.
 */
export interface TwoWorkspaces {
  readonly here: Place
  readonly there: Place
  readonly marker: string
  /** By the same names as `ids`: what only `there` has. */
  readonly onlyThere: Readonly<Record<string, string>>
}

const newIdOf = (name: string, id: string) => (name === 'conversation' ? uuid() : `${id}-only-there`)

export async function twoWorkspaces(daybook: TestApp): Promise<TwoWorkspaces> {
  const [here, there] = [await daybook.place('Here'), await daybook.place('There')]
  const marker = `marker${randomBytes(12).toString('hex')}`
  const onlyThere = Object.fromEntries(
    Object.entries({ ...ids, memory: 'memory-1', automation: 'automation-1' }).map(([name, id]) => [name, newIdOf(name, id)]),
  )
  const renamed = new Map<string, string>([
    ...Object.entries({ ...ids, memory: 'memory-1', automation: 'automation-1' }).map(([name, id]): [string, string] => [
      id,
      onlyThere[name] ?? '',
    ]),
    ...['user-000002', 'user-000003'].map((id): [string, string] => [id, `${id}-only-there`]),
    ...[question, reply].map((id): [string, string] => [id, uuid()]),
  ])
  expect((await daybook.take(here.ingest, exported)).rejected).toEqual([])
  const marked = exported.map((record) => withWords(record, marker))
  expect((await daybook.take(there.ingest, [...marked, ...marked.map((record) => withIds(record, renamed))])).rejected).toEqual([])
  const files: [Place, string, string][] = [
    [here, ids.file, 'bytes from here'],
    ...[ids.file, ids.library_file, onlyThere.file, onlyThere.library_file].map((id): [Place, string, string] => [
      there,
      String(id),
      `bytes ${marker}`,
    ]),
  ]
  for (const [{ ingest: key }, id, payload] of files)
    expect((await daybook.inject({ method: 'PUT', url: `/api/intake/files/${id}/bytes`, key, payload })).statusCode).toBe(200)
  return { here, there, marker, onlyThere }
}

const words = new Set(
  `name title text content description instructions builder_name prompt transcript summary email display_name schedule action_domain
  action_openapi_raw url urls categories conversation_starters comments scopes context_id type tool_name mime_type`.split(/\s+/),
)

/** The record with the marker in every text; what is a word of ours or an id stays. */
function withWords(value: object, marker: string): object {
  const kept = new Set(['text', 'citation', 'custom_action', 'document', 'browser'])
  const mark = (inner: unknown, isText: boolean): unknown => {
    if (typeof inner === 'string') return isText && !kept.has(inner) ? `${inner} ${marker}` : inner
    if (Array.isArray(inner)) return inner.map((one) => mark(one, isText))
    if (typeof inner !== 'object' || inner === null) return inner
    return Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, mark(one, words.has(name))]))
  }
  return Object(mark(value, false))
}

function withIds(value: object, renamed: ReadonlyMap<string, string>): object {
  return JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? (renamed.get(inner) ?? inner) : inner)))
}
