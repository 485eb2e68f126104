import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type ReconciliationReply, reconciliationReply } from '../../contract/analytics.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { root } from '../../test/support/cli.ts'
import { type PlainExports, readPlainExports } from '../../test/support/plain-exports.ts'
import { itemTargets, messageTargets, purgeNow } from '../../test/support/purging.ts'
import { conversation, message, person, userId, uuid } from '../../test/support/records.ts'
import { runImport } from '../intake/import-run.ts'
import { chatgptExport } from '../intake/sources.ts'
import { operatorContext } from '../people/operator.ts'
import { Follower } from './follow.ts'

const daybook = openTestApp()
const sample = join(root, 'sample')
let plain: PlainExports

beforeAll(() => {
  plain = readPlainExports(sample)
})

interface Desk {
  readonly place: Place
  readonly key: string
}

async function desk(): Promise<Desk> {
  const place = await daybook.place()
  return { place, key: await daybook.key(['analytics:read'], place) }
}

const follow = () => new Follower(daybook.ledger).catchUp()

async function importSample({ place }: Desk): Promise<void> {
  const request = { from: chatgptExport, paths: [sample], workspace: place, dryRun: false, nameAll: false, onProgress: () => undefined }
  await runImport(operatorContext(daybook.ledger), request)
  await follow()
}

async function reconciled({ place, key }: Desk, parameters: Record<string, string>): Promise<ReconciliationReply> {
  const answer = await daybook.get(`/api/analytics/reconciliation?${new URLSearchParams({ workspace_id: place.id, ...parameters })}`, key)
  expect(answer.statusCode, answer.body).toBe(200)
  const reply = reconciliationReply.parse(answer.json())
  expect(reply.adds_up, answer.body).toBe(true)
  return reply
}

const figures = ({ steps }: ReconciliationReply) => Object.fromEntries(steps.map(({ step, messages }) => [step, messages]))

async function take({ place }: Desk, ...records: object[]): Promise<void> {
  await daybook.take(place.ingest, records)
  await follow()
}

const ranges = ['2024-11-01..2024-12-31', '2024-12-02..2024-12-02', '2024-12-03..2024-12-03', 'week-2024-11-24', '2024-10']

/** The steps as one would count them in the files, everything being returned because it was imported today. */
function plainly(from: string, to: string) {
  const rows = plain.messages
  const day = (at: string | null) => at?.slice(0, 10) ?? ''
  const within = rows.filter(({ at }) => at !== null && day(at) >= from && day(at) <= to)
  const of = (role: string) => within.filter((row) => row.role === role).length
  const counted = within.filter(({ role, unseen }) => role === 'user' && !unseen).length
  return {
    ...{ returned: rows.length, outside_range: rows.filter(({ at }) => at !== null && (day(at) < from || day(at) > to)).length },
    ...{ no_time: rows.filter(({ at }) => at === null).length, system: of('system'), tool: of('tool'), assistant: of('assistant') },
    ...{ hidden_or_injected: of('user') - counted, deleted_since: 0, counted },
  }
}

test('the steps are those one counts in the files', async () => {
  const its = await desk()
  await importSample(its)
  expect(figures(await reconciled(its, { range: '2024-11-28..2024-12-05' }))).toEqual(plainly('2024-11-28', '2024-12-05'))
  expect(figures(await reconciled(its, { range: '2024-12-03..2024-12-04' }))).toEqual(plainly('2024-12-03', '2024-12-04'))
})

