import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ShownMessage } from '../../contract/record.ts'
import { branchOf, choicesTo, outlineOf, treeOf } from './tree.ts'

function message(id: string, parent_id: string | null): ShownMessage {
  const said = {
    role: 'user',
    person: null,
    tool_name: null,
    model: null,
    hidden: false,
    injected: false,
    tools: [],
    content: null,
    files: [],
  }
  const times = { created_at: null, received_at: null, deleted_at: null, erased: null }
  return { id, source_id: id, seq: 1, parent_id, parent_known: true, ...said, ...times, versions: [] }
}

/** `b<a` is a message b that answers a. */
const talk = (text: string) =>
  text.split(' ').map((one) => {
    const [id = '', parent = null] = one.split('<')
    return message(id, parent)
  })
const shown = (text: string, choices = new Map<string | null, string>()) =>
  branchOf(treeOf(talk(text)), choices).map(
    ({ message: { id }, siblings }) => `${id}${siblings.length > 1 ? `(${siblings.indexOf(id) + 1}/${siblings.length})` : ''}`,
  )

describe('a conversation', () => {
  test('is shown along its newest branch, with a switch at each fork', () => {
    expect(shown('a b<a c<b d<a e<d f<d')).toEqual(['a', 'd(2/2)', 'f(2/2)'])
    expect(shown('a b<a c<b d<a e<d', new Map([['a', 'b']]))).toEqual(['a', 'b(1/2)', 'c'])
    expect(shown('a b<a', new Map([['a', 'gone']]))).toEqual(['a', 'b'])
  })

  test('begins anew with what answers nothing, or something that is not there', () => {
    expect(shown('a b<a c d<c')).toEqual(['c(2/2)', 'd'])
    expect(shown('a b<a c<lost')).toEqual(['c(2/2)'])
  })

  test('whose source names no parents goes on one after the other', () => {
    expect(shown('a b c d')).toEqual(['a', 'b', 'c', 'd'])
  })

  test('leads to a message by the choices above it', () => {
    const tree = treeOf(talk('a b<a c<b x<b d<a e<d'))
    expect(branchOf(tree, choicesTo(tree, 'c', new Map())).map(({ message: { id } }) => id)).toEqual(['a', 'b', 'c'])
  })

  test('that goes in a circle is shown all the same', () => {
    expect(shown('a<b b<a')).toEqual(['a', 'b'])
    expect(shown('a<a')).toEqual(['a'])
  })

  test('has every message once in its outline, below the one it answers, however it was told', () => {
    const ids = fc.nat({ max: 12 }).map((n) => `m${n}`)
    const any = fc.uniqueArray(fc.record({ id: ids, parent: fc.option(ids) }), { selector: ({ id }) => id, minLength: 1 })
    fc.assert(
      fc.property(any, (list) => {
        const tree = treeOf(list.map(({ id, parent }) => message(id, parent)))
        const lines = outlineOf(tree).map(({ step }) => step)
        expect(lines.map(({ message: { id } }) => id).sort()).toEqual(list.map(({ id }) => id).sort())
        const before = new Set<string | null>([null])
        for (const {
          message: { id },
          parent,
        } of lines) {
          expect(before.has(parent)).toBe(true)
          before.add(id)
        }
      }),
    )
  })
})
