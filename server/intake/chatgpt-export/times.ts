/** A time as records want it; `whole` says that nothing of what the source wrote is lost in it. */
export interface Moment {
  at: string | null
  whole: boolean
}

const NOTHING: Moment = { at: null, whole: true }
const UNREADABLE: Moment = { at: null, whole: false }

/** The years an RFC 3339 time can name, in seconds. */
const FIRST = -62135596800
const LAST = 253402300799

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/

/**
 * ChatGPT writes epoch seconds with a fraction, in some captures as a string, and ISO 8601 in its side files. An ISO time
 * without a zone is UTC. The unit is never guessed from the size of a number.
 */
export function momentOf(value: unknown): Moment {
  if (value === null || value === undefined) return NOTHING
  if (typeof value === 'number') return fromSeconds(value)
  if (typeof value !== 'string') return UNREADABLE
  if (/^-?\d+(\.\d+)?$/.test(value)) return { at: fromSeconds(Number(value)).at, whole: false }
  const [, day, clock, fraction = '', zone = 'Z'] = ISO.exec(value) ?? []
  if (day === undefined) return UNREADABLE
  const at = written(Date.parse(`${day}T${clock}${zone}`) / 1000, fraction.padEnd(6, '0').slice(0, 6))
  return { at, whole: at === value }
}

function fromSeconds(seconds: number): Moment {
  const micros = Math.round(seconds * 1e6)
  const whole = Math.floor(micros / 1e6)
  const at = written(whole, String(micros - whole * 1e6).padStart(6, '0'))
  // A double near today's seconds resolves a quarter of a microsecond: a few times are finer than six digits can say.
  return { at, whole: at !== null && micros / 1e6 === seconds }
}

function written(seconds: number, micros: string): string | null {
  if (!(seconds >= FIRST && seconds <= LAST)) return null
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${micros}Z`
}
