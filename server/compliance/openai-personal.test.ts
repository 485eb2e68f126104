import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { person } from '../../test/support/records.ts'

const daybook = openTestApp()

const at = (minute: number) => `2024-05-01T08:${String(minute).padStart(2, '0')}:00Z`
const seconds = (minute: number) => Date.parse(at(minute)) / 1000

const read = (place: Place, path: string) => daybook.get(`/v1/compliance/workspaces/${place.id}${path}`, place.read)
const json = async (place: Place, path: string) => (await read(place, path)).json()
const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)

async function placeWith(...records: object[]): Promise<Place> {
  const place = await daybook.place()
  expect((await daybook.take(place.ingest, records)).rejected).toEqual([])
  return place
}

describe('memories', () => {
  const memory = (id: string, person_id: string, more: object = {}) => ({
    kind: 'memory',
    id,
    person_id,
    content: `Content of ${id}`,
    ...more,
  })

  test('are one object per person, with bare arrays of contexts and of entries', async () => {
    const place = await placeWith(
      memory('m-1', 'user-2', { updated_at: at(1), context_id: 'work' }),
      memory('m-2', 'user-1', { updated_at: at(2) }),
      memory('m-3', 'user-2', { updated_at: at(3) }),
      memory('m-4', 'user-2', { updated_at: at(4), context_id: 'work' }),
      person('user-3'),
    )
    const object = 'compliance.workspace.user.memory'
    const entry = (id: string, minute: number) => ({
      ...{ object: `${object}.context.entry`, id, content: `Content of ${id}`, updated_at: seconds(minute) },
    })
    const context = (id: string, memory_entries: object[]) => ({ object: `${object}.context`, id, memory_entries })
    const two = {
      object,
      id: 'user-2',
      memory_contexts: [context('work', [entry('m-1', 1), entry('m-4', 4)]), context('user-2', [entry('m-3', 3)])],
    }
    const one = { object, id: 'user-1', memory_contexts: [context('user-1', [entry('m-2', 2)])] }
    const whole = { object: 'list', data: [one, two], last_id: 'user-2', has_more: false }
    expect(await json(place, '/memories')).toEqual(whole)
    expect(await json(place, '/memories?after=user-1')).toEqual({ ...whole, data: [two] })
    expect(await json(place, '/users/user-2/memories')).toEqual({ ...whole, data: [two] })
    expect(await json(place, '/users/user-3/memories')).toEqual({ object: 'list', data: [], last_id: null, has_more: false })
    expect((await read(place, '/users/user-9/memories')).statusCode).toBe(404)
  })

  test('since a time are those that arrived or changed then or later, inclusive', async () => {
    const place = await placeWith(
      memory('m-1', 'user-1', { updated_at: at(1) }),
      memory('m-2', 'user-1', { updated_at: at(1) }),
      memory('m-3', 'user-2'),
    )
    const times = async () =>
      new Map((await daybook.records(place.read, 'memory')).map(({ id, received_at }) => [id, Date.parse(received_at) / 1000]))
    const before = Math.ceil(Number((await times()).get('m-3'))) + 1
    await daybook.rows("update log set received_at = received_at - interval '1 hour'")
    await daybook.take(place.ingest, [memory('m-2', 'user-1', { updated_at: at(9), content: 'Changed' })])
    const entries = async (path: string) =>
      (await json(place, path)).data.map((one: { id: string; memory_contexts: { memory_entries: { id: string }[] }[] }) => [
        one.id,
        one.memory_contexts.flatMap(({ memory_entries }) => memory_entries.map(({ id }) => id)),
      ])
    expect(await entries('/memories?since_timestamp=0')).toEqual([
      ['user-1', ['m-1', 'm-2']],
      ['user-2', ['m-3']],
    ])
    const recent = `since_timestamp=${before - 1800}`
    expect(await entries(`/memories?${recent}`)).toEqual([['user-1', ['m-2']]])
    expect(await entries(`/users/user-1/memories?${recent}`)).toEqual([['user-1', ['m-2']]])
    expect(await entries(`/users/user-2/memories?${recent}`)).toEqual([])
  })

  test('since a time are all of them, however many changed', async () => {
    const place = await placeWith(memory('m-0', 'user-00000'), person('user-00001'))
    await daybook.rows("update log set received_at = received_at - interval '1 hour'")
    const many = Array.from({ length: 5100 }, (_, i) => memory(`m-${i + 2}`, `user-${String(10_000 + (i % 300)).padStart(5, '0')}`))
    for (let at = 0; at < many.length; at += 3000) await daybook.take(place.ingest, many.slice(at, at + 3000))
    const recent = `since_timestamp=${Math.floor(Date.now() / 1000) - 1800}`
    const first = await json(place, `/memories?${recent}`)
    const second = await json(place, `/memories?${recent}&after=${first.last_id}`)
    expect([first.data.length, first.has_more, second.data.length, second.has_more]).toEqual([200, true, 100, false])
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(300)
    expect(idsOf(first)[0]).toBe('user-10000')
  })
})

