import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText, deepest, TooDeep } from './canonical.ts'

const again = (text: string) => canonicalText(JSON.parse(text))

/** JSON as a source may send it: every string there is, lone surrogates and NUL among them, and keys such as `__proto__`. */
const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 6 })

describe('the examples of RFC 8785', () => {
  test('literals, numbers and strings', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    expect(again(input)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  test('members are sorted by their UTF-16 code units', () => {
    const input = String.raw`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`
    expect(Object.values(JSON.parse(again(input)))).toEqual([
      'One', // JavaScript puts integer keys first when it reads; the text below is what counts
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
    expect(again(input).indexOf('"\\r"')).toBe(1)
    expect(again(input).indexOf('"1"')).toBe('{"\\r":"Carriage Return",'.length)
  })

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('the double %s is written %s', (bits, text) => {
    expect(canonicalText(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })
})

describe('what a source sent is given back faithfully', () => {
  test('a lone surrogate stays, as its escape, in a value and in a key', () => {
    const text = canonicalText({ '\ud800': 'a\udfffb', whole: '😀' })
    expect(text).toBe(String.raw`{"whole":"😀","\ud800":"a\udfffb"}`)
    expect(Buffer.from(text).toString('utf8')).toBe(text)
  })

  test('a NUL stays', () => {
    expect(canonicalText({ text: 'a\0b' })).toBe(String.raw`{"text":"a\u0000b"}`)
  })

  test('a member called __proto__ stays, and changes nothing else', () => {
    const text = '{"__proto__":{"admin":true},"a":{"__proto__":1},"constructor":2}'
    expect(again(text)).toBe(text)
  })

  test('every JSON document means the same afterwards', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('and its bytes do not depend on how often it was read and written, nor on the order of its members', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalText(value)
        expect(Buffer.from(text).toString('utf8')).toBe(text)
        expect(again(text)).toBe(text)
        expect(canonicalText(reversed(JSON.parse(JSON.stringify(value))))).toBe(text)
      }),
    )
  })

  function reversed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(reversed)
    if (typeof value !== 'object' || value === null) return value
    const copy: object = Object.create(null)
    for (const [key, member] of Object.entries(value).reverse()) Reflect.set(copy, key, reversed(member))
    return copy
  }
})

describe('depth', () => {
  const nested = (levels: number, open: string, close: string) => JSON.parse(open.repeat(levels) + close.repeat(levels))

  test('64 levels are taken', () => {
    expect(deepest).toBe(64)
    expect(canonicalText(nested(64, '[', ']'))).toBe('['.repeat(64) + ']'.repeat(64))
  })

  test('65 are too deep, of arrays and of objects', () => {
    expect(() => canonicalText(nested(65, '[', ']'))).toThrow(TooDeep)
    expect(() => canonicalText(JSON.parse(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`))).toThrow(TooDeep)
  })

  test('a scalar in the deepest level is no level of its own', () => {
    expect(() => canonicalText(JSON.parse(`${'['.repeat(64)}1,"a",null${']'.repeat(64)}`))).not.toThrow()
  })
})
