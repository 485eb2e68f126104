/**
 * Numbers that look random and are the same for the same seed on every machine: xoshiro128** 1.1 (Blackman and Vigna), seeded by the
 * 128-bit MurmurHash3. Whole numbers, sums, products and quotients alone: exponentials and logarithms differ between machines.
 */
export class Random {
  readonly #key: Words
  #a: number
  #b: number
  #c: number
  #d: number

  private constructor(state: Words) {
    this.#key = state
    this.#a = state[0] | 0
    this.#b = state[1] | 0
    this.#c = state[2] | 0
    this.#d = state[3] | 0
  }

  static of(...seed: readonly Label[]): Random {
    return new Random(hash([0, 0, 0, 0], seed))
  }

  /** The generator in a given state, which must not be all zeros: it would stay there. */
  static at(state: Words): Random {
    return new Random(state)
  }

  /** Another generator, of the seed and these labels alone and not of what was drawn so far; this one stays where it is. */
  fork(...labels: readonly Label[]): Random {
    return new Random(hash(this.#key, labels))
  }

  /** 0 to 2³² − 1. */
  next(): number {
    const b = this.#b
    const five = Math.imul(b, 5)
    const drawn = Math.imul((five << 7) | (five >>> 25), 9) >>> 0
    const c = this.#c ^ this.#a
    const d = this.#d ^ b
    this.#b = b ^ c
    this.#a = this.#a ^ d
    this.#c = c ^ (b << 9)
    this.#d = (d << 11) | (d >>> 21)
    return drawn
  }

  /** From 0 up to but not including 1, in steps of 2⁻³². */
  float(): number {
    return this.next() / 4_294_967_296
  }

  /** A whole number from 0 up to but not including `below`. */
  int(below: number): number {
    return Math.floor((this.next() / 4_294_967_296) * below)
  }

  chance(probability: number): boolean {
    return this.next() / 4_294_967_296 < probability
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('there is nothing to pick from')
    // The index is below the length, so what lies there is a T, which may itself be undefined.
    return list[this.int(list.length)] as T
  }

  /** The place of one of the weights, each as likely as it is heavy. */
  weighted(weights: readonly number[]): number {
    let left = 0
    for (const weight of weights) left += weight
    left *= this.float()
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i] ?? 0
      if (left < 0) return i
    }
    return weights.findLastIndex((weight) => weight > 0)
  }
}

export type Label = string | number
type Words = readonly [number, number, number, number]

/** MurmurHash3_x86_128 over the labels as 32-bit words, filled up with zeros, from a key instead of a seed. */
function hash(key: Words, labels: readonly Label[]): Words {
  const words = wordsOf(labels)
  let [h1, h2, h3, h4] = key
  for (let at = 0; at < words.length; at += 4) {
    h1 ^= Math.imul(rotate(Math.imul(words[at] ?? 0, 0x239b961b), 15), 0xab0e9789)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotate(Math.imul(words[at + 1] ?? 0, 0xab0e9789), 16), 0x38b34ae5)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= Math.imul(rotate(Math.imul(words[at + 2] ?? 0, 0x38b34ae5), 17), 0xa1e38b93)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= Math.imul(rotate(Math.imul(words[at + 3] ?? 0, 0xa1e38b93), 18), 0x239b961b)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  return finished(h1, h2, h3, h4, words.length * 4)
}

function finished(...[a, b, c, d, length]: [...Words, number]): Words {
  const [h1, h2, h3, h4] = spread(a ^ length, b ^ length, c ^ length, d ^ length)
  return spread(mixed(h1), mixed(h2), mixed(h3), mixed(h4))
}

function spread(a: number, b: number, c: number, d: number): Words {
  const sum = (a + b + c + d) | 0
  return [sum, (b + sum) | 0, (c + sum) | 0, (d + sum) | 0]
}

function mixed(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by))

/** A string begins with twice its length, a number with 1, so that no two lists of labels give the same words. */
function wordsOf(labels: readonly Label[]): number[] {
  const words: number[] = []
  for (const label of labels) {
    if (typeof label === 'string') {
      words.push(label.length * 2)
      for (let i = 0; i < label.length; i++) words.push(label.charCodeAt(i))
    } else {
      if (!Number.isSafeInteger(label)) throw new Error('a number of a seed must be whole')
      words.push(1, label | 0, Math.floor(label / 4_294_967_296))
    }
  }
  return words
}
