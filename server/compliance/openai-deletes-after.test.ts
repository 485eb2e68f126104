import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { receiptPage } from '../../contract/receipts.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { factLines } from '../../test/support/facts.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { findInFiles } from '../../test/support/search-files.ts'
import { Follower } from '../analytics/follow.ts'
import { rebuildFacts } from '../analytics/rebuild.ts'
import { operatorContext } from '../people/operator.ts'
import { createWorkspace } from '../people/workspaces.ts'

const daybook = openTestApp()

const base = ({ id }: { id: string }) => `/v1/compliance/workspaces/${id}`
const marker = () => `marker${randomBytes(16).toString('hex')}`

interface Desk extends Place {
  readonly remove: string
}

async function desk(): Promise<Desk> {
  const place = await daybook.place()
  return { ...place, remove: await daybook.key(['compliance:delete'], place) }
}

const del = (place: Desk, url: string, more: object = {}) =>
  daybook.inject({ method: 'DELETE', url: base(place) + url, key: place.remove, ...more })
const get = (place: Place, url: string) => daybook.get(base(place) + url, place.read)

async function deleted(place: Desk, url: string): Promise<string> {
  const answer = await del(place, url)
  expect(answer.statusCode, answer.body).toBe(200)
  return String(answer.headers['daybook-receipt'])
}

const putBytes = (place: Place, id: string, payload: string) =>
  daybook.inject({ method: 'PUT', url: `/api/intake/files/${id}/bytes`, key: place.ingest, payload })

describe('a request', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded'])(
    'without a body may say that its body is %s',
    async (type) => {
      const place = await desk()
      const chat = uuid()
      await daybook.take(place.ingest, [conversation(chat, 'user-1')])
      const answer = await del(place, `/conversations/${chat}`, { headers: { 'content-type': type } })
      expect(answer.json()).toEqual({ deleted: true, object: 'compliance.workspace.conversation', id: chat })
    },
  )

  test('names what it is about by the id on the wire or at the source, and is answered with the one on the wire', async () => {
    const place = await desk()
    await daybook.take(place.ingest, [conversation('chat-1', 'somebody'), conversation('chat-2', 'somebody'), person('somebody')])
    const [first, second] = (await get(place, '/conversations')).json().data
    expect((await del(place, '/conversations/chat-1')).json().id).toBe(first.id)
    expect((await del(place, `/users/${second.user_id}/conversations/${second.id}`)).json().id).toBe(second.id)
    expect((await get(place, '/conversations')).json().data).toEqual([])
  })

  test('below somebody finds nothing of somebody else', async () => {
    const place = await desk()
    const chat = uuid()
    await daybook.take(place.ingest, [
      ...[person('user-1'), person('user-2'), conversation(chat, 'user-1')],
      { kind: 'file', id: 'file-1', person_id: 'user-1', conversation_id: chat },
      { kind: 'memory', id: 'memory-1', person_id: 'user-1', content: 'Likes tea' },
      ...['canvas', 'automation', 'recording'].map((kind) => ({ kind, id: `${kind}-1`, person_id: 'user-1' })),
    ])
    const urls = [
      ...[`conversations/${chat}`, 'files/file-1', 'memory_contexts/user-1/memories/memory-1', 'canvas/canvas-1'],
      ...['automations/automation-1', 'recordings/recording-1'],
    ]
    for (const url of urls) {
      expect((await del(place, `/users/user-2/${url}`)).statusCode, url).toBe(404)
      expect((await del(place, `/users/nobody/${url}`)).statusCode, url).toBe(404)
    }
    expect((await del(place, '/users/user-1/memory_contexts/another/memories/memory-1')).statusCode).toBe(404)
    expect((await del(place, '/users/user-1/library_files/file-1')).statusCode).toBe(404)
    for (const url of urls) expect((await del(place, `/users/user-1/${url}`)).statusCode, url).toBe(url === 'files/file-1' ? 404 : 200)
  })

  test('for audio or video says which conversation it is of', async () => {
    const place = await desk()
    const chat = uuid()
    await daybook.take(place.ingest, [
      ...[person('user-1'), conversation(chat, 'user-1')],
      { kind: 'file', id: 'file-1', person_id: 'user-1', conversation_id: chat, mime_type: 'audio/wav' },
    ])
    expect((await del(place, '/users/user-1/files/file-1')).json()).toMatchObject({
      error: { code: 'bad_request', param: 'conversation_id' },
    })
    expect((await del(place, `/users/user-1/files/file-1?conversation_id=${chat}`)).statusCode).toBe(200)
  })

  test('finds no file of a GPT that this GPT never had', async () => {
    const place = await desk()
    await daybook.take(place.ingest, [
      { kind: 'gpt', id: 'g-1', name: 'One', file_ids: ['file-old'], updated_at: '2024-05-01T00:00:00Z' },
      { kind: 'gpt', id: 'g-1', name: 'One', file_ids: [], updated_at: '2024-05-02T00:00:00Z' },
      { kind: 'gpt', id: 'g-2', name: 'Two', file_ids: ['file-2'] },
      ...['file-old', 'file-2'].map((id) => ({ kind: 'file', id })),
      { kind: 'file', id: 'file-said', gpt_id: 'g-1' },
    ])
    expect((await del(place, '/gpts/g-1/files/file-2')).statusCode).toBe(404)
    for (const id of ['file-old', 'file-said']) expect((await del(place, `/gpts/g-1/files/${id}`)).statusCode).toBe(200)
  })
})

