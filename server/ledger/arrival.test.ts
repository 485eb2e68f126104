import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, userId, uuid } from '../../test/support/records.ts'
import { conversationList } from '../compliance/openai-schemas.ts'

const daybook = openTestApp()

async function conversationsOf(place: Place) {
  const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
  return conversationList.parse(answer.json()).data
}

const idsIn = (list: { messages: { data: { id: string }[] } }) => list.messages.data.map(({ id }) => id)

describe('nothing is refused for order', () => {
  test('a message may come before its conversation, a conversation before its person', async () => {
    const place = await daybook.place()
    const [owner, chat, text] = [userId(), uuid(), uuid()]
    expect(await daybook.take(place.ingest, [message(text, chat)])).toMatchObject({ accepted: 1 })
    const [alone] = await conversationsOf(place)
    expect(alone).toMatchObject({ id: chat, title: null, user_id: null, user_email: null, created_at: Date.UTC(2024, 4, 1, 8, 1) / 1000 })

    await daybook.take(place.ingest, [conversation(chat, owner)])
    const [named] = await conversationsOf(place)
    expect(named).toMatchObject({ title: `Title of ${chat}`, user_id: owner, user_email: null, created_at: Date.UTC(2024, 4, 1, 8) / 1000 })

    await daybook.take(place.ingest, [person(owner)])
    const [whole] = await conversationsOf(place)
    expect(whole).toMatchObject({ user_id: owner, user_email: `${owner}@example.com` })
    expect(idsIn(whole ?? { messages: { data: [] } })).toEqual([text])
  })

  test('whoever wrote a message stands for the owner until the conversation says who that is', async () => {
    const place = await daybook.place()
    const [writer, owner, chat] = [userId(), userId(), uuid()]
    await daybook.take(place.ingest, [message(uuid(), chat, { person_id: writer })])
    expect((await conversationsOf(place))[0]?.user_id).toBe(writer)
    await daybook.take(place.ingest, [conversation(chat, owner), message(uuid(), chat, { person_id: writer })])
    expect((await conversationsOf(place))[0]?.user_id).toBe(owner)
  })

  test('the same records in one batch or one by one, forward or backward, show the same', async () => {
    const [owner, chat] = [userId(), uuid()]
    const texts = [uuid(), uuid(), uuid()]
    const records = [person(owner), conversation(chat, owner), ...texts.map((id) => message(id, chat, { person_id: owner }))]
    const shown = []
    for (const order of [records, records.toReversed()]) {
      for (const size of [1, records.length]) {
        const place = await daybook.place()
        for (let at = 0; at < order.length; at += size) await daybook.take(place.ingest, order.slice(at, at + size))
        const [one] = await conversationsOf(place)
        shown.push({ ...one, workspace_id: null, messages: idsIn(one ?? { messages: { data: [] } }).sort() })
      }
    }
    expect(new Set(shown.map((one) => JSON.stringify(one))).size).toBe(1)
  })
})

describe('what was deleted at its source', () => {
  const [owner, chat, first, second] = [userId(), uuid(), uuid(), uuid()]
  const said = [conversation(chat, owner), message(first, chat), message(second, chat, { parent_id: first })]

  test('a message stays in its place when its deletion comes in the same batch', async () => {
    const place = await daybook.place()
    const of = { kind: 'message', id: first, conversation_id: chat }
    await daybook.take(place.ingest, [...said, { kind: 'deletion', of, deleted_at: '2024-05-02T00:00:00Z' }])
    const [shown] = await conversationsOf(place)
    expect(idsIn(shown ?? { messages: { data: [] } })).toEqual([first, second])
  })

  test('is deleted, also when only a version says so that was out of date when it came', async () => {
    const place = await daybook.place()
    const version = (day: number, more: object) => ({ ...message(first, chat), updated_at: `2024-05-0${day}T00:00:00Z`, ...more })
    await daybook.take(place.ingest, [version(4, {})])
    await daybook.take(place.ingest, [version(2, { deleted_at: '2024-05-02T00:00:00Z' })])
    const rows = await daybook.rows('select deleted_at from message where workspace_id = $1', [place.number])
    expect(rows).toEqual([{ deleted_at: '2024-05-02T00:00:00Z' }])
  })
})

