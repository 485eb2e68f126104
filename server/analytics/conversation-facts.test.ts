import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageRemains } from '../ledger/remains.ts'
import { type ConversationFacts, factsOf } from './conversation-facts.ts'
import { type ConversationHistory, type MessageHistory, type MessageVersion, stateAt } from './conversation-facts-history.ts'
import { difference, messageLine, sessionLine } from './conversation-facts-rows.ts'
import { RollUps } from './conversation-facts-sums.ts'

interface Told {
  id: string
  role?: string
  parent?: string
  /** Minutes after eight; null: no time. */
  at?: number | null
  person?: number
  gpt?: number
  project?: number
}

const eight = Date.UTC(2024, 4, 1, 8) * 1000
const minute = 60e6

/** A conversation of person 7 as it would be told: messages in the order of their arrival, one minute after the other. */
function told(
  messages: (Told & Omit<Partial<MessageRemains>, 'role' | 'parent'>)[],
  more: Partial<ConversationHistory> = {},
): ConversationFacts {
  return factsOf(stateAt(history(messages, more), Number.MAX_SAFE_INTEGER))
}

function history(
  messages: (Told & Omit<Partial<MessageRemains>, 'role' | 'parent'>)[],
  more: Partial<ConversationHistory> = {},
): ConversationHistory {
  return {
    organization: 1,
    workspace: 2,
    number: 10,
    versions: [{ seq: 1, updatedAt: null, person: 7, gpt: 0, project: 0, remains: { model: 'default' } }],
    messages: messages.map((message, n) => messageHistory(message, n)),
    deletions: [],
    ...more,
  }
}

function messageHistory(message: Told & Omit<Partial<MessageRemains>, 'role' | 'parent'>, n: number): MessageHistory {
  const { id, role = 'user', at = n, person = 0, gpt = 0, project = 0, ...remains } = message
  const version: MessageVersion = {
    seq: 100 + n,
    updatedAt: null,
    person,
    gpt,
    project,
    at: at === null ? null : eight + at * minute,
    remains: { role, ...remains },
  }
  return { id, firstSeq: 100 + n, source: 'chatgpt', versions: [version] }
}

const fact = ({ messages }: ConversationFacts, place: number) => {
  const found = messages[place]
  if (!found) throw new Error('there is no such message')
  return found
}

describe('the model of a message of a person', () => {
  test('is that of its answer, also when a tool spoke in between', () => {
    const facts = told([
      { id: 'u' },
      { id: 'call', role: 'assistant', parent: 'u', tools: ['web'] },
      { id: 't', role: 'tool', parent: 'call', tool: 'web' },
      { id: 'a', role: 'assistant', parent: 't', model: 'gpt-4o' },
    ])
    expect(facts.messages.map(({ model }) => model)).toEqual(['gpt-4o', 'default', 'default', 'gpt-4o'])
  })

  test('is that of the first model that spoke, when another one took over', () => {
    const facts = told([
      { id: 'u' },
      { id: 'a', role: 'assistant', parent: 'u', model: 'first' },
      { id: 'b', role: 'assistant', parent: 'a', model: 'second' },
    ])
    expect(fact(facts, 0).model).toBe('first')
  })

  test('is that of the last of several answers, whatever order they arrived in', () => {
    const facts = told([
      { id: 'u', at: 0 },
      { id: 'later', role: 'assistant', parent: 'u', at: 9, model: 'later' },
      { id: 'sooner', role: 'assistant', parent: 'u', at: 5, model: 'sooner' },
    ])
    expect(fact(facts, 0).model).toBe('later')
  })

  test('is the default of the conversation without an answer, and unknown without a default', () => {
    const unanswered: Told[] = [{ id: 'u' }, { id: 'next', parent: 'u' }]
    expect(told(unanswered).messages.map(({ model }) => model)).toEqual(['default', 'default'])
    expect(told(unanswered, { versions: [] }).messages.map(({ model }) => model)).toEqual(['unknown', 'unknown'])
  })

  test('is no answer given to the next message of a person', () => {
    const facts = told([{ id: 'u' }, { id: 'next', parent: 'u' }, { id: 'a', role: 'assistant', parent: 'next', model: 'gpt-4o' }])
    expect(facts.messages.map(({ model }) => model)).toEqual(['default', 'gpt-4o', 'gpt-4o'])
  })

  test('is found by time where a source names no parents', () => {
    const facts = told([
      { id: 'a', role: 'assistant', at: 2, model: 'gpt-4o' },
      { id: 'u', at: 1 },
    ])
    expect(fact(facts, 1).model).toBe('gpt-4o')
  })
})

