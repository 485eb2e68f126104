import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { message, person, uuid } from '../../test/support/records.ts'
import { buildApp } from '../app.ts'

const daybook = openTestApp()

const at = (minute: number) => `2024-05-01T08:${String(minute).padStart(2, '0')}:00Z`
const seconds = (minute: number) => Date.parse(at(minute)) / 1000

const read = async (place: Place, path: string) => daybook.get(`/v1/compliance/workspaces/${place.id}${path}`, place.read)
const json = async (place: Place, path: string) => (await read(place, path)).json()
const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)

async function placeWith(...records: object[]): Promise<Place> {
  const place = await daybook.place()
  expect((await daybook.take(place.ingest, [person('user-1'), person('user-2'), ...records])).rejected).toEqual([])
  return place
}

const list = (data: object[], last_id: string | null = null) => ({ object: 'list', data, last_id, has_more: false })

const reader = {
  ...{
    id: 'g-1',
    name: 'Reader',
    owner_id: 'user-1',
    description: 'Reads',
    created_at: at(1),
    updated_at: at(2),
    instructions: 'Be brief',
  },
  ...{ categories: ['law'], conversation_starters: ['Hi'], tools: ['web_search', { type: 'memory', created_at: at(0) }, 'crystal_ball'] },
  sharing: { visibility: 'link', recipients: ['user-2', { id: 'user-9', email: 'nine@example.com', can_view_config: true }] },
}

describe.each(['gpt', 'project'] as const)('a %s', (kind) => {
  const object = (name: string) => `compliance.workspace.${kind}${name}`
  const may = (can_read: boolean, can_view_config: boolean, can_write: boolean) => ({
    object: object('.permissions'),
    ...{ can_read, can_view_config, can_write },
  })

  test('has its owner, sharing and configuration as its record has them', async () => {
    const place = await placeWith({ kind, ...reader })
    const [shown] = (await json(place, `/${kind}s`)).data
    expect(shown).toEqual({
      ...{ object: object(''), id: 'g-1', created_at: seconds(1), owner_id: 'user-1', owner_email: 'user-1@example.com' },
      builder_name: 'Community Builder',
      sharing: {
        object: object('.sharing'),
        visibility: 'workspace-with-link',
        permissions: may(true, false, false),
        recipients: [
          { object: object('.shared_user'), id: 'user-2', email: 'user-2@example.com', permissions: may(true, false, false) },
          { object: object('.shared_user'), id: 'user-9', email: 'nine@example.com', permissions: may(true, true, false) },
        ],
      },
      latest_config: list([expect.any(Object)], shown.latest_config.data[0].id),
    })
    expect(shown.latest_config.data).toEqual([
      {
        object: object('.configuration'),
        id: expect.stringMatching(kind === 'gpt' ? /^gzm_cnf_[0-9a-f]{24}$/ : /^pr_cnf_[0-9a-f]{24}$/),
        ...{ name: 'Reader', description: 'Reads', categories: ['law'], conversation_starters: ['Hi'], created_at: seconds(2) },
        ...{ instructions: 'Be brief', files: list([]), ...(kind === 'gpt' ? { version_author: null } : {}) },
        tools: list([
          { type: 'browser', created_at: seconds(2) },
          { type: 'memory', created_at: seconds(0) },
          { type: 'crystal_ball', created_at: seconds(2) },
        ]),
      },
    ])
    expect(await json(place, `/${kind}s/g-1`)).toEqual(shown)
  })

  test('lists its configurations, the newest update first, in pages that new ones do not shift', async () => {
    const version = (i: number) => ({ kind, ...reader, name: `Version ${i}`, updated_at: at(i) })
    const place = await placeWith(version(2), version(3), version(5), version(4))
    const first = await json(place, `/${kind}s/g-1/configs?limit=2`)
    expect(first.data.map(({ name }: { name: string }) => name)).toEqual(['Version 5', 'Version 4'])
    expect(first).toMatchObject({ has_more: true, last_id: first.data[1].id })
    expect((await json(place, `/${kind}s/g-1`)).latest_config.data).toEqual([first.data[0]])
    await daybook.take(place.ingest, [version(6)])
    const rest = await json(place, `/${kind}s/g-1/configs?limit=2&after=${first.last_id}`)
    expect(rest).toMatchObject({ has_more: false, data: [{ name: 'Version 3' }, { name: 'Version 2' }] })
    expect((await read(place, `/${kind}s/g-1/configs?after=gzm_cnf_0`)).statusCode).toBe(404)
  })

  test('has its files, complete, with links to the bytes that are here or in short', async () => {
    const place = await placeWith(
      { kind: 'file', id: 'file-1', name: 'a.txt', created_at: at(0) },
      { kind, ...reader, file_ids: ['file-1', 'file-2'] },
    )
    await daybook.inject({ method: 'PUT', url: '/api/intake/files/file-1/bytes', key: place.ingest, payload: 'rules' })
    const files = async (query: string) => (await json(place, `/${kind}s/g-1${query}`)).latest_config.data[0].files
    const { data } = await files('')
    expect(data).toEqual([
      { object: object('.file'), id: 'file-1', name: 'a.txt', created_at: seconds(0), download_url: expect.any(String) },
      { object: object('.file'), id: 'file-2', name: null, created_at: null, download_url: null },
    ])
    expect((await daybook.inject({ method: 'GET', url: data[0].download_url })).body).toBe('rules')
    expect(await files('?file_format=id')).toEqual(
      list(
        [
          { object: object('.file_info'), id: 'file-1', name: 'a.txt' },
          { object: object('.file_info'), id: 'file-2', name: null },
        ],
        'file-2',
      ),
    )
  })

  test('that is a draft, deleted, or only spoken of is not listed; a draft hides nothing that is in use', async () => {
    const place = await placeWith(
      { kind, id: 'draft', name: 'D', owner_id: 'user-1', config_type: 'draft' },
      { kind, id: 'gone', name: 'G', owner_id: 'user-1' },
      { kind: 'deletion', of: { kind, id: 'gone' }, deleted_at: at(9) },
      { kind, id: 'edited', name: 'In use', owner_id: 'user-1', updated_at: at(1) },
      { kind, id: 'edited', name: 'Next', owner_id: 'user-1', updated_at: at(2), config_type: 'draft' },
      message(uuid(), uuid(), { [`${kind}_id`]: 'spoken-of' }),
    )
    const page = await json(place, `/${kind}s`)
    expect(idsOf(page)).toEqual(['edited'])
    expect(page.data[0].latest_config.data[0].name).toBe('In use')
    const status = async (id: string) => (await read(place, `/${kind}s/${id}`)).statusCode
    for (const rest of ['', '/configs', '/shared_users'])
      expect(await Promise.all(['draft', 'gone', 'edited', 'spoken-of', 'unknown'].map((id) => status(id + rest)))).toEqual([
        404, 200, 200, 404, 404,
      ])
  })

  test('of somebody else is shown by its id when it is public, with the public fields alone', async () => {
    const foreign = {
      kind,
      id: 'foreign',
      name: 'Chess',
      instructions: 'secret',
      sharing: { visibility: 'gpt-store' },
      file_ids: ['file-1'],
    }
    const place = await placeWith(foreign)
    expect(idsOf(await json(place, `/${kind}s`))).toEqual([])
    const shown = await json(place, `/${kind}s/foreign`)
    expect(Object.keys(shown).sort()).toEqual(['builder_name', 'id', 'latest_config', 'object'])
    const [config] = shown.latest_config.data
    for (const hidden of ['created_at', 'instructions', 'files']) expect(config).not.toHaveProperty(hidden)
    expect(config).toMatchObject({ name: 'Chess', tools: list([]) })
    expect((await json(place, `/${kind}s/foreign/configs`)).data).toEqual([config])
    expect((await read(place, `/${kind}s/foreign/shared_users`)).statusCode).toBe(404)
  })

  test('shares with people in the order of their ids, as users of the workspace', async () => {
    const recipients = ['user-9', 'user-2', { id: 'user-1' }, 'user-2']
    const place = await placeWith({ kind, ...reader, sharing: { visibility: 'workspace', recipients } })
    const users = (await json(place, '/users')).data
    const shared = await json(place, `/${kind}s/g-1/shared_users`)
    expect(idsOf(shared)).toEqual(['user-1', 'user-2', 'user-9'])
    expect(shared.data.slice(0, 2)).toEqual(users)
    expect(shared.data[2]).toMatchObject({ object: 'compliance.workspace.user', email: null, role: 'standard-user', status: 'active' })
    const first = await json(place, `/${kind}s/g-1/shared_users?limit=2`)
    expect(first).toMatchObject({ last_id: 'user-2', has_more: true })
    expect(idsOf(await json(place, `/${kind}s/g-1/shared_users?after=user-2`))).toEqual(['user-9'])
  })
})