test('many at once, while records come in and files go, are all answered and all done', async () => {
  const place = await desk()
  const chats = Array.from({ length: 40 }, () => uuid())
  await daybook.take(
    place.ingest,
    chats.flatMap((chat) => [conversation(chat, 'user-1'), { kind: 'file', id: `file-${chat}`, conversation_id: chat }]),
  )
  await Promise.all(chats.map((chat) => putBytes(place, `file-${chat}`, 'all the same')))
  const writing = Promise.all(Array.from({ length: 20 }, () => daybook.take(place.ingest, [conversation(uuid(), 'user-2')])))
  const twice = await Promise.all([...chats, ...chats].map((chat) => del(place, `/conversations/${chat}`)))
  await writing
  expect(twice.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([...chats.map(() => 200), ...chats.map(() => 404)])
  expect((await get(place, '/conversations')).json().data).toHaveLength(20)
  expect(await daybook.rows('select from file_bytes f join item i on i.number = f.item where i.workspace_id = $1', [place.number])).toEqual(
    [],
  )
  expect(await daybook.rows('select from released_blob')).toEqual([])
})

describe('a deleted file', () => {
  async function shelf() {
    const place = await desk()
    const [chat, said] = [uuid(), uuid()]
    await daybook.take(place.ingest, [
      ...[person('user-1'), conversation(chat, 'user-1'), message(said, chat, { file_ids: ['file-1'] })],
      { kind: 'file', id: 'file-1', name: 'Plan.pdf', person_id: 'user-1', created_at: '2024-05-01T08:00:00Z' },
      { kind: 'gpt', id: 'g-1', name: 'Reader', file_ids: ['file-1'] },
    ])
    await putBytes(place, 'file-1', 'the bytes')
    return { place, chat }
  }

  test('is still named by the message it was in, without bytes; a link made before leads to 410', async () => {
    const { place } = await shelf()
    const [before] = (await get(place, '/conversations')).json().data[0].messages.data[0].files.data
    expect((await daybook.inject({ method: 'GET', url: before.download_url })).body).toBe('the bytes')
    await deleted(place, '/users/user-1/files/file-1')
    const [shown] = (await get(place, '/conversations')).json().data
    expect(shown.messages.data[0].content.value).toMatch(/^Text of/)
    expect(shown.messages.data[0].files.data).toEqual([{ ...before, name: null, created_at: null, download_url: null }])
    const link = await daybook.inject({ method: 'GET', url: before.download_url })
    expect([link.statusCode, link.json().error.code]).toEqual([410, 'gone'])
  })

  test('has an empty file in its place in a GPT', async () => {
    const { place } = await shelf()
    await deleted(place, '/gpts/g-1/files/file-1')
    const [configuration] = (await get(place, '/gpts/g-1/configs')).json().data
    const empty = { name: '(Removed by your admin)', created_at: null, download_url: null }
    expect(configuration.files.data).toEqual([{ object: 'compliance.workspace.gpt.file', id: 'file-1', ...empty }])
    const [short] = (await get(place, '/gpts?file_format=id')).json().data
    expect(short.latest_config.data[0].files.data).toMatchObject([{ id: 'file-1', name: '(Removed by your admin)' }])
  })
})

test('a walk that ended with a deleted conversation goes on, and one that changes is in its place again', async () => {
  const place = await desk()
  const chats = Array.from({ length: 6 }, () => uuid())
  await daybook.take(
    place.ingest,
    chats.map((chat) => conversation(chat, 'user-1')),
  )
  const page = async (after: string) => (await get(place, `/conversations?limit=2&after=${after}`)).json()
  const first = (await get(place, '/conversations?limit=2')).json()
  expect(first.last_id).toBe(chats[1])
  await deleted(place, `/conversations/${chats[1]}`)
  await deleted(place, `/conversations/${chats[2]}`)
  const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)
  expect(idsOf(await page(chats[1] ?? ''))).toEqual([chats[3], chats[4]])
  expect(idsOf(await page(chats[2] ?? ''))).toEqual([chats[3], chats[4]])
  const flat = await daybook.get(`/v1/compliance/conversations?conversation_id=${chats[1]}`, place.read)
  expect(flat.json()).toMatchObject({ data: [], has_more: false })
})

