import type { InjectOptions } from 'fastify'
import { describe, expect, test } from 'vitest'
import { type Somebody, somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { buildApp } from '../app.ts'
import { stoppedClock } from '../platform/clock.ts'
import { isWithin, networkOf } from './api-key-networks.ts'
import { createKey, revokeKey } from './api-keys-change.ts'
import { operatorContext } from './operator.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

const counts = { name: 'counts', scopes: ['analytics:read'] }
/** A route that takes the key of such scopes. */
const uses = (key: string, from = '127.0.0.1') =>
  daybook.inject({ method: 'GET', url: '/api/analytics/metrics', key, remoteAddress: from } satisfies InjectOptions & { key: string })
const keyOf = async (who: Somebody, id: string) => (await who.does('GET', '/api/keys')).data.find((one: { id: string }) => one.id === id)

describe('a key', () => {
  test('is made by somebody, shown once, and ends after 90 days unless somebody says otherwise', async () => {
    const owner = await somebody(daybook, ['owner'])
    const made = await owner.does('POST', '/api/keys', counts)
    expect(made).toMatchObject({
      key: expect.stringMatching(/^dbk_ana_/),
      scopes: counts.scopes,
      networks: [],
      expires_at: '2027-01-31T09:00:00Z',
    })
    expect((await uses(made.key)).statusCode).toBe(200)
    const listed = await owner.ask('GET', '/api/keys')
    expect(listed.body).not.toContain(made.key)
    expect(await keyOf(owner, made.id)).toMatchObject({
      ...counts,
      last_four: made.key.slice(-4),
      maker: { kind: 'person', id: owner.id, name: owner.email },
      state: 'live',
      last_used_at: clock.now().toString(),
      last_used_address: '127.0.0.1',
      last_used_route: 'GET /api/analytics/metrics',
    })
    expect(JSON.stringify(await daybook.allEntries())).not.toContain(made.key)
    expect(daybook.logs).not.toContain(made.key)
    expect((await owner.does('POST', '/api/keys', { ...counts, expires_in_days: null })).expires_at).toBeNull()
  })

  test('has no scope that its maker lacks, not even a key manager’s, nor one they have for an hour', async () => {
    const manager = await somebody(daybook, ['key_manager'])
    const owner = await somebody(daybook, ['owner'])
    expect(await manager.isRefused(403, 'POST', '/api/keys', counts)).toContain('scopes its maker lacks: analytics:read')
    const reading = { name: 'record', scopes: ['compliance:read'] }
    await owner.isRefused(403, 'POST', '/api/keys', reading)
    await owner.does('POST', '/api/break-glass', { role: 'legal', reason: 'cannot wait' })
    expect(await owner.isRefused(403, 'POST', '/api/keys', reading)).toContain('compliance:read')
    const officer = await somebody(daybook, ['key_manager', 'compliance_officer'])
    await officer.does('POST', '/api/keys', reading)
    expect((await daybook.entries('key.create')).at(-2)).toMatchObject({ outcome: 'denied', actor: { id: owner.id } })
  })

  test('is not changed by what is sent besides', async () => {
    const owner = await somebody(daybook, ['owner'])
    expect((await owner.ask('POST', '/api/keys', { ...counts, maker_id: 'me' })).statusCode).toBe(400)
    expect((await owner.ask('POST', '/api/keys', { ...counts, scopes: ['everything'] })).statusCode).toBe(400)
  })

  test('that deletes has to end', async () => {
    const making = (expiresInDays: number | null) =>
      createKey(operatorContext(daybook.ledger), { name: 'd', scopes: ['compliance:delete'], workspace: null, expiresInDays })
    await expect(making(null)).rejects.toThrow(/has to end/)
    await expect(making(30)).resolves.toMatchObject({ scopes: ['compliance:delete'] })
  })

  test('of one workspace is made, seen, rotated and revoked by who reaches it', async () => {
    const [own, other] = [await daybook.place(), await daybook.place()]
    const owner = await somebody(daybook, ['owner'])
    const manager = await somebody(daybook, ['owner'], own)
    const made = await manager.does('POST', '/api/keys', { ...counts, workspace_id: own.id })
    await manager.isRefused(403, 'POST', '/api/keys', counts)
    await manager.isRefused(404, 'POST', '/api/keys', { ...counts, workspace_id: other.id })
    const foreign = await owner.does('POST', '/api/keys', { ...counts, workspace_id: other.id })
    const wide = await owner.does('POST', '/api/keys', counts)
    for (const { id } of [foreign, wide]) {
      await manager.isRefused(404, 'POST', `/api/keys/${id}/revoke`)
      await manager.isRefused(404, 'POST', `/api/keys/${id}/rotate`, {})
    }
    const seen = (await manager.does('GET', '/api/keys')).data.map(({ id }: { id: string }) => id)
    expect(seen).toContain(made.id)
    expect(seen).not.toContain(foreign.id)
    expect(seen).not.toContain(wide.id)
  })
})

describe('networks', () => {
  test('let a key in from where it belongs, and from nowhere else; the attempt is on record', async () => {
    const owner = await somebody(daybook, ['owner'])
    const { id, key, networks } = await owner.does('POST', '/api/keys', {
      ...counts,
      networks: ['192.0.2.0/24', '2001:DB8::/32', '198.51.100.7'],
    })
    expect(networks).toEqual(['192.0.2.0/24', '2001:db8::/32', '198.51.100.7/32'])
    const tried = async (from: string) => (await uses(key, from)).statusCode
    expect([await tried('192.0.2.9'), await tried('::ffff:192.0.2.9'), await tried('2001:db8::1'), await tried('198.51.100.7')]).toEqual([
      200, 200, 200, 200,
    ])
    expect([await tried('192.0.3.9'), await tried('2001:db9::1'), await tried('198.51.100.8')]).toEqual([401, 401, 401])
    await daybook.ledger.writer.drain()
    expect(await daybook.entries('key.use')).toMatchObject([
      {
        outcome: 'denied',
        reason: 'outside its networks',
        actor: { id },
        address: '192.0.3.9',
        query: { route: 'GET /api/analytics/metrics' },
      },
    ])
  })

  test('are asked of whom the proxy in front saw, not of whom its caller says it is', async () => {
    const { ledger } = daybook
    const { key } = await (await somebody(daybook, ['owner'])).does('POST', '/api/keys', { ...counts, networks: ['192.0.2.7'] })
    const app = await buildApp({ ...ledger, config: { ...ledger.config, trustProxy: true } })
    const tried = async (forwarded: string) => {
      const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': forwarded }
      return (await app.inject({ method: 'GET', url: '/api/analytics/metrics', headers })).statusCode
    }
    try {
      expect([await tried('192.0.2.7'), await tried('192.0.2.7, 203.0.113.9'), await tried('203.0.113.9, 192.0.2.7')]).toEqual([
        200, 401, 200,
      ])
    } finally {
      await app.close()
    }
  })

  test('of a key that makes keys hold for those it makes and rotates', async () => {
    const owner = await somebody(daybook, ['owner'])
    const managing = { name: 'automation', scopes: ['keys:manage', 'analytics:read'], networks: ['127.0.0.0/8', '2001:db8::/32'] }
    const { key } = await owner.does('POST', '/api/keys', managing)
    const wide = await owner.does('POST', '/api/keys', counts)
    const does = async (path: string, body: object) =>
      (await daybook.inject({ method: 'POST', url: path, headers: { authorization: `Bearer ${key}` }, payload: body })).statusCode
    const making = (...networks: string[]) => does('/api/keys', { ...counts, networks })
    expect([await making('127.0.0.1'), await making('127.0.0.0/8', '2001:db8:1::/48')]).toEqual([200, 200])
    expect([await making(), await making('127.0.0.0/7'), await making('127.0.0.1', '192.0.2.1'), await making('::/0')]).toEqual([
      403, 403, 403, 403,
    ])
    expect(await does(`/api/keys/${wide.id}/rotate`, {})).toBe(403)
  })

  test('that are none are refused', async () => {
    const owner = await somebody(daybook, ['owner'])
    for (const network of ['everywhere', '192.0.2.0/33', '192.0.2.0/', '2001:db8::/129', '192.0.2.0/24/8', 'fe80::1%eth0/64'])
      expect((await owner.ask('POST', '/api/keys', { ...counts, networks: [network] })).statusCode, network).toBe(400)
  })

  test('are compared by their bits', () => {
    expect(networkOf(' 10.1.2.3 ')).toBe('10.1.2.3/32')
    expect(isWithin([], null)).toBe(true)
    expect(isWithin(['10.0.0.0/8'], null)).toBe(false)
    expect(isWithin(['10.0.0.0/9'], '10.127.255.255')).toBe(true)
    expect(isWithin(['10.0.0.0/9'], '10.128.0.0')).toBe(false)
    expect(isWithin(['0.0.0.0/0'], '::1')).toBe(false)
    expect(isWithin(['::/0'], '2001:db8::1')).toBe(true)
  })
})

test('unknown, revoked, expired and from a foreign network: one answer for all of them', async () => {
  const make = (expiresInDays: number, networks: string[] = []) =>
    createKey(operatorContext(daybook.ledger), { name: 'k', scopes: ['analytics:read'], workspace: null, expiresInDays, networks })
  const [revoked, expired, foreign] = [await make(1), await make(0.001), await make(1, ['192.0.2.0/24'])]
  await revokeKey(operatorContext(daybook.ledger), { id: revoked.id })
  clock.move({ minutes: 2 })
  const { key } = await make(1)
  const unknown = `${key.slice(0, 10)}${key[10] === 'a' ? 'b' : 'a'}${key.slice(11)}`
  const answers = await Promise.all([unknown, revoked.key, expired.key, foreign.key, 'dbk_nonsense'].map((one) => uses(one)))
  const said = answers.map((answer) => {
    const { request_id: _, ...rest } = answer.json()
    return { status: answer.statusCode, ...rest }
  })
  expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1)
  expect(said[0]).toMatchObject({ status: 401, code: 'unauthenticated' })
})

