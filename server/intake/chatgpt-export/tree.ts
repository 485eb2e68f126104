import type { JsonObject } from '../found.ts'
import { isObject, listOf, textOf } from './values.ts'

/** One node of a conversation's tree, in the order in which a parent comes before its children. */
export interface TreeNode {
  id: string
  node: unknown
  /** Node id, when that node exists. */
  parent: string | null
}

/**
 * A conversation's nodes, parents first, siblings in the order of `children`. The parent's name decides, because exports of
 * 2026 have no `children`; a node without one belongs to whoever lists it. Whatever hangs together in a circle is entered
 * at its first node, so that no message is lost.
 */
export function treeOrder(mapping: JsonObject): TreeNode[] {
  const nodes = new Map(Object.entries(mapping))
  const parents = parentsOf(nodes)
  const children = childrenOf(nodes, parents)
  const order: TreeNode[] = []
  const met = new Set<string>()
  const walk = (root: string) => {
    const open = [root]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (met.has(id)) continue
      met.add(id)
      order.push({ id, node: nodes.get(id), parent: parents.get(id) ?? null })
      for (const child of (children.get(id) ?? []).toReversed()) open.push(child)
    }
  }
  for (const id of nodes.keys()) if (!parents.has(id)) walk(id)
  for (const id of nodes.keys()) walk(id)
  return order
}

function parentsOf(nodes: Map<string, unknown>): Map<string, string> {
  const listedBy = new Map<string, string>()
  for (const [id, node] of nodes) {
    for (const child of isObject(node) ? listOf(node.children) : [])
      if (typeof child === 'string' && !listedBy.has(child)) listedBy.set(child, id)
  }
  const parents = new Map<string, string>()
  for (const [id, node] of nodes) {
    const parent = (isObject(node) ? textOf(node.parent) : undefined) ?? listedBy.get(id)
    if (parent !== undefined && parent !== id && nodes.has(parent)) parents.set(id, parent)
  }
  return parents
}

function childrenOf(nodes: Map<string, unknown>, parents: Map<string, string>): Map<string, string[]> {
  const children = new Map<string, string[]>()
  for (const [child, parent] of parents) {
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [child])
    else siblings.push(child)
  }
  for (const [id, siblings] of children) {
    if (siblings.length < 2) continue
    const node = nodes.get(id)
    const rank = new Map((isObject(node) ? listOf(node.children) : []).map((child, at) => [child, at]))
    siblings.sort((a, b) => (rank.get(a) ?? rank.size) - (rank.get(b) ?? rank.size))
  }
  return children
}
