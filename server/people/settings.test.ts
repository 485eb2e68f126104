import { beforeAll, describe, expect, test } from 'vitest'
import type { SettingsReply, SettingView } from '../../contract/admin.ts'
import { type Somebody, signedIn, somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { stoppedClock } from '../platform/clock.ts'
import { ensureFirstOwner } from './members.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

let primary: Somebody
beforeAll(async () => {
  const { id, email } = await ensureFirstOwner(daybook.ledger)
  primary = await signedIn(daybook, id, email)
})

const named = (settings: SettingView[], name: string) => settings.find((one) => one.name === name)
const ofWorkspace = (reply: SettingsReply, id: string) => reply.workspaces.find(({ workspace_id }) => workspace_id === id)?.settings ?? []

describe('settings', () => {
  test('each say what they mean, what they are by default, what they are, and who changed them last', async () => {
    const place = await daybook.place()
    const admin = await somebody(daybook, ['admin'])
    const before: SettingsReply = await admin.does('GET', '/api/settings')
    const all = [...before.organization, ...before.workspaces.flatMap(({ settings }) => settings)]
    expect(all.filter(({ meaning, label }) => meaning.length < 10 || label === '')).toEqual([])
    expect(named(ofWorkspace(before, place.id), 'privacy_mode')).toMatchObject({
      value: 'named',
      default: 'named',
      values: ['named', 'pseudonymous', 'groups_only'],
      changeable: true,
      changed_at: null,
      changed_by: null,
    })
    const changes = { privacy_mode: 'pseudonymous', viewer_detail: 'groups', seats: 40, hide_gpt_analytics: true, name: 'Berlin' }
    const after: SettingsReply = await admin.does('PATCH', '/api/settings', { workspace_id: place.id, changes })
    for (const [name, value] of Object.entries(changes))
      expect(named(ofWorkspace(after, place.id), name)).toMatchObject({
        value,
        changed_at: '2026-11-02T09:00:00Z',
        changed_by: { id: admin.id, name: admin.email },
      })
    expect((await daybook.entries('workspace.set')).at(-1)).toMatchObject({
      workspace_id: place.id,
      query: { privacy_mode: 'pseudonymous', privacy_mode_before: 'named', seats: 40, seats_before: null },
    })
  })

  test('are changed together or not at all', async () => {
    const place = await daybook.place()
    const admin = await somebody(daybook, ['admin'])
    const wrong = async (changes: object) => (await admin.ask('PATCH', '/api/settings', { workspace_id: place.id, changes })).statusCode
    expect(await wrong({ seats: 40, privacy_mode: 'anonymous' })).toBe(400)
    expect(await wrong({ seats: 40, colour: 'red' })).toBe(400)
    expect(await wrong({ seats: 40, region: 'eu' })).toBe(409)
    expect(await wrong({})).toBe(400)
    expect(named(ofWorkspace(await admin.does('GET', '/api/settings'), place.id), 'seats')).toMatchObject({ value: null, changed_at: null })
  })

  test('are changed by who manages them, in their own workspace', async () => {
    const [own, other] = [await daybook.place(), await daybook.place()]
    const [auditor, bound] = [await somebody(daybook, ['auditor']), await somebody(daybook, ['admin'], own)]
    const change = { changes: { seats: 3 } }
    expect(named((await auditor.does('GET', '/api/settings')).organization, 'name')).toMatchObject({ changeable: false })
    await auditor.isRefused(403, 'PATCH', '/api/settings', { ...change, workspace_id: own.id })
    const seen: SettingsReply = await bound.does('GET', '/api/settings')
    expect(seen.workspaces.map(({ workspace_id }) => workspace_id)).toEqual([own.id])
    await bound.does('PATCH', '/api/settings', { ...change, workspace_id: own.id })
    await bound.isRefused(404, 'PATCH', '/api/settings', { ...change, workspace_id: other.id })
    await bound.isRefused(403, 'PATCH', '/api/settings', { changes: { name: 'Mine' } })
  })

  test('of the organization: its name, and the address of the primary owner, which only they change', async () => {
    const owner = await somebody(daybook, ['owner'])
    const changed: SettingsReply = await owner.does('PATCH', '/api/settings', { changes: { name: 'Example Corp' } })
    expect(named(changed.organization, 'name')).toMatchObject({ value: 'Example Corp', changed_by: { name: owner.email } })
    expect(await owner.isRefused(403, 'PATCH', '/api/settings', { changes: { owner_email: 'o@example.com' } })).toContain(
      'only the primary owner',
    )
    expect(await primary.isRefused(409, 'PATCH', '/api/settings', { changes: { owner_email: owner.email } })).toContain('somebody else')
    const mine: SettingsReply = await primary.does('PATCH', '/api/settings', { changes: { owner_email: 'first@example.com' } })
    expect(named(mine.organization, 'owner_email')).toMatchObject({ value: 'first@example.com', default: 'owner@localhost' })
    const entry = (await daybook.entries('settings.change')).at(-1)
    expect(entry).toMatchObject({ query: { settings: ['owner_email'] } })
  })
})

describe('the switches of the APIs', () => {
  test('are for the primary owner', async () => {
    const owner = await somebody(daybook, ['owner'])
    expect(await owner.isRefused(403, 'PUT', '/api/settings/apis', { api: 'compliance', on: false })).toContain('only the primary owner')
    const answer = await daybook.inject({
      method: 'PUT',
      url: '/api/settings/apis',
      key: await daybook.key(['settings:manage']),
      payload: { api: 'analytics', on: false },
    })
    expect(answer.statusCode).toBe(403)
  })

  test('off turns away every key of the API in the shape of its surface, and nobody who is signed in', async () => {
    const place = await daybook.place()
    const [both, counts] = [
      await daybook.key(['compliance:read', 'analytics:read', 'activity:read']),
      await daybook.key(['analytics:read']),
    ]
    const conversations = () => daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, both)
    const metrics = (key: string) => daybook.get('/api/analytics/metrics', key)
    const reader = await somebody(daybook, ['auditor', 'analytics_viewer'])

    expect(await primary.does('PUT', '/api/settings/apis', { api: 'compliance', on: false })).toEqual({
      compliance: false,
      analytics: true,
    })
    const off = await conversations()
    expect(off.statusCode).toBe(403)
    expect(off.json()).toEqual({
      error: expect.objectContaining({ type: 'permission_error', message: expect.stringContaining('switched off') }),
    })
    expect((await daybook.get('/api/access', both)).statusCode).toBe(403)
    expect((await daybook.get('/api/records', place.read)).statusCode).toBe(403)
    expect((await metrics(both)).statusCode).toBe(200)
    await reader.does('GET', '/api/access')
    expect((await daybook.entries('conversations.list')).at(-1)).toMatchObject({
      outcome: 'denied',
      reason: 'the API of compliance:read is off',
    })

    await primary.does('PUT', '/api/settings/apis', { api: 'analytics', on: false })
    expect((await metrics(counts)).statusCode).toBe(403)
    await reader.does('GET', '/api/analytics/metrics')
    expect((await daybook.send(place.ingest, [])).statusCode).toBe(200)
    const settings: SettingsReply = await primary.does('GET', '/api/settings')
    expect(named(settings.organization, 'analytics_api')).toMatchObject({ value: 'off', changed_by: { id: primary.id }, changeable: false })

    for (const api of ['compliance', 'analytics']) await primary.does('PUT', '/api/settings/apis', { api, on: true })
    expect([(await conversations()).statusCode, (await metrics(counts)).statusCode]).toEqual([200, 200])
    expect((await daybook.entries('api.switch')).filter(({ outcome }) => outcome === 'allowed').map(({ query }) => query)).toEqual([
      { api: 'compliance', on: false, before: true },
      { api: 'analytics', on: false, before: true },
      { api: 'compliance', on: true, before: false },
      { api: 'analytics', on: true, before: false },
    ])
  })
})
