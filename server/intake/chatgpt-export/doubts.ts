import { MAX_RECORD_BYTES } from '../archive/limits.ts'
import type { Place, Rejected } from '../found.ts'
import { holdsInexact } from './numbers.ts'

/** What of an element needs a closer look, which costs time that nearly no element is worth. */
export interface Doubts {
  /** Some number in it would change. */
  inexact: boolean
  /** It is large enough to hold a record over the limit. */
  large: boolean
}

/** Why something that becomes one record cannot; never its content. */
export interface Problem {
  code: string
  message: string
}

export function doubt(value: unknown, { inexact, large }: Doubts): Problem | null {
  if (inexact && holdsInexact(value)) return { code: 'bad_number', message: 'a number in it is no exact double and would change' }
  if (!large) return null
  const size = bytesOf(value)?.length ?? 0
  return size > MAX_RECORD_BYTES ? { code: 'too_large', message: `${size} bytes, at most ${MAX_RECORD_BYTES} are taken` } : null
}

export function refusal({ code, message }: Problem, value: unknown, at: Place): Rejected {
  const bytes = bytesOf(value)
  return { type: 'rejected', code, message, at, ...(bytes !== null && bytes.length <= MAX_RECORD_BYTES ? { bytes } : {}) }
}

/** Null for what is nested too deeply to be written down again. */
function bytesOf(value: unknown): Buffer | null {
  try {
    return Buffer.from(JSON.stringify(value) ?? 'null')
  } catch {
    return null
  }
}
