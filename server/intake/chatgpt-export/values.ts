import type { JsonObject } from '../found.ts'

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text that says something; anything else is no answer. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The same object without the members named. A rest pattern keeps a member called `__proto__`, which an assignment would lose. */
export function without(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
}

/** Only the members that have something to say: a record is the same bytes whether a source leaves a field out or not. */
export function known(fields: JsonObject): JsonObject {
  const said: JsonObject = {}
  for (const name of Object.keys(fields)) if (fields[name] !== undefined) said[name] = fields[name]
  return said
}
