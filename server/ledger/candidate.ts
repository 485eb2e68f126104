import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { type RecordKind, type RejectionCode, recordShapes } from '../../contract/records.ts'
import type { OrganizationKeys } from '../platform/crypto.ts'
import { canonicalText, TooDeep } from './canonical.ts'
import { fingerprintOf, type Sealed, seal } from './entry.ts'
import { isObject, type JsonObject } from './json.ts'
import { inexactNumber } from './numbers.ts'
import { remainsOf } from './remains.ts'
import { isTime, microseconds } from './times.ts'

/** A record that was understood, sealed and is ready for its place in the log; the ledger decides what it is to what it knows. */
export interface Candidate {
  readonly workspace: number
  readonly source: string
  readonly kind: RecordKind
  readonly id: string
  readonly fields: JsonObject
  readonly fingerprint: Buffer
  readonly sealed: Sealed
  /** What may be counted of it, and stays when its content is erased. */
  readonly remains: string | null
  /** Microseconds; null when the source keeps no such time. */
  readonly updatedAt: number | null
  readonly occurredAt: string | null
  readonly ahead: boolean
}

/** Why a record was not taken. */
export interface Rejected {
  readonly code: RejectionCode
  readonly message: string
  readonly id: string | null
}

/** Who brings records, into which workspaces, and how large one may be. */
export interface Intake {
  /** Resolves the `workspace_id` of a record; null when it may not write there. */
  readonly workspace: (id: string | null) => { number: number; id: string } | null
  readonly source: string
  readonly largest: number
  /** Microseconds. */
  readonly now: number
}

/** The largest record over HTTP; importers take more. */
export const largestOverHttp = 1_048_576
export const largestImported = 32 * 1_048_576

/** Parses and checks one line. Canonical bytes are made of the parsed line, never of the schema's output. */
export function prepareLine(keys: OrganizationKeys, intake: Intake, line: Buffer): Candidate | Rejected {
  if (line.length > intake.largest)
    return { code: 'too_large', message: `the record has ${line.length} bytes, at most ${intake.largest} are taken`, id: null }
  const text = decode(line)
  const parsed = text === null ? undefined : parse(text)
  if (text === null || parsed === undefined) return { code: 'bad_json', message: 'the line is not a JSON document in UTF-8', id: null }
  if (!isObject(parsed)) return { code: 'bad_record', message: 'the line is not a JSON object', id: null }
  const number = inexactNumber(text)
  if (number !== null) {
    return { code: 'bad_number', message: 'a number in it is no exact double and would change: write it as a string', id: idOf(parsed) }
  }
  return prepareRecord(keys, intake, parsed)
}

/** The same for a record that is an object already, as importers have it. */
export function prepareRecord(keys: OrganizationKeys, intake: Intake, record: JsonObject): Candidate | Rejected {
  const id = idOf(record)
  const kind = record.kind
  if (typeof kind !== 'string' || !isKind(kind)) {
    return {
      code: 'unknown_kind',
      message: typeof kind === 'string' ? 'the kind is not one that Daybook knows' : 'the record has no kind',
      id,
    }
  }
  const problem = fieldProblem(kind, record)
  if (problem) return { code: 'bad_field', message: problem, id }
  const workspace = intake.workspace(typeof record.workspace_id === 'string' ? record.workspace_id : null)
  if (!workspace) return { code: 'wrong_workspace', message: wrongWorkspace(record), id }
  const source = typeof record.source === 'string' ? record.source : intake.source
  const complete = record.workspace_id === workspace.id && record.source === source
  const stored = complete ? record : { ...withoutPrototype(record), workspace_id: workspace.id, source }
  const canonical = canonicalBytes(stored)
  if (canonical === null) return { code: 'too_deep', message: 'the record is nested more than 64 levels deep', id }
  if (canonical.length > intake.largest)
    return { code: 'too_large', message: `the record has ${canonical.length} bytes, at most ${intake.largest} are taken`, id }
  return {
    workspace: workspace.number,
    source,
    kind,
    id: id ?? deletionId(record),
    fields: record,
    fingerprint: fingerprintOf(keys, canonical),
    sealed: seal(keys, canonical),
    remains: remainsOf(kind, record),
    ...times(kind, record, intake.now),
  }
}

