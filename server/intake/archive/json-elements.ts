/** What `ElementSplitter` finds: `end` is the offset just behind it in the input. */
export type Piece =
  | { type: 'element'; index: number; bytes: Buffer; end: number }
  /** An element over the limit: passed over, never held. */
  | { type: 'too_large'; index: number; end: number }
  /** The input is no list of elements from here on; `bytes` is what was begun and not finished. */
  | { type: 'broken'; index: number; message: string; bytes: Buffer; end: number }

export interface SplitOptions {
  /** Bytes one element may have. */
  limit: number
  /** A top-level object is one element, unless it holds an array under this key: then that array's elements are meant. */
  wrapper?: string
}

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** How far back a wrapper's key may lie before its `[`: the key, a colon and white space. */
const KEY_REACH = 256

/**
 * Cuts a JSON text into its top-level elements without parsing it: chunks go in, pieces come out as soon as they are complete.
 * It follows brackets and strings only; whether an element is valid JSON is for `JSON.parse` to say, so that one bad element
 * costs no other.
 */
export class ElementSplitter {
  readonly #limit: number
  readonly #wrapper: RegExp | null
  #phase: 'start' | 'object' | 'array' | 'wrapper' | 'after' | 'broken' = 'start'
  #depth = 0
  #inString = false
  /** Inside a string: the chunk before ended in an odd number of backslashes. */
  #escaped = false
  #index = 0
  #offset = 0
  /** Parts of the element begun in earlier chunks. */
  #parts: Buffer[] = []
  #size = 0
  #begun = false
  #dropped = false
  /** A comma promises another element. */
  #promised = false
  #wrapped = false
  #pieces: Piece[] = []

  constructor({ limit, wrapper }: SplitOptions) {
    this.#limit = limit
    this.#wrapper = wrapper === undefined ? null : new RegExp(`"${wrapper}"\\s*:\\s*$`)
  }

  push(chunk: Buffer): Piece[] {
    this.#pieces = []
    let at = 0
    if (this.#phase === 'start') at = this.#start(chunk)
    if (this.#phase === 'array' || this.#phase === 'object' || this.#phase === 'wrapper') at = this.#scan(chunk, at)
    if (this.#phase === 'after') this.#after(chunk, at)
    this.#offset += chunk.length
    return this.#pieces
  }

  /** The input is over: says what was begun and not finished. */
  end(): Piece[] {
    this.#pieces = []
    if (this.#phase === 'start') this.#fail('the file is empty', 0)
    else if (this.#phase === 'array' || this.#phase === 'object' || this.#phase === 'wrapper') this.#cutOff()
    return this.#pieces
  }

  #start(chunk: Buffer): number {
    let at = 0
    while (at < chunk.length) {
      const byte = chunk[at]
      if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        this.#phase = byte === OPEN_ARRAY ? 'array' : 'object'
        return byte === OPEN_ARRAY ? at + 1 : at
      }
      if (!isSpace(byte) && byte !== BYTE_ORDER_MARK[this.#offset + at]) {
        this.#fail('the file is neither a JSON array nor a JSON object', at)
        return at
      }
      at++
    }
    return at
  }

  #scan(chunk: Buffer, from: number): number {
    let at = from
    let elementFrom = this.#begun ? 0 : -1
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#throughString(chunk, at)
        continue
      }
      const byte = chunk[at]
      if (byte === QUOTE) {
        this.#inString = true
        if (elementFrom < 0) elementFrom = this.#begin(at)
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (elementFrom < 0) elementFrom = this.#begin(at)
        this.#depth++
        if (byte === OPEN_ARRAY && this.#depth === 2 && this.#opensWrapped(chunk, elementFrom, at)) elementFrom = -1
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (this.#depth === 0) {
          elementFrom = this.#closeArray(chunk, elementFrom, at, byte)
          if (this.#phase !== 'wrapper') return at + 1
        } else if (--this.#depth === 0 && this.#phase !== 'array') {
          this.#closeObject(chunk, elementFrom, at + 1)
          return at + 1
        }
      } else if (byte === COMMA && this.#depth === 0) {
        this.#finish(chunk, elementFrom, at)
        this.#promised = true
        elementFrom = -1
      } else if (elementFrom < 0 && !isSpace(byte)) elementFrom = this.#begin(at)
      at++
    }
    if (elementFrom >= 0) this.#hold(chunk, elementFrom, chunk.length)
    return at
  }

  /** Goes to the byte behind the string's closing quote, or to the chunk's end. A quote behind an odd number of backslashes is text. */
  #throughString(chunk: Buffer, from: number): number {
    let at = from
    if (this.#escaped) {
      this.#escaped = false
      at++
    }
    for (;;) {
      const quote = nextQuote(chunk, at)
      const until = quote < 0 ? chunk.length : quote
      let back = until
      while (back > at && chunk[back - 1] === BACKSLASH) back--
      const escaped = (until - back) % 2 === 1
      if (quote < 0) {
        this.#escaped = escaped
        return chunk.length
      }
      at = quote + 1
      if (!escaped) {
        this.#inString = false
        return at
      }
    }
  }

  #begin(at: number): number {
    this.#begun = true
    return at
  }

  #hold(chunk: Buffer, from: number, to: number): void {
    this.#size += to - from
    if (this.#phase === 'wrapper') return
    if (this.#size > this.#limit) {
      this.#dropped = true
      this.#parts = []
    } else if (!this.#dropped) this.#parts.push(chunk.subarray(from, to))
  }

  /** Completes the element that ends before `to`; with nothing between two commas it is an empty one, which no parser takes. */
  #finish(chunk: Buffer, from: number, to: number): void {
    if (from >= 0) this.#hold(chunk, from, to)
    const end = this.#offset + to
    if (this.#dropped) this.#pieces.push({ type: 'too_large', index: this.#index, end })
    else this.#pieces.push({ type: 'element', index: this.#index, bytes: this.#held(), end })
    this.#index++
    this.#forget()
  }

  #held(): Buffer {
    const [only] = this.#parts
    return only !== undefined && this.#parts.length === 1 ? only : Buffer.concat(this.#parts)
  }

  #forget(): void {
    this.#parts = []
    this.#size = 0
    this.#begun = false
    this.#dropped = false
    this.#promised = false
  }

