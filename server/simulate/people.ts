import { secondsOfDay } from './calendar.ts'
import { departments, type Source } from './departments.ts'
import { tagged } from './ids.ts'
import { type Plan, quantile, randomOf } from './plan.ts'
import type { Random } from './random.ts'
import { type Language, languages } from './words/languages.ts'
import { personName } from './words/names.ts'

export type Role = 'owner' | 'admin' | 'analytics_viewer' | 'member'

/** Something that holds from a second on, until the next of its kind. */
export interface Since<T> {
  readonly from: number
  readonly value: T
}

export interface Invitation {
  readonly sent: number
  readonly expires: number
  readonly accepted: number | null
}

/**
 * - `pending`: invited, never came
 * - `never`: has a seat and never wrote a word
 * - `dormant`: stopped long before the end
 * - `absent`: on leave for the last months
 */
export type Habit = 'usual' | 'power' | 'pending' | 'never' | 'dormant' | 'absent'

export interface Person {
  readonly place: number
  readonly id: string
  readonly name: string
  readonly language: Language
  readonly department: number
  readonly source: Source
  readonly onboardingRole: string
  readonly habit: Habit
  readonly emails: readonly Since<string>[]
  readonly roles: readonly Since<Role>[]
  /** Numbers of the teams of the department, one after the other. */
  readonly teams: readonly Since<number>[]
  readonly invitations: readonly Invitation[]
  /** Seconds; null: never came, never left. */
  readonly joined: number | null
  readonly left: number | null
  /** Days of use: between these, outside of `away`. */
  readonly firstDay: number
  readonly lastDay: number
  readonly away: readonly (readonly [number, number])[]
  /** How much it is used, against the others. */
  readonly appetite: number
  readonly gptShare: number
  readonly projectShare: number
  readonly toolShare: number
}

/** What holds at a second; before the first of them, the first. */
export function at<T>(list: readonly Since<T>[], second: number): T {
  let found = list[0]
  for (const one of list) if (one.from <= second) found = one
  if (!found) throw new Error('nothing ever holds')
  return found.value
}

export const isThere = ({ joined, left }: Person, second: number): boolean =>
  joined !== null && joined <= second && (left === null || second < left)

/** People who take part in the pilots, and stay. */
export const pilots = 15

/** Members of one team at most; the last team of a department takes who is left over. */
export const teamSize = 11

export function makePeople(plan: Plan, domain: string): Person[] {
  const taken = new Set<string>()
  return Array.from({ length: plan.people }, (_, place) => makePerson(plan, place, domain, taken))
}

function makePerson(plan: Plan, place: number, domain: string, taken: Set<string>): Person {
  const random = randomOf(plan, 'person', place)
  const language = languages[random.weighted(languages.map((_, i) => (i === 0 ? 60 : 40 / (languages.length - 1))))] ?? languages[0]
  const { given, family } = personName(random, language)
  const department = departmentOf(random, place)
  const { source, onboardingRoles } = departments[department] ?? departments[0] ?? never()
  const habit = habitOf(random, place)
  const career = careerOf(plan, random, place, habit)
  const begins = career.invitations[0]?.sent ?? 0
  const still = <T>(list: readonly Since<T>[]) => list.filter(({ from }, i) => i === 0 || career.left === null || from < career.left)
  return {
    place,
    id: tagged(random, 'user-'),
    name: `${given} ${family}`,
    language,
    department,
    source,
    onboardingRole: random.pick(onboardingRoles),
    habit,
    emails: still(emailsOf(plan, random, { given, family, domain, begins, place }, taken)),
    roles: still(rolesOf(plan, random, place, begins)),
    teams: still(teamsOf(plan, random, place, begins)),
    ...career,
    ...usageOf(plan, random, habit, career),
  }
}

function never(): never {
  throw new Error('there is no department')
}

/** The first fifteen are of one department, so that even a small company has groups of a size that is known; the next are of the others. */
function departmentOf(random: Random, place: number): number {
  if (place < pilots) return 0
  return place < 20 ? ([8, 8, 7, 9, 3][place - pilots] ?? 0) : random.weighted(departments.map(({ weight }) => weight))
}

/** The first twenty stay through the whole history; of the others some never came, stopped or are on leave. */
function habitOf(random: Random, place: number): Habit {
  if (place === 3 || (place > 20 && random.chance(0.045))) return 'power'
  if (place < 20) return 'usual'
  if (place === 20) return 'absent'
  return (['usual', 'pending', 'never', 'dormant'] as const)[random.weighted([78, 5, 8, 9])] ?? 'usual'
}

type Career = Pick<Person, 'invitations' | 'joined' | 'left'>

const within = (random: Random, first: number, last: number) => (first + random.int(Math.max(1, last - first))) * secondsOfDay