test('rotation makes a successor, and the old key works on for the overlap', async () => {
  const owner = await somebody(daybook, ['owner'])
  const old = await owner.does('POST', '/api/keys', { ...counts, networks: ['127.0.0.0/8'] })
  const next = await owner.does('POST', `/api/keys/${old.id}/rotate`, { overlap_hours: 12 })
  const ends = clock.now().add({ hours: 12 }).toString()
  expect(next).toMatchObject({
    name: 'counts',
    scopes: counts.scopes,
    networks: ['127.0.0.0/8'],
    replaces: { id: old.id, expires_at: ends },
  })
  expect(next.key).not.toBe(old.key)
  expect([(await uses(old.key)).statusCode, (await uses(next.key)).statusCode]).toEqual([200, 200])
  expect(await keyOf(owner, next.id)).toMatchObject({ rotated_from: old.id })
  clock.move({ hours: 12 })
  expect([(await uses(old.key)).statusCode, (await uses(next.key)).statusCode]).toEqual([401, 200])
  const again = await somebody(daybook, ['owner'])
  expect(await again.isRefused(409, 'POST', `/api/keys/${old.id}/rotate`, {})).toContain('has ended')
  const manager = await somebody(daybook, ['key_manager'])
  expect(await manager.isRefused(403, 'POST', `/api/keys/${next.id}/rotate`, {})).toContain('lacks')
})

