/**
 * What a word is, for the index and for those who search: a run of letters, marks and digits after NFKC, in lower case. Han, Hiragana,
 * Katakana, Thai, Lao, Khmer and Burmese are written without spaces, so there every character is a word and a word is a phrase; marks that
 * these share with other scripts belong to the letter before.
 * The same text makes the same words on every machine: nothing here depends on a locale.
 */
const spaceless =
  '[[\\p{Script_Extensions=Han}\\p{Script_Extensions=Hiragana}\\p{Script_Extensions=Katakana}\\p{Script_Extensions=Thai}' +
  '\\p{Script_Extensions=Lao}\\p{Script_Extensions=Khmer}\\p{Script_Extensions=Myanmar}]--\\p{Script=Inherited}]'
const letters = '[\\p{L}\\p{M}\\p{N}]'
const anyWord = new RegExp(`[${spaceless}&&${letters}]|[${letters}--${spaceless}]+`, 'gv')

/** Nine texts in ten are plain; they are cut four times as fast. */
const asciiWord = /[a-z0-9]+/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: every character of ASCII
const ascii = /^[\x00-\x7f]*$/

/** The words of a text, in its order. */
export function wordsOf(text: string): string[] {
  if (ascii.test(text)) return text.toLowerCase().match(asciiWord) ?? []
  return (text.normalize('NFKC').match(anyWord) ?? []).map(folded)
}

export interface PlacedWord {
  readonly word: string
  readonly start: number
  readonly end: number
}

/** The same words with their places in the NFKC form of the text, which is what snippets are cut from. */
export function placedWords(text: string): { readonly text: string; readonly words: readonly PlacedWord[] } {
  const normal = text.normalize('NFKC')
  const words = Array.from(normal.matchAll(anyWord), ({ 0: run, index }) => ({ word: folded(run), start: index, end: index + run.length }))
  return { text: normal, words }
}

/**
 * By way of the capitals, since some letters have none of their own: in them ß is SS, and whoever looks for one finds the other. Changing case can
 * take a character apart that NFKC would put together.
 */
function folded(run: string): string {
  const lower = run.toLowerCase()
  return ascii.test(lower) ? lower : lower.toUpperCase().toLowerCase().normalize('NFKC')
}
