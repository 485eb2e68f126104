import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { merkleRoot } from '../ledger/merkle.ts'
import { conversationList } from './openai-schemas.ts'

const daybook = openTestApp()

async function conversations(place: Place, query = '') {
  const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations${query}`, place.read)
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  return conversationList.parse(answer.json())
}

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)
const object = 'compliance.workspace.conversation'
const seconds = (hour: number) => Date.UTC(2024, 4, 1, hour) / 1000
const at = (hour: number) => new Date(seconds(hour) * 1000).toISOString()

/** A workspace with conversations of one message each, in the order of their arrival; owners take turns. */
async function placeWith(count: number, owners: readonly string[] = ['user-1']): Promise<Place & { ids: string[] }> {
  const place = await daybook.place()
  const ids = Array.from({ length: count }, () => uuid())
  await daybook.take(
    place.ingest,
    ids.flatMap((id, i) => [conversation(id, owners[i % owners.length] ?? ''), message(uuid(), id)]),
  )
  return { ...place, ids }
}

describe('a conversation', () => {
  const [chat, question, reply, hint] = [uuid(), uuid(), uuid(), uuid()]

  async function whole(): Promise<Place> {
    const place = await daybook.place()
    await daybook.take(place.ingest, [
      person('user-1', { email: 'ada@example.com' }),
      conversation(chat, 'user-1', { title: 'Über 漢字', created_at: at(8), gpt_id: 'g-1', project_id: 'g-p-1' }),
      message(hint, chat, { role: 'system', created_at: null, content: null, gpt_id: null }),
      message(question, chat, { parent_id: hint, created_at: at(9), file_ids: ['file-1', 'file-9'], project_id: 'g-p-2' }),
      message(reply, chat, {
        ...{ role: 'tool', tool_name: 'browser', parent_id: question, created_at: '2024-05-01T10:00:00.123456Z' },
        content: [
          { type: 'text', text: 'One' },
          { type: 'citation', urls: ['https://example.com/1', 'https://example.com/2'] },
          { type: 'text', text: 'Two' },
        ],
      }),
      { kind: 'file', id: 'file-1', name: 'a.pdf', created_at: at(7) },
    ])
    return place
  }

  const text = (value: string, annotations: object[] = []) => ({ object: `${object}.message.content`, type: 'text', value, annotations })
  const author = (role: string, tool_name: string | null = null) => ({ object: `${object}.message.author`, role, tool_name })
  const files = (data: { id: string }[]) => ({ object: 'list', data, last_id: data.at(-1)?.id ?? null, has_more: false })

  test('is an object as the provider has it, its messages inline and in order', async () => {
    const place = await whole()
    const file = (id: string, name: string | null) => ({ object: `${object}.message.file`, id, name, created_at: null, download_url: null })
    const shown = { object: `${object}.message`, gpt_id: 'g-1', project_id: 'g-p-1' }
    expect((await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)).json()).toEqual({
      object: 'list',
      data: [
        {
          ...{ object, id: chat, workspace_id: place.id, user_id: 'user-1', user_email: 'ada@example.com', title: 'Über 漢字' },
          ...{ created_at: seconds(8), last_active_at: seconds(10) + 0.123456 },
          messages: {
            object: 'list',
            data: [
              { ...shown, id: hint, parent_id: null, created_at: null, author: author('system'), content: null, files: files([]) },
              {
                ...{ ...shown, id: question, parent_id: hint, created_at: seconds(9), project_id: 'g-p-2', author: author('user') },
                ...{
                  content: text(`Text of ${question}`),
                  files: files([file('file-1', 'a.pdf'), file('file-9', null)]),
                },
              },
              {
                ...{ ...shown, id: reply, parent_id: question, created_at: seconds(10) + 0.123456, author: author('tool', 'browser') },
                content: text('One\nTwo', [{ type: 'url_citation', urls: ['https://example.com/1', 'https://example.com/2'] }]),
                files: files([]),
              },
            ],
            ...{ last_id: reply, has_more: false },
          },
        },
      ],
      last_id: chat,
      has_more: false,
    })
  })

  test('names its files in short with file_format=id', async () => {
    const place = await whole()
    const short = (id: string, name: string | null) => ({ object: `${object}.message.file_info`, id, name, user_id: 'user-1' })
    const [shown] = (await conversations(place, '?file_format=id')).data
    expect(shown?.messages.data[1]?.files).toEqual(files([short('file-1', 'a.pdf'), short('file-9', null)]))
    expect(await conversations(place, '?file_format=url')).toEqual(await conversations(place))
  })

  test('without any time has the time at which it came', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [
      conversation(chat, 'user-1', { created_at: null, title: null }),
      message(uuid(), chat, { created_at: null }),
    ])
    const [shown] = (await conversations(place)).data
    expect(shown).toMatchObject({ title: null, user_email: null, last_active_at: shown?.created_at })
    expect((shown?.created_at ?? 0) * 1000).toBeCloseTo(Date.parse((await daybook.records(place.read)).at(0)?.received_at ?? ''), -4)
  })

  test('without a time of its own has those of its messages', async () => {
    const place = await daybook.place()
    const texts = [9, 12, 7].map((hour) => message(uuid(), chat, { created_at: at(hour) }))
    await daybook.take(place.ingest, [conversation(chat, 'user-1', { created_at: null }), ...texts])
    expect((await conversations(place)).data).toMatchObject([{ created_at: seconds(7), last_active_at: seconds(12) }])
  })

  test.each([
    [[{ type: 'code', language: 'python', text: 'print(1)' }], 'code', 'print(1)'],
    [[{ type: 'thinking', text: 'Hm' }], 'thoughts', 'Hm'],
    [[{ type: 'tool_use', name: 'search', input: { q: 'x' } }], 'tool_use', '{"q":"x"}'],
    [[{ type: 'tool_result', content: 'found' }], 'tool_result', 'found'],
    [[{ type: 'raw', value: [1, 2] }], 'raw', '[1,2]'],
    [[{ type: 'image', file_id: 'file-1' }], 'multimodal_text', '{"file_id":"file-1","type":"image"}'],
    [
      [
        { type: 'text', text: 'a' },
        { type: 'code', text: 'b' },
      ],
      'multimodal_text',
      'a\nb',
    ],
    [[{ type: 'citation', urls: [] }], 'text', ''],
    [[], null, null],
  ])('shows content %j as %s', async (content, type, value) => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [message(uuid(), chat, { content })])
    const [shown] = (await conversations(place)).data
    expect(shown?.messages.data[0]?.content?.type ?? null).toBe(type)
    expect(shown?.messages.data[0]?.content?.value ?? null).toBe(value)
  })
})

describe('the order of conversations', () => {
  test('is that of their last update: new, changed and deleted messages and changes of their own move them to the end', async () => {
    const place = await placeWith(3)
    const [a = '', b = '', c = ''] = place.ids
    const edited = message(uuid(), b, { updated_at: at(1) })
    const steps: [object, string[]][] = [
      [message(uuid(), a), [b, c, a]],
      [edited, [c, a, b]],
      [{ ...edited, updated_at: at(2) }, [c, a, b]],
      [conversation(c, 'user-1', { title: 'New' }), [a, b, c]],
      [{ kind: 'deletion', of: { kind: 'message', id: edited.id, conversation_id: b }, deleted_at: at(3) }, [a, c, b]],
      [{ kind: 'share', id: 's', of: { kind: 'conversation', id: a } }, [c, b, a]],
      [{ kind: 'file', id: 'f', conversation_id: c }, [b, a, c]],
      [{ kind: 'deletion', of: { kind: 'conversation', id: b }, deleted_at: at(3) }, [a, c, b]],
      [person('user-1'), [a, c, b]],
      [{ ...edited, updated_at: at(2) }, [a, c, b]],
    ]
    for (const [record, order] of steps) {
      await daybook.take(place.ingest, [record])
      expect(idsOf(await conversations(place)), JSON.stringify(record)).toEqual(order)
    }
  })

  test('is not that of last_active_at, which moves with messages only', async () => {
    const place = await placeWith(2)
    const [a = '', b = ''] = place.ids
    const before = (await conversations(place)).data.map(({ id, last_active_at }) => [id, last_active_at])
    await daybook.take(place.ingest, [conversation(a, 'user-1', { title: 'New' })])
    expect((await conversations(place)).data.map(({ id, last_active_at }) => [id, last_active_at])).toEqual(before.reverse())
    await daybook.take(place.ingest, [message(uuid(), b, { created_at: at(20) })])
    expect((await conversations(place)).data.at(-1)).toMatchObject({ id: b, last_active_at: seconds(20) })
  })
})

describe('since_timestamp', () => {
  test('is inclusive, goes by the time we were told, and is ignored together with after', async () => {
    const place = await placeWith(1)
    await daybook.take(place.ingest, [conversation(uuid(), 'user-1', { created_at: '2001-01-01T00:00:00Z' })])
    const all = idsOf(await conversations(place))
    const rows = await daybook.rows<{ at: number }>(
      'select extract(epoch from changed_at)::float8 as at from conversation where workspace_id = $1 order by position',
      [place.number],
    )
    const [first = 0, second = 0] = rows.map((row) => row.at)
    expect(second).toBeGreaterThan(first)
    const since = async (time: number, more = '') => idsOf(await conversations(place, `?since_timestamp=${time}${more}`))
    expect(await since(first)).toEqual(all)
    expect(await since(first + 0.000001)).toEqual(all.slice(1))
    expect(await since(second)).toEqual(all.slice(1))
    expect(await since(second + 0.000001)).toEqual([])
    expect(await since(Math.floor(first))).toEqual(all)
    expect([await since(0), await since(-1), await since(1e11)]).toEqual([all, all, []])
    expect(await since(1e11, `&after=${all[0]}`)).toEqual(all.slice(1))
  })
})

describe('pages of conversations', () => {
  test('of any size show each conversation once, and say with has_more alone whether there are more', async () => {
    const place = await placeWith(10)
    for (const limit of [1, 3, 5, 10, 11]) {
      const seen: string[] = []
      for (let query = `?limit=${limit}`; ; ) {
        const page = await conversations(place, query)
        expect(page.last_id).toBe(page.data.at(-1)?.id)
        expect(page.data.length).toBe(Math.min(limit, 10 - seen.length))
        seen.push(...idsOf(page))
        if (!page.has_more) break
        query = `?limit=${limit}&after=${page.last_id}`
      }
      expect(seen, `limit ${limit}`).toEqual(place.ids)
    }
  })

  test('are of 500 at most, also when more is asked for', async () => {
    const place = await daybook.place()
    await daybook.take(
      place.ingest,
      Array.from({ length: 502 }, () => conversation(uuid(), 'user-1')),
    )
    for (const query of ['', '?limit=500', '?limit=501', '?limit=999999999']) {
      const page = await conversations(place, query)
      expect([page.data.length, page.has_more]).toEqual([500, true])
      const rest = await conversations(place, `?after=${page.last_id}`)
      expect([rest.data.length, rest.has_more]).toEqual([2, false])
    }
  })

  test('after the last one, or of an empty workspace, are empty', async () => {
    const place = await placeWith(1)
    const empty = { object: 'list', data: [], last_id: null, has_more: false }
    expect(await conversations(place, `?after=${place.ids[0]}`)).toEqual(empty)
    expect(await conversations(await daybook.place())).toEqual(empty)
  })

  test('may begin after any conversation of the workspace, and after nothing else', async () => {
    const place = await placeWith(3)
    const other = await placeWith(1)
    expect(idsOf(await conversations(place, `?after=${place.ids[1]}`))).toEqual(place.ids.slice(2))
    for (const after of [uuid(), other.ids[0], 'x']) {
      const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations?after=${after}`, place.read)
      expect(answer.json()).toEqual({
        error: { message: expect.stringContaining('after'), type: 'not_found_error', param: 'after', code: 'not_found' },
      })
      expect(answer.statusCode).toBe(404)
    }
  })
})

