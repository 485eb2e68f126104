import fc from 'fast-check'
import { expect, test } from 'vitest'
import { floor, type Group, hiddenGroups } from './suppress.ts'

/** Groups without overlap, of so many people each. */
function partition(sizes: readonly number[]): { groups: Group[]; everybody: Set<number> } {
  let next = 1
  const groups = sizes.map((size, i) => ({ key: `g${i}`, members: new Set(Array.from({ length: size }, () => next++)) }))
  return { groups, everybody: new Set(groups.flatMap(({ members }) => [...members])) }
}

test('a small group is hidden, and takes a second one with it, so that subtraction reveals nothing', () => {
  const { groups, everybody } = partition([4, 30, 12])
  expect([...hiddenGroups(groups, everybody)].sort()).toEqual(['g0', 'g2'])
})

test('two small groups that are few people together take a third one with them', () => {
  const { groups, everybody } = partition([4, 5, 30, 12])
  expect([...hiddenGroups(groups, everybody)].sort()).toEqual(['g0', 'g1', 'g3'])
})

test('groups that are all large enough are all shown', () => {
  const { groups, everybody } = partition([10, 30, 12])
  expect(hiddenGroups(groups, everybody).size).toBe(0)
})

test('a group within another is hidden when few are left between them', () => {
  const people = Array.from({ length: 40 }, (_, i) => i + 1)
  const groups = [
    { key: 'department', members: new Set(people.slice(0, 20)) },
    { key: 'without its heads', members: new Set(people.slice(0, 17)) },
  ]
  expect([...hiddenGroups(groups, new Set(people))]).toContain('without its heads')
})

/**
 * The attacker knows who is in which group and sees the total and every shown group. What can be worked out exactly is what lies in the
 * span of these: a group of people whose own sum does is given away.
 */
function isGivenAway(people: ReadonlySet<number>, shown: readonly Group[], everybody: ReadonlySet<number>): boolean {
  const columns = [...everybody]
  const rows = [...shown.map(({ members }) => members), everybody].map((members) => columns.map((person) => (members.has(person) ? 1 : 0)))
  const wanted = columns.map((person) => (people.has(person) ? 1 : 0))
  return rankOf([...rows, wanted]) === rankOf(rows)
}

function rankOf(rows: readonly (readonly number[])[]): number {
  const left = rows.map((row) => [...row])
  let rank = 0
  for (let column = 0; column < (left[0]?.length ?? 0); column++) {
    const pivot = left.findIndex((row, i) => i >= rank && Math.abs(row[column] ?? 0) > 1e-9)
    const found = left[pivot]
    if (!found) continue
    left[pivot] = left[rank] ?? found
    left[rank] = found
    for (let i = rank + 1; i < left.length; i++) {
      const row = left[i] ?? []
      const factor = (row[column] ?? 0) / (found[column] ?? 1)
      if (factor !== 0) for (let j = column; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (found[j] ?? 0)
    }
    rank++
  }
  return rank
}

const sizes = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 7 })

/** Unions of hidden groups that are fewer people than may be shown. */
function* smallUnions(groups: readonly Group[], hidden: ReadonlySet<string>): Generator<Set<number>> {
  const unseen = groups.filter(({ key }) => hidden.has(key))
  for (let choice = 1; choice < 2 ** unseen.length; choice++) {
    const members = new Set(unseen.filter((_, i) => choice & (2 ** i)).flatMap((group) => [...group.members]))
    if (members.size < floor) yield members
  }
}

test('of any groups of one organization, nothing about fewer people than the floor can be worked out', () => {
  fc.assert(
    fc.property(sizes, (some) => {
      const { groups, everybody } = partition(some)
      const hidden = hiddenGroups(groups, everybody)
      const shown = groups.filter(({ key }) => !hidden.has(key))
      for (const { members } of shown) expect(members.size).toBeGreaterThanOrEqual(floor)
      // Where everybody together is fewer, the total itself may not be shown; that is not about groups.
      if (everybody.size >= floor)
        for (const people of smallUnions(groups, hidden)) expect(isGivenAway(people, shown, everybody), `${[...hidden]}`).toBe(false)
    }),
    { numRuns: 1000 },
  )
})

test('the attacker does find something when only the small groups themselves are hidden', () => {
  const { groups, everybody } = partition([4, 30, 12])
  const shown = groups.filter(({ members }) => members.size >= floor)
  expect(isGivenAway(groups[0]?.members ?? new Set(), shown, everybody)).toBe(true)
})

test('of groups that lie within and across each other, no two that are shown differ by a few people', () => {
  const overlapping = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(overlapping, (lists) => {
      const groups = lists.map((members, i) => ({ key: `g${i}`, members: new Set(members) }))
      const everybody = new Set(Array.from({ length: 40 }, (_, i) => i + 1))
      const hidden = hiddenGroups(groups, everybody)
      const shown = groups.filter(({ key }) => !hidden.has(key))
      for (const a of [...shown.map(({ members }) => members), everybody])
        for (const { members } of shown)
          if (members.isSubsetOf(a) && a.size > members.size) expect(a.size - members.size).toBeGreaterThanOrEqual(floor)
    }),
    { numRuns: 500 },
  )
})
