import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ElementSplitter, type Piece } from './json-elements.ts'

const LIMIT = 1_000_000

function split(input: string | Buffer, cuts: number[] = [], limit = LIMIT): Piece[] {
  const bytes = Buffer.from(input)
  const borders = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  const splitter = new ElementSplitter({ limit, wrapper: 'conversations' })
  return [...borders.slice(1).flatMap((to, at) => splitter.push(bytes.subarray(borders[at], to))), ...splitter.end()]
}

function values(pieces: Piece[]): unknown[] {
  return pieces.map((piece) => (piece.type === 'element' ? JSON.parse(piece.bytes.toString()) : piece.type))
}

/** JSON of the nasty kind: quotes, backslashes and brackets in strings and names. */
const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', ' ', 'a', 'é', '\u2028', '😀', '\n', '\u0000') })
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(text, tie('value'), { maxKeys: 4 }),
})).value
const cuts = fc.array(fc.nat(5000), { maxLength: 12 })
const indent = fc.constantFrom(undefined, 1, '\t', '\r\n ')

test('any array comes out element by element, wherever the chunks are cut and however it is indented', () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 6 }), cuts, indent, (list, at, space) => {
      const written = JSON.parse(JSON.stringify(list))
      expect(values(split(JSON.stringify(list, null, space), at))).toEqual(written)
    }),
    { numRuns: 500 },
  )
})

test('a wrapped array is the same as a bare one, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 5 }), fc.dictionary(text, json, { maxKeys: 3 }), cuts, indent, (list, around, at, space) => {
      fc.pre(!Object.keys(around).includes('conversations'))
      const wrapped = JSON.stringify({ ...around, conversations: list, after: [around] }, null, space)
      expect(values(split(wrapped, at))).toEqual(JSON.parse(JSON.stringify(list)))
    }),
    { numRuns: 300 },
  )
})

test('a text cut off anywhere gives its complete elements, then says that it is broken', () => {
  fc.assert(
    fc.property(fc.array(json, { minLength: 1, maxLength: 5 }), fc.nat(), cuts, (list, cut, at) => {
      const whole = Buffer.from(JSON.stringify(list))
      const torn = whole.subarray(0, 1 + (cut % (whole.length - 1)))
      const pieces = split(torn, at)
      const complete = pieces.slice(0, -1)
      expect(pieces.at(-1)).toMatchObject({ type: 'broken', index: complete.length })
      expect(values(complete)).toEqual(JSON.parse(JSON.stringify(list)).slice(0, complete.length))
      expect(
        Buffer.concat([Buffer.from('['), ...pieces.flatMap((piece) => ('bytes' in piece ? [piece.bytes, Buffer.from(',')] : []))])
          .toString()
          .replace(/,+$/, ''),
      ).toBe(torn.toString().replace(/,+$/, ''))
    }),
    { numRuns: 500 },
  )
})

test('an object without the wrapper is one element', () => {
  const lone = { id: 'a', moderation_results: [], mapping: { conversations: [1, 2] }, note: '"conversations": [', list: [[1]] }
  for (let at = 0; at < 60; at++) expect(values(split(JSON.stringify(lone), [at]))).toEqual([lone])
})

test('a byte order mark and white space around are no matter', () => {
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(' \r\n[ {"a": 1} ,\t2 ] \n')])
  for (let at = 0; at < bytes.length; at++) expect(values(split(bytes, [at]))).toEqual([{ a: 1 }, 2])
})

test('every element knows where it ends, so that progress can be shown', () => {
  const ends = split('[10, "x" ,{}]', [4]).map((piece) => piece.end)
  expect(ends).toEqual([3, 9, 12])
})

test.each([
  ['', 'the file is empty'],
  ['  ', 'the file is empty'],
  ['"text"', 'the file is neither a JSON array nor a JSON object'],
  ['\u00ff\u00fe[', 'the file is neither a JSON array nor a JSON object'],
  ['[1}', 'a bracket closes what was never opened'],
  ['[1] x', 'the file goes on behind its end'],
  ['{"a":1}{"a":2}', 'the file goes on behind its end'],
  ['[[1]', 'the file ends before it is complete'],
])('%j is broken: %s', (input, message) => {
  expect(split(input).at(-1)).toMatchObject({ type: 'broken', message })
})

test('an element without a value is handed over empty, for the parser to refuse', () => {
  const lengths = (input: string) => split(input).map((piece) => ('bytes' in piece ? piece.bytes.length : piece.type))
  expect(lengths('[]')).toEqual([])
  expect(lengths('[1,]')).toEqual([1, 0])
  expect(lengths('[,1]')).toEqual([0, 1])
})

test('an element over the limit is passed over without being held, and the next one is whole', () => {
  const large = JSON.stringify(['x'.repeat(5000)])
  const input = `[1,${large},{"a":2}]`
  for (const cut of [[], [1000, 2000, 3000], [5, 5010]]) {
    const pieces = split(input, cut, 4000)
    expect(pieces.map((piece) => piece.type)).toEqual(['element', 'too_large', 'element'])
    expect(pieces[2]).toMatchObject({ index: 2, end: input.length - 1 })
  }
})
