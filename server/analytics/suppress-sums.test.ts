import fc from 'fast-check'
import { expect, test } from 'vitest'
import { floor, type Group, hiddenGroups } from './suppress.ts'
import { tellingGroups } from './suppress-sums.ts'

const crowd = Array.from({ length: 36 }, (_, i) => i + 1)
const everybody = new Set(crowd)

/** Whether a sum follows from others by adding and subtracting: it does not raise their rank. */
function follows(people: ReadonlySet<number>, shown: readonly Group[]): boolean {
  const lineOf = (members: ReadonlySet<number>) => crowd.map((person) => (members.has(person) ? 1 : 0))
  const lines = [everybody, ...shown.map(({ members }) => members)].map(lineOf)
  return rankOf([...lines, lineOf(people)]) === rankOf(lines)
}

/** Modulo a large prime, so that nothing is rounded. */
function rankOf(lines: readonly (readonly number[])[]): number {
  const prime = 1_000_003n
  let left = lines.map((line) => line.map(BigInt))
  let rank = 0
  for (const column of crowd.keys()) {
    const pivot = left.find((line) => line[column] !== 0n)
    if (!pivot) continue
    rank++
    const by = pivot[column] ?? 1n
    left = left
      .filter((line) => line !== pivot)
      .map((line) => line.map((value, place) => (((value * by - (line[column] ?? 0n) * (pivot[place] ?? 0n)) % prime) + prime) % prime))
  }
  return rank
}

/** Departments, teams within them, and lists across them; often made of others, so that much can be worked out. */
const organization = fc
  .array(
    fc.oneof(
      fc.uniqueArray(fc.constantFrom(...crowd), { minLength: 1 }),
      fc.tuple(fc.nat(35), fc.nat(35)).map(([a, b]) => crowd.slice(Math.min(a, b), Math.max(a, b) + 1)),
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((lists): Group[] => lists.map((members, i) => ({ key: `g${i}`, members: new Set(members) })))

const smallOf = (groups: readonly Group[]) => groups.filter(({ members }) => members.size < floor)

function shownOf(groups: readonly Group[]): Group[] {
  const hidden = hiddenGroups(groups, everybody)
  const left = groups.filter(({ key }) => !hidden.has(key))
  const telling = tellingGroups(left, smallOf(groups), everybody, floor)
  return left.filter(({ key }) => !telling.has(key))
}

/** Everybody in the same groups, who are as one person to the attacker, and the groups that are too small. */
function secretsOf(groups: readonly Group[], shown: readonly Group[]): ReadonlySet<number>[] {
  const alike = Map.groupBy(crowd, (person) => shown.map(({ members }) => members.has(person)).join())
  const atoms = [...alike.values()].map((people) => new Set(people)).filter(({ size }) => size < floor)
  return [...atoms, ...smallOf(groups).map(({ members }) => members)]
}

test('whatever shown groups and the total are added and subtracted, nobody and no small group comes out', () => {
  fc.assert(
    fc.property(organization, (groups) => {
      const shown = shownOf(groups)
      for (const people of secretsOf(groups, shown)) expect(follows(people, shown), `${[...people]}`).toBe(false)
    }),
    { numRuns: 3000 },
  )
})

test('the attacker finds somebody where only groups within groups are looked at', () => {
  const found = fc.check(
    fc.property(organization, (groups) => {
      const hidden = hiddenGroups(groups, everybody)
      const shown = groups.filter(({ key }) => !hidden.has(key))
      return secretsOf(groups, shown).every((people) => !follows(people, shown))
    }),
    { numRuns: 3000 },
  )
  expect(found.failed).toBe(true)
})

test('groups of which nothing small follows are all shown', () => {
  const groups = [crowd.slice(0, 24), crowd.slice(0, 12), crowd.slice(12, 36), crowd.slice(24)].map((members, i) => ({
    key: `g${i}`,
    members: new Set(members),
  }))
  expect(tellingGroups(groups, [], everybody, floor).size).toBe(0)
})

test('a department goes without one of its teams where a head is left between them', () => {
  const groups = [crowd.slice(0, 24), crowd.slice(0, 12), crowd.slice(12, 23)].map((members, i) => ({
    key: `g${i}`,
    members: new Set(members),
  }))
  expect([...tellingGroups(groups, [], everybody, floor)]).toEqual(['g2'])
})
