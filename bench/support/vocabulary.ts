import { randomFrom, wholeBetween } from './random.ts'

/** Texts with as many words as people use: the n-th most frequent of forty thousand comes n times as seldom as the first. */

const size = 40_000
const syllables =
  'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu'.split(
    ' ',
  )

/** The n-th most frequent word, from 0; like those of a language, the frequent ones are short. */
export function wordAt(n: number): string {
  let word = ''
  for (let rest = n + 1; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length]
  return word
}

const words = Array.from({ length: size }, (_, n) => wordAt(n))
const harmonic = Math.log(size)

/** A word as frequent as its place says. */
function anyWord(random: () => number): string {
  return words[Math.min(size - 1, Math.floor(Math.exp(random() * harmonic)) - 1)] ?? ''
}

function prose(random: () => number, length: number): string {
  const parts: string[] = []
  for (let written = 0; written < length; ) {
    const part = anyWord(random) + (random() < 0.08 ? '. ' : ' ')
    parts.push(part)
    written += part.length
  }
  return parts.join('')
}

let stock: string | null = null

/** So many characters, give or take a word. */
export function textOfWords(random: () => number, length: number): string {
  stock ??= prose(randomFrom(2), 20_000_000)
  const start = stock.indexOf(' ', wholeBetween(random, 0, stock.length - length - 100)) + 1
  return stock.slice(start, stock.lastIndexOf(' ', start + length))
}
