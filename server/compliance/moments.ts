import { Temporal } from 'temporal-polyfill'
import { Refusal } from '../platform/refusal.ts'

/** The first instant of a day or time that somebody asks for, as the database is asked. */
export const fromThenOn = (text: string, param: string) => instantOf(text, param, 0)

/** The first instant after it: of a day its end, of an instant the next one that the database tells apart. */
export const endOf = (text: string, param: string) => instantOf(text, param, 1)

function instantOf(text: string, param: string, after: 0 | 1): string {
  try {
    if (!text.includes('T')) return written(Temporal.PlainDate.from(text).add({ days: after }).toZonedDateTime('UTC').toInstant())
    return written(Temporal.Instant.from(text.replace(/(\.\d{9})\d+/, '$1')).add({ microseconds: after }))
  } catch {
    throw new Refusal('bad_request', `${param}: is neither a day (2026-02-28) nor an RFC 3339 time`, { param })
  }
}

/** The year 1 of the database comes after no other, and its year 10000 is written without a sign. */
const first = Temporal.Instant.from('0001-01-01T00:00:00Z')

function written(instant: Temporal.Instant): string {
  const held = Temporal.Instant.compare(instant, first) < 0 ? first : instant
  return held.toString().replace(/^\+0/, '')
}
