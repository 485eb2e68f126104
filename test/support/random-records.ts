import { pick, uuidOf, wholeBetween } from '../../bench/support/random.ts'

export interface Sent {
  readonly kind: string
  readonly [field: string]: unknown
}

export type Random = () => number

export const chance = (random: Random, part: number) => random() < part
const moment = (seconds: number) => new Date(Date.UTC(2024, 2, 1) + seconds * 1000).toISOString()

/** Few ids, so that everything is said several times, of each other and out of order; what a version says, the next may leave out. */
export function randomRecords(random: Random, count: number): Sent[] {
  const ids = Array.from({ length: 4 }, () => uuidOf(random))
  const few = (letter: string, most: number) => `${letter}-${wholeBetween(random, 1, most)}`
  const maybe = (part: number, fields: () => object) => (chance(random, part) ? fields() : {})
  const time = () => moment(wholeBetween(random, 0, 500_000))
  const chat = () => pick(random, [...ids.slice(0, 2), 'chat/3'])
  const makers: readonly (() => { kind: string; [field: string]: unknown })[] = [
    () => ({ kind: 'conversation', id: chat(), person_id: few('user', 3), ...maybe(0.5, () => ({ created_at: time() })) }),
    ...Array(4).fill(() => ({
      ...{ kind: 'message', id: pick(random, [...ids, 'm-5', 'm-6']), conversation_id: chat(), role: pick(random, ['user', 'assistant']) },
      ...maybe(0.5, () => ({ person_id: few('user', 3) })),
      ...maybe(0.8, () => ({ created_at: time() })),
    })),
    () => ({
      ...{ kind: pick(random, ['file', 'feedback']), id: few('file', 3) },
      ...maybe(0.5, () => ({ person_id: few('user', 3) })),
      ...maybe(0.5, () => ({ conversation_id: chat() })),
      ...maybe(0.5, () => ({ created_at: time() })),
    }),
    () => ({ kind: 'share', id: few('share', 2), of: { kind: 'conversation', id: chat() } }),
    () => ({ kind: 'person', id: few('user', 3), ...maybe(0.5, () => ({ created_at: time() })) }),
    () => ({ kind: 'canvas', id: few('canvas', 2), person_id: few('user', 3), ...maybe(0.5, () => ({ conversation_id: chat() })) }),
    () => ({
      kind: 'deletion',
      ...maybe(0.3, () => ({ id: few('deletion', 2) })),
      of: pick(random, [
        { kind: 'message', id: pick(random, ids), conversation_id: chat() },
        { kind: 'conversation', id: chat() },
        { kind: 'file', id: few('file', 3), conversation_id: chat() },
      ]),
      deleted_at: time(),
    }),
  ]
  return Array.from({ length: count }, () => {
    return {
      ...pick(random, makers)(),
      source: chance(random, 0.8) ? 'api' : 'other',
      ...maybe(0.6, () => ({ updated_at: moment(wholeBetween(random, 0, 6)) })),
      ...maybe(0.1, () => ({ deleted_at: time() })),
      x_what: wholeBetween(random, 1, 3),
    }
  })
}
