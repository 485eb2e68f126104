import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placedWords, wordsOf } from './words.ts'

test.each([
  ['Hello, World! Don’t.', ['hello', 'world', 'don', 't']],
  ['CRÈME Bru\u0302le\u0301e', ['crème', 'brûlée']],
  ['ﬁne ｆｕｌｌ ①', ['fine', 'full', '1']],
  ['ΟΔΟΣ Straße İzmir Yıldız', ['οδος', 'strasse', 'i\u0307zmir', 'yildiz']],
  ['H\u0331alab x\u0331', ['ẖalab', 'x\u0331']],
  ['नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
  ['iPhone手机 東京タワー', ['iphone', '手', '机', '東', '京', 'タ', 'ワ', 'ー']],
  ['한국어 단어', ['한국어', '단어']],
  ['a_b-c d.e@f.com 3.14', ['a', 'b', 'c', 'd', 'e', 'f', 'com', '3', '14']],
  ['𝔘nicode 𠀀𠀁', ['unicode', '𠀀', '𠀁']],
  ['…!?', []],
])('the words of %s', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))

test('are the same with their places as without, composed as decomposed, and in every case', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const words = wordsOf(text)
      expect(placedWords(text).words.map(({ word }) => word)).toEqual(words)
      expect(wordsOf(text.normalize('NFD'))).toEqual(words)
      expect(wordsOf(words.join(' ').toUpperCase())).toEqual(words)
      expect(wordsOf(words.join(' '))).toEqual(words)
    }),
    { numRuns: 2000 },
  )
})

test('lie where they are said to lie', () => {
  fc.assert(
    fc.property(anyText, (said) => {
      const { text, words } = placedWords(said)
      let at = 0
      for (const { word, start, end } of words) {
        expect(start).toBeGreaterThanOrEqual(at)
        expect(wordsOf(text.slice(start, end))).toEqual([word])
        at = end
      }
      expect(text).toBe(said.normalize('NFKC'))
    }),
    { numRuns: 1000 },
  )
})

test('a text says the same when another one is put beside it', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      expect(wordsOf(`${one} ${other}`)).toEqual([...wordsOf(one), ...wordsOf(other)])
    }),
  )
})
