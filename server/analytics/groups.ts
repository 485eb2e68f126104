/** The role somebody has at the source; it grants nothing in Daybook. */
export const sourceRoles = ['owner', 'admin', 'analytics_viewer', 'member', 'unknown'] as const
export type SourceRole = (typeof sourceRoles)[number]

/** A group as it was when a period ended. */
export interface Group {
  readonly number: number
  /** On the wire. */
  readonly id: string
  readonly name: string | null
  readonly origin: 'directory' | 'manual'
  /** Those of its child groups are its own. Who was deleted by then is a member of nothing. */
  readonly members: ReadonlySet<number>
}

/** Who belonged where when a period ended. */
export interface Membership {
  /** Everybody who was there on a day of the period: behind its totals. */
  readonly present: ReadonlySet<number>
  /** Everybody who was there at its end. */
  readonly people: ReadonlySet<number>
  readonly groups: ReadonlyMap<number, Group>
  /** Of everybody whose role is known. */
  readonly roles: ReadonlyMap<number, SourceRole>
}

/** A group as its record says it: the members and parents that it names itself. */
export interface NamedGroup extends Omit<Group, 'members'> {
  readonly named: readonly number[]
  /** Numbers of the groups it is part of. */
  readonly parents: readonly number[]
}

/** Adds to every group the members of the groups below it, however deep; groups that contain each other have the same members. */
export function withChildren(groups: readonly NamedGroup[], people: ReadonlySet<number>): Map<number, Group> {
  const byNumber = new Map(groups.map((group) => [group.number, group]))
  const children = new Map<number, number[]>()
  for (const { number, parents } of groups) for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), number])
  return new Map(
    groups.map(({ named: _, parents: __, ...group }) => {
      const named = [...below(group.number, children)].flatMap((number) => byNumber.get(number)?.named ?? [])
      return [group.number, { ...group, members: new Set(named.filter((person) => people.has(person))) }]
    }),
  )
}

/** The group and all below it, each once: a circle ends where it began. */
function below(start: number, children: ReadonlyMap<number, readonly number[]>): Set<number> {
  const found = new Set([start])
  for (const number of found) for (const child of children.get(number) ?? []) found.add(child)
  return found
}

/** People by the set of groups they are in: few people have a set that nobody else has. `of` says which, from 1. */
export interface GroupSets {
  readonly people: readonly number[]
  readonly of: readonly number[]
  readonly sets: readonly (readonly number[])[]
}

const known = new WeakMap<Membership, GroupSets>()

/** Worked out once: several queries of a question ask for it. */
export function groupSets(membership: Membership): GroupSets {
  const sets = known.get(membership) ?? makeSets(membership)
  known.set(membership, sets)
  return sets
}

function makeSets({ groups }: Membership): GroupSets {
  const groupsOf = new Map<number, number[]>()
  for (const { number, members } of groups.values())
    for (const person of members) {
      const set = groupsOf.get(person)
      if (set) set.push(number)
      else groupsOf.set(person, [number])
    }
  const places = new Map<string, number>()
  const sets: number[][] = []
  const of = [...groupsOf.values()].map((set) => {
    const name = set.join()
    const place = places.get(name) ?? sets.push(set)
    places.set(name, place)
    return place
  })
  return { people: [...groupsOf.keys()], of, sets }
}
