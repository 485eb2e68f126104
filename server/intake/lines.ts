/** One line of a text, cut out without being looked into. `end` is the offset just behind it. */
export interface TextLine {
  readonly index: number
  /** null: longer than the limit, passed over without being held. */
  readonly bytes: Buffer | null
  readonly end: number
}

const newline = 0x0a

/** Cuts a stream into its lines. Blank ones count and are not given out; the last one needs no line end. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<TextLine> {
  const begun = new Begun(limit)
  let index = 0
  let offset = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      begun.add(chunk.subarray(from, at))
      from = at + 1
      const bytes = begun.take()
      if (!isBlank(bytes)) yield { index, bytes, end: offset + from }
      index++
    }
    begun.add(chunk.subarray(from))
    offset += chunk.length
  }
  const bytes = begun.take()
  if (!isBlank(bytes)) yield { index, bytes, end: offset }
}

/** The line that is not complete yet, as the parts that chunks left of it. */
class Begun {
  readonly #limit: number
  #parts: Buffer[] = []
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(part: Buffer): void {
    this.#size += part.length
    if (this.#size > this.#limit) this.#parts = []
    else if (part.length > 0) this.#parts.push(part)
  }

  take(): Buffer | null {
    const [only] = this.#parts
    const bytes = this.#size > this.#limit ? null : only && this.#parts.length === 1 ? only : Buffer.concat(this.#parts)
    this.#parts = []
    this.#size = 0
    return bytes
  }
}

/** Spaces, tabs and the carriage return of a Windows line end. */
function isBlank(bytes: Buffer | null): boolean {
  return bytes?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d) ?? false
}
