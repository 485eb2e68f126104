import { secondsOfDay } from './calendar.ts'
import type { Source } from './departments.ts'
import { tagged, uuid } from './ids.ts'
import type { Person } from './people.ts'
import { type Plan, randomOf } from './plan.ts'
import type { Random } from './random.ts'
import { connectors, gptName, projectName, skillName } from './words/names.ts'

/** What people of the company make for themselves and each other. */
interface Asset {
  readonly id: string
  readonly name: string
  readonly source: Source
  readonly owner: number
  readonly created: number
  /** How often it is chosen, against the others of its kind; 0: never. */
  readonly weight: number
}

export interface Gpt extends Asset {
  readonly config: 'live' | 'draft'
  readonly deleted: number | null
  /** Somebody else's: known by the messages with it alone. */
  readonly foreign: boolean
  /** Calls a server of the company's own. */
  readonly acts: boolean
}

export interface Project extends Asset {
  readonly shared: boolean
}

export interface Skill extends Asset {
  readonly enabled: boolean
}

export interface Connector extends Asset {
  readonly publisher: string
  readonly url: string
  readonly approved: boolean
  readonly writes: boolean
}

export interface Assets {
  readonly gpts: readonly Gpt[]
  readonly projects: readonly Project[]
  readonly skills: readonly Skill[]
  readonly connectors: readonly Connector[]
}

export function makeAssets(plan: Plan, people: readonly Person[]): Assets {
  const many = (most: number, each: number) => Math.max(4, Math.min(most, Math.round(plan.people / each)))
  return {
    gpts: Array.from({ length: many(400, 9) }, (_, place) => makeGpt(plan, people, place)),
    projects: Array.from({ length: many(600, 6) }, (_, place) => makeProject(plan, people, place)),
    skills: Array.from({ length: many(40, 20) }, (_, place) => makeSkill(plan, people, place)),
    connectors: Array.from({ length: many(30, 20) }, (_, place) => makeConnector(plan, people, place)),
  }
}

/** Few are used by many, most by few. */
const weightOf = (place: number) => 12 / (place + 1)

/** Somebody of the source who came before `until`, and the moment they made it. */
function maker(random: Random, people: readonly Person[], source: Source, until: number): { owner: number; created: number } {
  const able = people.filter((person) => person.source === source && person.joined !== null && person.joined < until)
  const person = able.length > 0 ? random.pick(able) : people[0]
  const joined = person?.joined ?? 0
  const latest = Math.min(until, person?.left ?? until) - secondsOfDay
  return { owner: person?.place ?? 0, created: joined + 3600 + random.int(Math.max(1, latest - joined)) }
}

const endOf = ({ last }: Plan) => (last + 1) * secondsOfDay

/**
 * The first is there from the start; the second was left behind by somebody who went; then a draft, one that nobody uses, and one that is
 * somebody else's.
 */
function makeGpt(plan: Plan, people: readonly Person[], place: number): Gpt {
  const random = randomOf(plan, 'gpt', place)
  const gone = people.filter(({ source, left }) => source === 'chatgpt' && left !== null)
  const makers = place === 1 && gone.length > 0 ? gone : people
  const { owner, created } = maker(random, makers, 'chatgpt', place === 0 ? plan.first * secondsOfDay : endOf(plan))
  const isDraft = place === 2 || (place > 5 && random.chance(0.12))
  const isDeleted = place > 5 && random.chance(0.08)
  return {
    id: tagged(random, 'g-', 18),
    name: gptName(random, 'en'),
    source: 'chatgpt',
    owner,
    created,
    weight: isDraft || place === 3 || (place > 5 && random.chance(0.2)) ? 0 : weightOf(place),
    config: isDraft ? 'draft' : 'live',
    deleted: isDeleted ? Math.min(endOf(plan) - 1, created + (20 + random.int(200)) * secondsOfDay) : null,
    foreign: place === 4,
    acts: place % 5 === 0,
  }
}

function makeProject(plan: Plan, people: readonly Person[], place: number): Project {
  const random = randomOf(plan, 'project', place)
  const technical = people.some(({ source }) => source === 'claude')
  const source = technical && place % 3 === 2 ? 'claude' : 'chatgpt'
  return {
    id: source === 'claude' ? uuid(random) : tagged(random, 'g-p-', 28),
    name: projectName(random, 'en'),
    source,
    ...maker(random, people, source, place === 0 ? plan.first * secondsOfDay : endOf(plan)),
    weight: place > 3 && random.chance(0.15) ? 0 : weightOf(place >> 1),
    shared: random.chance(0.5),
  }
}

function makeSkill(plan: Plan, people: readonly Person[], place: number): Skill {
  const random = randomOf(plan, 'skill', place)
  const source = place % 2 === 0 || !people.some((person) => person.source === 'claude') ? 'chatgpt' : 'claude'
  return {
    id: tagged(random, 'skill_'),
    name: skillName(random, 'en'),
    source,
    ...maker(random, people, source, endOf(plan)),
    weight: weightOf(place),
    enabled: place < 3 || random.chance(0.8),
  }
}

function makeConnector(plan: Plan, people: readonly Person[], place: number): Connector {
  const random = randomOf(plan, 'connector', place)
  const source = place % 2 === 0 || !people.some((person) => person.source === 'claude') ? 'chatgpt' : 'claude'
  // A stride that meets every one of them before it meets one again.
  const { name, publisher, approved } = connectors[(place * 7) % connectors.length] ?? {
    name: 'Unknown',
    publisher: 'Unknown',
    approved: false,
  }
  return {
    id: tagged(random, 'mcp_'),
    name,
    publisher,
    source,
    ...maker(random, people, source, endOf(plan)),
    weight: weightOf(place),
    url: `https://${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example.com/mcp`,
    approved,
    writes: random.chance(0.3),
  }
}
