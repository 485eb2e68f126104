import { secondsOfDay } from './calendar.ts'
import type { Choices } from './choices.ts'
import type { Company } from './company.ts'
import { taskWeights } from './departments.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'
import { turnsOf } from './turns.ts'
import { models, tools } from './vocabulary.ts'

export const user = 0
export const assistant = 1
export const system = 2
export const tool = 3
export const roles = ['user', 'assistant', 'system', 'tool'] as const

/** Marks of a message, to be added up. */
export const mark = { hidden: 1, injected: 2, thinking: 4, cites: 8, calls: 16 } as const

/** One message, in numbers alone: places in lists, -1 for none. */
export interface Said {
  /** Place in the conversation of the message it follows. */
  parent: number
  /** Place of the message of a person whose turn it belongs to; of such a message, its own. */
  asker: number
  role: number
  /** Seconds; 0 for a message without a time. */
  at: number
  marks: number
  model: number
  /** The tool that speaks, is called (with the mark `calls`), or whose result stands inside. */
  tool: number
  skill: number
  connector: number
  /** Calls of the connector. */
  calls: number
  input: number
  output: number
  cached: number
}

/** One conversation that begins on a day. */
export interface Talk {
  readonly person: number
  /** Its place among those of the day. */
  readonly number: number
  readonly start: number
  readonly model: number
  readonly gpt: number
  readonly project: number
  readonly task: number
  readonly temporary: boolean
  /** When its person deleted it; 0: never. */
  readonly deleted: number
  readonly said: readonly Said[]
}

export interface TalkOf {
  readonly company: Company
  readonly choices: Choices
  readonly person: Person
  readonly random: Random
  readonly number: number
  readonly start: number
}

export function talk(of: TalkOf): Talk {
  const { company, choices, person, random, number, start } = of
  const { source } = person
  const gpt = random.chance(person.gptShare) ? choices.gpt(random, source) : -1
  const project = gpt < 0 && random.chance(person.projectShare) ? choices.project(random, source) : -1
  const task = random.weighted(taskWeights[person.department] ?? [1])
  const ends = Math.min((company.plan.last + 1) * secondsOfDay, person.left ?? Number.MAX_SAFE_INTEGER) - 1
  const model = choices.model(random, source)
  const teller = new Teller(of, { gpt, model, ends })
  teller.tell()
  const deletes = random.int(60) === 0
  const deleted = deletes ? teller.last + 600 + random.int(20 * secondsOfDay) : 0
  const temporary = random.int(50) === 0
  return {
    person: person.place,
    number,
    start,
    model,
    gpt,
    project,
    task,
    temporary,
    deleted: deleted > ends ? 0 : deleted,
    said: teller.said,
  }
}

/** Pauses before a person goes on, in seconds: most within minutes, some after hours, few after days. */
const pauses = [20, 35, 50, 70, 90, 120, 150, 200, 260, 340, 450, 600, 900, 1500, 2400, 6000, 14_000, 70_000, 180_000, 600_000]

/** Tells a conversation turn by turn. */
class Teller {
  readonly said: Said[] = []
  /** The time of the last message. */
  last: number
  readonly #of: TalkOf
  readonly #gpt: number
  readonly #model: number
  readonly #ends: number
  readonly #thinks: boolean
  readonly #reportsTokens: boolean
  #context = 0

  constructor(of: TalkOf, { gpt, model, ends }: { gpt: number; model: number; ends: number }) {
    this.#of = of
    this.#gpt = gpt
    this.#model = model
    this.#ends = ends
    this.#thinks = models[model]?.thinks === true
    this.#reportsTokens = of.person.source !== 'chatgpt'
    this.last = Math.min(of.start, ends)
  }

