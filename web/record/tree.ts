import type { ShownMessage } from '../../contract/record.ts'

/** Messages as the tree they are: an edited prompt and an answer that was asked for again begin a branch each. */
export interface Tree {
  readonly byId: ReadonlyMap<string, ShownMessage>
  /** In the order of arrival; of `null` the beginnings. */
  readonly children: ReadonlyMap<string | null, readonly string[]>
  readonly parents: ReadonlyMap<string, string | null>
}

export type Choices = ReadonlyMap<string | null, string>

/** A message on the branch that is shown, and which one it is of those in its place. */
export interface Step {
  readonly message: ShownMessage
  readonly parent: string | null
  readonly siblings: readonly string[]
}

export function treeOf(messages: readonly ShownMessage[]): Tree {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const parents = new Map<string, string | null>()
  let before: ShownMessage | null = null
  for (const message of byId.values()) {
    parents.set(message.id, parentOf(message, before, byId))
    before = message
  }
  breakCircles(parents)
  const children = new Map<string | null, string[]>()
  for (const [id, parent] of parents) {
    const same = children.get(parent)
    if (same) same.push(id)
    else children.set(parent, [id])
  }
  return { byId, children, parents }
}

/** A source that names no parents tells one message after the other: each then follows the one that arrived before it. */
function parentOf(message: ShownMessage, before: ShownMessage | null, byId: ReadonlyMap<string, ShownMessage>): string | null {
  if (message.parent_id !== null) return byId.has(message.parent_id) ? message.parent_id : null
  return before?.parent_id === null ? before.id : null
}

/** What follows itself would hang on nothing and never be shown: the first of a circle is a beginning. */
function breakCircles(parents: Map<string, string | null>): void {
  const safe = new Set<string>()
  for (const start of parents.keys()) {
    const trail = new Set<string>()
    for (let at: string | null = start; at !== null && !safe.has(at); at = parents.get(at) ?? null) {
      if (trail.has(at)) {
        parents.set(at, null)
        break
      }
      trail.add(at)
    }
    for (const id of trail) safe.add(id)
  }
}

/** From the beginning down: the chosen one at each fork, else the one that arrived last, as the chat products show it. */
export function branchOf({ byId, children }: Tree, choices: Choices): Step[] {
  const steps: Step[] = []
  for (let parent: string | null = null; ; ) {
    const siblings: readonly string[] = children.get(parent) ?? []
    const chosen = choices.get(parent)
    const id = chosen !== undefined && siblings.includes(chosen) ? chosen : siblings.at(-1)
    const message = id === undefined ? undefined : byId.get(id)
    if (!message) return steps
    steps.push({ message, parent, siblings })
    parent = message.id
  }
}

/** The choices that lead to a message, and beyond it as before. */
export function choicesTo({ parents }: Tree, id: string, choices: Choices): Choices {
  const chosen = new Map(choices)
  for (let at: string | null = id; at !== null; at = parents.get(at) ?? null) chosen.set(parents.get(at) ?? null, at)
  return chosen
}

/** All branches as an outline: one level more at each fork, so that a long talk without any stays on one level. */
export function outlineOf({ byId, children }: Tree): { step: Step; level: number }[] {
  const lines: { step: Step; level: number }[] = []
  const waiting: { id: string; parent: string | null; level: number }[] = []
  const push = (parent: string | null, level: number) => {
    const siblings = children.get(parent) ?? []
    const next = siblings.length > 1 ? level + 1 : level
    for (const id of siblings.toReversed()) waiting.push({ id, parent, level: next })
  }
  push(null, 0)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { id, parent, level } = next
    const message = byId.get(id)
    if (message) lines.push({ step: { message, parent, siblings: children.get(parent) ?? [] }, level })
    push(id, level)
  }
  return lines
}
