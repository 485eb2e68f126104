import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { scopes } from '../../contract/people.ts'
import { keyKinds, kindOf, looksLikeKey, newKeyText } from './api-key-text.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The checksum as the format describes it, worked out the other way round. */
function numberIn(text: string): number {
  return [...text].reduce((sum, letter) => sum * 62 + alphabet.indexOf(letter), 0)
}

describe('the text of a key', () => {
  test.each(keyKinds)('of kind %s says what it is and ends with a checksum of all before it', (kind) => {
    const text = newKeyText(kind)
    expect(text).toMatch(new RegExp(`^dbk_${kind}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$`))
    expect(numberIn(text.slice(-6))).toBe(crc32(text.slice(0, -7)))
    expect(looksLikeKey(text)).toBe(true)
  })

  test('is never the same twice', () => {
    expect(new Set(Array.from({ length: 500 }, () => newKeyText('ing'))).size).toBe(500)
  })

  test('with one character mistyped, missing or added is no key', () => {
    const text = newKeyText('cmp')
    for (let at = 0; at < text.length; at++) {
      const other = text.charAt(at) === 'x' ? 'y' : 'x'
      expect(looksLikeKey(text.slice(0, at) + other + text.slice(at + 1)), `character ${at}`).toBe(false)
      expect(looksLikeKey(text.slice(0, at) + text.slice(at + 1))).toBe(false)
    }
    expect([`${text} `, ` ${text}`, `${text}\n`, text.toUpperCase(), '', 'sk-proj-abc'].some(looksLikeKey)).toBe(false)
  })

  test('of another kind does not pass for it', () => {
    expect(looksLikeKey(newKeyText('ing').replace('_ing_', '_cmp_'))).toBe(false)
  })
})

test('a key is named for what it may do; one that may do several things is an adm key', () => {
  expect(scopes.map((scope) => kindOf([scope]))).toEqual([
    'cmp',
    'del',
    'adm',
    'act',
    'ana',
    'ing',
    'scm',
    'int',
    'adm',
    'adm',
    'adm',
    'adm',
    'adm',
    'adm',
    'adm',
  ])
  expect(kindOf(['compliance:read', 'compliance:delete'])).toBe('del')
  expect(kindOf(['compliance:read', 'ingest:write'])).toBe('adm')
})
