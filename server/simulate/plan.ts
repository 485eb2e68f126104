import { type Label, Random } from './random.ts'

/** What a simulated company is made of; the same plan makes the same company on any machine. */
export interface Plan {
  readonly seed: string
  /** Which of the companies of this seed, from 0: each workspace has its own. */
  readonly position: number
  readonly people: number
  /** First and last day of the history, as days since 1970. */
  readonly first: number
  readonly last: number
  /** Messages of all roles that a person and a year come to, on average over everybody there. */
  readonly messagesPerPerson: number
}

export const usualMessagesPerPerson = 1000

/** A generator for one thing of the plan, whatever else is made before or after it. */
export const randomOf = ({ seed, position }: Plan, ...labels: readonly Label[]): Random => Random.of(seed, position, ...labels)

/** One of some numbers that lie between quantiles: the shape of a distribution as a table. */
export function quantile(random: Random, table: readonly number[]): number {
  const place = random.float() * (table.length - 1)
  const low = Math.floor(place)
  const [a, b] = [table[low] ?? 0, table[low + 1] ?? 0]
  return a + (b - a) * (place - low)
}
