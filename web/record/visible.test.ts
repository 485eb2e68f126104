import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunksOf, cutAt, type Piece, piecesOf, type Shown, withoutFloods } from './visible.ts'

/** What the pieces stand for: nothing is lost and nothing is added. */
const meant = (pieces: readonly Piece[]) =>
  pieces.map((piece) => (piece.kind === 'mark' ? String.fromCodePoint(piece.code).repeat(piece.times) : piece.text)).join('')
const marks = (text: string) =>
  piecesOf(text).flatMap((piece) => (piece.kind === 'mark' ? `${piece.code.toString(16)}×${piece.times}` : []))
const addresses = (text: string) => piecesOf(text).flatMap((piece) => (piece.kind === 'address' ? piece.text : []))

const hostile = fc.oneof(
  fc.constantFrom(
    '\u202e',
    '\u200b',
    '\ufeff',
    '\u0301',
    '\u{e0041}',
    '\ud800',
    '\u0000',
    '😀',
    '👩‍👩‍👧',
    'https://x.example/',
    ' ',
    '\n',
    'نمی‌خواهم',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
)

describe('text that is shown', () => {
  test('means what was sent, whatever it was', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 40 }), (parts) => {
        const text = parts.join('')
        expect(meant(piecesOf(text))).toBe(text)
      }),
    )
  })

  test('names what is not seen and what turns directions', () => {
    expect(marks('safe\u202Efdp.exe')).toEqual(['202e×1'])
    expect(marks(`a${'\u200b'.repeat(10_000)}b`)).toEqual(['200b×10000'])
    expect(marks('\u2066\u2069\u200e\u061c\u00ad\u2060\ufeff\u2028\u0000\u001b\u007f\u0085')).toHaveLength(12)
    expect(marks('x\u{e0068}\u{e0069}')).toEqual(['e0068×1', 'e0069×1'])
    expect(marks('\ud800x\udc00')).toEqual(['d800×1', 'dc00×1'])
    expect(marks('tab\tand\r\nlines')).toEqual([])
  })

  test('leaves alone what a script or a picture needs', () => {
    for (const text of ['👩‍👩‍👧‍👦', '❤️', '1️⃣', 'نمی‌خواهم', 'क्‍ष', 'é', 'e\u0301', '👋🏽']) expect([text, marks(text)]).toEqual([text, []])
    expect(marks('a\u200db')).toEqual(['200d×1'])
    expect(marks('a\ufe0f')).toEqual(['fe0f×1'])
  })

  test('keeps a flood of accents within its line', () => {
    expect(marks(`a${'\u0301'.repeat(1000)}`)).toEqual(['301×996'])
  })

  test('puts the rest of a flood of different marks together, and loses none', () => {
    const parts = (shown: readonly Shown[]) => shown.flatMap((one): readonly Piece[] => (one.kind === 'flood' ? one.marks : [one]))
    const flood = piecesOf(`a${'\u200b\u200c'.repeat(20)}b\u200b`)
    expect(withoutFloods(flood).map(({ kind }) => kind)).toEqual([
      'text',
      ...Array.from({ length: 8 }, () => 'mark'),
      'flood',
      'text',
      'mark',
    ])
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 60 }), (texts) => {
        const pieces = piecesOf(texts.join(''))
        expect(parts(withoutFloods(pieces))).toEqual(pieces)
      }),
    )
  })

  test('tells addresses apart from the sentence around them, and only those that a browser opens', () => {
    expect(addresses('see https://a.example/x?y=1, (http://b.example/(c)).')).toEqual(['https://a.example/x?y=1', 'http://b.example/(c)'])
    expect(addresses('javascript:alert(1) data:text/html,<b> //c.example file:///etc/passwd')).toEqual([])
    expect(addresses('https://a.example/\u202egpj.exe')).toEqual(['https://a.example/'])
  })
})

test('long texts are cut after a line, never inside a character, and come together again', () => {
  expect(cutAt('😀😀', 3)).toBe(2)
  expect(cutAt('one\ntwo', 5)).toBe(4)
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (parts, size) => {
      const text = parts.join('')
      const chunks = chunksOf(text, size)
      expect(chunks.join('')).toBe(text)
      expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true)
      const whole = [...text].length
      expect(chunks.reduce((sum, chunk) => sum + [...chunk].length, 0)).toBe(whole)
    }),
  )
})