test('with DAYBOOK_RECIPIENTS=list recipients are a list object, which some clients need', async () => {
  const place = await placeWith({ kind: 'gpt', ...reader })
  const app = await buildApp({ ...daybook.ledger, config: { ...daybook.ledger.config, recipients: 'list' } })
  const headers = { authorization: `Bearer ${place.read}` }
  const answer = await app.inject({ url: `/v1/compliance/workspaces/${place.id}/gpts`, headers })
  await app.close()
  const { recipients } = answer.json().data[0].sharing
  expect(recipients).toEqual(list((await json(place, '/gpts')).data[0].sharing.recipients, 'user-9'))
})

test('a history of any length is gone through: drafts on drafts hide nothing, and configurations come in pages without them', async () => {
  const version = (i: number, more: object) => ({ kind: 'gpt', id: 'g-1', owner_id: 'user-1', name: `Version ${i}`, ...more })
  const place = await placeWith(
    ...Array.from({ length: 160 }, (_, i) => version(i, { config_type: i % 2 === 0 ? 'live' : 'draft' })),
    ...Array.from({ length: 60 }, (_, i) => version(160 + i, { config_type: 'draft' })),
  )
  const names = (list: { data: { name: string }[] }) => list.data.map(({ name }) => name)
  const [gpt] = (await json(place, '/gpts')).data
  expect(names(gpt.latest_config)).toEqual(['Version 158'])
  const first = await json(place, '/gpts/g-1/configs?limit=70')
  const second = await json(place, `/gpts/g-1/configs?limit=70&after=${first.last_id}`)
  expect([first.has_more, second.has_more]).toEqual([true, false])
  expect([...names(first), ...names(second)]).toEqual(Array.from({ length: 80 }, (_, i) => `Version ${158 - 2 * i}`))
})

test('a page of a hundred takes as many queries as a page of two', async () => {
  const gpts = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      kind: 'gpt',
      ...reader,
      id: `g-${i}`,
      file_ids: [`file-${i}`],
      owner_id: `user-${1 + (i % 2)}`,
    }))
  const queries = async (count: number) => {
    const place = await placeWith(...gpts(count))
    const { reads } = daybook.ledger.database
    let asked = 0
    const count1 = () => void asked++
    reads.on('acquire', count1)
    expect((await json(place, '/gpts?limit=100')).data.length).toBe(count)
    reads.off('acquire', count1)
    return asked
  }
  const few = await queries(2)
  expect(few).toBeGreaterThan(3)
  expect(await queries(100)).toBe(few)
})
