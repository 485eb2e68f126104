import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inexactNumber } from './numbers.ts'

describe('a number that would change', () => {
  test.each([
    ['an integer beyond 2^53 that no double holds', '9007199254740993'],
    ['the same below zero', '-9007199254740993'],
    ['a 20-digit id', '12345678901234567890'],
    ['a fraction of 18 significant digits', '0.123456789012345678'],
    ['an exponent with 18 significant digits', '1.23456789012345678e10'],
    ['more than the largest double', '1e400'],
    ['less than the smallest', '1e-400'],
  ])('is found: %s', (_what, literal) => {
    expect(inexactNumber(`{"a":[1,{"b": ${literal} }]}`)).toBe(literal)
    expect(inexactNumber(`{"a":\n${literal}}`)).toBe(literal)
    expect(inexactNumber(`[${literal}]`)).toBe(literal)
  })

  test('is found behind good ones, the first of several', () => {
    expect(inexactNumber('[1, 2.5, 9007199254740992, 9007199254740993, 1e999]')).toBe('9007199254740993')
  })
})

describe('a number that stays what it is', () => {
  test.each([
    '0',
    '-0',
    '0.0',
    '0e5',
    '0.10',
    '1.5',
    '2e3',
    '9007199254740992',
    '9223372036854775808',
    '1e22',
    '5e-324',
    '1.7976931348623157e308',
    '0.30000000000000004',
    '1700000000.1234567',
    '1000000000000000000000',
  ])('%s is left alone', (literal) => {
    expect(inexactNumber(`{"a":${literal}}`)).toBeNull()
  })

  test('digits in a text are no number', () => {
    expect(inexactNumber(JSON.stringify({ text: ': 9007199254740993, [1e999', '9007199254740993': 'key' }))).toBeNull()
  })

  test('every double that a program writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(inexactNumber(JSON.stringify({ value }))).toBeNull()
      }),
    )
  })

  test('an integer is refused exactly when a double cannot hold it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (value) => {
        const exact = BigInt(Number(value)) === value
        expect(inexactNumber(`{"value":${value}}`) === null).toBe(exact)
      }),
    )
  })
})
