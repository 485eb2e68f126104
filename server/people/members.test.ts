import { beforeAll, describe, expect, test } from 'vitest'
import { type Role, recordRoles, roles } from '../../contract/people.ts'
import { type Somebody, signedIn, somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { linkFor, member, press } from '../../test/support/people.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import { Follower } from '../analytics/follow.ts'
import type { Context } from '../ledger/context.ts'
import { createKey } from './api-keys-change.ts'
import { addMember, ensureFirstOwner, listMembers, memberWithEmail } from './members.ts'
import { operatorContext } from './operator.ts'

const daybook = openTestApp()

const operator = () => operatorContext(daybook.ledger)
const actingAs = (held: Role[], workspace: number | null = null): Context => ({
  ...operator(),
  actor: { kind: 'person', id: '11111111-1111-4111-8111-111111111111', name: 'somebody@example.com', roles: held, workspace },
})
const all = { workspace: null }
const rolesOf = async (id: string) => (await listMembers(daybook.ledger, null)).find((one) => one.id === id)?.roles

test('an empty installation gets one owner, however many servers start at once', async () => {
  const owners = await Promise.all([1, 2, 3].map(() => ensureFirstOwner(daybook.ledger)))
  expect(new Set(owners.map(({ id }) => id)).size).toBe(1)
  const [first] = await listMembers(daybook.ledger, null)
  expect(first).toMatchObject({ email: 'owner@localhost', roles: ['owner'], primary_owner: true, workspace_id: null })
  expect((await daybook.entries('member.first-owner')).at(0)).toMatchObject({
    kind: 'change',
    outcome: 'allowed',
    actor: { kind: 'operator' },
  })
  await ensureFirstOwner(daybook.ledger)
  expect(await listMembers(daybook.ledger, null)).toHaveLength(1)
})

describe('by whoever runs the server', () => {
  test('adding an address again, in whatever case, changes its roles', async () => {
    const first = await addMember(operator(), { email: 'Ada@example.com', roles: ['auditor', 'auditor'], ...all })
    const again = await addMember(operator(), { email: 'ada@EXAMPLE.com', roles: ['key_manager'], ...all })
    expect(again).toMatchObject({ id: first.id, roles: ['key_manager'], changed: true })
    expect(await memberWithEmail(daybook.ledger, 'ADA@example.com')).toMatchObject({ roles: ['key_manager'] })
    expect((await daybook.entries('member.add')).at(-1)).toMatchObject({
      ids: [first.id],
      query: { roles: ['key_manager'], roles_before: ['auditor'], changed: true },
    })
  })

  test('a role that does not exist is named together with those that do', async () => {
    const adding = addMember(operator(), { email: 'b@example.com', roles: ['boss'], ...all })
    await expect(adding).rejects.toThrow(/boss is not a role; there are owner, admin, /)
  })

  test('a role of the record is given, and leaves a finding that an owner sees', async () => {
    const { id } = await member(daybook, ['legal', 'member'])
    const owner = await somebody(daybook, ['owner'])
    const { data } = await owner.does('GET', '/api/findings')
    const ours = data.filter((finding: { subject: { id: string } }) => finding.subject.id === id)
    expect(ours).toMatchObject([{ kind: 'record-role-by-operator', state: 'open', severity: 'medium', caused_by: null }])
  })

  test('the primary owner stays an owner', async () => {
    const { email } = await ensureFirstOwner(daybook.ledger)
    await expect(addMember(operator(), { email, roles: ['member'], ...all })).rejects.toThrow(/primary owner/)
    await expect(addMember(operator(), { email, roles: ['owner', 'auditor'], ...all })).resolves.toMatchObject({
      roles: ['owner', 'auditor'],
    })
  })
})

describe('roles', () => {
  /** Who may give what, as it was decided; the table in the contract is checked against it role by role. */
  const byOwner = roles.filter((role) => !recordRoles.includes(role))
  const may: Partial<Record<Role, readonly Role[]>> = { owner: byOwner, admin: ['admin', 'analytics_viewer', 'member'] }

  test('are given and taken up to the own level and no higher, and nobody gives the record alone', async () => {
    const { id } = await member(daybook, ['member'])
    for (const giver of roles) {
      const { ask } = await somebody(daybook, [giver])
      for (const role of roles) {
        const { statusCode } = await ask('PUT', `/api/members/${id}/roles`, { roles: [role] })
        expect([giver, role, statusCode]).toEqual([giver, role, may[giver]?.includes(role) ? 200 : 403])
        await addMember(operator(), { email: await emailOf(id), roles: ['member'], ...all })
      }
    }
  })

  test('above the own level cannot be taken either, nor those of oneself changed', async () => {
    const owner = await member(daybook, ['owner'])
    const admin = await somebody(daybook, ['admin'])
    expect(await admin.isRefused(403, 'PUT', `/api/members/${owner.id}/roles`, { roles: ['member'] })).toContain('above your own: owner')
    expect(await admin.isRefused(403, 'PUT', `/api/members/${admin.id}/roles`, { roles: ['admin', 'member'] })).toContain('their own')
    expect(await rolesOf(owner.id)).toEqual(['owner'])
    expect((await daybook.entries('member.roles')).at(-1)).toMatchObject({ outcome: 'denied', actor: { id: admin.id } })
  })

  test('of the record stay with a change of the others, are taken by one person, and do not grow with their reach', async () => {
    const place = await daybook.place()
    const owner = await somebody(daybook, ['owner'])
    const { id } = await member(daybook, ['legal', 'member'], place)
    await owner.does('PUT', `/api/members/${id}/roles`, { roles: ['legal', 'auditor'] })
    expect(await owner.isRefused(403, 'PUT', `/api/members/${id}/roles`, { roles: ['legal'], workspace_id: null })).toContain(
      'second person',
    )
    expect(await rolesOf(id)).toEqual(['legal', 'auditor'])
    await owner.does('PUT', `/api/members/${id}/roles`, { roles: ['auditor'] })
    expect(await rolesOf(id)).toEqual(['auditor'])
    expect((await daybook.entries('member.roles')).at(-1)).toMatchObject({
      workspace_id: place.id,
      query: { roles: ['auditor'], roles_before: ['legal', 'auditor'] },
    })
  })

  test('count from the next request on', async () => {
    const owner = await somebody(daybook, ['owner'])
    const ada = await somebody(daybook, ['member'])
    expect((await ada.ask('GET', '/api/settings')).statusCode).toBe(403)
    await owner.does('PUT', `/api/members/${ada.id}/roles`, { roles: ['auditor'] })
    expect((await ada.ask('GET', '/api/settings')).statusCode).toBe(200)
    await owner.does('PUT', `/api/members/${ada.id}/roles`, { roles: ['member'] })
    expect((await ada.ask('GET', '/api/settings')).statusCode).toBe(403)
  })

  test('by a key are those whose scopes it has, never an owner nor the record', async () => {
    const { id } = await member(daybook, ['member'])
    const key = await daybook.key([
      'people:manage',
      'analytics:read',
      'compliance:read',
      'exports:manage',
      'directory:read',
      'activity:read',
    ])
    const give = async (role: Role) =>
      (await daybook.inject({ method: 'PUT', url: `/api/members/${id}/roles`, key, payload: { roles: [role] } })).statusCode
    expect([await give('analytics_viewer'), await give('compliance_officer'), await give('owner'), await give('admin')]).toEqual([
      200, 403, 403, 403,
    ])
  })

  async function emailOf(id: string): Promise<string> {
    return (await listMembers(daybook.ledger, null)).find((one) => one.id === id)?.email ?? ''
  }
})

describe('who manages one workspace', () => {
  test('adds, sees and changes people of that one only', async () => {
    const [own, other] = [await daybook.place(), await daybook.place()]
    const reach = ({ number, id, name }: typeof own) => ({ workspace: { number, id, name } })
    const by = actingAs(['admin'], own.number)
    await expect(addMember(by, { email: 'd@example.com', roles: ['member'], ...all })).rejects.toThrow(/your own workspace/)
    await expect(addMember(by, { email: 'd@example.com', roles: ['member'], ...reach(other) })).rejects.toThrow(/your own workspace/)
    await addMember(by, { email: 'd@example.com', roles: ['member'], ...reach(own) })
    const admin = await somebody(daybook, ['admin'], own)
    const stranger = await member(daybook, ['member'], other)
    const { data } = await admin.does('GET', '/api/members')
    expect(data.map(({ email }: { email: string }) => email)).toEqual(['d@example.com', admin.email])
    await admin.isRefused(404, 'PUT', `/api/members/${stranger.id}/roles`, { roles: ['analytics_viewer'] })
    await admin.isRefused(404, 'POST', `/api/members/${stranger.id}/deactivate`)
    await admin.isRefused(403, 'PUT', `/api/members/${data[0].id}/roles`, { roles: ['member'], workspace_id: null })
    await admin.isRefused(404, 'PUT', `/api/members/${data[0].id}/roles`, { roles: ['member'], workspace_id: other.id })
  })
})

describe('leaving', () => {
  let owner: Somebody
  beforeAll(async () => {
    owner = await somebody(daybook, ['owner'])
  })

  test('deactivation ends sessions and links at once, and flags the keys they made', async () => {
    const ada = await somebody(daybook, ['key_manager', 'analytics_viewer'])
    const key = await ada.does('POST', '/api/keys', { name: 'counts', scopes: ['analytics:read'] })
    const done = await owner.does('POST', `/api/members/${ada.id}/deactivate`)
    expect(done).toEqual({ id: ada.id, sessions_ended: 1, keys: [key.id] })
    expect((await ada.ask('GET', '/api/keys')).statusCode).toBe(401)
    expect((await daybook.get('/api/analytics/metrics', key.key)).statusCode).toBe(200)
    const { data } = await owner.does('GET', '/api/keys')
    expect(data.find(({ id }: { id: string }) => id === key.id)).toMatchObject({ flagged_at: expect.any(String), state: 'live' })
    const findings = (await owner.does('GET', '/api/findings')).data
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'key-of-deactivated-member', subject: { kind: 'key', id: key.id, name: 'counts' } }),
      ]),
    )
    const link = await linkFor(daybook, ada.id).catch(() => '/sign-in/none')
    expect((await press(daybook, link)).headers['set-cookie']).toBeUndefined()
    expect((await daybook.entries('member.deactivate')).at(-1)).toMatchObject({
      ids: [ada.id],
      query: { key_ids: [key.id], sessions_ended: 1 },
    })
  })

  test('with their keys, where the one who deactivates says so', async () => {
    const ada = await somebody(daybook, ['key_manager', 'analytics_viewer'])
    const key = await ada.does('POST', '/api/keys', { name: 'counts', scopes: ['analytics:read'] })
    await owner.does('POST', `/api/members/${ada.id}/deactivate`, { keys: 'revoke' })
    expect((await daybook.get('/api/analytics/metrics', key.key)).statusCode).toBe(401)
  })

  test('who comes back has the roles of before but none of the record', async () => {
    const { id, email, ...ada } = await somebody(daybook, ['legal', 'auditor', 'key_manager'])
    const [watching, reading] = [
      await ada.does('POST', '/api/keys', { name: 'w', scopes: ['activity:read'] }),
      await ada.does('POST', '/api/keys', { name: 'r', scopes: ['compliance:read'] }),
    ]
    await owner.does('POST', `/api/members/${id}/deactivate`)
    expect(await owner.does('POST', `/api/members/${id}/reactivate`)).toMatchObject({ roles: ['auditor', 'key_manager'] })
    expect((await (await signedIn(daybook, id, email)).ask('GET', '/api/access')).statusCode).toBe(200)
    const { data } = await owner.does('GET', '/api/keys')
    const flagged = data.filter((one: { flagged_at: string | null }) => one.flagged_at !== null).map((one: { id: string }) => one.id)
    expect(flagged).toContain(reading.id)
    expect(flagged).not.toContain(watching.id)
  })

  test('nor has who comes back a session that began while they were shut out', async () => {
    const ada = await somebody(daybook, ['auditor'])
    const [kept] = await daybook.rows<{ session: object }>('select to_json(s) as session from session s where member_id = $1', [ada.id])
    await owner.does('POST', `/api/members/${ada.id}/deactivate`)
    await daybook.rows('insert into session select * from json_populate_record(null::session, $1)', [JSON.stringify(kept?.session)])
    await owner.does('POST', `/api/members/${ada.id}/reactivate`)
    expect((await ada.ask('GET', '/api/access')).statusCode).toBe(401)
  })

  test('moves no count of the past, also of somebody whom the record knows by the same address', async () => {
    const place = await daybook.place()
    const { id, email } = await member(daybook, ['analytics_viewer'])
    await daybook.take(place.ingest, [
      person('u', { email }),
      conversation('c', 'u'),
      ...['1', '2', '3'].map((one) => message(one, 'c', { created_at: '2024-12-09T10:00:00Z' })),
    ])
    await new Follower(daybook.ledger).catchUp()
    const key = await daybook.key(['analytics:read'], place)
    const counts = async () => {
      const url = `/api/analytics/query?workspace_id=${place.id}&metrics=messages,active_people&by=day&range=2024-12-08..2024-12-10`
      const { rows, total } = (await daybook.get(url, key)).json()
      return { rows, total }
    }
    const before = await counts()
    expect(before.total).toEqual({ messages: 3, active_people: 1 })
    await owner.does('POST', `/api/members/${id}/deactivate`)
    await owner.does('DELETE', `/api/members/${id}`)
    await new Follower(daybook.ledger).catchUp()
    expect(await counts()).toEqual(before)
  })

  test('removal leaves what they did, under the name they did it with', async () => {
    const ada = await somebody(daybook, ['key_manager', 'analytics_viewer'])
    const key = await ada.does('POST', '/api/keys', { name: 'counts', scopes: ['analytics:read'] })
    await owner.does('DELETE', `/api/members/${ada.id}`)
    expect(await rolesOf(ada.id)).toBeUndefined()
    expect((await ada.ask('GET', '/api/keys')).statusCode).toBe(401)
    const { data } = await owner.does('GET', '/api/keys')
    expect(data.find(({ id }: { id: string }) => id === key.id)).toMatchObject({ maker: { kind: 'person', id: ada.id, name: ada.email } })
    expect((await daybook.entries('key.create')).at(-1)).toMatchObject({ actor: { name: ada.email } })
  })

  test('is for nobody to do to themselves, to the primary owner or above their level', async () => {
    const primary = await ensureFirstOwner(daybook.ledger)
    const admin = await somebody(daybook, ['admin'])
    expect(await owner.isRefused(403, 'POST', `/api/members/${owner.id}/deactivate`)).toContain('their own')
    expect(await owner.isRefused(409, 'DELETE', `/api/members/${primary.id}`)).toContain('primary owner')
    expect(await admin.isRefused(403, 'POST', `/api/members/${owner.id}/deactivate`)).toContain('above your own')
  })
})