test('who loses a role leaves the keys that needed it flagged', async () => {
  const owner = await somebody(daybook, ['owner'])
  const ada = await somebody(daybook, ['key_manager', 'analytics_viewer'])
  const { id } = await ada.does('POST', '/api/keys', counts)
  await owner.does('PUT', `/api/members/${ada.id}/roles`, { roles: ['key_manager'] })
  expect(await keyOf(owner, id)).toMatchObject({ state: 'live', flagged_at: clock.now().toString() })
  expect((await owner.does('GET', '/api/findings')).data).toEqual(
    expect.arrayContaining([expect.objectContaining({ kind: 'key-beyond-its-maker', subject: { kind: 'key', id, name: 'counts' } })]),
  )
  await owner.does('PUT', `/api/members/${ada.id}/roles`, { roles: ['key_manager', 'analytics_viewer'] })
  expect(await keyOf(owner, id)).toMatchObject({ flagged_at: null })
})

test('revocation counts from the next request on', async () => {
  const owner = await somebody(daybook, ['owner'])
  const { id, key } = await owner.does('POST', '/api/keys', counts)
  expect((await uses(key)).statusCode).toBe(200)
  await owner.does('POST', `/api/keys/${id}/revoke`)
  expect((await uses(key)).statusCode).toBe(401)
  expect(await keyOf(owner, id)).toMatchObject({ state: 'revoked' })
})
