import type { Random } from '../random.ts'
import { type Task, type Topic, tasks, topics } from './tasks.ts'

/** What a conversation is about. Whatever is said of its thing names it in the same words. */
export interface Matter {
  readonly task: Task
  readonly topic: Topic
  readonly thing: string
}

/**
 * The alternatives of each rule, a line each or with ` ¦ ` between them; `3* ` makes one three times as likely. `{rule}` stands for one of
 * another rule and `{^rule}` for the same with a capital, `{#rule}` for `rule/task` and `{@rule}` for `rule/topic` where there is one (in a
 * text, each way of it once before any comes again), `{thing}` for what the matter is about, `{2..9}` for a number. `⏎` is a new line, `·` a
 * space at the edge, `_` nothing, `‹›` braces.
 */
export type Rules = Readonly<Record<string, string>>

/** The phrases of a language, read once; a text is then put together of pieces that are ready. */
export class Grammar {
  readonly #rules = new Map<string, Rule>()

  constructor(...parts: readonly Rules[]) {
    for (const rules of parts) for (const [name, lines] of Object.entries(rules)) this.#open(name).push(...waysOf(lines))
    for (const [name, rule] of this.#rules) for (const { slots } of rule) for (const slot of slots) this.#link(slot, name)
  }

  /** One of the ways to say a rule. */
  say(random: Random, name: string, { task, topic, thing }: Matter): string {
    return expand(random.pick(this.#find(name, 'say')), random, {
      thing,
      task: tasks.indexOf(task),
      topic: topics.indexOf(topic),
      told: new Map(),
    })
  }

  #open(name: string): Rule {
    const rule = this.#rules.get(name) ?? []
    this.#rules.set(name, rule)
    return rule
  }

  #link(slot: Slot, by: string): void {
    if (slot.kind === 'rule') slot.rules = [this.#find(slot.name, by)]
    if (slot.kind === 'task') slot.rules = tasks.map((task) => this.#special(slot.name, task, by))
    if (slot.kind === 'topic') slot.rules = topics.map((topic) => this.#special(slot.name, topic, by))
  }

  #special(name: string, of: Task | Topic, by: string): Rule {
    return this.#rules.get(`${name}/${of}`) ?? this.#find(name, by)
  }

  #find(name: string, by: string): Rule {
    const rule = this.#rules.get(name)
    if (!rule) throw new Error(`${by} needs the rule ${name}, which the grammar lacks`)
    return rule
  }
}

type Rule = Way[]

/** Text, then slots with the text that follows each. Capitals are made beforehand: cutting text that was just put together is slow. */
interface Way {
  readonly first: string
  readonly capital: string
  readonly slots: readonly Slot[]
}

interface Slot {
  readonly kind: 'rule' | 'topic' | 'task' | 'thing' | 'number'
  readonly name: string
  readonly isCapital: boolean
  readonly least: number
  readonly count: number
  readonly text: string
  /** By task or by topic, in the order of their lists; else one. */
  rules: readonly Rule[]
}

function waysOf(lines: string): Way[] {
  const each = lines.split(/\n| ¦ /).map((line) => line.trim())
  return each
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [, times = '1', text = ''] = line.match(/^(?:(\d+)\* )?(.*)$/) ?? []
      return new Array<Way>(Number(times)).fill(wayOf(text))
    })
}

function wayOf(line: string): Way {
  const [first = '', ...rest] = (line === '_' ? '' : line).replace(/^·|·$/g, ' ').replaceAll('⏎', '\n').split('{')
  return { first: withBraces(first), capital: capital(withBraces(first)), slots: rest.map(slotOf) }
}

const withBraces = (text: string) => text.replaceAll('‹', '{').replaceAll('›', '}')

const kinds: Readonly<Record<string, Slot['kind']>> = { '@': 'topic', '#': 'task' }

function slotOf(piece: string): Slot {
  const [, mark = '', kind = '', name = '', text = ''] = piece.match(/^(\^?)([@#]?)([^}]+)\}(.*)$/s) ?? []
  const [least = 0, most = 0] = /^\d+\.\.\d+$/.test(name) ? name.split('..').map(Number) : []
  return {
    kind: most > 0 ? 'number' : name === 'thing' && kind === '' ? 'thing' : (kinds[kind] ?? 'rule'),
    name,
    isCapital: mark !== '',
    least,
    count: most - least + 1,
    text: withBraces(text),
    rules: [],
  }
}

interface Scope {
  readonly thing: string
  readonly task: number
  readonly topic: number
  /** How far a text has come in the rules of its topic. */
  readonly told: Map<Rule, Told>
}

interface Told {
  at: number
  readonly step: number
}

function expand(way: Way, random: Random, scope: Scope, isCapital = false): string {
  let text = isCapital ? way.capital : way.first
  for (const slot of way.slots) {
    text += fill(slot, random, scope, slot.isCapital || (isCapital && text === ''))
    text += slot.text
  }
  return text
}

function fill(slot: Slot, random: Random, scope: Scope, isCapital: boolean): string {
  switch (slot.kind) {
    case 'thing':
      return isCapital ? capital(scope.thing) : scope.thing
    case 'number':
      return String(slot.least + random.int(slot.count))
    case 'topic':
      return expand(another(slot.rules[scope.topic] ?? [], random, scope.told), random, scope, isCapital)
    case 'task':
      return expand(random.pick(slot.rules[scope.task] ?? []), random, scope, isCapital)
    case 'rule':
      return expand(random.pick(slot.rules[0] ?? []), random, scope, isCapital)
  }
}

/** A way not yet taken in this text while there is one, so that it does not repeat itself: around the rule from anywhere in steps. */
function another(rule: Rule, random: Random, told: Map<Rule, Told>): Way {
  const known = told.get(rule)
  if (!known) {
    const drawn = random.int(rule.length)
    told.set(rule, { at: drawn, step: random.chance(0.5) ? 1 : rule.length - 1 })
    return wayAt(rule, drawn)
  }
  known.at = (known.at + known.step) % rule.length
  return wayAt(rule, known.at)
}

function wayAt(rule: Rule, index: number): Way {
  const way = rule[index]
  if (!way) throw new Error('a rule of the grammar has no alternatives')
  return way
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
