import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { type ReconciledMetric, type ReconciliationReply, reconciledMetrics, reconciliationReply } from '../../contract/analytics.ts'
import { reconciliations } from '../../contract/reconciliation.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { root } from '../../test/support/cli.ts'
import type { PlainMessage } from '../../test/support/counted-organization.ts'
import { readPlainExports } from '../../test/support/plain-exports.ts'
import { type PlainFact, plainFacts } from '../../test/support/plain-facts.ts'
import { type PlainSaid, type PlainScope, plainSteps } from '../../test/support/plain-steps.ts'
import { itemTargets, messageTargets, purgeNow } from '../../test/support/purging.ts'
import { randomHistory, shuffled } from '../../test/support/random-history.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { seed } from '../../test/support/seed.ts'
import { runImport } from '../intake/import-run.ts'
import { chatgptExport } from '../intake/sources.ts'
import { operatorContext } from '../people/operator.ts'
import { Follower } from './follow.ts'
import { stepList } from './reconcile-list.ts'
import { snapshot } from './reconcile-scope.ts'

const daybook = openTestApp()

interface Desk {
  readonly place: Place
  readonly key: string
}

async function desk(): Promise<Desk> {
  const place = await daybook.place()
  return { place, key: await daybook.key(['analytics:read'], place) }
}

const follow = () => new Follower(daybook.ledger).catchUp()

type Asked = Record<string, string>

async function reconciled({ place, key }: Desk, metric: ReconciledMetric, asked: Asked): Promise<ReconciliationReply> {
  const parameters = new URLSearchParams({ workspace_id: place.id, metric, ...asked })
  const answer = await daybook.get(`/api/analytics/reconciliation?${parameters}`, key)
  expect(answer.statusCode, answer.body).toBe(200)
  const reply = reconciliationReply.parse(answer.json())
  expect(reply.adds_up, `seed ${seed}, ${parameters}: ${answer.body}`).toBe(true)
  return reply
}

const figures = ({ steps }: ReconciliationReply) => Object.fromEntries(steps.map(({ step, amount }) => [step, amount]))

async function figureOf({ place, key }: Desk, metric: ReconciledMetric, asked: Asked): Promise<number> {
  const parameters = new URLSearchParams({ workspace_id: place.id, metrics: metric, ...asked })
  return (await daybook.get(`/api/analytics/query?${parameters}`, key)).json().total[metric]
}

/** Every number over every range: the steps are those counted by hand, and the last is the one on the page. */
async function checkAll(
  its: Desk,
  all: readonly PlainSaid[],
  scope: Omit<PlainScope, 'from' | 'to'>,
  ranges: readonly [string, string][],
  filter: Asked = {},
) {
  for (const [from, to] of ranges)
    for (const metric of reconciledMetrics) {
      const asked = { range: `${from}..${to}`, ...filter }
      const found = figures(await reconciled(its, metric, asked))
      expect(found, `seed ${seed}: ${metric} ${JSON.stringify(asked)}`).toEqual(plainSteps(metric, all, { ...scope, from, to }))
      expect(await figureOf(its, metric, asked)).toBe(found.counted)
    }
}

const dayOf = (second: number) => new Date(second * 1000).toISOString().slice(0, 10)

const saidOf = (fact: PlainFact): PlainSaid => ({
  ...{ message: fact.message, conversation: fact.conversation, role: fact.role, person: fact.person },
  ...{ day: fact.timed ? dayOf(fact.second) : null, seen: fact.counted, gpt: fact.gpt !== '', project: fact.project !== '' },
  ...{ results: fact.toolResults.length, skills: fact.skillsActivated.length, connectors: fact.connectorsCalled.length },
})

const wholeRange: [string, string] = ['2024-02-01', '2024-03-31']
const days: [string, string][] = [['2024-02-27', '2024-02-27'], ['2024-02-28', '2024-02-29'], wholeRange]

