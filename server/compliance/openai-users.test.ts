import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, person, userId } from '../../test/support/records.ts'
import { userList } from './openai-schemas.ts'

const daybook = openTestApp()

async function users(place: Place, query = '') {
  const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/users${query}`, place.read)
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  return userList.parse(answer.json())
}

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)

describe('the users of a workspace', () => {
  test('are objects as the provider has them', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [
      person('user-1', { role: 'owner', created_at: '2024-05-01T08:00:00.5Z', department: 'Legal', email: 'o@example.com', name: 'Olga' }),
    ])
    const answer = await daybook.get(`/v1/compliance/workspaces/${place.id}/users`, place.read)
    expect(answer.json()).toEqual({
      object: 'list',
      data: [
        {
          object: 'compliance.workspace.user',
          id: 'user-1',
          email: 'o@example.com',
          name: 'Olga',
          created_at: Date.UTC(2024, 4, 1, 8) / 1000 + 0.5,
          role: 'account-owner',
          status: 'active',
        },
      ],
      last_id: 'user-1',
      has_more: false,
    })
  })

  test('have the role and the status of their newest version; who is only invited is not listed', async () => {
    const place = await daybook.place()
    const roles = ['owner', 'admin', 'analytics_viewer', 'member', null]
    const statuses = ['enabled', 'deleted', 'pending', null]
    await daybook.take(place.ingest, [
      ...roles.map((role, i) => person(`user-r${i}`, { role })),
      ...statuses.map((status, i) => person(`user-s${i}`, { status })),
      person('user-t', { status: 'pending', updated_at: '2024-01-01T00:00:00Z' }),
      person('user-t', { status: 'enabled', role: 'admin', updated_at: '2024-01-02T00:00:00Z' }),
      person('user-u', { status: 'enabled', updated_at: '2024-01-02T00:00:00Z' }),
      person('user-u', { status: 'pending', updated_at: '2024-01-01T00:00:00Z' }),
    ])
    expect((await users(place)).data.map(({ id, role, status }) => [id, role, status])).toEqual([
      ['user-r0', 'account-owner', 'active'],
      ['user-r1', 'account-admin', 'active'],
      ['user-r2', 'analytics-viewer', 'active'],
      ['user-r3', 'standard-user', 'active'],
      ['user-r4', 'standard-user', 'active'],
      ['user-s0', 'standard-user', 'active'],
      ['user-s1', 'standard-user', 'inactive'],
      ['user-s3', 'standard-user', 'active'],
      ['user-t', 'account-admin', 'active'],
      ['user-u', 'standard-user', 'active'],
    ])
  })

  test('without a time of creation were created when their first record came', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [person('user-1', { email: null, name: null })])
    await daybook.take(place.ingest, [person('user-1', { email: 'new@example.com', name: null })])
    const [first] = await daybook.records(place.read, 'person')
    const [shown] = (await users(place)).data
    expect(shown).toMatchObject({ email: 'new@example.com', name: null })
    expect(shown?.created_at).toBeCloseTo(Date.parse(first?.received_at ?? '') / 1000, 2)
  })

  test('who are only named by something else are not listed', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [conversation('c', 'user-1'), person('user-2')])
    expect(idsOf(await users(place))).toEqual(['user-2'])
  })

  test('are none in an empty workspace', async () => {
    expect(await users(await daybook.place())).toEqual({ object: 'list', data: [], last_id: null, has_more: false })
  })
})

describe('pages of users', () => {
  test('go by id, byte by byte, whatever the order of arrival, and none is lost or repeated', async () => {
    const place = await daybook.place()
    const ids = ['user-Z', 'user-a', 'user-10', 'user-9', 'user-_', 'user-B', 'user-AA', 'user-A']
    await daybook.take(
      place.ingest,
      ids.map((id) => person(id)),
    )
    const sorted = [...ids].sort()
    expect(idsOf(await users(place))).toEqual(sorted)
    for (const limit of [1, 3, 8, 9]) {
      const seen: string[] = []
      for (let query = `?limit=${limit}`; ; ) {
        const page = await users(place, query)
        expect(page.last_id).toBe(page.data.at(-1)?.id)
        expect(page.data.length).toBe(Math.min(limit, ids.length - seen.length))
        seen.push(...idsOf(page))
        if (!page.has_more) break
        query = `?limit=${limit}&after=${page.last_id}`
      }
      expect(seen).toEqual(sorted)
    }
  })

  test('go on from where a user would stand who is no longer or not yet there', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [person('user-1'), person('user-3')])
    expect(idsOf(await users(place, '?after=user-2'))).toEqual(['user-3'])
    expect(await users(place, '?after=user-3')).toEqual({ object: 'list', data: [], last_id: null, has_more: false })
  })

  test('have 200 users unless told otherwise', async () => {
    const place = await daybook.place()
    const many = Array.from({ length: 205 }, () => person(userId()))
    await daybook.take(place.ingest, many)
    const page = await users(place)
    expect([page.data.length, page.has_more]).toEqual([200, true])
    expect((await users(place, '?limit=205')).has_more).toBe(false)
    expect((await users(place, '?limit=100000')).data).toHaveLength(205)
  })
})

test('who was handed out is on record, by id', async () => {
  const place = await daybook.place()
  await daybook.take(place.ingest, [person('user-1'), person('user-2')])
  await users(place, '?limit=1')
  const entries = await daybook.entries('users.list')
  expect(entries.at(-1)).toMatchObject({
    ...{ kind: 'access', outcome: 'allowed', workspace_id: place.id, count: 1, ids: ['user-1'] },
    ...{ actor: { kind: 'key', name: 'test' }, query: { workspace_id: place.id, limit: 1, after: null } },
  })
})
