import { describe, expect, test } from 'vitest'
import { Random } from './random.ts'

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next())

describe('the random numbers of a simulated company', () => {
  test('are those the authors of xoshiro128** 1.1 publish for the state 1, 2, 3, 4', () => {
    const published = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]
    expect(draw(Random.at([1, 2, 3, 4]), 10)).toEqual(published)
  })

  test('are the same for the same seed and others for another', () => {
    expect(draw(Random.of('acme', 7), 100)).toEqual(draw(Random.of('acme', 7), 100))
    expect(draw(Random.of('acme', 7), 100)).not.toEqual(draw(Random.of('acme', 8), 100))
    expect(draw(Random.of('ab', 'c'), 4)).not.toEqual(draw(Random.of('a', 'bc'), 4))
    expect(draw(Random.of('7'), 4)).not.toEqual(draw(Random.of(7), 4))
    expect(draw(Random.of(1, 0), 4)).not.toEqual(draw(Random.of(1), 4))
  })

  test('fork without disturbing the one they come from, whatever it has drawn', () => {
    const [disturbed, quiet] = [Random.of(1), Random.of(1)]
    const early = draw(disturbed.fork('day', 3), 5)
    expect(draw(disturbed, 5)).toEqual(draw(quiet, 5))
    expect(draw(disturbed.fork('day', 3), 5)).toEqual(early)
    expect(draw(disturbed.fork('day', 4), 5)).not.toEqual(early)
  })

  test('do not meet in a million forks of neighboring labels', () => {
    const parent = Random.of('forks')
    const firsts = new Set<number>()
    for (let i = 0; i < 1_000_000; i++) {
      const fork = parent.fork(i)
      firsts.add(fork.next() * 2 ** 20 + (fork.next() >>> 12))
    }
    expect(firsts.size).toBe(1_000_000)
  })

  test('refuse a seed that is no whole number', () => {
    expect(() => Random.of(0.5)).toThrow('whole')
  })
})

describe('spread evenly', () => {
  /** χ² of 255 degrees of freedom: above 330 in about 1 of 1,000 seeds, and the seed is fixed. */
  function unevenness(counts: readonly number[]): number {
    const each = counts.reduce((sum, count) => sum + count, 0) / counts.length
    return counts.reduce((sum, count) => sum + (count - each) ** 2 / each, 0)
  }

  test.each([
    ['the high bits', (random: Random) => random.next() >>> 24],
    ['the low bits', (random: Random) => random.next() & 255],
    ['whole numbers below a limit', (random: Random) => random.int(256)],
    ['the first numbers of forks', (random: Random) => random.fork(random.int(2 ** 31)).next() & 255],
  ])('%s', (_, draw) => {
    const random = Random.of('even')
    const counts = new Array<number>(256).fill(0)
    for (let i = 0; i < 256_000; i++) {
      const drawn = draw(random)
      counts[drawn] = (counts[drawn] ?? 0) + 1
    }
    expect(unevenness(counts)).toBeLessThan(330)
    expect(unevenness(counts)).toBeGreaterThan(185)
  })

  test('weights are kept to, and what weighs nothing never comes', () => {
    const random = Random.of('weights')
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 100_000; i++) {
      const place = random.weighted([1, 0, 2, 7])
      counts[place] = (counts[place] ?? 0) + 1
    }
    expect(counts[1]).toBe(0)
    expect(counts.map((count) => Math.round(count / 1000))).toEqual([
      expect.closeTo(10, -0.5),
      0,
      expect.closeTo(20, -0.5),
      expect.closeTo(70, -0.5),
    ])
  })

  test('a probability is kept to, and the list is picked from to both its ends', () => {
    const random = Random.of('chances')
    let hits = 0
    const seen = new Set<string>()
    for (let i = 0; i < 100_000; i++) {
      if (random.chance(0.3)) hits++
      seen.add(random.pick(['a', 'b', 'c']))
    }
    expect(Math.abs(hits - 30_000)).toBeLessThan(700)
    expect(seen.size).toBe(3)
    expect(() => random.pick([])).toThrow('nothing to pick')
  })
})