describe('what counts', () => {
  test('is a message of a person that is seen and has a time', () => {
    const facts = told([
      { id: 'a' },
      { id: 'b', hidden: true },
      { id: 'c', injected: true },
      { id: 'd', at: null },
      { id: 'e', role: 'assistant' },
      { id: 'f', role: 'system' },
    ])
    expect(facts.messages.map(({ counted }) => counted)).toEqual([true, false, false, false, false, false])
    expect(facts.messages.map(({ unseen }) => unseen)).toEqual([false, true, true, false, false, false])
    expect(facts.messages.map(({ timed }) => timed)).toEqual([true, true, true, false, true, true])
  })

  test('stays counted when it is deleted, alone or with its conversation', () => {
    const deleted = told([{ id: 'a' }, { id: 'b' }], { deletions: [{ seq: 200, message: 'b' }] })
    expect(deleted.messages.map((one) => [one.counted, one.deleted])).toEqual([
      [true, false],
      [true, true],
    ])
    const gone = told([{ id: 'a' }], { deletions: [{ seq: 200, message: null }] })
    expect(fact(gone, 0)).toMatchObject({ counted: true, deleted: true })
  })

  test('belongs to its sender, what the machine says to the owner, and before the owner is known to who wrote first', () => {
    const messages: Told[] = [
      { id: 'a', person: 8 },
      { id: 'b', role: 'assistant', parent: 'a' },
      { id: 'c', parent: 'b' },
    ]
    expect(told(messages).messages.map(({ person }) => person)).toEqual([8, 7, 7])
    expect(told(messages, { versions: [] }).messages.map(({ person }) => person)).toEqual([8, 8, 8])
  })

  test('is in a GPT or project when it or its conversation says so', () => {
    const versions = [{ seq: 1, updatedAt: null, person: 7, gpt: 5, project: 6, remains: {} }]
    const facts = told([{ id: 'a' }, { id: 'b', gpt: 9, project: 10 }], { versions })
    expect(facts.messages.map(({ gpt, project }) => [gpt, project])).toEqual([
      [5, 6],
      [9, 10],
    ])
  })

  test('has a time that its column can hold, however long ago or far away', () => {
    const facts = told([
      { id: 'a', at: -1e9 },
      { id: 'b', at: 1e9 },
    ])
    expect(facts.messages.map(({ at, timed }) => [at, timed])).toEqual([
      [0, true],
      [4_294_967_295, true],
    ])
  })
})

describe('tool messages', () => {
  test('are the tool’s own, and calls that nothing answers; never both', () => {
    const facts = told([
      { id: 'u' },
      { id: 'a', role: 'assistant', parent: 'u', tools: ['web', 'python', 'web'] },
      { id: 't', role: 'tool', parent: 'a', tool: 'web', hidden: true },
      { id: 't2', role: 'tool', parent: 't', tool: 'python' },
    ])
    expect(facts.messages.map(({ toolResults }) => toolResults)).toEqual([[], ['Search'], ['Search'], ['Data analysis']])
  })

  test('are results inside an answer, without the calls they belong to', () => {
    const facts = told([{ id: 'a', role: 'assistant', tools: ['crm'], results: ['crm', 'crm'] }])
    expect(fact(facts, 0).toolResults).toEqual(['crm', 'crm'])
  })

  test('answer a call under another name', () => {
    const facts = told([
      { id: 'a', role: 'assistant', tools: ['dalle.text2im'] },
      { id: 't', role: 'tool', parent: 'a', tool: 'somethingnew' },
    ])
    expect(facts.messages.map(({ toolResults }) => toolResults)).toEqual([[], ['somethingnew']])
  })
})

