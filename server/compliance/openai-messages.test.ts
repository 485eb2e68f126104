import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, uuid } from '../../test/support/records.ts'
import { messageList } from './openai-schemas.ts'

const daybook = openTestApp()

const path = (place: Place, chat: string, query = '') => `/v1/compliance/workspaces/${place.id}/conversations/${chat}/messages${query}`

async function messages(place: Place, chat: string, query = '') {
  const answer = await daybook.get(path(place, chat, query), place.read)
  expect(answer.statusCode, answer.body).toBe(200)
  return messageList.parse(answer.json())
}

async function placeWith(count: number): Promise<Place & { chat: string; ids: string[] }> {
  const place = await daybook.place()
  const chat = uuid()
  const ids = Array.from({ length: count }, () => uuid())
  await daybook.take(place.ingest, [
    conversation(chat, 'user-1', { gpt_id: 'g-1' }),
    ...ids.map((id, i) => message(id, chat, { parent_id: ids[i - 1] ?? null, file_ids: i === 0 ? ['file-1'] : [] })),
  ])
  return { ...place, chat, ids }
}

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)

describe('the messages of a conversation', () => {
  test('are the same objects as in the list of conversations', async () => {
    const place = await placeWith(3)
    const list = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
    expect(await messages(place, place.chat)).toEqual(list.json().data[0].messages)
    const short = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations?file_format=id`, place.read)
    expect(await messages(place, place.chat, '?file_format=id')).toEqual(short.json().data[0].messages)
  })

  test.each([1, 7, 19, 20, 21])('come in pages of %d, in the order of their arrival, each once', async (limit) => {
    const place = await placeWith(20)
    const seen: string[] = []
    for (let query = `?limit=${limit}`; ; ) {
      const page = await messages(place, place.chat, query)
      expect(page.last_id).toBe(page.data.at(-1)?.id)
      expect(page.data.length).toBe(Math.min(limit, 20 - seen.length))
      expect(page.data.map(({ parent_id }) => parent_id)).toEqual(page.data.map(({ id }) => place.ids[place.ids.indexOf(id) - 1] ?? null))
      seen.push(...idsOf(page))
      if (!page.has_more) break
      query = `?limit=${limit}&after=${page.last_id}`
    }
    expect(seen).toEqual(place.ids)
  })

  test('that arrive or change while they are read neither shift nor repeat the pages', async () => {
    const place = await placeWith(10)
    const first = await messages(place, place.chat, '?limit=4')
    const late = uuid()
    await daybook.take(place.ingest, [
      message(place.ids[3] ?? '', place.chat, { content: [{ type: 'text', text: 'edited' }] }),
      message(late, place.chat),
    ])
    const rest = await messages(place, place.chat, `?after=${first.last_id}`)
    expect([...idsOf(first), ...idsOf(rest)]).toEqual([...place.ids, late])
  })

  test('go on after one that was erased meanwhile', async () => {
    const place = await placeWith(5)
    const first = await messages(place, place.chat, '?limit=2')
    await daybook.rows(
      'delete from salts.log s using message m where m.organization_id = s.organization_id and m.seq = s.seq and m.id = $1',
      [first.last_id],
    )
    expect(idsOf(await messages(place, place.chat, `?after=${first.last_id}`))).toEqual(place.ids.slice(2))
  })

  test('of a conversation without end are the same, in the list and in pages, as those of a short one', async () => {
    const place = await daybook.place()
    const [before, chat, after] = [uuid(), uuid(), uuid()]
    // Every seventh has an id that another conversation has as well, and none that a connector would take.
    const idAt = (i: number) => (i % 7 === 0 ? `m-${i}` : `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`)
    const said = (i: number) =>
      message(idAt(i), chat, { parent_id: i === 0 ? null : idAt(i - 1), file_ids: i % 100 === 0 ? [`file-${i}`] : [] })
    await daybook.take(place.ingest, [
      conversation(before, 'user-1'),
      ...Array.from({ length: 120 }, (_, i) => message(`m-${i * 7}`, before)),
      ...[conversation(chat, 'user-1'), ...Array.from({ length: 777 }, (_, i) => said(i))],
      ...[conversation(after, 'user-1'), message(uuid(), after)],
    ])
    const list = (await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)).json()
    expect(list.data.map(({ messages: { data } }: { messages: { data: object[] } }) => data.length)).toEqual([120, 777, 1])
    const whole = messageList.parse(list.data[1].messages)
    expect(whole.last_id).toBe(whole.data.at(-1)?.id)
    expect(whole.data.map(({ parent_id }) => parent_id)).toEqual([null, ...idsOf(whole).slice(0, -1)])
    expect(whole.data.map(({ content }) => content?.value)).toEqual(Array.from({ length: 777 }, (_, i) => `Text of ${idAt(i)}`))
    expect(whole.data.flatMap(({ files }) => idsOf(files))).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => `file-${i * 100}`))
    const [first, second] = [await messages(place, chat), await messages(place, chat, `?after=${whole.data[499]?.id}`)]
    expect([...first.data, ...second.data]).toEqual(whole.data)
    expect([first.has_more, first.data.length, second.has_more]).toEqual([true, 500, false])
  })

  test('are none where only a deletion or a file spoke of the conversation', async () => {
    const place = await daybook.place()
    const chat = uuid()
    await daybook.take(place.ingest, [{ kind: 'file', id: 'f', conversation_id: chat }])
    expect(await messages(place, chat)).toEqual({ object: 'list', data: [], last_id: null, has_more: false })
  })

  test('of an unknown conversation, a foreign one or after an unknown message are not found', async () => {
    const place = await placeWith(2)
    const other = await placeWith(2)
    const notFound = (param: string | null) => ({ type: 'not_found_error', code: 'not_found', param, message: expect.any(String) })
    const errorOf = async (url: string) => {
      const answer = await daybook.get(url, place.read)
      expect(answer.statusCode).toBe(404)
      return answer.json().error
    }
    expect(await errorOf(path(place, uuid()))).toEqual(notFound(null))
    expect(await errorOf(path(place, other.chat))).toEqual(notFound(null))
    expect(await errorOf(path(other, other.chat))).toEqual(notFound(null))
    expect(await errorOf(path(place, place.chat, `?after=${uuid()}`))).toEqual(notFound('after'))
    expect(await errorOf(path(place, place.chat, `?after=${other.ids[0]}`))).toEqual(notFound('after'))
  })

  test('that were handed out are on record by their conversation', async () => {
    const place = await placeWith(2)
    await messages(place, place.chat)
    await daybook.get(path(place, uuid()), place.read)
    expect((await daybook.entries('messages.list')).slice(-2)).toMatchObject([
      { outcome: 'allowed', ids: [place.chat], workspace_id: place.id },
      { outcome: 'denied', reason: 'not_found', count: 0 },
    ])
  })
})
