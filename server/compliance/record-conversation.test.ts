import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ConversationReply, conversationReply } from '../../contract/record.ts'
import { openTestApp } from '../../test/support/app.ts'
import { member, signIn } from '../../test/support/people.ts'
import { entries, entry, mixed, one, post, purpose, read, two } from '../../test/support/record-pages.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { loadSample } from '../demo.ts'
import { listWorkspaces } from '../people/workspaces.ts'

const daybook = openTestApp()

describe('a conversation', () => {
  test('has its owner, its titles, its branches, what is hidden, what is called, its files, versions and deletions', async () => {
    const place = await daybook.place()
    const chat = uuid()
    const ids = Array.from({ length: 6 }, () => uuid())
    const [m0 = '', m1 = '', m2 = '', m3 = '', m4 = '', m5 = ''] = ids
    const parts = [
      { type: 'thinking', text: 'hm' },
      { type: 'tool_use', id: 't', name: 'web', input: { __proto__: null, q: 1 } },
      { type: 'raw', value: { '\u0000': '\ud800' } },
      { type: 'image', file_id: 'f1' },
    ]
    await daybook.take(place.ingest, [
      person('user-1', { email: 'ada@example.com', name: 'Ada' }),
      { kind: 'gpt', id: 'g-1', name: 'Helper' },
      conversation(chat, 'user-1', { gpt_id: 'g-1', default_model: 'gpt-5' }),
      message(m0, chat, { role: 'system', hidden: true, injected: true }),
      message(m1, chat, { parent_id: m0, person_id: 'user-1' }),
      message(m2, chat, { parent_id: m1, role: 'assistant', model: 'gpt-5', content: parts, tools: [{ name: 'web' }] }),
      message(m3, chat, { parent_id: m1, role: 'assistant', file_ids: ['f2'] }),
      message(m4, chat, { parent_id: m2, role: 'tool', tool_name: 'web' }),
      message(m5, chat, { parent_id: 'not here', role: 'assistant' }),
      { kind: 'file', id: 'f1', name: 'a.png', mime_type: 'image/png', size: 3, conversation_id: chat },
    ])
    await daybook.take(place.ingest, [
      conversation(chat, 'user-1', { title: 'Later', updated_at: '2024-06-01T00:00:00Z' }),
      message(m3, chat, { parent_id: m1, role: 'assistant', content: [{ type: 'text', text: 'again' }] }),
      { kind: 'deletion', of: { kind: 'message', id: m4, conversation_id: chat }, deleted_at: '2024-06-02T00:00:00Z' },
    ])
    await daybook.inject({ method: 'PUT', url: '/api/intake/files/f1/bytes', key: place.ingest, payload: 'png' })
    const { conversation: head, messages } = await read(daybook, place, chat)
    expect(head).toMatchObject({
      id: chat,
      title: 'Later',
      owner: { email: 'ada@example.com', name: 'Ada' },
      messages: 6,
      gpt: null,
      erased: null,
    })
    expect(head.versions.map(({ title, newest }) => [title, newest])).toEqual([
      [`Title of ${chat}`, false],
      ['Later', true],
    ])
    expect(messages.map(({ id, parent_id, parent_known, role }) => [id, parent_id, parent_known, role])).toEqual([
      [m0, null, false, 'system'],
      [m1, m0, true, 'user'],
      [m2, m1, true, 'assistant'],
      [m3, m1, true, 'assistant'],
      [m4, m2, true, 'tool'],
      [m5, expect.stringMatching(/^[0-9a-f-]{36}$/), false, 'assistant'],
    ])
    expect(messages[0]).toMatchObject({ hidden: true, injected: true })
    expect(messages[1]).toMatchObject({ hidden: false, injected: false, person: { email: 'ada@example.com' }, versions: [], files: [] })
    expect(messages[2]).toMatchObject({ content: parts, tools: ['web'], model: 'gpt-5' })
    expect(messages[2]?.files).toEqual([
      { id: 'f1', name: 'a.png', mime_type: 'image/png', size: 3, erased: false, link: expect.stringMatching(/^\/v1\//) },
    ])
    expect((await daybook.inject({ method: 'GET', url: messages[2]?.files[0]?.link ?? '' })).body).toBe('png')
    expect(messages[3]?.versions.map(({ content, newest }) => [content, newest])).toEqual([
      [[{ type: 'text', text: `Text of ${m3}` }], false],
      [[{ type: 'text', text: 'again' }], true],
    ])
    expect(messages[4]).toMatchObject({ tool_name: 'web', deleted_at: '2024-06-02T00:00:00Z' })
  })

  test('of many messages, some of them huge, comes page by page, each once and in order', async () => {
    const place = await daybook.place()
    const chat = uuid()
    const ids = Array.from({ length: 230 }, uuid)
    const text = (i: number) => (i % 20 === 0 ? `${i} ${'x'.repeat(900_000)}` : `${i}`)
    for (let from = 0; from < ids.length; from += 50)
      await daybook.take(
        place.ingest,
        ids.slice(from, from + 50).map((id, i) => message(id, chat, { content: [{ type: 'text', text: text(from + i) }] })),
      )
    const { messages, conversation: head } = await read(daybook, place, chat)
    expect(messages.map(({ id }) => id)).toEqual(ids)
    expect(messages.map(({ content }) => Object(content?.[0]).text)).toEqual(ids.map((_, i) => text(i)))
    expect([head.messages, head.title, head.owner]).toEqual([230, null, null])
    const pages = (await daybook.entries('record.conversation')).filter(({ query }) => Object(query).conversation_id === chat)
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.every(({ outcome, query }) => outcome === 'allowed' && Object(query).purpose === purpose)).toBe(true)
  })

  test('skips nothing where a page is full before a message of which only the deletion has come', async () => {
    const place = await daybook.place()
    const chat = uuid()
    const ids = Array.from({ length: 12 }, uuid)
    const deleted = uuid()
    const content = [{ type: 'text', text: 'x'.repeat(900_000) }]
    for (const id of ids) await daybook.take(place.ingest, [message(id, chat, { content })])
    const of = { kind: 'message', id: deleted, conversation_id: chat }
    await daybook.take(place.ingest, [{ kind: 'deletion', of, deleted_at: '2024-06-02T00:00:00Z' }])
    const { messages } = await read(daybook, place, chat)
    expect(messages.map(({ id }) => id)).toEqual([...ids, deleted])
  })

  test('keeps the gap where a message was erased, with what may be counted', async () => {
    const place = await daybook.place()
    const [chat, m0, m1] = [uuid(), uuid(), uuid()]
    await daybook.take(place.ingest, [
      conversation(chat, 'user-1'),
      message(m0, chat),
      message(m1, chat, { parent_id: m0, role: 'assistant', model: 'gpt-5' }),
    ])
    await daybook.ledger.database.writes.query(
      `delete from salts.log s using message m where m.organization_id = s.organization_id and m.seq = s.seq and m.id = $1`,
      [m1],
    )
    const { messages } = await read(daybook, place, chat)
    expect(messages[1]).toMatchObject({
      id: m1,
      parent_id: m0,
      role: 'assistant',
      model: 'gpt-5',
      erased: { receipt: null },
      content: null,
    })
  })

  test('that was deleted from the record is a gap in each of its places, with the time and the receipt', async () => {
    const place = await daybook.place()
    const [chat, m0, m1] = [uuid(), uuid(), uuid()]
    await daybook.take(place.ingest, [
      conversation(chat, 'user-1'),
      message(m0, chat, { file_ids: ['f'] }),
      message(m1, chat, { parent_id: m0, role: 'assistant' }),
      { kind: 'file', id: 'f', name: 'a.txt', conversation_id: chat },
    ])
    const key = await daybook.key(['compliance:delete'], place)
    const path = `/v1/compliance/workspaces/${place.id}`
    const remove = async (url: string) => expect((await daybook.inject({ method: 'DELETE', url: path + url, key })).statusCode).toBe(200)
    const receipts = async () => (await daybook.get(`/api/receipts?workspace_id=${place.id}`, place.read)).json().data
    await remove(`/users/user-1/files/f?conversation_id=${chat}`)
    expect((await read(daybook, place, chat)).messages[0]?.files).toMatchObject([{ id: 'f', name: null, erased: true, link: null }])
    const [ofFile] = await receipts()
    expect((await entries(daybook, place, { id: 'f' })).data).toMatchObject([
      { kind: 'file', erased: { at: ofFile.at, receipt: ofFile.id } },
    ])

    await remove(`/conversations/${chat}`)
    const [, gone] = await receipts()
    const erased = { at: gone.at, receipt: gone.id }
    const { conversation: head, messages } = await read(daybook, place, chat)
    expect(head).toMatchObject({ id: chat, title: null, erased, messages: 2, versions: [{ erased: true, title: null }] })
    expect(messages).toMatchObject([
      { id: m0, role: 'user', content: null, erased },
      { id: m1, parent_id: m0, parent_known: true, role: 'assistant', content: null, erased },
    ])
    const { data } = await entries(daybook, place, { conversation_id: chat, purpose })
    const lines = data.filter(({ kind }) => kind !== 'file')
    expect(lines.map(({ kind, excerpt, size, erased: gap }) => [kind, excerpt, size, gap])).toEqual([
      ['message', null, null, erased],
      ['message', null, null, erased],
      ['conversation', null, null, erased],
    ])

    // What goes later has a receipt of its own; what went before keeps its own.
    const m2 = uuid()
    await daybook.take(place.ingest, [message(m2, chat, { parent_id: m1 })])
    await remove(`/conversations/${chat}`)
    const [, , last] = await receipts()
    expect((await read(daybook, place, chat)).messages).toMatchObject([
      ...[{ erased }, { erased }],
      { id: m2, erased: { at: last.at, receipt: last.id } },
    ])
    expect((await entries(daybook, place, { id: 'f' })).data).toMatchObject([{ erased: { at: ofFile.at, receipt: ofFile.id } }])
  })

  test('a file that went with its GPT has the receipt of the GPT', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [
      { kind: 'gpt', id: 'g-1', name: 'Helper', file_ids: ['f'] },
      { kind: 'file', id: 'f', name: 'a.txt' },
    ])
    const key = await daybook.key(['compliance:delete'], place)
    const answer = await daybook.inject({ method: 'DELETE', url: `/v1/compliance/workspaces/${place.id}/gpts/g-1`, key })
    const receipt = answer.headers['daybook-receipt']
    expect((await entries(daybook, place, { id: 'f' })).data).toMatchObject([{ erased: { receipt } }])
  })

  test('of which only the deletion of a message has arrived says that', async () => {
    const place = await daybook.place()
    const chat = uuid()
    await daybook.take(place.ingest, [
      { kind: 'deletion', of: { kind: 'message', id: 'm', conversation_id: chat }, deleted_at: '2024-06-02T00:00:00Z' },
    ])
    expect((await read(daybook, place, chat)).messages).toMatchObject([
      { seq: null, erased: null, deleted_at: '2024-06-02T00:00:00Z', content: null },
    ])
  })
})