test('what a turn uses stands on the message that began it, and each use on the message that made it', () => {
  const facts = told([
    { id: 'u', skills: ['brand'] },
    { id: 'a', role: 'assistant', parent: 'u', tools: ['bio'], connectors: [{ name: 'crm' }, { name: 'crm' }] },
    { id: 'hidden', parent: 'a', hidden: true },
    { id: 'b', role: 'assistant', parent: 'hidden', tools: ['web'], skills: ['legal'] },
    { id: 'next', parent: 'b' },
    { id: 'c', role: 'assistant', parent: 'next', tools: ['python'] },
  ])
  expect(fact(facts, 0)).toMatchObject({
    tools: ['Memory', 'Search'],
    skills: ['brand', 'legal'],
    connectors: ['crm'],
    connectorsCalled: [],
  })
  expect(fact(facts, 1)).toMatchObject({ tools: ['Memory'], skills: [], connectors: ['crm'], connectorsCalled: ['crm', 'crm'] })
  expect(fact(facts, 4)).toMatchObject({ tools: ['Data analysis'], skills: [] })
})

describe('sessions', () => {
  test('begin anew after more than thirty minutes, and only count with a message of a person', () => {
    const facts = told([
      { id: 'a', at: 0, person: 8 },
      { id: 'b', role: 'assistant', parent: 'a', at: 30 },
      { id: 'c', role: 'assistant', parent: 'b', at: 61 },
      { id: 'd', parent: 'c', at: 100 },
      { id: 'e', role: 'system', hidden: true, parent: 'd', at: 129 },
      { id: 'f', parent: 'e', at: 131 },
      { id: 'g', parent: 'f', at: null },
    ])
    expect(facts.sessions.map(({ seconds, messages, person }) => ({ seconds, messages, person }))).toEqual([
      { seconds: 1800, messages: 1, person: 8 },
      { seconds: 0, messages: 1, person: 7 },
      { seconds: 0, messages: 1, person: 7 },
    ])
  })
})

test('a circle of parents, and a message that is its own, are nobody’s turn and nobody’s harm', () => {
  const facts = told([
    { id: 'a', role: 'assistant', parent: 'b', model: 'm', tools: ['web'] },
    { id: 'b', role: 'tool', parent: 'a' },
    { id: 'c', role: 'tool', parent: 'd' },
    { id: 'd', role: 'tool', parent: 'c' },
    { id: 'e', parent: 'e' },
  ])
  expect(facts.messages).toHaveLength(5)
})

test('fifty thousand messages one after the other are worked out in seconds', () => {
  const long = Array.from({ length: 50_000 }, (_, n) => ({
    id: `m${n}`,
    role: n % 2 ? 'assistant' : 'tool',
    parent: `m${n - 1}`,
    tools: ['web'],
  }))
  const began = performance.now()
  const facts = told([{ id: 'm-1' }, ...long])
  expect(fact(facts, 0).tools).toEqual(['Search', 'unknown'])
  expect(performance.now() - began).toBeLessThan(5000)
})

/** Versions of a few messages and of their conversation, at the places in the log where they happened to come. */
const randomHistories = fc
  .record({
    messages: fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 7 }),
        role: fc.constantFrom('user', 'assistant', 'tool', 'system'),
        parent: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
        at: fc.option(fc.integer({ min: 0, max: 200 }), { nil: null }),
        person: fc.integer({ min: 0, max: 3 }),
        gpt: fc.integer({ min: 0, max: 2 }),
        model: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
        tools: fc.option(fc.array(fc.constantFrom('web', 'own'), { minLength: 1, maxLength: 3 }), { nil: undefined }),
        hidden: fc.option(fc.constant(true as const), { nil: undefined }),
      }),
      { maxLength: 25 },
    ),
    conversations: fc.array(fc.record({ person: fc.integer({ min: 1, max: 3 }), gpt: fc.integer({ min: 0, max: 2 }) }), { maxLength: 3 }),
    deletions: fc.array(fc.option(fc.integer({ min: 0, max: 7 }), { nil: null }), { maxLength: 2 }),
    order: fc.infiniteStream(fc.nat()),
  })
  .map(({ messages, conversations, deletions, order }) => {
    const places = shuffle(messages.length + conversations.length + deletions.length, order)
    return { messages, conversations, deletions, places }
  })