test('users selects the conversations of these people, once or repeated, known or not', async () => {
  const place = await placeWith(6, ['user-1', 'user-2', 'user-3'])
  const by = (...owners: number[]) => place.ids.filter((_, i) => owners.includes((i % 3) + 1))
  expect(idsOf(await conversations(place, '?users=user-1'))).toEqual(by(1))
  expect(idsOf(await conversations(place, '?users=user-1&users=user-3'))).toEqual(by(1, 3))
  expect(idsOf(await conversations(place, '?users=user-3&users=nobody&users=user-3'))).toEqual(by(3))
  expect(idsOf(await conversations(place, '?users=nobody'))).toEqual([])
  expect(idsOf(await conversations(place, '?users=user-1,user-2'))).toEqual([])
  expect(idsOf(await conversations(place, '?users='))).toEqual([])
  const first = await conversations(place, '?users=user-1&users=user-2&limit=3')
  const rest = await conversations(place, `?users=user-2&users=user-1&limit=3&after=${first.last_id}`)
  expect([...idsOf(first), ...idsOf(rest)]).toEqual(by(1, 2))
})

test('users means whoever has the id here, not a namesake of another source', async () => {
  const place = await daybook.place()
  const chats = ['chatgpt', 'claude'].map((source) => ({ ...conversation(uuid(), 'user-1'), source }))
  await daybook.take(place.ingest, chats)
  const [mine, theirs] = (await conversations(place)).data
  expect(mine?.user_id).toBe('user-1')
  expect(idsOf(await conversations(place, '?users=user-1'))).toEqual([mine?.id])
  expect(idsOf(await conversations(place, `?users=${theirs?.user_id}`))).toEqual([theirs?.id])
})