const nothingPurged = { purged: new Set<string>(), gone: new Set<string>() }

test('every number opens to the steps one counts in the files', async () => {
  const its = await desk()
  const sample = join(root, 'sample')
  const request = { from: chatgptExport, paths: [sample], workspace: its.place, dryRun: false, nameAll: false, onProgress: () => undefined }
  await runImport(operatorContext(daybook.ledger), request)
  await follow()
  const plain = readPlainExports(sample)
  const said = plain.messages.map(
    (one: PlainMessage): PlainSaid => ({
      ...{ message: String(one.message), conversation: String(one.conversation), role: one.role, person: String(one.person) },
      ...{ day: one.at?.slice(0, 10) ?? null, seen: !one.unseen, gpt: false, project: false },
      ...{ results: one.results.length, skills: 0, connectors: 0 },
    }),
  )
  const scope = { ...nothingPurged, listed: plain.accounts.map((_, place) => String(place + 1)) }
  await checkAll(its, said, scope, [
    ['2024-12-03', '2024-12-04'],
    ['2024-11-01', '2024-12-31'],
    ['2024-06-01', '2025-05-31'],
  ])
})

test(`it does so for conversations as awkward as sources make them, at every moment, and after a purge (seed ${seed})`, async () => {
  const random = randomFrom(seed)
  const its = await desk()
  const sent = randomHistory(random, 40)
  const records = shuffled(random, [...sent, ...sent.slice(0, 30)])
  await daybook.take(its.place.ingest, [person('user-1'), person('user-2'), person('user-3', { status: 'pending' }), person('user-9')])
  for (let at = 0; at < records.length; ) {
    const size = wholeBetween(random, 1, 120)
    await daybook.take(its.place.ingest, records.slice(at, at + size))
    at += size
    if (random() < 0.5) await follow()
    // The record is ahead of the facts: what was said since, and of what was changed the new version, is not theirs yet.
    for (const metric of reconciledMetrics) await reconciled(its, metric, { range: '2024-02-28..2024-02-29' })
  }
  await follow()
  const said = plainFacts(records).facts.map(saidOf)
  const listed = ['user-1', 'user-2', 'user-9']
  await checkAll(its, said, { ...nothingPurged, listed }, days)

  const chats = [...new Set(said.map((one) => one.conversation))]
  const gone = new Set(chats.filter((_, place) => place % 5 === 0))
  const single = said.filter((one, place) => place % 4 === 0 && !gone.has(one.conversation)).map((one) => one.message)
  await purgeNow(daybook.ledger, [
    ...(await messageTargets(daybook, its.place, single)),
    ...(await itemTargets(daybook, its.place, 'conversation', [...gone])),
  ])
  const purged = new Set([...single, ...said.filter((one) => gone.has(one.conversation)).map((one) => one.message)])
  // Before and after the facts have met the tombstones.
  await checkAll(its, said, { purged, gone, listed }, days)
  await follow()
  await checkAll(its, said, { purged, gone, listed }, days)
})

test(`it does so narrowed to a person, a GPT, a project, a model, and to all but these (seed ${seed})`, async () => {
  const random = randomFrom(seed + 1)
  const its = await desk()
  const sent = shuffled(random, randomHistory(random, 40))
  await daybook.take(its.place.ingest, [person('user-1'), person('user-2'), ...sent])
  await follow()
  const { facts } = plainFacts(sent)
  for (const [name, said] of Object.entries(filters)) {
    const value = facts.map(said).find((one) => one !== '' && one !== 'unknown') ?? ''
    for (const left of [false, true]) {
      const isWanted = (one: string) => (one === value) !== left
      const listed = ['user-1', 'user-2'].filter((one) => name !== 'person' || isWanted(one))
      const wanted = facts.filter((fact) => isWanted(said(fact))).map(saidOf)
      await checkAll(its, wanted, { ...nothingPurged, listed }, [wholeRange], { [name]: left ? `!${value}` : value })
    }
  }
})

