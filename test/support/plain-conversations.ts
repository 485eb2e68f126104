import type { Sent } from './random-records.ts'

/** Milliseconds. */
export const at = (time: unknown) => (typeof time === 'string' ? Date.parse(time) : null)
const text = (value: unknown) => (typeof value === 'string' ? value : null)
const times = (of: readonly unknown[]) => of.flatMap((time) => at(time) ?? [])
const least = (of: readonly number[]) => (of.length > 0 ? Math.min(...of) : null)
const most = (of: readonly number[]) => (of.length > 0 ? Math.max(...of) : null)

interface PlainMessage {
  /** What was taken of it, in the order in which it came; a deletion counts. */
  readonly said: Sent[]
  purged: boolean
}

interface PlainConversation {
  readonly said: Sent[]
  readonly messages: Map<string, PlainMessage>
  /** Places of what moved it. */
  readonly moves: number[]
  purged: boolean
}

/** The conversations of one place as what was sent makes them, worked out anew from everything that was taken. */
export class PlainConversations {
  readonly #all = new Map<string, PlainConversation>()

  take(one: Sent, place: number): void {
    const of = one.of as { kind: string; id: string; conversation_id?: string } | undefined
    const id = one.kind === 'conversation' ? one.id : of?.kind === 'conversation' ? of.id : (of?.conversation_id ?? one.conversation_id)
    if (typeof id !== 'string' || !['conversation', 'message', 'file', 'share', 'deletion'].includes(one.kind)) return
    const name = `${one.source} ${id}`
    const its: PlainConversation = this.#all.get(name) ?? { said: [], messages: new Map(), moves: [], purged: false }
    this.#all.set(name, its)
    its.moves.push(place)
    if (one.kind === 'conversation') its.said.push(one)
    const message = one.kind === 'message' ? one.id : of?.kind === 'message' ? of.id : null
    if (message === null) return
    const known: PlainMessage = its.messages.get(String(message)) ?? { said: [], purged: false }
    its.messages.set(String(message), known)
    if (one.kind === 'message' && versionsOf(known.said).length === 0) its.purged = false
    known.said.push(one)
  }

  purge(name: string, message: string | null, place: number): void {
    const its = this.#all.get(name)
    if (!its) return
    for (const [id, known] of its.messages) if (message === null || id === message) known.purged = true
    if (message === null) its.purged = true
    else if (!its.purged) its.moves.push(place)
  }

  rows() {
    return [...this.#all].map(([name, { said, messages, moves, purged }]) => {
      const shown = [...messages].map(([id, one]) => ({ id, purged: one.purged, ...messageRow(one.said) }))
      const written = [...messages.values()].flatMap((one) => versionsOf(one.said))
      const created = shown.flatMap(({ created_at }) => created_at ?? [])
      return {
        name,
        person: text(currentOf(said)?.person_id) ?? firstWriter(written),
        moved: moves.at(-1),
        first: least(created),
        last: most(created),
        purged,
        messages: shown.toSorted((a, b) => a.first - b.first).map(({ first: _, ...rest }) => rest),
      }
    })
  }
}

const placeOf = (one: Sent) => Number(one.x_place)
const versionsOf = (said: readonly Sent[]) => said.filter(({ kind }) => kind === 'message')

/** Says what is current as records.md does. */
function currentOf(said: readonly Sent[]): Sent | null {
  return said.reduce<Sent | null>((current, one) => {
    const [before, now] = [at(current?.updated_at), at(one.updated_at)]
    return current === null || before === null || now === null || now > before ? one : current
  }, null)
}

function messageRow(said: readonly Sent[]) {
  const current = currentOf(versionsOf(said))
  return {
    first: Math.min(...said.map(placeOf)),
    current: current ? placeOf(current) : null,
    created_at: at(current?.created_at),
    person: text(current?.person_id),
    deleted_at: least(times(said.map(({ deleted_at }) => deleted_at))),
  }
}

function firstWriter(written: readonly Sent[]): string | null {
  const first = written.filter(({ person_id }) => text(person_id) !== null).toSorted((a, b) => placeOf(a) - placeOf(b))[0]
  return text(first?.person_id)
}