test('they add up for every filter that the record knows', async () => {
  const its = await desk()
  await importSample(its)
  const parameters: Record<string, string>[] = [
    { person: plain.accounts[0] ?? '' },
    { person: `!${plain.accounts[0] ?? ''}` },
    { source: 'chatgpt' },
    { source: '!chatgpt' },
    { model: 'gpt-4o' },
    { model: '!gpt-4o', person: plain.accounts[1] ?? '' },
    { model_family: 'GPT-4o mini' },
  ]
  for (const one of parameters) for (const range of ranges) await reconciled(its, { range, ...one })
  // Importing the same again changes nothing.
  const before = await reconciled(its, { range: '2024-12' })
  await importSample(its)
  expect(figures(await reconciled(its, { range: '2024-12' }))).toEqual(figures(before))
  const mine = await reconciled(its, { range: '2024-11-01..2024-12-31', person: plain.accounts[0] ?? '' })
  expect(figures(mine).returned).toBe(plain.messages.filter((row) => row.person === 1).length)
})

test('they add up after things are changed, imported again, deleted at the source and purged', async () => {
  const its = await desk()
  const [owner, c1, c2] = [userId(), uuid(), uuid()]
  const at = (time: string) => ({ created_at: `2024-12-0${time}` })
  const ids = { first: uuid(), answer: uuid(), moved: uuid(), timeless: uuid(), gone: uuid(), other: uuid() }
  await take(
    its,
    person(owner),
    conversation(c1, owner, { default_model: 'gpt-4o' }),
    message(ids.first, c1, at('1T23:59:59.999999Z')),
    message(ids.answer, c1, { role: 'assistant', model: 'gpt-4o', parent_id: ids.first, ...at('2T00:00:00Z') }),
    message(ids.moved, c1, at('2T10:00:00Z')),
    message(ids.timeless, c1, { created_at: null }),
    message(ids.gone, c1, at('2T11:00:00Z')),
    message(uuid(), c1, { hidden: true, ...at('2T11:30:00Z') }),
    message(uuid(), c1, { role: 'tool', tool_name: 'bio', ...at('2T11:31:00Z') }),
    conversation(c2, owner),
    message(ids.other, c2, at('2T12:00:00Z')),
  )
  const all = async () => {
    for (const range of ranges) await reconciled(its, { range })
    for (const model of ['gpt-4o', '!gpt-4o', 'unknown']) await reconciled(its, { range: '2024-12', model })
    return figures(await reconciled(its, { range: '2024-12-02..2024-12-02' }))
  }
  expect(await all()).toMatchObject({ returned: 8, outside_range: 1, no_time: 1, assistant: 1, tool: 1, hidden_or_injected: 1, counted: 3 })

  await take(its, message(ids.moved, c1, { ...at('3T10:00:00Z'), updated_at: '2024-12-04T00:00:00Z' }))
  expect(await all()).toMatchObject({ outside_range: 2, counted: 2 })
  await take(its, message(ids.timeless, c1, { ...at('2T13:00:00Z'), updated_at: '2024-12-04T00:00:00Z' }))
  expect(await all()).toMatchObject({ no_time: 0, counted: 3 })
  await take(its, conversation(c1, owner, { default_model: 'o1', title: 'Another', updated_at: '2024-12-05T00:00:00Z' }))
  expect(await all()).toMatchObject({ returned: 8, counted: 3 })
  await take(its, {
    kind: 'deletion',
    id: uuid(),
    of: { kind: 'message', id: ids.gone, conversation_id: c1 },
    deleted_at: '2024-12-06T00:00:00Z',
  })
  await take(its, { kind: 'deletion', id: uuid(), of: { kind: 'conversation', id: c2 }, deleted_at: '2024-12-06T00:00:00Z' })
  expect(await all()).toMatchObject({ returned: 8, counted: 3, deleted_since: 0 })

  await purgeNow(daybook.ledger, [
    ...(await messageTargets(daybook, its.place, [ids.gone, ids.answer])),
    ...(await itemTargets(daybook, its.place, 'conversation', [c2])),
  ])
  // Before and after the facts have met the tombstones.
  expect(await all()).toMatchObject({ returned: 5, assistant: 0, deleted_since: 2, counted: 3 })
  await follow()
  expect(await all()).toMatchObject({ returned: 5, assistant: 0, deleted_since: 2, counted: 3 })
})