const filters: Record<string, (fact: PlainFact) => string> = {
  person: (fact) => fact.person,
  gpt: (fact) => fact.gpt,
  project: (fact) => fact.project,
  model: (fact) => fact.model,
}

test('it adds up while records come in and the facts follow', async () => {
  const its = await desk()
  const random = randomFrom(seed + 2)
  const records = shuffled(random, randomHistory(random, 150))
  const follower = new Follower(daybook.ledger)
  follower.start()
  let isSending = true
  let rounds = 0
  const sending = (async () => {
    for (let at = 0; at < records.length; at += 20) await daybook.take(its.place.ingest, records.slice(at, at + 20))
    isSending = false
  })()
  for (; isSending; rounds++) for (const metric of reconciledMetrics) await reconciled(its, metric, { range: '2024-02-28..2024-02-29' })
  await sending
  await follower.stop()
  expect(rounds).toBeGreaterThan(0)
})

test('a writer whom only an outdated version names is the owner until the conversation’s record comes, in both stores', async () => {
  const its = await desk()
  const version = (more: object) => message('m1', 'c1', { created_at: '2024-12-02T10:00:00Z', ...more })
  await daybook.take(its.place.ingest, [person('user-1'), version({ person_id: undefined, updated_at: '2024-12-03T00:00:00Z' })])
  await daybook.take(its.place.ingest, [version({ person_id: 'user-1', updated_at: '2024-12-02T10:00:00Z' })])
  await follow()
  const range = '2024-12-02..2024-12-02'
  expect(figures(await reconciled(its, 'active_people', { range }))).toEqual({
    ...{ returned: 1, silent: 0, not_counted: 0, not_listed: 0 },
    counted: 1,
  })
})

test('what has no time is in no figure, and what is older than the facts can say is in those of their first day, in both stores', async () => {
  const its = await desk()
  const used = {
    role: 'assistant',
    model: 'gpt-4o',
    tools: ['web'],
    skills: ['brand'],
    connectors: [{ name: 'drive' }],
    tokens: { input: 7 },
  }
  await daybook.take(its.place.ingest, [
    ...[person('user-1'), conversation('c1', 'user-1'), conversation('c2', 'user-1')],
    message('m1', 'c1', { created_at: undefined }),
    message('m2', 'c1', { created_at: undefined, ...used }),
    message('m3', 'c2', { created_at: '1960-06-01T10:00:00Z' }),
    message('m4', 'c2', { created_at: '1970-01-01T10:00:00Z', ...used }),
  ])
  await follow()
  for (const [range, one, oneUse] of [
    ['1960-06-01..1960-06-01', 0, 0],
    ['1970-01-01..1970-01-01', 1, 1],
    ['1969-12-31..1970-01-02', 1, 1],
  ] as const)
    for (const metric of reconciledMetrics) {
      const isOfUse = usedMetrics.includes(metric)
      const wanted = metric === 'gpt_messages' || metric === 'project_messages' ? 0 : isOfUse ? oneUse : one
      expect({ range, metric, counted: figures(await reconciled(its, metric, { range })).counted }).toEqual({
        range,
        metric,
        counted: wanted,
      })
      for (const by of isOfUse ? ['model', 'hour'] : ['hour']) expect(await figureOf(its, metric, { range, by })).toBe(wanted)
    }
  const tokensOf = async (range: string) => {
    const parameters = new URLSearchParams({ workspace_id: its.place.id, metrics: 'input_tokens', range })
    return (await daybook.get(`/api/analytics/query?${parameters}`, its.key)).json().total.input_tokens
  }
  expect([await tokensOf('1960-06-01..1960-06-01'), await tokensOf('1970-01-01..1970-01-01')]).toEqual([0, 7])
})