describe('counts', () => {
  const months = { range: '2024-05-01..2024-05-31' }

  test('of the past stay as they were, also made anew, and every one opens to the record exactly', async () => {
    const place = await desk()
    const key = await daybook.key(['analytics:read'], place)
    const chats = Array.from({ length: 4 }, () => uuid())
    await daybook.take(place.ingest, [
      ...[person('user-1'), person('user-2'), { kind: 'gpt', id: 'g-1', name: 'Named one' }],
      ...chats.flatMap((chat, n) => [
        conversation(chat, `user-${1 + (n % 2)}`, { gpt_id: 'g-1' }),
        ...Array.from({ length: 3 }, () => message(uuid(), chat, { person_id: `user-${1 + (n % 2)}` })),
      ]),
    ])
    await new Follower(daybook.ledger).catchUp()
    const asked = async (more: Record<string, string>) => {
      const parameters = { workspace_id: place.id, metrics: 'messages,active_people,conversations,gpt_messages', ...months, ...more }
      const answer = await daybook.get(`/api/analytics/query?${new URLSearchParams(parameters)}`, key)
      expect(answer.statusCode, answer.body).toBe(200)
      const { rows, total } = answer.json()
      return { rows, total }
    }
    const reconciled = async (metric: string) => {
      const parameters = new URLSearchParams({ workspace_id: place.id, metric, ...months })
      return (await daybook.get(`/api/analytics/reconciliation?${parameters}`, key)).json()
    }
    const before = { total: await asked({}), days: await asked({ by: 'day' }), people: await asked({ by: 'person' }) }
    const facts = await factLines(daybook.ledger.facts)
    await deleted(place, `/conversations/${chats[0]}`)
    await deleted(place, `/users/user-2/conversations/${chats[1]}`)
    await deleted(place, '/gpts/g-1')
    for (const step of ['at once', 'followed', 'made anew']) {
      if (step === 'followed') await new Follower(daybook.ledger).catchUp()
      if (step === 'made anew') await rebuildFacts(daybook.ledger)
      expect({ total: await asked({}), days: await asked({ by: 'day' }), people: await asked({ by: 'person' }) }, step).toEqual(before)
      expect(await factLines(daybook.ledger.facts), step).toEqual(facts)
      for (const metric of ['messages', 'conversations', 'active_people', 'gpt_messages'])
        expect(await reconciled(metric), `${metric} ${step}`).toMatchObject({ adds_up: true })
      const { steps } = await reconciled('messages')
      const amount = (name: string) => steps.find((one: { step: string }) => one.step === name)?.amount
      expect([amount('returned'), amount('deleted_since'), amount('counted')]).toEqual([6, 6, 12])
    }
    const { rows } = await asked({ by: 'gpt' })
    expect(rows).toMatchObject([{ gpt: 'g-1', gpt_name: 'deleted GPT g-1', messages: 12 }])
  })
})