describe('a canvas', () => {
  const canvas = (version: number | undefined, minute: number, more: object = {}) => ({
    ...{ kind: 'canvas', id: 'c-1', person_id: 'user-1', version, name: 'Draft', content: `At ${minute}`, updated_at: at(minute), ...more },
  })

  test('has its versions in ascending order, each as it was last', async () => {
    const comments = [{ id: 'x', start: 2, end: 5, content: 'Good' }, { text: 'Also' }, 'no comment']
    const place = await placeWith(
      canvas(2, 2, { type: 'code/python' }),
      canvas(1, 1, { name: null }),
      canvas(2, 3, { type: 'code/python', comments }),
    )
    const [old, edited] = [
      { content: 'At 1', updated_at: at(1), version: 1, name: null, comments: [] },
      {
        ...{ content: 'At 3', updated_at: at(3), version: 2, name: 'Draft' },
        comments: [
          { type: 'comment', id: 'x', start: 2, end: 5, content: 'Good' },
          { type: 'comment', id: '2', start: 0, end: 0, content: 'Also' },
        ],
      },
    ]
    const shown = { textdoc_id: 'c-1', textdoc_type: 'code/python' }
    const path = '/users/user-1/canvas/c-1'
    expect(await json(place, path)).toEqual({
      ...shown,
      version_contents: { object: 'list', data: [old, edited], last_version: 2, has_more: false },
    })
    expect((await json(place, `${path}?limit=1`)).version_contents).toEqual({
      object: 'list',
      data: [old],
      last_version: 1,
      has_more: true,
    })
    expect((await json(place, `${path}?after=1`)).version_contents.data).toEqual([edited])
    expect((await json(place, `${path}?after=2`)).version_contents).toEqual({
      object: 'list',
      data: [],
      last_version: null,
      has_more: false,
    })
    expect((await read(place, `${path}?after=x`)).json().error.param).toBe('after')
  })

  test('whose source counts no versions is counted, thirty to a page', async () => {
    const place = await placeWith(...Array.from({ length: 35 }, (_, i) => canvas(undefined, i)))
    const page = async (query: string) => (await json(place, `/users/user-1/canvas/c-1${query}`)).version_contents
    const [first, second] = [await page('?limit=1000'), await page('?after=30')]
    expect([first.data.length, first.last_version, first.has_more]).toEqual([30, 30, true])
    expect(second.data.map(({ version, content }: { version: number; content: string }) => [version, content])).toEqual(
      [30, 31, 32, 33, 34].map((i) => [i + 1, `At ${i}`]),
    )
  })

  test('is found with its person only', async () => {
    const place = await placeWith(canvas(1, 1), person('user-2'))
    const status = async (path: string) => (await read(place, path)).statusCode
    expect(await Promise.all(['/users/user-2/canvas/c-1', '/users/user-9/canvas/c-1', '/users/user-1/canvas/c-9'].map(status))).toEqual([
      404, 404, 404,
    ])
    expect(await json(place, '/users/user-1/canvases')).toEqual({ object: 'list', data: [{ id: 'c-1' }], last_id: 'c-1', has_more: false })
    expect(idsOf(await json(place, '/users/user-2/canvases'))).toEqual([])
  })
})

