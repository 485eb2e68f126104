import { departments, type Source, sources } from './departments.ts'
import { uuid } from './ids.ts'
import { at, isThere, type Person, pilots, type Since } from './people.ts'
import { type Plan, randomOf } from './plan.ts'

export interface Group {
  readonly id: string
  readonly name: string
  readonly source: Source
  readonly origin: 'directory' | 'manual'
  /** Places of the groups that it lies in. */
  readonly parents: readonly number[]
  /** Its own members, by place, and from when on; those of groups inside it are not among them. */
  readonly members: readonly Since<readonly number[]>[]
}

const day = 86_400

/**
 * The directory: everybody, departments, teams. A source knows its own people only, so each has a tree of its own. Beside it groups that
 * somebody made by hand, two of them of exactly nine and exactly ten people, on either side of the floor below which groups are hidden.
 */
export function makeGroups(plan: Plan, people: readonly Person[]): Group[] {
  const random = randomOf(plan, 'groups')
  const groups: Group[] = []
  const founded = (plan.first - 400) * day
  const add = (group: Omit<Group, 'id'>) => groups.push({ id: uuid(random), ...group }) - 1
  const roots = sources.map((source) =>
    add({ name: rootNames[source], source, origin: 'directory', parents: [], members: [{ from: founded, value: [] }] }),
  )
  departments.forEach(({ name, source }, department) => {
    const staff = people.filter((person) => person.department === department)
    if (staff.length === 0) return
    const root = roots[sources.indexOf(source)] ?? 0
    const parent = add({ name, source, origin: 'directory', parents: [root], members: [{ from: founded, value: [] }] })
    const teams = [...new Set(staff.flatMap((person) => person.teams.map(({ value }) => value)))].sort((a, b) => a - b)
    for (const team of teams) {
      const members = membersOverTime(staff, founded, (person, second) => isThere(person, second) && at(person.teams, second) === team)
      add({ name: `${name} ${team + 1}`, source, origin: 'directory', parents: [parent], members })
    }
  })
  for (const [name, members] of manualGroups(plan, people, founded))
    add({ name, source: 'chatgpt', origin: 'manual', parents: [], members })
  return groups
}

const rootNames: Record<Source, string> = { chatgpt: 'All staff', claude: 'Technology', 'open-webui': 'Science' }

/** The list at every moment at which it changes. */
function membersOverTime(
  people: readonly Person[],
  founded: number,
  isMember: (person: Person, second: number) => boolean,
): Since<readonly number[]>[] {
  const moments = people.flatMap(({ joined, left, teams }) => [joined, left, ...teams.map(({ from }) => from)])
  const order = [...new Set([founded, ...moments.filter((moment) => moment !== null && moment > founded).map(Number)])].sort(
    (a, b) => a - b,
  )
  const versions: Since<readonly number[]>[] = []
  for (const from of order) {
    const value = people.filter((person) => isMember(person, from)).map(({ place }) => place)
    const before = versions.at(-1)
    if (!before || before.value.join() !== value.join()) versions.push({ from, value })
  }
  return versions
}

function manualGroups(plan: Plan, people: readonly Person[], founded: number): [string, Since<readonly number[]>[]][] {
  const staying = people.filter(({ place }) => place < pilots).map(({ place }) => place)
  const others = people.filter(({ source, joined, left, place }) => source === 'chatgpt' && joined !== null && left === null && place > 20)
  const champions = others.filter(({ joined }) => (joined ?? 0) < plan.first * day).map(({ place }) => place)
  const months = Array.from({ length: Math.ceil((plan.last - plan.first) / 60) }, (_, i) => plan.first + i * 60)
  const turning = months.map(
    (month, i): Since<readonly number[]> => ({
      from: i === 0 ? founded : month * day + 30_000,
      value: champions.filter((place) => (place + i) % 3 === 0).slice(0, 25),
    }),
  )
  return [
    ['Pilot of nine', [{ from: founded, value: staying.slice(0, 9) }]],
    ['Pilot of ten', [{ from: founded, value: staying.slice(5, 15) }]],
    ['Champions', turning.length > 0 ? turning : [{ from: founded, value: [] }]],
  ]
}

/** Everybody in a group at a second, those of the groups inside it included. */
export function membersAt(groups: readonly Group[], group: number, second: number): Set<number> {
  const found = new Set<number>(at(groups[group]?.members ?? [{ from: 0, value: [] }], second))
  groups.forEach(({ parents }, inner) => {
    if (parents.includes(group)) for (const place of membersAt(groups, inner, second)) found.add(place)
  })
  return found
}