function decode(line: Buffer): string | null {
  try {
    return utf8.decode(line)
  } catch {
    return null
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function idOf(record: JsonObject): string | null {
  return typeof record.id === 'string' && record.id !== '' ? record.id.slice(0, 512).toWellFormed().replaceAll('\0', '\ufffd') : null
}

function isKind(kind: string): kind is RecordKind {
  return Object.hasOwn(recordShapes, kind)
}

/** A spread would lose an own `__proto__` member to the prototype; an object without prototype keeps every key a source sends. */
function withoutPrototype(record: JsonObject): JsonObject {
  const copy: JsonObject = Object.create(null)
  for (const key of Object.keys(record)) copy[key] = record[key]
  return copy
}

function canonicalBytes(record: JsonObject): Buffer | null {
  try {
    return Buffer.from(canonicalText(record))
  } catch (error) {
    if (error instanceof TooDeep) return null
    throw error
  }
}

const timeFields = ['created_at', 'updated_at', 'deleted_at', 'occurred_at', 'started_at', 'ended_at', 'opens_at', 'closes_at'] as const

const epoch = '1970-01-01T00:00:00Z'

/** A time of a record. A field that its kind does not know is only kept, whatever it is called and holds. */
export function timeOf(kind: RecordKind, record: JsonObject, field: string): string | null {
  const value = record[field]
  return typeof value === 'string' && Object.hasOwn(recordShapes[kind].shape, field) ? value : null
}

/** The first wrong field with its path; never its value, which may be content. */
function fieldProblem(kind: RecordKind, record: JsonObject): string | null {
  const checked: z.ZodSafeParseResult<unknown> = recordShapes[kind].safeParse(record)
  const issue = checked.error?.issues[0]
  if (issue) return `${issue.path.map((step) => String(step).slice(0, 40)).join('.') || 'record'}: ${plainIssue(issue)}`
  const wrong = timeFields.find((field) => !isTime(timeOf(kind, record, field) ?? epoch))
  if (wrong) return `${wrong}: is not a time that exists`
  if (kind === 'deletion' && isObject(record.of)) return deletionProblem(record.of)
  return null
}

function plainIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `is missing or not of type ${issue.expected}`
  if (issue.code === 'invalid_value') return `is not one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_format')
    return issue.format === 'datetime'
      ? 'is not an RFC 3339 time'
      : issue.message.startsWith('Invalid')
        ? `is not a valid ${issue.format}`
        : issue.message
  if (issue.code === 'invalid_union') return 'is not one of the known content parts; use {"type":"raw","value":…} for what is none'
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return `is too ${issue.code === 'too_small' ? 'short or small' : 'long or large'}`
  return issue.code === 'custom' ? issue.message : 'is not valid'
}

function deletionProblem(of: JsonObject): string | null {
  if (typeof of.kind !== 'string' || !isKind(of.kind) || of.kind === 'deletion') return 'of.kind: is not a kind that can be deleted'
  if (of.kind === 'message' && typeof of.conversation_id !== 'string') return 'of.conversation_id: is needed to name a message'
  return null
}

/** A deletion is about another item and needs no id: its own is made of what it is about. */
function deletionId(record: JsonObject): string {
  const of = isObject(record.of) ? record.of : {}
  return createHash('sha256')
    .update(JSON.stringify([of.kind, of.conversation_id ?? null, of.id]))
    .digest('hex')
}

function wrongWorkspace(record: JsonObject): string {
  return typeof record.workspace_id === 'string'
    ? 'there is no such workspace for this key'
    : 'the record names no workspace and the key is not bound to one'
}

/** Five minutes: clocks differ by seconds; more is worth a flag, never a refusal. */
const aheadTolerance = 5 * 60 * 1e6

function times(kind: RecordKind, record: JsonObject, now: number): Pick<Candidate, 'updatedAt' | 'occurredAt' | 'ahead'> {
  const time = (field: string) => timeOf(kind, record, field)
  const day = time('day')
  const occurredAt =
    (kind === 'deletion' ? time('deleted_at') : null) ??
    time('created_at') ??
    time('occurred_at') ??
    time('started_at') ??
    time('updated_at') ??
    time('deleted_at') ??
    (day && `${day}T00:00:00Z`)
  const updated = time('updated_at')
  const ahead = [occurredAt, updated].some((at) => at !== null && microseconds(at) > now + aheadTolerance)
  return { updatedAt: updated === null ? null : microseconds(updated), occurredAt, ahead }
}
