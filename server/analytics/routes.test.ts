import { beforeAll, expect, test } from 'vitest'
import { analyticsReply, metricList } from '../../contract/analytics.ts'
import { dimensionIds, metricIds } from '../../contract/metrics.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { member, signIn, visit } from '../../test/support/people.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { stoppedClock } from '../platform/clock.ts'
import { Follower } from './follow.ts'

const daybook = openTestApp({ clock: stoppedClock('2024-12-10T12:00:00Z') })
let place: Place
let key: string
const [ann, ben, talk] = ['user-Ann00000000000000000001', 'ben@work', uuid()]

beforeAll(async () => {
  place = await daybook.place()
  key = await daybook.key(['analytics:read'], place)
  await daybook.take(place.ingest, [
    person(ann, { name: 'Ann Archer' }),
    person(ben, { name: 'Ben Baker' }),
    { kind: 'gpt', id: 'g-1', name: 'Contract reader' },
    conversation(talk, ann, { gpt_id: 'g-1', default_model: 'gpt-4o' }),
    message('m1', talk, { created_at: '2024-12-08T10:00:00Z' }),
    message('m2', talk, { created_at: '2024-12-09T10:00:00Z' }),
    conversation('c2', ben),
    message('m3', 'c2', { created_at: '2024-12-09T11:00:00Z', gpt_id: 'g-nobody-knows' }),
  ])
  await new Follower(daybook.ledger).catchUp()
})

const ask = (parameters: string, by = key) => daybook.get(`/api/analytics/query?workspace_id=${place.id}&${parameters}`, by)

async function counted(parameters: string) {
  const answer = await ask(parameters)
  expect(answer.statusCode, answer.body).toBe(200)
  return analyticsReply.parse(answer.json())
}

test("a question is answered as the operator's contract shows it", async () => {
  const answer = await ask('metrics=messages,active_people&by=day&range=2024-12-07..2024-12-09&vs=prev')
  expect(answer.headers['x-data-through']).toBe(answer.json().data_through)
  expect(analyticsReply.parse(answer.json())).toMatchObject({
    range: { text: '2024-12-07..2024-12-09', first: '2024-12-07', last: '2024-12-09', running: false },
    rows: [
      { day: '2024-12-07', messages: 0, active_people: 0 },
      { day: '2024-12-08', messages: 1, active_people: 1 },
      { day: '2024-12-09', messages: 2, active_people: 2 },
    ],
    total: { messages: 3, active_people: 2 },
    comparison: {
      range: '2024-12-04..2024-12-06',
      total: { messages: 0, active_people: 0 },
      rows: [{ day: '2024-12-04', messages: 0, active_people: 0 }, {}, {}],
    },
    hidden: [],
    data_through: expect.any(String),
  })
})

test('people, GPTs and projects come by their ids on the wire, with their names where one is known', async () => {
  const { rows } = await counted('metrics=messages&by=person')
  expect(rows).toEqual([
    { person: ann, person_name: 'Ann Archer', messages: 2 },
    { person: expect.stringMatching(/^user-/), person_name: 'Ben Baker', messages: 1 },
  ])
  expect((await counted('metrics=messages&by=gpt')).rows).toEqual([
    { gpt: 'g-1', gpt_name: 'Contract reader', messages: 2 },
    { gpt: 'g-nobody-knows', gpt_name: null, messages: 1 },
  ])
})

test('filters take ids of the wire and of the source, several, and what to leave out', async () => {
  const [, second] = (await counted('metrics=messages&by=person')).rows
  for (const parameters of ['person=ben@work', `person=${second?.person}`, `person=!${ann}`, 'gpt=!g-1', 'model=unknown', 'model=!gpt-4o'])
    expect((await counted(`metrics=messages&${parameters}`)).total, parameters).toEqual({ messages: 1 })
  expect((await counted(`metrics=messages&person=${ann}&person=ben@work`)).total).toEqual({ messages: 3 })
  expect((await counted(`metrics=messages&person=${ann}&person=!${ann}`)).total).toEqual({ messages: 0 })
  expect((await counted('metrics=messages&model_family=GPT-4o')).total).toEqual({ messages: 2 })
})

