import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type Dimension, dimensionIds, type MetricId, metricIds, metrics } from '../../contract/metrics.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { root } from '../../test/support/cli.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { Follower } from './follow.ts'

const docs = readFileSync(join(root, 'docs', 'metrics.md'), 'utf8')

/** The section of docs/metrics.md under a metric's or a dimension's own heading. */
function sectionOf(id: MetricId | Dimension): string {
  const [, after = ''] = docs.split(`\n### \`${id}\`\n`)
  return after.split('\n#')[0] ?? ''
}

test.each([...metricIds, ...dimensionIds])('%s is explained in docs/metrics.md', (id) => {
  expect(sectionOf(id).trim().length).toBeGreaterThan(10)
})

test.each(metricIds)('%s has its label, its rule, the source of the rule and an example', (id) => {
  const section = sectionOf(id)
  expect(section).toContain(`${metrics[id].label}. Unit: `)
  expect(section.includes('; adds up')).toBe(metrics[id].additive)
  expect(section).toContain('*Source of the rule:* ')
  expect(section).toMatch(/\*Example:\* `[\d.]+` — /)
})

test('what it explains is in the catalogue', () => {
  const explained = [...docs.matchAll(/^### `(\w+)`$/gm)].map(([, id]) => id)
  expect(explained).toEqual([...metricIds, ...dimensionIds])
})

const daybook = openTestApp()
let place: Place
let key: string

beforeAll(async () => {
  place = await daybook.place()
  key = await daybook.key(['analytics:read'], place)
  await daybook.take(place.ingest, exampleWeek())
  await new Follower(daybook.ledger).catchUp()
})

/** The example of docs/metrics.md as its sources would send it. */
function exampleWeek(): object[] {
  const [ann, ben, a, b] = [uuid(), uuid(), uuid(), uuid()]
  const said = (id: string, chat: string, day: number, time: string, more: object = {}) =>
    message(id, chat, { created_at: `2024-12-0${day}T${time}Z`, ...more })
  const answer = (model: string, more: object = {}) => ({ role: 'assistant', model, ...more })
  const drive = { name: 'drive', access: 'read' }
  return [
    ...[
      person(ann),
      person(ben),
      person(uuid(), { name: 'Cleo' }),
      person(uuid(), { name: 'Dan' }),
      { kind: 'gpt', id: 'g-reader', name: 'Contract reader' },
    ],
    conversation(a, ann, { gpt_id: 'g-reader' }),
    said('a1', a, 2, '09:00:00'),
    said('a2', a, 2, '09:01:00', answer('gpt-4o', { tools: ['web'], parent_id: 'a1' })),
    said('a3', a, 2, '09:01:30', { role: 'tool', tool_name: 'web', parent_id: 'a2' }),
    said('a4', a, 2, '09:02:00', answer('gpt-4o', { parent_id: 'a3', tokens: { input: 1200, output: 300, cached: 1000 } })),
    said('a5', a, 2, '09:10:00', { parent_id: 'a4' }),
    said('a6', a, 2, '09:11:00', answer('gpt-4o', { parent_id: 'a5' })),
    said('a7', a, 2, '10:00:00', { parent_id: 'a6' }),
    said('a8', a, 2, '10:05:00', answer('gpt-4o', { parent_id: 'a7' })),
    conversation(b, ben, { project_id: 'merger' }),
    said('b1', b, 2, '14:00:00'),
    said('b2', b, 2, '14:00:30', answer('gpt-4o-mini', { parent_id: 'b1' })),
    said('b3', b, 3, '09:00:00', { parent_id: 'b2', skills: ['minutes'] }),
    said('b4', b, 3, '09:00:20', answer('gpt-4o-mini', { parent_id: 'b3', connectors: [drive, drive] })),
    {
      ...{
        kind: 'coding_session',
        id: 'code',
        person_id: ben,
        started_at: '2024-12-04T09:00:00Z',
        model: 'o1',
        commits: 2,
        pull_requests: 1,
      },
      ...{ lines_added: 120, lines_removed: 30, tool_actions: { edit: { accepted: 9, rejected: 1 } } },
    },
  ]
}

test('the example of docs/metrics.md is what the server answers', async () => {
  const total: Record<string, unknown> = {}
  for (let i = 0; i < metricIds.length; i += 20) {
    const some = metricIds.slice(i, i + 20).join()
    const answer = await daybook.get(`/api/analytics/query?workspace_id=${place.id}&range=week-2024-12-01&metrics=${some}`, key)
    expect(answer.statusCode, answer.body).toBe(200)
    Object.assign(total, answer.json().total)
  }
  const examples = metricIds.map((id) => [id, Number(/\*Example:\* `([\d.]+)`/.exec(sectionOf(id))?.[1])])
  expect(total).toEqual(Object.fromEntries(examples))
})

test('counts of coding sessions are as large as a source says', async () => {
  const large = 5_000_000_000
  await daybook.take(place.ingest, [
    { kind: 'coding_session', id: 'large', person_id: uuid(), started_at: '2023-12-04T09:00:00Z', commits: large, lines_added: large },
  ])
  await new Follower(daybook.ledger).catchUp()
  const answer = await daybook.get(
    `/api/analytics/query?workspace_id=${place.id}&range=2023-12-04..2023-12-04&metrics=commits,lines_added`,
    key,
  )
  expect(answer.json().total).toEqual({ commits: large, lines_added: large })
})