test('a conversation without a message is returned and not counted', async () => {
  const its = await desk()
  const [c1, c2] = [uuid(), uuid()]
  await daybook.take(its.place.ingest, [
    ...[person('user-1'), conversation(c1, 'user-1'), conversation(c2, 'user-1')],
    message(uuid(), c2, { created_at: '2024-12-02T10:00:00Z' }),
  ])
  await follow()
  const reply = await reconciled(its, 'conversations', { range: '2024-12-02..2024-12-02' })
  expect(figures(reply)).toEqual({ returned: 2, no_message: 1, outside_range: 0, not_counted: 0, deleted_since: 0, counted: 1 })
})

test(`what stands behind a step is as much as the step says, page by page (seed ${seed})`, async () => {
  const random = randomFrom(seed + 3)
  const its = await desk()
  await daybook.take(its.place.ingest, [person('user-1'), ...randomHistory(random, 30)])
  await follow()
  const range = '2024-02-28..2024-02-29'
  for (const metric of reconciledMetrics) {
    const { unit, steps } = await reconciled(its, metric, { range })
    for (const { step, amount } of steps) {
      const found = await listed(its, { metric, step, range, limit: '9' })
      expect(new Set(found).size).toBe(found.length)
      // A message that holds several uses is one message.
      const isOfUses = ['further_uses', 'inside_answers', 'deleted_since', 'counted'].includes(step) && usedMetrics.includes(metric)
      if (isOfUses) expect(found.length).toBeLessThanOrEqual(amount)
      else expect(found, `${metric} ${step} of ${unit}`).toHaveLength(amount)
    }
  }
})

const usedMetrics: ReconciledMetric[] = ['tool_messages', 'skill_uses', 'connector_calls']

async function listed({ place }: Desk, asked: Asked): Promise<string[]> {
  const found: string[] = []
  for (let after: string | null = ''; after !== null; ) {
    const parameters = new URLSearchParams({ workspace_id: place.id, ...asked, ...(after === '' ? {} : { after }) })
    const answer = await daybook.get(`/api/analytics/reconciliation/messages?${parameters}`, place.read)
    expect(answer.statusCode, answer.body).toBe(200)
    const { messages, conversations, people, next } = stepList.parse(answer.json())
    found.push(...messages.map(({ conversation_id, message_id }) => `${conversation_id}/${message_id}`))
    found.push(...conversations.map(({ conversation_id }) => conversation_id), ...people.map(({ user_id }) => user_id))
    after = next
  }
  return found
}

test('a step that the number does not have is refused in words', async () => {
  const { place } = await desk()
  const url = `/api/analytics/reconciliation/messages?workspace_id=${place.id}&metric=active_people&step=assistant`
  const answer = await daybook.get(url, place.read)
  expect(answer.json()).toMatchObject({
    status: 400,
    param: 'step',
    detail: 'step: the reconciliation of active_people has no step assistant',
  })
})

test('what takes too long to look through is refused with the way out', async () => {
  const read = snapshot(operatorContext(daybook.ledger), 'look-ups', (client) =>
    client.query('set local statement_timeout = 20; select pg_sleep(20)'),
  )
  await expect(read).rejects.toMatchObject({ code: 'unprocessable', message: expect.stringContaining('choose a shorter range') })
})

test('every step of every number begins, takes away, adds or ends, in that order, and says what it means', () => {
  for (const { steps } of Object.values(reconciliations)) {
    const signs = steps.map(({ sign }) => sign[0]).join('')
    expect(steps.map(({ sign }) => sign)).toEqual(steps.map(({ sign }) => sign).toSorted((a, b) => order.indexOf(a) - order.indexOf(b)))
    expect(signs).toMatch(/^s.*e$/)
    expect(new Set(steps.map(({ step }) => step)).size).toBe(steps.length)
    for (const { sentence } of steps) expect(sentence).toMatch(/^[A-Z].*\.$/)
  }
})

const order = ['start', 'minus', 'plus', 'end']