test('a message dated after it arrived counts, though the API does not return it for its day', async () => {
  const its = await desk()
  const [owner, c1, id] = [userId(), uuid(), uuid()]
  await take(its, person(owner), conversation(c1, owner), message(id, c1, { created_at: '2024-12-02T10:00:00Z' }))
  await daybook.rows(`update conversation set changed_at = '2024-12-01T00:00:00Z' where workspace_id = $1`, [its.place.number])
  expect(figures(await reconciled(its, { range: '2024-12-02..2024-12-02' }))).toMatchObject({ returned: 0, deleted_since: 1, counted: 1 })
})

test('a conversation that came back for its title only is said to have been surfaced', async () => {
  const its = await desk()
  const [owner, c1, c2] = [userId(), uuid(), uuid()]
  const old = { created_at: '2024-12-01T10:00:00Z' }
  await take(its, person(owner), conversation(c1, owner), message(uuid(), c1, old), conversation(c2, owner), message('m2', c2, old))
  // As if that had arrived long ago.
  await daybook.rows(`update log set received_at = '2024-12-01T10:00:01Z' where workspace_id = $1`, [its.place.number])
  await daybook.rows(`update conversation set changed_at = '2024-12-01T10:00:01Z' where workspace_id = $1`, [its.place.number])
  expect(await reconciled(its, { range: 'today' })).toMatchObject({
    surfaced_conversations: 0,
    steps: [{ step: 'returned', messages: 0 }, {}, {}, {}, {}, {}, {}, {}, {}],
  })
  await take(its, conversation(c1, owner, { title: 'New', updated_at: '2024-12-05T00:00:00Z' }))
  await take(its, {
    kind: 'deletion',
    id: uuid(),
    of: { kind: 'message', id: 'm2', conversation_id: c2 },
    deleted_at: '2024-12-06T00:00:00Z',
  })
  const reply = await reconciled(its, { range: 'today' })
  expect(reply.surfaced_conversations).toBe(1)
  expect(figures(reply)).toMatchObject({ returned: 2, outside_range: 2, counted: 0 })
})

test('the messages behind a step are listed page by page, for a reader of the record, and the reading is recorded', async () => {
  const its = await desk()
  await importSample(its)
  const range = '2024-12-03..2024-12-04'
  const expected = figures(await reconciled(its, { range }))
  for (const step of ['tool', 'no_time', 'counted'] as const) {
    const found: { conversation_id: string; message_id: string }[] = []
    for (let after: string | null = ''; after !== null; ) {
      const parameters = new URLSearchParams({ workspace_id: its.place.id, range, step, limit: '7', ...(after === '' ? {} : { after }) })
      const answer = await daybook.get(`/api/analytics/reconciliation/messages?${parameters}`, its.place.read)
      expect(answer.statusCode, answer.body).toBe(200)
      found.push(...answer.json().messages)
      after = answer.json().next
    }
    expect(found).toHaveLength(expected[step] ?? -1)
    expect(new Set(found.map(({ conversation_id, message_id }) => `${conversation_id}/${message_id}`)).size).toBe(found.length)
  }
  const entries = await daybook.entries('analytics.reconciliation_messages')
  expect(entries.at(-1)).toMatchObject({ kind: 'access', outcome: 'allowed', query: { step: 'counted', range } })

  const url = `/api/analytics/reconciliation/messages?workspace_id=${its.place.id}&range=${range}&step=tool`
  expect((await daybook.get(url, its.key)).statusCode).toBe(403)
  expect((await daybook.entries('analytics.reconciliation_messages')).at(-1)).toMatchObject({
    outcome: 'denied',
    reason: 'needs compliance:read',
  })
})

test('what the record cannot tell is refused in words', async () => {
  const its = await desk()
  const answer = await daybook.get(`/api/analytics/reconciliation?workspace_id=${its.place.id}&tool=Search`, its.key)
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ code: 'bad_request', detail: expect.stringContaining('tool') })
})