describe('one id for several things', () => {
  test('a message id in two conversations is two messages, each with an id of its own on the wire', async () => {
    const place = await daybook.place()
    const [one, two, id] = [uuid(), uuid(), uuid()]
    const child = uuid()
    const reply = await daybook.take(place.ingest, [
      message(id, one),
      message(id, two, { content: [{ type: 'text', text: 'other' }] }),
      message(child, two, { parent_id: id }),
    ])
    expect(reply).toMatchObject({ accepted: 3, updated: 0 })
    const shown = await conversationsOf(place)
    const [first, second] = [one, two].map((chat) => shown.find((conversation) => conversation.id === chat)?.messages.data ?? [])
    expect(first?.map((message) => [message.id, message.content?.value])).toEqual([[id, `Text of ${id}`]])
    expect(second?.map((message) => message.content?.value)).toEqual(['other', `Text of ${child}`])
    expect(second?.[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(second?.[0]?.id).not.toBe(id)
    expect(second?.[1]?.parent_id).toBe(second?.[0]?.id)
    const again = (await conversationsOf(place)).flatMap(idsIn)
    expect(again.sort()).toEqual(shown.flatMap(idsIn).sort())
    expect(await daybook.take(place.ingest, [message(id, one)])).toMatchObject({ duplicates: 1 })
  })

  test('a parent that has not come, or is erased, is never taken for a message of another conversation', async () => {
    const place = await daybook.place()
    const [one, two, id] = [uuid(), uuid(), uuid()]
    await daybook.take(place.ingest, [message(id, one), message(uuid(), two, { parent_id: id })])
    const parentIn = async () => (await conversationsOf(place)).find((shown) => shown.id === two)?.messages.data.at(-1)?.parent_id
    const before = await parentIn()
    expect(before).not.toBe(id)
    await daybook.take(place.ingest, [message(id, two)])
    const shown = (await conversationsOf(place)).find((conversation) => conversation.id === two)?.messages.data
    expect(shown?.map((said) => said.id)).toContain(before)
    const key = await daybook.key(['compliance:delete'])
    await daybook.inject({ method: 'DELETE', url: `/v1/compliance/workspaces/${place.id}/conversations/${two}`, key })
    await daybook.take(place.ingest, [message(uuid(), two, { parent_id: id })])
    expect(await parentIn()).toBe(before)
  })

  test('two sources may use the same ids: nothing of one becomes a version of the other', async () => {
    const place = await daybook.place()
    const [owner, chat, text] = [userId(), uuid(), uuid()]
    const from = (source: string) =>
      [person(owner, { name: source }), conversation(chat, owner, { title: source }), message(text, chat)].map((record) => ({
        ...record,
        source,
      }))
    expect(await daybook.take(place.ingest, [...from('chatgpt'), ...from('claude')])).toMatchObject({ accepted: 6, updated: 0 })
    expect(await daybook.take(place.ingest, [...from('claude'), ...from('chatgpt')])).toMatchObject({ accepted: 0, duplicates: 6 })
    const shown = await conversationsOf(place)
    expect(shown.map(({ title }) => title)).toEqual(['chatgpt', 'claude'])
    expect(shown[0]).toMatchObject({ id: chat, user_id: owner })
    expect(new Set(shown.map(({ id }) => id)).size).toBe(2)
    expect(new Set(shown.map(({ user_id }) => user_id)).size).toBe(2)
    expect(new Set(shown.flatMap(idsIn)).size).toBe(2)
    const users = await daybook.get(`/v1/compliance/workspaces/${place.id}/users`, place.read)
    expect(new Set(users.json().data.map(({ id }: { id: string }) => id))).toEqual(new Set(shown.map(({ user_id }) => user_id)))
  })

  test('a thing in another workspace is another thing', async () => {
    const [here, there] = [await daybook.place(), await daybook.place()]
    const [owner, chat] = [userId(), uuid()]
    const records = [person(owner), conversation(chat, owner), message(uuid(), chat)]
    await daybook.take(here.ingest, records)
    expect(await daybook.take(there.ingest, records)).toMatchObject({ accepted: 3, duplicates: 0 })
    expect((await conversationsOf(here))[0]).toMatchObject({ id: chat, workspace_id: here.id })
    expect((await conversationsOf(there))[0]).toMatchObject({ id: chat, workspace_id: there.id })
  })

  test('a source without the ids a provider would give gets stable ones in their form', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [
      person('ada@example.com', { source: 'open-webui' }),
      conversation('chat/7', 'ada@example.com', { source: 'open-webui' }),
      message('m-1', 'chat/7', { source: 'open-webui' }),
      message('m-2', 'chat/7', { source: 'open-webui', parent_id: 'm-1' }),
    ])
    const [shown] = await conversationsOf(place)
    expect(shown?.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(shown?.user_id).toMatch(/^user-[A-Za-z0-9]{24}$/)
    expect(shown?.messages.data[1]?.parent_id).toBe(shown?.messages.data[0]?.id)
    expect(await conversationsOf(place)).toEqual([shown])
    const byOwnId = await daybook.get(
      `/v1/compliance/workspaces/${place.id}/conversations/${encodeURIComponent('chat/7')}/messages`,
      place.read,
    )
    expect(byOwnId.json().data).toHaveLength(2)
  })
})

describe('a deletion', () => {
  const deletedAt = async (place: Place, table: 'item' | 'message', id: string) => {
    const rows = await daybook.rows<{ deleted_at: string | null }>(`select deleted_at from ${table} where workspace_id = $1 and id = $2`, [
      place.number,
      id,
    ])
    return rows.map(({ deleted_at }) => deleted_at)
  }
  const deletion = (of: object, day: number, more: object = {}) => ({
    kind: 'deletion',
    of,
    deleted_at: `2024-05-0${day}T00:00:00Z`,
    ...more,
  })

  test('may come before or after what it deletes, which stays readable', async () => {
    for (const first of ['deletion', 'item']) {
      const place = await daybook.place()
      const [chat, text] = [uuid(), uuid()]
      const items = [conversation(chat, 'user-1'), message(text, chat)]
      const deletions = [
        deletion({ kind: 'conversation', id: chat }, 2),
        deletion({ kind: 'message', id: text, conversation_id: chat }, 3),
        deletion({ kind: 'gpt', id: 'g-1' }, 4),
      ]
      const batches = first === 'item' ? [items, deletions] : [deletions, items]
      for (const batch of batches) expect(await daybook.take(place.ingest, batch)).toMatchObject({ accepted: batch.length, rejected: [] })
      expect(await deletedAt(place, 'item', chat), first).toEqual(['2024-05-02T00:00:00Z'])
      expect(await deletedAt(place, 'message', text), first).toEqual(['2024-05-03T00:00:00Z'])
      expect(await deletedAt(place, 'item', 'g-1'), first).toEqual(['2024-05-04T00:00:00Z'])
      const [shown] = await conversationsOf(place)
      expect(idsIn(shown ?? { messages: { data: [] } })).toEqual([text])
      expect(await daybook.take(place.ingest, [...deletions, ...items])).toMatchObject({ duplicates: 5 })
    }
  })

  test('is of the time it names, whatever else it says', async () => {
    const place = await daybook.place()
    const more = { updated_at: '2024-06-01T00:00:00Z', created_at: '2024-06-02T00:00:00Z' }
    await daybook.take(place.ingest, [
      deletion({ kind: 'memory', id: 'm' }, 1, more),
      deletion({ kind: 'message', id: 'x', conversation_id: 'c' }, 2, more),
    ])
    expect(await deletedAt(place, 'item', 'm')).toEqual(['2024-05-01T00:00:00Z'])
    expect(await deletedAt(place, 'message', 'x')).toEqual(['2024-05-02T00:00:00Z'])
  })

  test('said twice is of the earlier time, in whatever order they come', async () => {
    for (const days of [
      [3, 2],
      [2, 3],
    ]) {
      const place = await daybook.place()
      for (const day of days)
        await daybook.take(place.ingest, [
          deletion({ kind: 'memory', id: 'm' }, day, { id: `a${day}` }),
          deletion({ kind: 'message', id: 'x', conversation_id: 'c' }, day, { id: `b${day}` }),
        ])
      expect(await deletedAt(place, 'item', 'm')).toEqual(['2024-05-02T00:00:00Z'])
      expect(await deletedAt(place, 'message', 'x')).toEqual(['2024-05-02T00:00:00Z'])
    }
  })

  test('of a message needs its conversation; of a deletion or of nothing known there is none', async () => {
    const place = await daybook.place()
    const { rejected } = await daybook.take(place.ingest, [
      deletion({ kind: 'message', id: 'm' }, 1),
      deletion({ kind: 'deletion', id: 'd' }, 1),
      deletion({ kind: 'robot', id: 'r' }, 1),
    ])
    expect(rejected.map(({ code, message }) => [code, message.split(':')[0]])).toEqual([
      ['bad_field', 'of.conversation_id'],
      ['bad_field', 'of.kind'],
      ['bad_field', 'of.kind'],
    ])
  })
})