test.each([
  ['metrics=messages&range=2024-13', 'range'],
  ['metrics=messages&range=2025-01', 'range'],
  ['metrics=messages&vs=sometime', 'vs'],
  ['metrics=nonsense', 'metrics'],
  ['by=day', 'metrics'],
  ['metrics=messages&by=day,week', 'by'],
  ['metrics=messages&by=day,person,model', 'by'],
  ['metrics=sessions&by=model', 'by'],
  ['metrics=messages&group=nothing', 'group'],
  ['metrics=messages&role=boss', 'role'],
  ['metrics=members&by=day', 'by'],
  ['metrics=members&source=chatgpt', 'source'],
  ['metrics=coding_sessions&gpt=g-1', 'gpt'],
  ['metrics=messages&person=nobody', 'person'],
  ['metrics=messages&modle=gpt-4o', 'modle'],
])('%s is refused with the parameter that is at fault', async (parameters, named) => {
  const answer = await ask(parameters)
  expect(answer.statusCode, answer.body).toBe(400)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(answer.json()).toMatchObject({ code: 'bad_request', detail: expect.stringContaining(named) })
})

test('under a filter that makes no sense for a metric it is null, the others are answered, and the reply says so', async () => {
  const reply = await counted('metrics=messages,coding_sessions,commits&by=day&range=2024-12-08..2024-12-08&gpt=g-1')
  expect(reply.rows).toEqual([{ day: '2024-12-08', messages: 1, coding_sessions: null, commits: null }])
  expect(reply.total).toEqual({ messages: 1, coding_sessions: null, commits: null })
  expect(reply.hidden).toEqual(
    ['coding_sessions', 'commits'].map((key) => ({ dimension: 'metric', key, reason: 'cannot be narrowed by gpt' })),
  )
})

test('who may not count is refused, and that is recorded; who counts leaves no entry', async () => {
  const before = (await daybook.entries('analytics.query')).length
  await counted('metrics=messages')
  expect(await daybook.entries('analytics.query')).toHaveLength(before)
  expect((await ask('metrics=messages', place.read)).statusCode).toBe(403)
  expect((await daybook.entries('analytics.query')).at(-1)).toMatchObject({ outcome: 'denied', reason: 'needs analytics:read' })
  expect((await daybook.get('/api/analytics/metrics', place.read)).statusCode).toBe(403)
  expect((await daybook.entries('analytics.metrics')).at(-1)).toMatchObject({ outcome: 'denied' })
})

test('a foreign workspace is not there, and knocking at it is recorded', async () => {
  const foreign = await daybook.place('Elsewhere')
  for (const what of ['query?metrics=messages&', 'reconciliation?']) {
    const answer = await daybook.get(`/api/analytics/${what}workspace_id=${foreign.id}`, key)
    expect(answer.statusCode).toBe(404)
  }
  for (const action of ['analytics.query', 'analytics.reconcile'])
    expect((await daybook.entries(action)).at(-1)).toMatchObject({
      outcome: 'denied',
      reason: 'not_found',
      query: { workspace_id: foreign.id },
    })
})

test('signed-in readers count by their role: an analytics viewer does, a member does not', async () => {
  const url = `/api/analytics/query?workspace_id=${place.id}&metrics=messages&range=28d`
  const [viewer, other] = [await member(daybook, ['analytics_viewer'], place), await member(daybook, ['member'], place)]
  expect((await visit(daybook, url, await signIn(daybook, viewer.id))).json()).toMatchObject({ total: { messages: 3 } })
  expect((await visit(daybook, url, await signIn(daybook, other.id))).statusCode).toBe(403)
  expect((await daybook.inject({ method: 'GET', url })).statusCode).toBe(401)
})

test('the catalogue names every metric and dimension with its sentence', async () => {
  const answer = await daybook.get('/api/analytics/metrics', key)
  const { metrics, dimensions } = metricList.parse(answer.json())
  expect(metrics.map(({ id }) => id)).toEqual(metricIds)
  expect(dimensions.map(({ id }) => id)).toEqual(dimensionIds)
})

test('the description of the API has the routes with their parameters', async () => {
  const { paths } = (await daybook.inject({ method: 'GET', url: '/api/docs/json' })).json()
  const names = paths['/api/analytics/query'].get.parameters.map(({ name }: { name: string }) => name)
  expect(names).toEqual(expect.arrayContaining(['workspace_id', 'metrics', 'by', 'range', 'vs', 'person', 'model']))
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/analytics/reconciliation', '/api/analytics/reconciliation/messages']))
})
