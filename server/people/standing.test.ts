import { beforeEach, describe, expect, test } from 'vitest'
import { type Somebody, somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { takeTurn } from '../ledger/append.ts'
import { transaction } from '../ledger/writer.ts'
import { takeMembers } from './standing.ts'

const daybook = openTestApp()

let ada: Somebody
let bob: Somebody
beforeEach(async () => {
  ada = await somebody(daybook, ['owner'])
  bob = await somebody(daybook, ['owner'])
})

type Asked = ReturnType<Somebody['ask']>

/** How many of our transactions wait for a lock. */
async function waiting(): Promise<number> {
  const [row] = await daybook.rows<{ count: number }>("select count(*) as count from pg_locks where locktype = 'advisory' and not granted")
  return Number(row?.count)
}

/** Requests that came in one after the other while nobody could go on, each let in as who they were then. */
async function heldUp(at: typeof takeTurn, requests: readonly (() => Asked)[]): Promise<number[]> {
  const { ledger } = daybook
  const asked: Asked[] = []
  await transaction(ledger.database.writes, async (tx) => {
    await at(tx, ledger.organization.number)
    for (const request of requests) {
      asked.push(request())
      await expect.poll(waiting).toBe(asked.length)
    }
  })
  return (await Promise.all(asked)).map(({ statusCode }) => statusCode)
}

describe('whoever lost what they could do while their request waited', () => {
  const demoted = () => ada.ask('PUT', `/api/members/${bob.id}/roles`, { roles: ['member'] })
  const invited = { email: 'late@example.com', roles: ['owner'], workspace_id: null }

  test.each([
    ['takes no role of the record', () => bob.ask('POST', '/api/break-glass', { role: 'legal', reason: 'It cannot wait for anybody' })],
    ['invites nobody', () => bob.ask('POST', '/api/invitations', invited)],
    ['shuts nobody out', () => bob.ask('POST', `/api/members/${ada.id}/deactivate`, { keys: 'flag' })],
    ['gives no roles', () => bob.ask('PUT', `/api/members/${ada.id}/roles`, { roles: ['member'] })],
    ['makes no key', () => bob.ask('POST', '/api/keys', { name: 'late', scopes: ['people:manage'], workspace_id: null })],
  ])('%s', async (_, late) => {
    expect(await heldUp(takeMembers, [demoted, late])).toEqual([200, 403])
  })

  test('of two owners who shut each other out at once one stays', async () => {
    const answers = await heldUp(takeMembers, [
      () => ada.ask('POST', `/api/members/${bob.id}/deactivate`, { keys: 'flag' }),
      () => bob.ask('POST', `/api/members/${ada.id}/deactivate`, { keys: 'flag' }),
    ])
    expect(answers).toEqual([200, 403])
  })

  test('a key that was revoked makes no other', async () => {
    const key = await daybook.key(['keys:manage', 'people:manage'])
    const { data } = await ada.does('GET', '/api/keys')
    const { id } = data.at(-1)
    const payload = { name: 'late', scopes: ['people:manage'], workspace_id: null }
    const made = () => daybook.inject({ method: 'POST', url: '/api/keys', key, payload })
    expect(await heldUp(takeMembers, [() => ada.ask('POST', `/api/keys/${id}/revoke`), made])).toEqual([200, 403])
  })
})

test('a key that its maker is just making when they are shut out with their keys is revoked with the others', async () => {
  let made: Asked | undefined
  await heldUp(takeTurn, [
    () => (made = bob.ask('POST', '/api/keys', { name: 'mine', scopes: ['people:manage'], workspace_id: null })),
    () => ada.ask('POST', `/api/members/${bob.id}/deactivate`, { keys: 'revoke' }),
  ])
  const { key } = (await made)?.json() ?? {}
  expect(key).toMatch(/^dbk_/)
  expect((await daybook.inject({ method: 'GET', url: '/api/invitations', key })).statusCode).toBe(401)
})