/** A permutation of the numbers from 1 on. */
function shuffle(length: number, order: Iterator<number>): number[] {
  return Array.from({ length }, (_, n) => ({ n: n + 1, key: order.next().value ?? 0 }))
    .sort((a, b) => a.key - b.key || a.n - b.n)
    .map(({ n }) => n)
}

type Random = typeof randomHistories extends fc.Arbitrary<infer T> ? T : never

function historyOf({ messages, conversations, deletions }: Random, places: readonly number[]): ConversationHistory {
  const versions = messages.map(({ id, parent, at, person, gpt, ...remains }, n): MessageVersion & { id: number } => ({
    id,
    seq: places[n] ?? 0,
    updatedAt: n,
    person,
    gpt,
    project: 0,
    at: at === null ? null : eight + at * minute + id * 1000,
    remains: { ...remains, role: remains.role, ...(parent === undefined ? {} : { parent: `m${parent}` }) } as MessageRemains, // absent, not undefined
  }))
  const ids = [...new Set(messages.map(({ id }) => id))]
  return {
    organization: 1,
    workspace: 2,
    number: 10,
    versions: conversations
      .map((one, n) => ({ ...one, seq: places[messages.length + n] ?? 0, updatedAt: n, project: 0, remains: {} }))
      .sort((a, b) => a.seq - b.seq),
    messages: ids.map((id) => ({
      id: `m${id}`,
      firstSeq: 1000 + id,
      source: 's',
      versions: versions.filter((one) => one.id === id).sort((a, b) => a.seq - b.seq),
    })),
    deletions: deletions.map((id, n) => ({
      seq: places[messages.length + conversations.length + n] ?? 0,
      message: id === null ? null : `m${id}`,
    })),
  }
}

const rollUpLines = (rollUps: RollUps) =>
  Object.entries(rollUps.lines())
    .flatMap(([table, lines]) => lines.map((line) => `${table} ${line}`))
    .sort()

const linesOf = ({ messages, sessions }: ConversationFacts) => [...messages.map(messageLine), ...sessions.map(sessionLine)].sort()

test('differences from step to step add up to the facts of the last step', () => {
  fc.assert(
    fc.property(randomHistories, fc.array(fc.nat(30), { maxLength: 4 }), (random, cuts) => {
      const history = historyOf(random, random.places)
      const steps = [0, ...cuts.sort((a, b) => a - b), 1000]
      const sums = new Map<string, number>()
      const stepwise = new RollUps()
      for (const [i, to] of steps.entries()) {
        const changed = difference(factsOf(stateAt(history, steps[i - 1] ?? 0)), factsOf(stateAt(history, to)))
        for (const { sign, line } of [...changed.messages, ...changed.sessions]) sums.set(line, (sums.get(line) ?? 0) + sign)
        for (const one of changed.messages) stepwise.add(one)
      }
      const whole = factsOf(stateAt(history, 1000))
      expect([...sums.values()].every((sum) => sum === 0 || sum === 1)).toBe(true)
      expect([...sums].flatMap(([line, sum]) => (sum === 1 ? [line] : [])).sort()).toEqual(linesOf(whole))
      const atOnce = new RollUps()
      for (const fact of whole.messages) atOnce.add({ sign: 1, fact })
      expect(rollUpLines(stepwise)).toEqual(rollUpLines(atOnce))
    }),
    { numRuns: 300 },
  )
})

test('what is told in another order ends as the same facts', () => {
  fc.assert(
    fc.property(randomHistories, fc.infiniteStream(fc.nat()), (random, order) => {
      // Without its own record a conversation is taken to be that of whoever arrives first, which is an order.
      fc.pre(random.conversations.length > 0)
      const other = shuffle(random.places.length, order)
      const facts = (places: readonly number[]) => linesOf(factsOf(stateAt(historyOf(random, places), 1000)))
      expect(facts(other)).toEqual(facts(random.places))
    }),
    { numRuns: 300 },
  )
})

test('nothing has changed between a state and itself', () => {
  fc.assert(
    fc.property(randomHistories, fc.nat(30), (random, seq) => {
      const facts = () => factsOf(stateAt(historyOf(random, random.places), seq))
      expect(difference(facts(), facts())).toEqual({ messages: [], sessions: [] })
    }),
  )
})
