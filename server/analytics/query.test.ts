import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dimension, dimensionIds, type MetricId, metricIds } from '../../contract/metrics.ts'
import { bucketsOf, type Step, steps } from '../../contract/periods.ts'
import { openTestApp } from '../../test/support/app.ts'
import * as made from '../../test/support/counted-organization.ts'
import { conditionsOf, plainCount, valuesOf } from '../../test/support/plain-count.ts'
import { type Facts, openFacts } from '../platform/clickhouse.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Group, Membership } from './groups.ts'
import { ask } from './query.ts'
import { planOf } from './query-plan.ts'
import type { Filter, Key, Question } from './query-question.ts'

const daybook = openTestApp()
let facts: Facts

beforeAll(() => {
  facts = openFacts(daybook.ledger.config, daybook.ledger.database.writes)
})
afterAll(() => facts.close())

const today = Temporal.PlainDate.from('2025-01-20')

const filterOf = (id: Filter['id'], values: readonly (string | number)[]) =>
  fc.record({
    id: fc.constant(id),
    any: fc.subarray([...values], { maxLength: Math.min(2, values.length) }),
    none: fc.subarray([...values], { maxLength: 1 }),
  })

const filter: fc.Arbitrary<Filter> = fc.oneof(
  filterOf('person', made.people.slice(1)),
  filterOf('model', made.models),
  filterOf('model_family', ['GPT-4o', 'GPT-4', 'Other', 'unknown']),
  filterOf('tool', made.tools),
  filterOf('gpt', [31, 32]),
  filterOf('project', [41]),
  filterOf('skill', made.skills),
  filterOf('connector', made.connectors),
  filterOf('source', made.sources),
  filterOf('group', made.groups),
  filterOf('role', made.roles),
)

const border = fc.constantFrom(
  '2024-11-24',
  '2024-11-30',
  '2024-12-01',
  '2024-12-07',
  '2024-12-08',
  '2024-12-31',
  '2025-01-01',
  '2025-01-20',
)
const period = fc
  .tuple(border, border)
  .map(([a, b]) => (a < b ? [a, b] : [b, a]))
  .map(([first = '', last = '']) => ({ first: Temporal.PlainDate.from(first), last: Temporal.PlainDate.from(last) }))

const question: fc.Arbitrary<Question> = fc.record({
  metrics: fc.uniqueArray(fc.constantFrom(...metricIds), { minLength: 1, maxLength: 4 }),
  by: fc.uniqueArray(fc.constantFrom(...dimensionIds), { maxLength: 2 }),
  period,
  comparison: fc.option(period),
  filters: fc.uniqueArray(filter, { maxLength: 2, selector: ({ id }) => id }),
  today: fc.constant(today),
})

const everyKey: Partial<Record<Dimension, readonly Key[]>> = {
  person: made.people,
  model: made.models,
  model_family: [...new Set(made.models.map(made.familyOf))],
  tool: made.tools,
  skill: made.skills,
  connector: made.connectors,
  gpt: [31, 32],
  project: [41],
  source: made.sources,
  group: made.groups,
  role: made.roles,
}

let organizations = 0

async function written(plain: made.PlainOrganization): Promise<number> {
  const organization = ++organizations
  await made.writeFacts(facts, { organization, workspace: 1 }, plain)
  return organization
}

/** The question without what no number is defined for; each such thing must be refused. */
function answerable(asked: Question): Question | null {
  const fits = asked.metrics.filter((metric) => {
    try {
      planOf({ ...asked, metrics: [metric] })
      return true
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal)
      return false
    }
  })
  return fits.length > 0 ? { ...asked, metrics: fits } : null
}

const close = (value: number | null) => (value === null ? null : Number(value.toFixed(9)))

async function check(plain: made.PlainOrganization, organization: number, asked: Question): Promise<void> {
  const membership = membershipOf(plain)
  const answer = await ask(facts, organization, 1, { ...asked, membership, membershipBefore: membership })
  const periods = [
    { counted: answer, period: asked.period },
    ...(answer.comparison && asked.comparison ? [{ counted: answer.comparison, period: asked.comparison }] : []),
  ]
  for (const { counted, period: span } of periods) {
    const plainly = (keys: readonly Key[], by: readonly Dimension[]) =>
      asked.metrics.map((metric) => close(plainCount(plain, metric, span, conditionsOf(asked.filters, by, keys))))
    expect(counted.total.map(close), saidOf(asked, span)).toEqual(plainly([], []))
    for (const { keys, values } of counted.rows)
      expect({ keys, values: values.map(close) }, saidOf(asked, span)).toEqual({ keys, values: plainly(keys, asked.by) })
    const shown = new Set(counted.rows.map(({ keys }) => JSON.stringify(keys)))
    for (const keys of combinations(plain, asked.by))
      if (!shown.has(JSON.stringify(keys)) && isAsked(keys, asked, span))
        expect({ keys, values: plainly(keys, asked.by).map((value) => value ?? 0) }, saidOf(asked, span)).toEqual({
          keys,
          values: asked.metrics.map(() => 0),
        })
  }
}

