/**
 * Finds numbers that JSON.parse would change: an integer that no double holds exactly, anything that overflows or vanishes, and
 * a fraction written with more than 17 significant digits (17 identify every double; more claim a precision that would be lost).
 */
const suspicious = /[:,[\s]-?(?:\d{16}|\d*\.?\d*[eE]|\d*\.\d{15})/
const literal = /^-?(\d+)(?:\.(\d+))?(?:[eE][+-]?\d+)?$/

/** The text of the first such number, or null. The pattern comes first: nearly no line has a candidate, and the walk costs ten times the parse. */
export function inexactNumber(json: string): string | null {
  if (!suspicious.test(json)) return null
  try {
    return firstInexact(json)
  } catch (error) {
    // Nested so deep that the walk does not fit on the stack: it is refused for that.
    if (error instanceof RangeError) return null
    throw error
  }
}

function firstInexact(json: string): string | null {
  let found: string | null = null
  // TypeScript's library does not know the third argument of a reviver yet: the source text of a primitive.
  JSON.parse(json, ((_key: string, value: unknown, context: { source?: string }) => {
    if (found === null && typeof value === 'number' && context.source !== undefined && !isExact(context.source, value))
      found = context.source
    return value
  }) as (key: string, value: unknown) => unknown)
  return found
}

/**
 * Whether a number of JSON text is the same still when it has become a double: as a value, or as the text that canonical bytes give
 * it, so that what Daybook hands out can be brought in again.
 */
export function isExact(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  const [, whole = '', fraction] = literal.exec(source) ?? []
  if (value === 0) return !/[1-9]/.test(source.split(/[eE]/)[0] ?? '')
  if (fraction === undefined && !/[eE]/.test(source)) return BigInt(source) === BigInt(value) || source === String(value)
  return `${whole}${fraction ?? ''}`.replace(/^0+/, '').replace(/0+$/, '').length <= 17
}
