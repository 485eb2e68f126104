/**
 * Text that people wrote, cut so that nothing in it can hide: characters that are not seen, or that turn around what stands beside
 * them, are named by their code points; web addresses are told apart from what is around them.
 */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** The same unseen character, so many times. */
  | { readonly kind: 'mark'; readonly code: number; readonly times: number }
  | { readonly kind: 'address'; readonly text: string }

/** Accents that belong to one letter; more are a flood that runs over the lines around it. */
const mostAccents = 4

const unseen = new RegExp(
  [
    // controls but tab and line ends, soft hyphen and its kin, fillers
    '[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F]',
    // zero width, directions, line separators, invisible operators, musical and shorthand controls
    '[\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF0-\\uFFFB\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}]',
    // tags and further variation selectors, in which whole sentences can be hidden
    '[\\u{E0000}-\\u{E0FFF}]',
    // half of a character
    '\\p{Surrogate}',
    `(?<=\\p{M}{${mostAccents}})\\p{M}`,
  ].join('|'),
  'u',
)
const address = /https?:\/\/[^\s<>"'`{}|\\^\p{Cc}\p{Cf}\p{Z}]+/iu
const either = new RegExp(`(?<address>${address.source})|(?<mark>${unseen.source})`, 'giu')

/** Joiners do their work between letters of scripts that join, and between pictures; a selector after a picture chooses its color. */
const joinsBefore =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Mongolian}]$/u
const joinsAfter = new RegExp(`^${joinsBefore.source.slice(0, -1)}`, 'u')
const pictureBefore = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u
const pictureAfter = /^\p{Extended_Pictographic}/u
const selectable = /[\p{Extended_Pictographic}0-9#*]$/u

function belongs(character: string, before: string, after: string): boolean {
  if (character === '\u200C') return joinsBefore.test(before) && joinsAfter.test(after)
  if (character === '\u200D')
    return (joinsBefore.test(before) && joinsAfter.test(after)) || (pictureBefore.test(before) && pictureAfter.test(after))
  return character === '\uFE0F' && selectable.test(before)
}

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let plain = ''
  let at = 0
  const flush = () => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain })
    plain = ''
  }
  for (const match of text.matchAll(either)) {
    const [found] = match
    plain += text.slice(at, match.index)
    at = match.index + found.length
    if (match.groups?.address !== undefined) {
      const bare = withoutTail(found)
      flush()
      pieces.push({ kind: 'address', text: bare })
      plain = found.slice(bare.length)
    } else if (belongs(found, text.slice(Math.max(0, match.index - 2), match.index), text.slice(at, at + 2))) plain += found
    else {
      flush()
      addMark(pieces, found.codePointAt(0) ?? 0)
    }
  }
  plain += text.slice(at)
  flush()
  return pieces
}

function addMark(pieces: Piece[], code: number): void {
  const last = pieces.at(-1)
  if (last?.kind === 'mark' && last.code === code) pieces[pieces.length - 1] = { ...last, times: last.times + 1 }
  else pieces.push({ kind: 'mark', code, times: 1 })
}

/** The end of a sentence, or of what is in brackets, is not the end of an address. */
function withoutTail(found: string): string {
  let bare = found
  let excess = (bare.match(/[)\]]/g) ?? []).length - (bare.match(/[([]/g) ?? []).length
  for (let last = bare.at(-1); last !== undefined; last = bare.at(-1)) {
    const isBracket = last === ')' || last === ']'
    if (isBracket ? excess <= 0 : !/[.,;:!?]/.test(last)) break
    if (isBracket) excess--
    bare = bare.slice(0, -1)
  }
  return bare
}

/** More marks in a row than this are a flood: a few are named, the rest is counted. */
const mostInARow = 12
const namedOfAFlood = 8

export type Shown = Piece | { readonly kind: 'flood'; readonly marks: readonly Extract<Piece, { kind: 'mark' }>[] }

/** The same pieces, with floods of different marks put together. */
export function withoutFloods(pieces: readonly Piece[]): Shown[] {
  const shown: Shown[] = []
  let marks: Extract<Piece, { kind: 'mark' }>[] = []
  const flush = () => {
    const named = marks.length > mostInARow ? namedOfAFlood : marks.length
    shown.push(...marks.slice(0, named))
    if (marks.length > named) shown.push({ kind: 'flood', marks: marks.slice(named) })
    marks = []
  }
  for (const piece of pieces) {
    if (piece.kind === 'mark') marks.push(piece)
    else {
      flush()
      shown.push(piece)
    }
  }
  flush()
  return shown
}

export const codeName = (code: number) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`

const names: Record<number, string> = {
  0: 'null',
  7: 'bell',
  8: 'backspace',
  27: 'escape',
  173: 'soft hyphen',
  8203: 'zero width space',
  8204: 'zero width non-joiner',
  8205: 'zero width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8232: 'line separator',
  8233: 'paragraph separator',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of direction',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'end of isolate',
  65279: 'zero width no-break space',
}

/** What a character is, in words. */
export function codeMeaning(code: number): string {
  const known = names[code]
  if (known !== undefined) return known
  if (code >= 0xd800 && code <= 0xdfff) return 'half of a character'
  if (code >= 0xe0020 && code <= 0xe007e) return `tag that stands for ${String.fromCodePoint(code - 0xe0000)}`
  if (/\p{M}/u.test(String.fromCodePoint(code)) && !(code >= 0xfe00 && code <= 0xfe0f)) return 'one accent too many'
  return 'a character that is not seen'
}

/** Where to cut a long text: after a line where there is one near, and never inside a character. */
export function cutAt(text: string, most: number): number {
  if (text.length <= most) return text.length
  const line = text.lastIndexOf('\n', most - 1) + 1
  if (line > most / 2) return line
  return isHigh(text.charCodeAt(most - 1)) ? most - 1 : most
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff

/** A text in pieces of about this many characters, none of them empty. */
export function chunksOf(text: string, size: number): string[] {
  const chunks: string[] = []
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at, at + size + 1)
    const end = text.length - at <= size ? rest.length : cutAt(rest, size)
    chunks.push(text.slice(at, at + end))
    at += end
  }
  return chunks
}
