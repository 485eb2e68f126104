import { type Role, roleScopes, roles, type Scope } from '../../contract/people.ts'
import type { SourceState } from '../../contract/sources.ts'

const sourceNames: Record<string, string> = { chatgpt: 'ChatGPT', claude: 'Claude', api: 'Intake API' }

/** A source as people call it; one we have no name for keeps its own. */
export const sourceName = (source: string): string => sourceNames[source] ?? source

const wayNames: Record<string, string> = { http: 'over HTTP', 'chatgpt-export': 'ChatGPT export', records: 'records file' }

/** How it came: over HTTP, or by an importer. */
export const wayName = (via: string): string => wayNames[via.replace(/:raw$/, '')] ?? via

export const stateNames: Record<SourceState, string> = { 'on-time': 'On time', late: 'Late', 'too-late': 'Very late', silent: 'Silent' }

/** What each state says of a source, for whoever wonders what to do. */
export const stateSentences: Record<SourceState, string> = {
  'on-time': 'A record arrived within the last 12 hours.',
  late: 'Nothing has arrived for more than 12 hours.',
  'too-late': 'Nothing has arrived for more than 48 hours.',
  silent: 'Nothing has arrived for four weeks: an import that is over, or a connection that is gone.',
}

const reasons: Record<string, string> = {
  bad_json: 'not JSON in UTF-8',
  bad_record: 'not a JSON object',
  unknown_kind: 'a kind of record that Daybook does not know',
  bad_field: 'a missing or wrong field',
  bad_number: 'a number that would change on the way',
  too_large: 'too large',
  too_deep: 'nested too deep',
  wrong_workspace: 'a workspace that its key may not write to',
  conflict: 'another version with the same time is stored',
  purged: 'deleted from the record for good',
  bad_archive: 'a damaged archive',
}

export const reasonWords = (code: string): string => reasons[code] ?? code.replaceAll('_', ' ')

const kinds: Record<string, [string, string]> = {
  person: ['person', 'people'],
  activity: ['activity', 'activities'],
  memory: ['memory', 'memories'],
  canvas: ['canvas', 'canvases'],
  file_bytes: ['bytes of a file', 'bytes of files'],
  gpt: ['GPT', 'GPTs'],
}

export function kindWords(kind: string, number: number): string {
  const [one, many] = kinds[kind] ?? [kind.replaceAll('_', ' '), `${kind.replaceAll('_', ' ')}s`]
  return number === 1 ? one : many
}

const units: readonly [number, string][] = [
  [365 * 86_400, 'years'],
  [30 * 86_400, 'months'],
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
]

/** A span of time as people say it, in the largest unit that there are two of: 30 hours, 23 months. */
export function spanWords(seconds: number): string {
  for (const [size, name] of units) if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${name}`
  return seconds >= 60 ? 'a minute' : 'less than a minute'
}

/** The roles that hold any of these. */
export function rolesWith(enough: readonly Scope[]): string {
  const holders: Role[] = roles.filter((role) => roleScopes[role].some((scope) => enough.includes(scope)))
  return holders.map((role) => role.replaceAll('_', ' ')).join(', ')
}

export const may = (held: readonly Scope[], enough: readonly Scope[]): boolean => enough.some((scope) => held.includes(scope))