describe('receipts', () => {
  test('are listed in pages, by whoever may read or delete, of their own workspace', async () => {
    const place = await desk()
    const other = await daybook.place()
    const chats = Array.from({ length: 5 }, () => uuid())
    await daybook.take(
      place.ingest,
      chats.map((chat) => conversation(chat, 'user-1')),
    )
    const made: string[] = []
    for (const chat of chats) made.push(await deleted(place, `/conversations/${chat}`))
    const found: string[] = []
    for (let after: number | null = 0; after !== null; ) {
      const answer = await daybook.get(`/api/receipts?limit=2&after=${after}`, place.remove)
      const { data, next } = receiptPage.parse(answer.json())
      expect(data.length).toBeLessThanOrEqual(2)
      found.push(...data.map(({ id }) => id))
      after = next
    }
    expect(found).toEqual(made)
    const whole = await daybook.get('/api/receipts', place.read)
    expect(whole.json().data[0]).toMatchObject({ item: { kind: 'conversation', id: chats[0] }, entries: 1, workspace_id: place.id })
    const everywhere = await daybook.key(['compliance:read'])
    expect((await daybook.get(`/api/receipts?workspace_id=${place.id}&limit=500`, everywhere)).json().data).toHaveLength(5)
    expect((await daybook.get('/api/receipts', other.read)).json()).toEqual({ data: [], next: null })
    for (const id of [made[0], uuid()]) expect((await daybook.get(`/api/receipts/${id}`, other.read)).statusCode).toBe(404)
    expect((await daybook.get('/api/receipts', place.ingest)).statusCode).toBe(403)
    const [last] = (await daybook.entries('receipts.list')).slice(-1)
    expect(last).toMatchObject({ kind: 'access', outcome: 'denied' })
  })

  test('name who asked for it and in which request, as the access record does', async () => {
    const place = await desk()
    const chat = uuid()
    await daybook.take(place.ingest, [conversation(chat, 'user-1')])
    const answer = await del(place, `/conversations/${chat}`)
    const receipt = (await daybook.get(`/api/receipts/${answer.headers['daybook-receipt']}`, place.read)).json()
    const [entry] = (await daybook.entries('conversation.delete')).slice(-1)
    expect(entry).toMatchObject({ request_id: answer.headers['x-request-id'], query: { receipt: receipt.id }, ids: [chat] })
    expect(receipt.request_id).toBe(answer.headers['x-request-id'])
    expect(entry?.actor).toMatchObject(receipt.actor)
    const auditor = await daybook.key(['activity:read'], place)
    const { data } = (await daybook.get('/api/access?action=conversation.delete', auditor)).json()
    expect(data).toMatchObject([{ ids: [chat], kind: 'change' }])
  })
})

test('in no file of the data directory does a deleted text lie in any spelling; one that may be there is found', async () => {
  const place = await desk()
  const chat = uuid()
  const marks = [marker(), marker(), marker(), marker(), marker()]
  await daybook.take(place.ingest, [
    conversation(chat, 'user-1', { title: marks[0] }),
    message(uuid(), chat, { content: [{ type: 'text', text: `${marks[1]} `.repeat(200) }], file_ids: ['file-1'] }),
    { ...message('m-bad', chat, { content: [{ type: 'text', text: marks[2] }] }), role: 'robot' },
    { kind: 'file', id: 'file-1', name: marks[3], conversation_id: chat },
  ])
  await putBytes(place, 'file-1', `${marks[4]} `.repeat(9000))
  await get(place, '/conversations')
  await deleted(place, `/conversations/${chat}`)
  const visible = marker()
  await createWorkspace(operatorContext(daybook.ledger), { name: visible })
  const blobs = await daybook.rows('select from blob union all select from released_blob')
  expect(blobs).toEqual([])
  await daybook.stop()
  const found = findInFiles(daybook.data, [visible, ...marks])
  expect(found.length).toBeGreaterThan(0)
  expect(found.filter((where) => !where.endsWith(visible))).toEqual([])
  for (const mark of marks) expect(daybook.logs).not.toContain(mark)
  await daybook.start()
  expect((await get(place, '/conversations')).json().data).toEqual([])
})
