const shape = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/

/**
 * Microseconds since 1970 of an RFC 3339 time, rounded as PostgreSQL rounds: the unit in which versions are compared. Exact until
 * the year 2255.
 */
export function microseconds(time: string): number {
  // Up to three digits of a fraction are what Date.parse understands by itself.
  if (time.charAt(19) !== '.' || !/\d/.test(time.charAt(23))) return Date.parse(time) * 1000
  const [, day = '', clock = '', fraction = '', zone = ''] = shape.exec(time) ?? []
  const whole = Date.parse(`${day}T${clock}${zone}`) * 1000
  return whole + roundedToEven(Number(`0.${fraction || '0'}`) * 1e6)
}

/** Seven digits, as some sources write them, often end in an exact half. */
function roundedToEven(value: number): number {
  const rounded = Math.round(value)
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}

/** Seconds since 1970 as the OpenAI-compatible surface wants them: a JSON number with the fraction the source gave. */
export function epochSeconds(time: string): number {
  return microseconds(time) / 1e6
}

export function isTime(time: string): boolean {
  return shape.test(time) && Number.isFinite(microseconds(time)) && microseconds(time) >= -62_135_596_800_000_000
}

/** The earlier of two times, or the one there is. */
export function earliest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return microseconds(a) <= microseconds(b) ? a : b
}