function membershipOf({ members, groups, roles }: made.PlainOrganization): Membership {
  const people = new Set(members)
  const named = [...(groups ?? [])].map(([number, some]): [number, Group] => {
    return [number, { number, id: String(number), name: null, origin: 'directory', members: new Set(some) }]
  })
  return { present: people, people, groups: new Map(named), roles: roles ?? new Map() }
}

const saidOf = ({ metrics, by, filters }: Question, { first, last }: Question['period']) =>
  JSON.stringify({ metrics, by, filters, first, last })

/** Every combination of keys that might have a row. */
function combinations(plain: made.PlainOrganization, by: readonly Dimension[]): Key[][] {
  const axes = by.map(
    (id) => everyKey[id] ?? [...new Set(plain.messages.filter(({ at }) => at !== null).flatMap((row) => valuesOf(row, id, plain)))],
  )
  return by.length === 0 ? [] : axes.reduce<Key[][]>((heads, axis) => heads.flatMap((head) => axis.map((key) => [...head, key])), [[]])
}

/** What lies outside the period, or is filtered away by its own name, has no row. */
function isAsked(keys: readonly Key[], { by, filters }: Question, span: Question['period']): boolean {
  return by.every((id, place) => {
    const key = keys[place] ?? ''
    if (isStep(id)) return bucketsOf(span, id, today).some((bucket) => bucket.key === key)
    return filters.every(
      (filter) => filter.id !== id || ((filter.any.length === 0 || filter.any.includes(key)) && !filter.none.includes(key)),
    )
  })
}

const isStep = (id: Dimension): id is Step => steps.some((step) => step === id)

test("a random organization's numbers are those one counts by hand, for any question", async () => {
  await fc.assert(
    fc.asyncProperty(made.organization, fc.array(question, { minLength: 10, maxLength: 10 }), async (plain, questions) => {
      const organization = await written(plain)
      for (const one of questions) {
        const asked = answerable(one)
        if (asked) await check(plain, organization, asked)
      }
    }),
    { numRuns: 15, endOnFailure: true },
  )
}, 300_000)

test('every metric can be asked for by every dimension it knows, and says so of those it does not', async () => {
  const [plain] = fc.sample(made.organization, { seed: 7, numRuns: 1 })
  if (!plain) throw new Error('no organization')
  const organization = await written(plain)
  const span = { first: Temporal.PlainDate.from('2024-11-20'), last: Temporal.PlainDate.from('2025-01-10') }
  for (const id of dimensionIds) {
    const asked = answerable({ metrics: metricIds as MetricId[], by: [id], period: span, comparison: null, filters: [], today })
    if (asked) await check(plain, organization, asked)
  }
}, 120_000)

test('it does not matter how many people and groups there are', async () => {
  const [plain] = fc.sample(made.organization, { seed: 11, numRuns: 1 })
  if (!plain) throw new Error('no organization')
  const organization = await written(plain)
  const people = Array.from({ length: 30_000 }, (_, i) => i + 1)
  const groups = new Map(Array.from({ length: 40 }, (_, i) => [100 + i, people.filter((person) => person % (i + 1) === 0)]))
  const roles = new Map(people.map((person) => [person, person % 2 === 0 ? ('admin' as const) : ('member' as const)]))
  const membership = membershipOf({ ...plain, members: people, groups, roles })
  const period = { first: Temporal.PlainDate.from('2024-11-01'), last: today }
  const counted = async (metrics: MetricId[], by: Dimension[], filters: Filter[] = []) => {
    const { rows } = await ask(facts, organization, 1, { metrics, by, period, comparison: null, filters, today, membership })
    return new Map(rows.map(({ keys, values }) => [keys[0], values[0]]))
  }
  const sent = plain.messages.filter(made.isCounted).map(({ person }) => person)
  const sums = (of: (person: number) => (string | number)[]) =>
    new Map([...Map.groupBy(sent.flatMap(of), (key) => key)].map(([key, { length }]) => [key, length]))
  const groupsOf = (person: number) => (person === 0 ? [] : [...groups.keys()].filter((id) => person % (id - 99) === 0))
  expect(await counted(['members'], ['group'])).toEqual(new Map([...groups].map(([id, { length }]) => [id, length])))
  expect(await counted(['messages'], ['group'])).toEqual(sums(groupsOf))
  expect(await counted(['messages'], ['role'])).toEqual(sums((person) => [roles.get(person) ?? 'unknown']))
  const odd = await counted(['messages'], ['person'], [{ id: 'group', any: [], none: [101] }])
  expect(odd).toEqual(sums((person) => (person % 2 === 1 || person === 0 ? [person] : [])))
  // One that asks row by row.
  expect((await counted(['conversations'], ['group'])).size).toBe(sums(groupsOf).size)
}, 60_000)
