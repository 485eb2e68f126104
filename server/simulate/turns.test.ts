import { expect, test } from 'vitest'
import { Random } from './random.ts'
import { realTimeline } from './real-timeline.ts'
import { conversationsByTurns, turnsOf } from './turns.ts'

test('the turns of a conversation are drawn as often as they were counted', () => {
  const random = Random.of('turns')
  const drawn = Array.from({ length: 200_000 }, () => turnsOf(random))
  const share = (turns: number) => drawn.filter((value) => value === turns).length / drawn.length
  for (const turns of [1, 2, 3, 8, 12]) expect(share(turns)).toBeCloseTo((conversationsByTurns.get(turns) ?? 0) / 55_964, 2)
  expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(201_981 / 55_964, 1)
  expect(drawn.every((turns) => (conversationsByTurns.get(turns) ?? 0) > 0)).toBe(true)
})

const real = realTimeline()

test.skipIf(real === null)('the counts are those of the real timeline', () => {
  const counted = new Map<number, number>()
  for (const turns of real?.turns ?? []) counted.set(turns, (counted.get(turns) ?? 0) + 1)
  expect(new Map([...conversationsByTurns].filter(([, count]) => count > 0))).toEqual(new Map([...counted].sort(([a], [b]) => a - b)))
})