describe('real exports', () => {
  interface Node {
    parent: string | null
    message: {
      id: string
      author: { role: string }
      weight: number
      metadata: { is_visually_hidden_from_conversation?: boolean }
    } | null
  }
  interface Exported {
    conversation_id: string
    title: string
    mapping: Record<string, Node>
  }

  test('have the branches, tools and hidden messages that the files have', async () => {
    await loadSample(daybook.ledger)
    const workspace = (await listWorkspaces(daybook.ledger)).find(({ kind }) => kind === 'sample')
    if (!workspace) throw new Error('there is no sample')
    const place = { id: workspace.id, read: await daybook.key(['compliance:read'], workspace) }
    const file = join(import.meta.dirname, '..', '..', 'sample', 'CSN1', 'conversations.json')
    const seen = { branches: 0, hidden: 0, tools: 0 }
    for (const { conversation_id, title, mapping } of JSON.parse(readFileSync(file, 'utf8')) as Exported[]) {
      const { conversation: head, messages } = await read(daybook, place, conversation_id)
      expect(head.title).toBe(title)
      const nodes = Object.values(mapping).flatMap(({ message: said, parent }) => (said ? [{ said, parent }] : []))
      const line = ({ said, parent }: (typeof nodes)[number]) => {
        const above = parent === null ? null : (mapping[parent]?.message?.id ?? null)
        return `${said.id} ${above} ${said.author.role}`
      }
      expect(messages.map((one) => `${one.source_id} ${parentOf(one, messages)} ${one.role}`).sort()).toEqual(nodes.map(line).sort())
      const hidden = nodes.filter(({ said }) => said.weight === 0 || said.metadata.is_visually_hidden_from_conversation === true)
      expect(messages.filter((one) => one.hidden).map(({ source_id }) => source_id)).toEqual(
        expect.arrayContaining(hidden.map(({ said }) => said.id)),
      )
      const parents = nodes.map(({ parent }) => parent)
      seen.branches += parents.length - new Set(parents).size
      seen.hidden += hidden.length
      seen.tools += messages.filter(({ tool_name }) => tool_name !== null).length
    }
    expect(Math.min(seen.branches, seen.hidden, seen.tools)).toBeGreaterThan(0)
  })

  const parentOf = ({ parent_id }: ConversationReply['messages'][number], all: ConversationReply['messages']) =>
    all.find(({ id }) => id === parent_id)?.source_id ?? null
})

