import type { MessageState } from './conversation-facts-history.ts'
import { toolName } from './conversation-facts-tools.ts'

/** Where each message stands in its conversation, by its place in the list. */
export interface Turns {
  /** The message of a person that it belongs to the turn of; of such a message, itself. -1: none. */
  readonly asker: Int32Array
  /** The model that answered, for the messages of people that were answered. */
  readonly models: ReadonlyMap<number, string>
  /** For assistant messages: printed names of the tools whose own messages answer it, one entry per message. */
  readonly answers: ReadonlyMap<number, string[]>
}

const isAsking = ({ current: { remains } }: MessageState) => remains.role === 'user' && !remains.hidden && !remains.injected

export function turnsOf(messages: readonly MessageState[]): Turns {
  const parents = parentsOf(messages)
  const { asker, behind } = climb(messages, parents)
  return { asker, models: modelsOf(messages, asker, behind), answers: answersOf(messages, parents) }
}

/** A source that names no message's parent tells a flat story: each message follows the one before it. */
function parentsOf(messages: readonly MessageState[]): Int32Array {
  const parents = new Int32Array(messages.length).fill(-1)
  if (messages.some(({ current }) => current.remains.parent !== undefined)) {
    const places = new Map(messages.map(({ id }, place) => [id, place]))
    messages.forEach(({ current }, place) => {
      parents[place] = current.remains.parent === undefined ? -1 : (places.get(current.remains.parent) ?? -1)
    })
    return parents
  }
  const order = messages.map((_, place) => place).sort((a, b) => compare(messages[a], messages[b]))
  order.forEach((place, i) => {
    parents[place] = order[i - 1] ?? -1
  })
  return parents
}

/** By time, those without one first, then in the order of arrival. */
export function compare(a: MessageState | undefined, b: MessageState | undefined): number {
  return (a?.current.at ?? -Infinity) - (b?.current.at ?? -Infinity) || (a?.firstSeq ?? 0) - (b?.firstSeq ?? 0)
}

/**
 * From each message up to the message of a person it follows from. `behind` tells the assistant messages that follow another one with a
 * model in the same turn. Works upwards with a list of its own: conversations are deep, and bad data can go in circles.
 */
function climb(messages: readonly MessageState[], parents: Int32Array): { asker: Int32Array; behind: Uint8Array } {
  const asker = new Int32Array(messages.length).fill(-1)
  const behind = new Uint8Array(messages.length)
  const state = new Uint8Array(messages.length)
  for (let start = 0; start < messages.length; start++) {
    const trail: number[] = []
    let place = start
    for (; place >= 0 && state[place] === 0; place = parents[place] ?? -1) {
      state[place] = 1
      trail.push(place)
    }
    for (let below = trail.pop(); below !== undefined; below = trail.pop()) {
      const message = messages[below]
      const above = parents[below] ?? -1
      // A parent that is still on the trail is a circle: nobody asked.
      const settled = above >= 0 && state[above] === 2
      if (message && isAsking(message)) asker[below] = below
      else if (settled) {
        asker[below] = asker[above] ?? -1
        behind[below] = (behind[above] ?? 0) || (hasModel(messages[above]) ? 1 : 0)
      }
      state[below] = 2
    }
  }
  return { asker, behind }
}

const hasModel = (message: MessageState | undefined) =>
  message?.current.remains.role === 'assistant' && message.current.remains.model !== undefined

/** Of several answers to one message, the last one: by its time, then by arrival. */
function modelsOf(messages: readonly MessageState[], asker: Int32Array, behind: Uint8Array): Map<number, string> {
  const last = new Map<number, MessageState>()
  messages.forEach((message, place) => {
    const asked = asker[place] ?? -1
    if (asked < 0 || behind[place] || !hasModel(message)) return
    const known = last.get(asked)
    if (!known || compare(known, message) < 0) last.set(asked, message)
  })
  return new Map([...last].map(([asked, { current }]) => [asked, current.remains.model ?? 'unknown']))
}

/** A tool's messages may follow one another; all of them answer the assistant message they begin at. */
function answersOf(messages: readonly MessageState[], parents: Int32Array): Map<number, string[]> {
  const answers = new Map<number, string[]>()
  const isTool = (place: number) => messages[place]?.current.remains.role === 'tool'
  const callers = new Int32Array(messages.length).fill(-2)
  for (let start = 0; start < messages.length; start++) {
    if (!isTool(start)) continue
    const trail: number[] = []
    let place = start
    while (place >= 0 && isTool(place) && callers[place] === -2) {
      callers[place] = -1
      trail.push(place)
      place = parents[place] ?? -1
    }
    const caller = place < 0 ? -1 : isTool(place) ? (callers[place] ?? -1) : place
    for (const one of trail) callers[one] = caller
  }
  callers.forEach((caller, place) => {
    const remains = messages[place]?.current.remains
    if (caller < 0 || messages[caller]?.current.remains.role !== 'assistant' || !remains) return
    const known = answers.get(caller)
    if (known) known.push(toolName(remains.tool))
    else answers.set(caller, [toolName(remains.tool)])
  })
  return answers
}
