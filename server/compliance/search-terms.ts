import type { Snippet } from '../../contract/search.ts'
import { type PlacedWord, placedWords, wordsOf } from '../ledger/words.ts'
import { Refusal } from '../platform/refusal.ts'

/**
 * What is searched for: runs of words that must all occur. A word by itself is a run of one; what stands in quotation marks, and
 * anything written without a space that is several words (`foo-bar`, a run of Chinese), is a phrase whose words follow each other.
 */
export interface Terms {
  readonly runs: readonly (readonly string[])[]
  /** Each word once. */
  readonly words: readonly string[]
}

const mostWords = 32
const quotes = /["“”„‟＂«»]/
const param = 'text'

export function parseTerms(text: string): Terms {
  const parts = text.split(quotes)
  if (parts.length % 2 === 0) throw new Refusal('bad_request', 'text: a quotation mark is not closed', { param })
  const written = parts.flatMap((part, i) => (i % 2 === 1 ? [part] : part.split(/\s+/)))
  const runs = written.map(wordsOf).filter((run) => run.length > 0)
  const words = [...new Set(runs.flat())]
  if (words.length === 0) throw new Refusal('bad_request', 'text: there is no word in it to search for', { param })
  if (runs.flat().length > mostWords)
    throw new Refusal('bad_request', `text: at most ${mostWords} words can be searched for at once`, { param })
  return { runs, words }
}

/** Whether everything that is searched for occurs in an entry. */
export function isFound({ runs }: Terms, texts: readonly string[]): boolean {
  const said = texts.map(wordsOf)
  return runs.every((run) => said.some((words) => startOf(run, words, 0) >= 0))
}

/** Where a run first begins, from a place on; -1: nowhere. */
function startOf(run: readonly string[], words: readonly string[], from: number): number {
  const [first = '', ...rest] = run
  for (let at = words.indexOf(first, from); at >= 0; at = words.indexOf(first, at + 1))
    if (rest.every((word, i) => words[at + 1 + i] === word)) return at
  return -1
}

const mostSnippets = 3
const around = 60

/** The first places of what is searched for: of everything once, before anything a second time. */
export function snippetsOf(terms: Terms, texts: readonly string[]): Snippet[] {
  const placed = texts.map(placedWords)
  const found: Place[] = []
  const places = terms.runs.map((run) => placed.flatMap((text, i) => placesOf(run, text.words, i)))
  for (let round = 0; round < mostSnippets; round++) {
    for (const [place] of places.map((some) => some.slice(round, round + 1))) {
      if (place && found.length < mostSnippets && !found.some((one) => overlap(one, place))) found.push(place)
    }
  }
  return found.sort((a, b) => a.text - b.text || a.start - b.start).map((place) => cut(placed[place.text]?.text ?? '', place))
}

interface Place {
  readonly text: number
  readonly start: number
  readonly end: number
}

function placesOf(run: readonly string[], placed: readonly PlacedWord[], text: number): Place[] {
  const words = placed.map(({ word }) => word)
  const found: Place[] = []
  for (let at = startOf(run, words, 0); at >= 0 && found.length < mostSnippets; at = startOf(run, words, at + run.length))
    found.push({ text, start: placed[at]?.start ?? 0, end: placed[at + run.length - 1]?.end ?? 0 })
  return found
}

const overlap = (a: Place, b: Place) => a.text === b.text && a.start < b.end && b.start < a.end

function cut(text: string, { start, end }: Place): Snippet {
  const from = start <= around ? 0 : start - around
  const until = Math.min(text.length, end + around)
  return {
    before: `${from > 0 ? '…' : ''}${clean(text.slice(from, start))}`,
    match: clean(text.slice(start, end)),
    after: `${clean(text.slice(end, until))}${until < text.length ? '…' : ''}`,
  }
}

/** On one line, and without half a character where the cut went through one. */
function clean(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
}
