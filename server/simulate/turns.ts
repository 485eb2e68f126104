import type { Random } from './random.ts'

/**
 * Conversations by their number of user turns: 55,964 of a public chat service between April and December 2023. Counts alone, taken from
 * `RQ1/rq1_results/3_1conversation_turns_times.csv` of Software-Evolution-Analytics-Lab-SEAL/CodeChat (MIT), which is derived from
 * WildChat (ODC-BY).
 */
export const conversationsByTurns: ReadonlyMap<number, number> = new Map([
  ...[17027, 10859, 7417, 5108, 3816, 2967, 2259, 1775, 1379, 1048].map((count, i) => [i + 1, count] as const),
  ...[770, 514, 321, 242, 132, 89, 68, 41, 21, 23].map((count, i) => [i + 11, count] as const),
  ...[17, 11, 10, 3, 7, 7, 6, 3, 1, 4].map((count, i) => [i + 21, count] as const),
  ...[2, 2, 2, 4, 1, 0, 2, 1, 0, 0, 1, 0, 1].map((count, i) => [i + 31, count] as const),
  ...([48, 54, 97] as const).map((turns) => [turns, 1] as const),
])

const conversations = [...conversationsByTurns.values()].reduce((sum, count) => sum + count, 0)

/** How many times a person asks in one conversation. */
export function turnsOf(random: Random): number {
  let left = random.int(conversations)
  for (const [turns, count] of conversationsByTurns) {
    left -= count
    if (left < 0) return turns
  }
  return 1
}
