import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type AnalyticsRow, analyticsReply } from '../../contract/analytics.ts'
import { type Dimension, dimensionIds, type MetricId, metricIds } from '../../contract/metrics.ts'
import { Follower } from '../../server/analytics/follow.ts'
import { operatorContext } from '../../server/people/operator.ts'
import { createWorkspace, workspaceNamed } from '../../server/people/workspaces.ts'
import { stoppedClock } from '../../server/platform/clock.ts'
import { type Answers, answerBook } from '../../server/simulate/answer-book.ts'
import { type Company, makeCompany } from '../../server/simulate/company.ts'
import { planOf, simulate } from '../../server/simulate/run.ts'
import { openTestApp } from '../support/app.ts'

/** The day after the history ends. */
const daybook = openTestApp({ clock: stoppedClock('2026-09-08T10:00:00Z') })
const wanted = { people: 26, days: 61, seed: 'known answers', until: null, messagesPerPerson: 1500 }
const id = randomUUID()
let key: string
let company: Company

async function bring(late: boolean): Promise<void> {
  const ctx = operatorContext(daybook.ledger)
  const workspace = await workspaceNamed(daybook.ledger, id)
  const { summary } = await simulate(ctx, { workspace, plan: planOf(daybook.ledger, wanted, 0), late, onProgress: () => undefined })
  expect(summary.rejected_by_code).toEqual({})
  await new Follower(daybook.ledger).catchUp()
}

beforeAll(async () => {
  await createWorkspace(operatorContext(daybook.ledger), { name: 'Company', id })
  key = await daybook.key(['analytics:read'])
  company = makeCompany(planOf(daybook.ledger, wanted, 0))
  await bring(false)
}, 300_000)

/** Everything is broken down over some periods, and by what is quick over all. */
const thorough = ['28d', '2026-08']
const quick: readonly Dimension[] = ['month', 'group', 'model']

async function check({ range, first, last, total, by }: Answers): Promise<void> {
  const period = thorough.includes(range) || range.includes('..') ? range : `${first}..${last}`
  await checkRows(period, null, [{ key: '', ...total }])
  for (const dimension of thorough.includes(range) ? dimensionIds : quick) await checkRows(period, dimension, by[dimension] ?? [])
}

async function checkRows(range: string, by: Dimension | null, rows: NonNullable<Answers['by'][Dimension]>): Promise<void> {
  const [some] = rows
  const metrics = metricIds.filter((metric) => some && metric in some)
  for (let from = 0; from < metrics.length; from += 20) {
    const asked = metrics.slice(from, from + 20)
    const query = `workspace_id=${id}&range=${range}&metrics=${asked.join()}${by ? `&by=${by}` : ''}`
    const answer = await daybook.get(`/api/analytics/query?${query}`, key)
    expect(answer.statusCode, `${query}: ${answer.body}`).toBe(200)
    const reply = analyticsReply.parse(answer.json())
    const found = by === null ? new Map([['', reply.total]]) : new Map(reply.rows.map((row) => [String(row[by]), row]))
    const known = new Map(rows.map((row) => [row.key, row]))
    for (const one of new Set([...found.keys(), ...known.keys()]))
      expect(picked(found.get(one), asked, known.has(one)), `${query} ${one}`).toEqual(picked(known.get(one), asked, found.has(one)))
  }
}

/** What has no row is nothing: zero, or null where nothing can be said. */
const picked = (row: AnalyticsRow | undefined, metrics: readonly MetricId[], hasOther: boolean) =>
  metrics.map((metric) => {
    const value = row?.[metric] ?? (hasOther && row ? null : 0)
    return typeof value === 'number' ? Number(value.toFixed(9)) : value
  })

test('two groups of a simulated company stand on either side of the floor, in every period', () => {
  const sizeOf = (name: string, { by }: Answers) => by.group?.find(({ key: group }) => group === groupNamed(name))?.members
  for (const answers of answerBook(company, false).periods)
    expect([sizeOf('Pilot of nine', answers), sizeOf('Pilot of ten', answers)]).toEqual([9, 10])
})

const groupNamed = (name: string) => company.groups.find((group) => group.name === name)?.id

describe('the answer book of a simulated company equals the API', () => {
  test('for every metric and dimension, in months, weeks and presets', async () => {
    const { periods } = answerBook(company, false)
    expect(periods.length).toBeGreaterThan(10)
    expect(periods.find(({ range }) => range === '28d')?.total.messages).toBeGreaterThan(300)
    for (const answers of periods) await check(answers)
  }, 300_000)

  test('and again when records have arrived late', async () => {
    const before = answerBook(company, false)
    await bring(true)
    const after = answerBook(company, true)
    expect(after.periods[0]?.total).not.toEqual(before.periods[0]?.total)
    for (const answers of after.periods.filter(({ range }) => thorough.includes(range))) await check(answers)
  }, 300_000)
})
