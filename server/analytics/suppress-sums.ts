import type { Group } from './suppress.ts'

/** A sum of others, as the weight of each: weights are residues of a prime, so that nothing is rounded. */
type Sum = ReadonlyMap<number, number>

/** Products of two residues are exact. */
const prime = 67_108_859
const residue = (value: number) => ((value % prime) + prime) % prime

function inverse(value: number): number {
  let [a, b, x, y] = [value, prime, 1, 0]
  while (b !== 0) [a, b, x, y] = [b, a % b, y, x - Math.floor(a / b) * y]
  return residue(x)
}

function plus(one: Sum, other: Sum, times: number): Sum {
  const sum = new Map(one)
  for (const [key, weight] of other) {
    const both = residue((sum.get(key) ?? 0) + residue(times * weight))
    if (both === 0) sum.delete(key)
    else sum.set(key, both)
  }
  return sum
}

const multiple = (sum: Sum, times: number): Sum => new Map([...sum].map(([key, weight]) => [key, residue(weight * times)]))

/** Sums by a key of their own, of which sums that came later have nothing. */
type Rows = ReadonlyMap<number, Sum>

/** What of a sum does not follow from the rows. */
function restOf(sum: Sum, rows: Rows): Sum {
  let rest = sum
  for (const [own, row] of rows) {
    const weight = rest.get(own)
    if (weight !== undefined) rest = plus(rest, row, -weight)
  }
  return rest
}

/** Atoms are people who are in the same sets, and so never told apart. A sum in which a large one is left is about many people. */
interface Atoms {
  readonly large: readonly Sum[]
  readonly few: readonly Sum[]
  readonly sizes: readonly number[]
}

/**
 * Of the groups that are to be shown beside the total, those that may not be, the smallest first to go: with the others they would give
 * away a sum over fewer people than `least`, whichever are added and subtracted: a department without its teams, or those who are in both of
 * two groups that are everybody together. `small` are groups that may not be known whatever happens.
 */
export function tellingGroups(
  shown: readonly Group[],
  small: readonly Group[],
  everybody: ReadonlySet<number>,
  least: number,
): Set<string> {
  const bySize = [...shown].sort((a, b) => b.members.size - a.members.size || (a.key < b.key ? -1 : 1))
  const sets = [everybody, ...[...bySize, ...small].map(({ members }) => members)]
  const atoms = atomsOf(sets, least)
  const secrets = small.map((_, i) => atoms.few[1 + shown.length + i] ?? new Map<number, number>())
  const telling = new Set<string>()
  // Rows about many people, with how they are made of sets after their atoms; and those about few, each the only one with its own atom.
  const many = new Map<number, Sum>()
  let few: Rows = new Map()
  for (const place of [0, ...bySize.keys().map((i) => i + 1)]) {
    const made = restOf(new Map([...(atoms.large[place] ?? []), [-1 - place, 1]]), many)
    const [own] = [...made.keys()].filter((key) => key >= 0)
    if (own !== undefined) {
      many.set(own, multiple(made, inverse(made.get(own) ?? 1)))
      continue
    }
    const known = [...made].reduce<Sum>((sum, [set, weight]) => plus(sum, atoms.few[-1 - set] ?? new Map(), weight), new Map())
    const more = withRow(few, known)
    const isTelling =
      [...more].some(([atom, row]) => few.get(atom) !== row && isFew(row, atoms, least)) ||
      secrets.some((secret) => secret.size > 0 && restOf(secret, more).size === 0)
    const group = bySize[place - 1]
    if (isTelling && group) telling.add(group.key)
    else few = more
  }
  return telling
}

function withRow(rows: Rows, sum: Sum): Rows {
  const rest = restOf(sum, rows)
  const [own] = rest.keys()
  if (own === undefined) return rows
  const row = multiple(rest, inverse(rest.get(own) ?? 1))
  const others = [...rows].map(([atom, one]): [number, Sum] => [atom, one.has(own) ? plus(one, row, -(one.get(own) ?? 0)) : one])
  return new Map([...others, [own, row]])
}

function isFew(row: Sum, { sizes }: Atoms, least: number): boolean {
  const people = [...row.keys()].reduce((sum, atom) => sum + (sizes[atom] ?? 0), 0)
  return people < least && [...row.values()].every((weight) => weight === 1)
}

function atomsOf(sets: readonly ReadonlySet<number>[], least: number): Atoms {
  const names = new Map<number, string>()
  for (const [place, members] of sets.entries()) for (const person of members) names.set(person, `${names.get(person) ?? ''},${place}`)
  const people = [...Map.groupBy(names.keys(), (person) => names.get(person)).entries()]
  const of = people.map(([name = '']) => name.split(',').slice(1).map(Number))
  const sizes = people.map(([, alike]) => alike.length)
  const [large, few] = [sets.map(() => new Map<number, number>()), sets.map(() => new Map<number, number>())]
  for (const [atom, places] of of.entries()) for (const place of places) ((sizes[atom] ?? 0) < least ? few : large)[place]?.set(atom, 1)
  return { large, few, sizes }
}