function careerOf(plan: Plan, random: Random, place: number, habit: Habit): Career {
  const { first, last } = plan
  const lifetime = 14 * secondsOfDay
  if (habit === 'pending') {
    const sent = within(random, Math.max(first, last - 60), last) + 9 * 3600 + random.int(28_800)
    return { invitations: [{ sent, expires: sent + lifetime, accepted: null }], joined: null, left: null }
  }
  const isOld = place < 21 || random.chance(0.7)
  const joined = (isOld ? within(random, first - 900, first - 20) : within(random, first, last - 3)) + 8 * 3600 + random.int(18_000)
  const sent = joined - 3600 - random.int(9) * secondsOfDay
  const missed = random.chance(0.1) ? [{ sent: sent - lifetime, expires: sent, accepted: null }] : []
  const leaves = place > 20 && random.chance(0.11)
  const left = leaves ? Math.max(joined + 20 * secondsOfDay, within(random, first + 5, last + 200)) + 15 * 3600 + random.int(7200) : null
  return {
    invitations: [...missed, { sent, expires: sent + lifetime, accepted: joined }],
    joined,
    left: left !== null && left < last * secondsOfDay ? left : null,
  }
}

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '')

interface Named {
  given: string
  family: string
  domain: string
  begins: number
  place: number
}

/** One in fifteen takes another family name, and with it another address. */
function emailsOf(plan: Plan, random: Random, named: Named, taken: Set<string>): Since<string>[] {
  const { given, family, domain, begins, place } = named
  const free = (text: string) => {
    const name = taken.has(text) ? `${text}${place}` : text
    taken.add(name)
    return `${name}@${domain}`
  }
  const own = free(`${plain(given) || 'p'}.${plain(family) || place}`)
  const first = { from: begins, value: own }
  const changed = within(random, plan.first + 5, plan.last - 5) + 36_000
  if (!random.chance(0.07) || changed <= begins) return [first]
  return [
    first,
    { from: changed, value: free(`${plain(given) || 'p'}.${plain(random.pick(['Berg', 'Stone', 'Vale', 'Field', 'Brook']))}${place}`) },
  ]
}

function rolesOf(plan: Plan, random: Random, place: number, begins: number): Since<Role>[] {
  if (place === 0) return [{ from: begins, value: 'owner' }]
  if (place < 3) return [{ from: begins, value: 'admin' }]
  if (place === 4) return [{ from: begins, value: 'analytics_viewer' }]
  const member: Since<Role> = { from: begins, value: 'member' }
  const changed = within(random, plan.first + 2, plan.last - 2) + 40_000
  if (!random.chance(0.03) || changed <= begins) return [member]
  return [member, { from: changed, value: random.pick(['admin', 'analytics_viewer'] as const) }]
}

function teamsOf(plan: Plan, random: Random, place: number, begins: number): Since<number>[] {
  const teams = Math.max(1, Math.round(plan.people / departments.length / teamSize))
  const own = place % teams
  const changed = within(random, plan.first + 2, plan.last - 2) + 32_000
  const moves = teams > 1 && random.chance(0.05) && changed > begins
  return [{ from: begins, value: own }, ...(moves ? [{ from: changed, value: (own + 1) % teams }] : [])]
}

/** Who uses it how much: a few use it all day, most now and then. */
const appetites = [0.05, 0.12, 0.2, 0.28, 0.36, 0.45, 0.55, 0.66, 0.8, 0.95, 1.15, 1.4, 1.75, 2.3, 3.4]

function usageOf(plan: Plan, random: Random, habit: Habit, { joined, left }: Career) {
  const begins = Math.floor((joined ?? 0) / secondsOfDay)
  const ends = left === null ? plan.last : Math.floor(left / secondsOfDay) - 1
  const stops = plan.last - 50 - random.int(150)
  const lastDay = habit === 'dormant' ? Math.min(ends, stops) : habit === 'absent' ? Math.min(ends, plan.last - 70) : ends
  const uses = habit !== 'pending' && habit !== 'never'
  // Time to first use: most begin at once, some need weeks.
  const firstDay = Math.max(begins + random.pick([0, 0, 0, 1, 1, 2, 3, 5, 8, 13, 21]), plan.first)
  const away = Array.from({ length: 4 }, (_, i): readonly [number, number] => {
    const from = plan.first + i * 100 + random.int(90)
    return [from, from + random.pick([3, 4, 6, 9, 13])]
  })
  return {
    firstDay: uses ? firstDay : plan.last + 1,
    lastDay,
    away,
    appetite: uses ? (habit === 'power' ? 14 + random.int(9) : quantile(random, appetites)) : 0,
    gptShare: random.pick([0, 0.05, 0.1, 0.2, 0.5]),
    projectShare: random.pick([0, 0, 0.1, 0.2, 0.4]),
    toolShare: random.pick([0.05, 0.15, 0.25, 0.4, 0.6]),
  }
}
