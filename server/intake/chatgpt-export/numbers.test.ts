import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdsInexact, parseElement } from './numbers.ts'

function survives(number: string): boolean {
  const { value, exact } = parseElement(`{"a": [1, {"b":${number}}], "text": ": 12345678901234567890"}`)
  expect(holdsInexact(value)).toBe(!exact)
  return exact
}

test.each([
  '0',
  '-1',
  '1.0',
  '9007199254740992',
  '1733417137176554',
  '0.0012723471841338471',
  '1733230201.9453042',
  '1e22',
  '10000000000000000',
  '0e999',
  '4.9e-324',
])('%s is kept', (number) => {
  expect(survives(number)).toBe(true)
})

test.each([
  '9007199254740993',
  '12345678901234567890',
  '1e400',
  '-1e999',
  '1e-400',
  '0.123456789012345678',
  '1234567890123456.78',
  '12345678901234567.8',
])('%s would change', (number) => {
  expect(survives(number)).toBe(false)
})

test('every fraction and every small integer that a double holds is kept as JavaScript writes it down', () => {
  const double = fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number))
  fc.assert(fc.property(double, (number) => survives(JSON.stringify(number))))
})

test('integers are judged as exact arithmetic judges them', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
      (number) => survives(String(number)) === (BigInt(Number(number)) === number),
    ),
  )
})

test('what is refused is written down as the source wrote it', () => {
  expect(JSON.stringify(parseElement('{"a":12345678901234567890,"b":[1e400]}').value)).toBe('{"a":12345678901234567890,"b":[1e400]}')
})

test('NUL, lone surrogates and the name __proto__ survive', () => {
  const text = '{"__proto__":{"a":1},"nul":"\\u0000","half":"\\ud800","n":12345678901234567890}'
  expect(JSON.stringify(parseElement(text).value)).toBe(text)
})