  #closeArray(chunk: Buffer, from: number, at: number, byte: number): number {
    if (byte === CLOSE_OBJECT) {
      if (from >= 0) this.#hold(chunk, from, at)
      this.#fail('a bracket closes what was never opened', at)
      return -1
    }
    if (from >= 0 || this.#promised) this.#finish(chunk, from, at)
    // Behind a wrapped array the rest of the wrapper is passed over: one level is open.
    if (this.#wrapped) {
      this.#phase = 'wrapper'
      this.#depth = 1
      return this.#begin(at + 1)
    }
    this.#phase = 'after'
    return -1
  }

  #opensWrapped(chunk: Buffer, from: number, at: number): boolean {
    if (this.#phase !== 'object' || this.#wrapper === null) return false
    if (!this.#wrapper.test(this.#before(chunk.subarray(from, at)).toString('latin1'))) return false
    this.#forget()
    this.#phase = 'array'
    this.#wrapped = true
    this.#depth = 0
    return true
  }

  /** The last bytes of the element begun, of which `near` are in the chunk at hand. */
  #before(near: Buffer): Buffer {
    const parts = [near.subarray(-KEY_REACH)]
    let size = near.length
    for (const part of this.#parts.toReversed()) {
      if (size >= KEY_REACH) break
      parts.unshift(part.subarray(-KEY_REACH))
      size += part.length
    }
    return Buffer.concat(parts)
  }

  #closeObject(chunk: Buffer, from: number, to: number): void {
    if (this.#phase === 'object') this.#finish(chunk, from, to)
    this.#phase = 'after'
  }

  #after(chunk: Buffer, from: number): void {
    for (let at = from; at < chunk.length; at++) {
      if (!isSpace(chunk[at])) {
        this.#fail('the file goes on behind its end', at)
        return
      }
    }
  }

  #cutOff(): void {
    const bytes = this.#held()
    const last = bytes.findLast((byte) => !isSpace(byte))
    const complete = this.#depth === 0 && !this.#inString && (last === CLOSE_OBJECT || last === CLOSE_ARRAY || last === QUOTE)
    if (complete && this.#phase === 'array') this.#finish(bytes, -1, 0)
    this.#fail('the file ends before it is complete', 0)
  }

  #fail(message: string, at: number): void {
    this.#pieces.push({ type: 'broken', index: this.#index, message, bytes: this.#held(), end: this.#offset + at })
    this.#forget()
    this.#phase = 'broken'
  }
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** Most strings are short, where a call into native code costs more than it saves; in long ones it is many times faster. */
const NEAR = 24

function nextQuote(chunk: Buffer, from: number): number {
  const near = Math.min(from + NEAR, chunk.length)
  for (let at = from; at < near; at++) if (chunk[at] === QUOTE) return at
  return near === chunk.length ? -1 : chunk.indexOf(QUOTE, near)
}
