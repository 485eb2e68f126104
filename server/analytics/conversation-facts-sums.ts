import type { MessageFact } from './conversation-facts.ts'
import { dayOf, type Signed, text } from './conversation-facts-rows.ts'

/** The roll-ups: signed message facts added up by some of their columns. */

export const personDayColumns = [
  ...['organization', 'workspace', 'day', 'person', 'messages', 'gpt_messages', 'project_messages', 'tool_messages', 'skill_uses'],
  'connector_calls',
] as const

export const conversationDayColumns = [
  ...['organization', 'workspace', 'day', 'person', 'conversation', 'gpt', 'project', 'source', 'model', 'messages'],
] as const

export const usedDayColumns = ['organization', 'workspace', 'day', 'person', 'kind', 'name', 'uses'] as const

/** A row of a roll-up: what its line begins with, and its numbers. */
interface Row {
  readonly key: string
  readonly sums: number[]
}

class Rows {
  readonly #rows = new Map<string, Row>()

  of(key: string, nothing: readonly number[]): Row {
    let row = this.#rows.get(key)
    if (!row) {
      row = { key, sums: [...nothing] }
      this.#rows.set(key, row)
    }
    return row
  }

  /** Nothing is written of what stays as it was. */
  lines(): string[] {
    return [...this.#rows.values()].filter(({ sums }) => sums.some((sum) => sum !== 0)).map(({ key, sums }) => `${key}\t${sums.join('\t')}`)
  }
}

function add({ sums }: Row, sign: 1 | -1, counts: readonly number[]): void {
  for (let i = 0; i < counts.length; i++) sums[i] = (sums[i] ?? 0) + sign * (counts[i] ?? 0)
}

const noMessages = [0, 0, 0, 0, 0, 0]
const none = [0]
const one = [1]

/** The rows of all roll-ups for some signed message facts. */
export class RollUps {
  readonly #people = new Rows()
  readonly #conversations = new Rows()
  readonly #used = new Rows()
  // Messages of the same day, person and model come one after another.
  #last: { readonly fact: MessageFact; readonly day: Row } | null = null
  #lastSent: { readonly fact: MessageFact; readonly day: Row; readonly row: Row } | null = null

  add({ sign, fact }: Pick<Signed<MessageFact>, 'sign' | 'fact'>): void {
    const { counted, timed, gpt, project, toolResults, skillsActivated, connectorsCalled } = fact
    const uses = toolResults.length + skillsActivated.length + connectorsCalled.length
    if (!timed || !(counted || uses > 0)) return
    const sent = counted ? 1 : 0
    const day = this.#dayOf(fact)
    add(day, sign, [
      sent,
      gpt === 0 ? 0 : sent,
      project === 0 ? 0 : sent,
      toolResults.length,
      skillsActivated.length,
      connectorsCalled.length,
    ])
    if (counted) add(this.#sentOf(fact, day), sign, one)
    if (uses === 0) return
    for (const name of toolResults) add(this.#used.of(`${day.key}\ttool\t${text(name)}`, none), sign, one)
    for (const name of skillsActivated) add(this.#used.of(`${day.key}\tskill\t${text(name)}`, none), sign, one)
    for (const name of connectorsCalled) add(this.#used.of(`${day.key}\tconnector\t${text(name)}`, none), sign, one)
  }

  #dayOf(fact: MessageFact): Row {
    const { organization, workspace, person, at } = fact
    const last = this.#last
    if (last && isSamePerson(last.fact, fact) && dayOf(last.fact.at) === dayOf(at)) return last.day
    const day = this.#people.of(`${organization}\t${workspace}\t${dayOf(at)}\t${person}`, noMessages)
    this.#last = { fact, day }
    return day
  }

  #sentOf(fact: MessageFact, day: Row): Row {
    const { conversation, gpt, project, source, model } = fact
    const last = this.#lastSent
    if (last && last.day === day && isSameConversation(last.fact, fact)) return last.row
    const key = `${day.key}\t${conversation}\t${gpt}\t${project}\t${text(source)}\t${text(model)}`
    const row = this.#conversations.of(key, none)
    this.#lastSent = { fact, day, row }
    return row
  }

  lines(): { person_day: string[]; conversation_day: string[]; used_day: string[] } {
    return { person_day: this.#people.lines(), conversation_day: this.#conversations.lines(), used_day: this.#used.lines() }
  }
}

function isSamePerson(a: MessageFact, b: MessageFact): boolean {
  return a.person === b.person && a.workspace === b.workspace && a.organization === b.organization
}

function isSameConversation(a: MessageFact, b: MessageFact): boolean {
  return a.conversation === b.conversation && a.model === b.model && a.gpt === b.gpt && a.project === b.project && a.source === b.source
}