  tell(): void {
    const { random } = this.#of
    let parent = this.#opening()
    // Where the message before it was asked: an edit begins there anew.
    let before = parent
    for (let turns = turnsOf(random), turn = 0; turn < turns; turn++) {
      if (turn > 0) this.last += (pauses[random.int(pauses.length)] ?? 60) + random.int(20)
      if (this.last > this.#ends) return
      const isEdit = turn > 0 && random.int(25) === 0
      before = isEdit ? before : parent
      parent = this.#turn(before)
    }
  }

  /** What stands before the first question, and is not shown. */
  #opening(): number {
    const { random, person } = this.#of
    if (person.source !== 'chatgpt') return -1
    let parent = -1
    if (random.int(3) === 0) parent = this.#add(parent, { role: system, marks: mark.hidden, asker: -1 })
    if (random.int(9) === 0) parent = this.#add(parent, { role: user, marks: mark.injected, asker: -1 })
    return parent
  }

  /** One question with all that follows from it; answers the place of its last message. */
  #turn(parent: number): number {
    const { random, person, choices } = this.#of
    const asked = this.said.length
    this.#add(parent, {
      role: user,
      asker: asked,
      timed: random.int(400) > 0,
      skill: random.int(16) === 0 ? choices.skill(random, person.source) : -1,
    })
    if (random.int(90) === 0) return asked
    let above = asked
    let inside = -1
    if (random.chance(person.toolShare)) {
      const used = this.#tool()
      if (tools[used]?.inside) inside = used
      else above = this.#callTool(asked, used)
    }
    const answered = this.#answer(above, asked, inside)
    const again = random.int(30) === 0
    if (again) return this.#answer(above, asked, inside, choices.model(random, person.source))
    // A person nudges it on in a message that nobody sees; that is no question.
    return random.int(150) === 0 ? this.#answer(this.#add(answered, { role: user, asker: asked, marks: mark.hidden }), asked, -1) : answered
  }

  #tool(): number {
    const { random, person, choices, company } = this.#of
    return company.gpts[this.#gpt]?.acts === true && random.chance(0.6) ? choices.action : choices.tool(random, person.source)
  }

  #callTool(above: number, used: number): number {
    const { random } = this.#of
    const hidden = tools[used]?.hidden ? mark.hidden : 0
    const asker = above
    let last = this.#add(above, { role: assistant, asker, model: this.#model, tool: used, marks: mark.calls, after: 2 + random.int(8) })
    for (let i = random.int(4) === 0 ? 2 : 1; i > 0; i--)
      last = this.#add(last, { role: tool, asker, tool: used, marks: hidden, after: 1 + random.int(12) })
    return last
  }

  #answer(above: number, asker: number, inside: number, model = this.#model): number {
    const { random, person, choices } = this.#of
    const connector = person.source !== 'open-webui' && random.int(14) === 0 ? choices.connector(random, person.source) : -1
    const thinking = this.#thinks && random.int(2) === 0 ? mark.thinking : 0
    const cites = tools[inside >= 0 ? inside : (this.said[above]?.tool ?? -1)]?.printed === 'Search' ? mark.cites : 0
    return this.#add(above, {
      role: assistant,
      asker,
      model,
      tool: inside,
      connector,
      calls: connector < 0 ? 0 : 1 + random.int(2),
      marks: thinking | cites,
      after: 3 + random.int(thinking > 0 ? 60 : 25),
      reports: this.#reportsTokens,
    })
  }

  #add(parent: number, what: Partial<Said> & { role: number; asker: number; after?: number; timed?: boolean; reports?: boolean }): number {
    const { random } = this.#of
    this.last = Math.min(this.#ends, this.last + (what.after ?? 0))
    let [input, output, cached] = [0, 0, 0]
    if (what.reports) {
      output = 80 + random.int(900)
      cached = this.#context
      this.#context += 120 + random.int(700)
      input = this.#context
      this.#context += output
    }
    this.said.push({
      parent,
      asker: what.asker,
      role: what.role,
      at: what.timed === false ? 0 : this.last,
      marks: what.marks ?? 0,
      model: what.model ?? -1,
      tool: what.tool ?? -1,
      skill: what.skill ?? -1,
      connector: what.connector ?? -1,
      calls: what.calls ?? 0,
      input,
      output,
      cached,
    })
    return this.said.length - 1
  }
}