describe('whoever asks', () => {
  test('states a purpose for content, or is refused', async () => {
    const place = await mixed(daybook)
    const body = { workspace_id: place.id, conversation_id: one, seq: 1 }
    for (const [path, wrong] of [
      ['conversation', { workspace_id: place.id, conversation_id: one }],
      ['conversation', { workspace_id: place.id, conversation_id: one, purpose: ' ab ' }],
      ['entry', { workspace_id: place.id, seq: 1 }],
      ['entries', { workspace_id: place.id, purpose: 'x'.repeat(501) }],
    ] as const) {
      const answer = await post(daybook, path, { key: place.read, body: wrong })
      expect([answer.statusCode, answer.json().param], path).toEqual([400, 'purpose'])
    }
    expect((await post(daybook, 'entries', { key: place.read, body })).statusCode).toBe(400)
  })

  test('leaves the purpose and the ids in the access record, and no content', async () => {
    const place = await mixed(daybook)
    const { data } = await entries(daybook, place, { kind: 'memory', purpose: 'Audit 12' })
    const [listed] = (await daybook.entries('record.list')).slice(-1)
    expect(listed).toMatchObject({ outcome: 'allowed', ids: ['mem'], count: 1, query: { kind: 'memory', purpose: 'Audit 12' } })
    await entry(daybook, place, data[0]?.seq ?? 0)
    expect((await daybook.entries('record.read')).at(-1)).toMatchObject({ ids: ['mem'], query: { seq: data[0]?.seq, purpose } })
    const { conversation: head, messages } = await read(daybook, place, one)
    const last = (await daybook.entries('record.conversation')).at(-1)
    expect(last).toMatchObject({ ids: [head.id, ...messages.map(({ id }) => id)], query: { conversation_id: one, purpose } })
    for (const said of [listed, last]) expect(JSON.stringify(said)).not.toMatch(/likes tea|edited|Another title|plan\.pdf/)
    expect(daybook.logs).not.toMatch(/likes tea|Another title/)
  })

  test('sees nothing of another workspace', async () => {
    const [place, other] = [await mixed(daybook), await mixed(daybook)]
    const [theirs] = (await entries(daybook, other)).data
    expect(
      (await post(daybook, 'entry', { key: place.read, body: { workspace_id: place.id, seq: theirs?.seq, purpose } })).statusCode,
    ).toBe(404)
    expect((await daybook.entries('record.read')).at(-1)).toMatchObject({ outcome: 'denied', reason: 'not_found' })
    const own = await daybook.place()
    expect(
      (await post(daybook, 'conversation', { key: own.read, body: { workspace_id: own.id, conversation_id: two, purpose } })).statusCode,
    ).toBe(404)
    expect((await entries(daybook, own, { id: 'm1' })).data).toEqual([])
    expect((await entries(daybook, own, { conversation_id: one })).data).toEqual([])
  })

  test('is a person whose role reads the record; a file then opens in their session alone', async () => {
    const place = await daybook.place()
    const chat = uuid()
    await daybook.take(place.ingest, [
      message(uuid(), chat, { file_ids: ['f'] }),
      { kind: 'file', id: 'f', name: 'a.txt', conversation_id: chat },
    ])
    await daybook.inject({ method: 'PUT', url: '/api/intake/files/f/bytes', key: place.ingest, payload: 'bytes' })
    const cookie = await signIn(daybook, (await member(daybook, ['legal'])).id)
    const body = { workspace_id: place.id, conversation_id: chat, purpose }
    const answer = await post(daybook, 'conversation', { cookie, body })
    expect(answer.statusCode, answer.body).toBe(200)
    const { link } = conversationReply.parse(answer.json()).messages[0]?.files[0] ?? {}
    const follow = (headers: Record<string, string>) => daybook.inject({ method: 'GET', url: link ?? '', headers })
    expect((await follow({ cookie })).body).toBe('bytes')
    expect((await daybook.entries('files.download')).at(-1)).toMatchObject({ actor: { kind: 'person' }, ids: ['f'] })
    expect((await follow({})).statusCode).toBe(401)
    expect((await follow({ cookie: await signIn(daybook, (await member(daybook, ['legal'])).id) })).statusCode).toBe(403)
    const owner = await signIn(daybook, (await member(daybook, ['owner'])).id)
    expect((await post(daybook, 'conversation', { cookie: owner, body })).statusCode).toBe(403)
  })
})
