import fc from 'fast-check'
import { expect, test } from 'vitest'
import { treeOrder } from './tree.ts'

function order(mapping: Record<string, unknown>): string[] {
  return treeOrder(mapping).map(({ id }) => id)
}

test('parents come before children and siblings in the order of their parent', () => {
  const mapping = {
    late: { parent: 'root', children: [] },
    early: { parent: 'root', children: ['leaf'] },
    leaf: { parent: 'early', children: [] },
    root: { parent: null, children: ['early', 'late'] },
  }
  expect(order(mapping)).toEqual(['root', 'early', 'leaf', 'late'])
})

test('exports without children, and nodes without a parent, hang together all the same', () => {
  expect(order({ c: { parent: 'b' }, b: { parent: 'a' }, a: { parent: null } })).toEqual(['a', 'b', 'c'])
  expect(order({ c: {}, b: { children: ['c'] }, a: { children: ['b', 'gone'] } })).toEqual(['a', 'b', 'c'])
})

test('a parent that is not there makes a root, and a circle is entered at its first node', () => {
  expect(treeOrder({ a: { parent: 'gone' }, b: 'no object' })).toMatchObject([
    { id: 'a', parent: null },
    { id: 'b', parent: null },
  ])
  expect(order({ x: { parent: 'y' }, y: { parent: 'z' }, z: { parent: 'x' }, self: { parent: 'self' } })).toEqual(['self', 'x', 'z', 'y'])
})

test('whatever a tree looks like, each node comes once, and behind its parent unless they go in a circle', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', '1')
  const node = fc.record({ parent: fc.option(names), children: fc.array(names) }, { requiredKeys: [] })
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(names, node), { selector: ([name]) => name }), (nodes) => {
      const all = treeOrder(Object.fromEntries(nodes))
      expect(all.map(({ id }) => id).sort()).toEqual(nodes.map(([id]) => id).sort())
    }),
  )
})

test('a talk of a hundred thousand turns does not overflow', () => {
  const mapping = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`n${at}`, { parent: at === 0 ? null : `n${at - 1}` }]))
  expect(order(mapping)).toHaveLength(100_000)
})