test('a message names the GPT and the project of its own source by the ids that these have here', async () => {
  const place = await daybook.place()
  await daybook.take(
    place.ingest,
    ['chatgpt', 'claude'].flatMap((source) => {
      const chat = uuid()
      const asset = { id: 'g-1', name: source, owner_id: 'user-1' }
      return [
        ...[{ ...asset, kind: 'gpt' }, { ...asset, kind: 'project' }, conversation(chat, 'user-1', { project_id: 'g-1' })],
        message(uuid(), chat, { gpt_id: 'g-1' }),
      ].map((record) => ({ ...record, source }))
    }),
  )
  const named = (await conversations(place)).data.flatMap(({ messages }) => messages.data)
  for (const [list, ids] of [
    ['gpts', named.map(({ gpt_id }) => gpt_id)],
    ['projects', named.map(({ project_id }) => project_id)],
  ] as const) {
    const { data } = (await daybook.get(`/v1/compliance/workspaces/${place.id}/${list}`, place.read)).json()
    expect(ids).toEqual(data.map(({ id }: { id: string }) => id))
    expect(new Set(ids).size).toBe(2)
  }
})

test('what was handed out is on record; of many ids their Merkle root stands for them', async () => {
  const place = await placeWith(101)
  await conversations(place, '?limit=100')
  await conversations(place)
  const entries = await daybook.entries('conversations.list')
  expect(entries.at(-2)).toMatchObject({ count: 100, ids: place.ids.slice(0, 100), workspace_id: place.id, outcome: 'allowed' })
  const root = merkleRoot(place.ids.map((id) => Buffer.from(id))).toString('base64')
  expect(entries.at(-1)).toMatchObject({ count: 101, ids_root: root })
  expect(entries.at(-1)).not.toHaveProperty('ids')
})