test('an automation and a recording have what their records have; what was said is in the transcript', async () => {
  const place = await placeWith(
    {
      kind: 'automation',
      id: 'a-1',
      person_id: 'user-1',
      title: 'Daily',
      prompt: 'News',
      schedule: '0 8 * * *',
      enabled: true,
      created_at: at(1),
      updated_at: at(2),
    },
    {
      kind: 'recording',
      id: 'r-1',
      person_id: 'user-1',
      title: 'Standup',
      created_at: at(3),
      duration_s: 61.5,
      transcript: 'We met',
      summary: 'Short',
    },
    person('user-2'),
  )
  expect((await json(place, '/users/user-1/automations')).data).toEqual([
    {
      ...{
        object: 'compliance.workspace.user.automation',
        id: 'a-1',
        user_id: 'user-1',
        title: 'Daily',
        prompt: 'News',
        schedule: '0 8 * * *',
      },
      ...{ is_enabled: true, created_at: seconds(1), updated_at: seconds(2) },
    },
  ])
  const recording = {
    object: 'compliance.workspace.user.recording',
    id: 'r-1',
    user_id: 'user-1',
    title: 'Standup',
    created_at: seconds(3),
    duration: 61.5,
  }
  expect((await json(place, '/users/user-1/recordings')).data).toEqual([recording])
  expect(await json(place, '/recordings/r-1')).toEqual(recording)
  const path = '/users/user-1/recordings/r-1/transcript'
  const transcript = { object: 'compliance.workspace.user.recording.transcript', id: 'r-1', transcript: 'We met' }
  expect(await json(place, path)).toEqual(transcript)
  expect(await json(place, `${path}?include_summary=true`)).toEqual({ ...transcript, summary: 'Short' })
  expect((await read(place, '/users/user-2/recordings/r-1/transcript')).statusCode).toBe(404)
  expect(idsOf(await json(place, '/users/user-2/recordings'))).toEqual([])
})

test('a library has the files that somebody keeps there, trashed ones among them, and where their bytes are', async () => {
  const file = { kind: 'file', person_id: 'user-1', created_at: at(1), name: 'a.md', mime_type: 'text/markdown' }
  const place = await placeWith(
    { ...file, id: 'f-1', origin: 'library', project_id: 'g-p-1' },
    { ...file, id: 'f-2', origin: 'library', deleted_at: at(5) },
    { ...file, id: 'f-3', origin: 'upload' },
    { ...file, id: 'f-4', origin: 'library', person_id: 'user-2' },
  )
  await daybook.inject({ method: 'PUT', url: '/api/intake/files/f-1/bytes', key: place.ingest, payload: 'kept' })
  const kept = {
    id: 'f-1',
    name: 'a.md',
    mime_type: 'text/markdown',
    state: 'active',
    created_at: seconds(1),
    trashed_at: null,
    is_project: true,
  }
  const thrown = { ...kept, id: 'f-2', state: 'trashed', trashed_at: seconds(5), is_project: false }
  expect(await json(place, '/users/user-1/library_files')).toEqual({
    object: 'list',
    data: [kept, thrown],
    last_id: 'f-2',
    has_more: false,
    cursor: null,
  })
  const one = await json(place, '/users/user-1/library_files/f-1')
  expect(one).toEqual({ ...kept, download_url: expect.any(String) })
  expect((await daybook.inject({ method: 'GET', url: one.download_url })).body).toBe('kept')
  expect(await json(place, '/users/user-1/library_files/f-2')).toEqual({ ...thrown, download_url: null })
  const status = async (id: string) => (await read(place, `/users/user-1/library_files/${id}`)).statusCode
  expect(await Promise.all(['f-3', 'f-4', 'f-9'].map(status))).toEqual([404, 404, 404])
})

test('an invite is somebody who has not come yet, with the newest invitation', async () => {
  const place = await placeWith(person('user-1'), {
    ...person('user-2', { status: 'pending', role: 'admin' }),
    invitations: [
      { sent_at: at(1), expires_at: at(2) },
      { sent_at: at(3), expires_at: at(4) },
    ],
  })
  expect((await json(place, '/invites')).data).toEqual([
    {
      ...{ object: 'compliance.workspace.invite', id: 'user-2', email: 'user-2@example.com', role: 'account-admin' },
      ...{ created_at: seconds(3), expires_at: seconds(4) },
    },
  ])
  expect(idsOf(await json(place, '/users'))).toEqual(['user-1'])
})