describe('the primary owner', () => {
  test('hands over to an active owner of the whole organization, and nobody else does', async () => {
    const { id, email } = await ensureFirstOwner(daybook.ledger)
    const primary = await signedIn(daybook, id, email)
    const next = await somebody(daybook, ['owner'])
    const bound = await member(daybook, ['owner'], await daybook.place())
    expect(await next.isRefused(403, 'POST', `/api/members/${next.id}/primary-owner`)).toContain('only the primary owner')
    expect(await primary.isRefused(409, 'POST', `/api/members/${bound.id}/primary-owner`)).toContain('whole organization')
    await primary.does('POST', `/api/members/${next.id}/primary-owner`)
    const owners = (await next.does('GET', '/api/members')).data.filter((one: { primary_owner: boolean }) => one.primary_owner)
    expect(owners).toMatchObject([{ id: next.id }])
    expect(await rolesOf(id)).toContain('owner')
    expect((await daybook.entries('member.transfer-primary-owner')).at(-1)).toMatchObject({ ids: [next.id], query: { before: id } })
    await next.does('POST', `/api/members/${id}/primary-owner`)
  })

  test('is not the only one who cannot be the last to go', async () => {
    const fresh = await daybook.rows<{ id: string }>(`select id from member where primary_owner`)
    const owner = await somebody(daybook, ['owner'])
    // An installation from before there was a primary owner: here only this one is an owner, with a key that manages people.
    await daybook.rows(`update member set primary_owner = false, deactivated_at = now() where id <> $1`, [owner.id])
    try {
      await expect(addMember(operator(), { email: owner.email, roles: ['member'], ...all })).rejects.toThrow(/last owner/)
      expect(await rolesOf(owner.id)).toEqual(['owner'])
    } finally {
      await daybook.rows(`update member set deactivated_at = null`)
      await daybook.rows(`update member set primary_owner = true where id = $1`, [fresh[0]?.id])
    }
  })
})

test('a key that an operator made is nobody’s to lose', async () => {
  const { id } = await createKey(operator(), { name: 'k', scopes: ['analytics:read'], workspace: null })
  const [row] = await daybook.rows<{ maker_kind: string; expires_at: string }>('select maker_kind, expires_at from api_key where id = $1', [
    id,
  ])
  expect(row).toMatchObject({ maker_kind: 'operator', expires_at: expect.any(String) })
})
