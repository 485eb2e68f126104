import { secondsOfDay } from './calendar.ts'
import type { Company } from './company.ts'
import { type Source, sources } from './departments.ts'
import type { Random } from './random.ts'
import { actionTool, models, tools } from './vocabulary.ts'

/** Places of things with how likely each is, added up. */
interface Weighted {
  readonly places: readonly number[]
  readonly sums: readonly number[]
}

type BySource = Readonly<Record<Source, Weighted>>

/** What can be chosen on one day: what there is by then, as likely as it is by then. */
export class Choices {
  readonly #models: BySource
  readonly #tools: BySource
  readonly #gpts: BySource
  readonly #projects: BySource
  readonly #skills: BySource
  readonly #connectors: BySource

  constructor(company: Company, day: number) {
    const { first, last } = company.plan
    const share = last === first ? 1 : (day - first) / (last - first)
    const begins = day * secondsOfDay
    const isThere = ({ created }: { created: number }) => created < begins
    this.#models = bySource(models, ({ early, late }) => early + (late - early) * share)
    this.#tools = bySource(tools, ({ weight }) => weight)
    this.#gpts = bySource(company.gpts, (gpt) => (isThere(gpt) && (gpt.deleted === null || gpt.deleted > begins) ? gpt.weight : 0))
    this.#projects = bySource(company.projects, (project) => (isThere(project) ? project.weight : 0))
    this.#skills = bySource(company.skills, (skill) => (isThere(skill) ? skill.weight : 0))
    this.#connectors = bySource(company.connectors, (connector) => (isThere(connector) ? connector.weight : 0))
  }

  model = (random: Random, source: Source): number => chosen(random, this.#models[source])
  tool = (random: Random, source: Source): number => chosen(random, this.#tools[source])
  /** -1: there is none. */
  gpt = (random: Random, source: Source): number => chosen(random, this.#gpts[source])
  project = (random: Random, source: Source): number => chosen(random, this.#projects[source])
  skill = (random: Random, source: Source): number => chosen(random, this.#skills[source])
  connector = (random: Random, source: Source): number => chosen(random, this.#connectors[source])

  /** The tool of a turn with a GPT that acts. */
  readonly action = actionTool
}

function bySource<T extends { source: Source }>(things: readonly T[], weightOf: (thing: T) => number): BySource {
  const of = (source: Source): Weighted => {
    const places: number[] = []
    const sums: number[] = []
    let sum = 0
    things.forEach((thing, place) => {
      const weight = thing.source === source ? weightOf(thing) : 0
      if (weight <= 0) return
      sum += weight
      places.push(place)
      sums.push(sum)
    })
    return { places, sums }
  }
  return { [sources[0]]: of(sources[0]), [sources[1]]: of(sources[1]), [sources[2]]: of(sources[2]) }
}

function chosen(random: Random, { places, sums }: Weighted): number {
  const drawn = random.float() * (sums[sums.length - 1] ?? 0)
  for (let i = 0; i < sums.length; i++) if (drawn < (sums[i] ?? 0)) return places[i] ?? -1
  return -1
}
