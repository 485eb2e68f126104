import { expect, test } from 'vitest'
import { signedIn, somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { cookieOf, press, visit } from '../../test/support/people.ts'
import { stoppedClock } from '../platform/clock.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

let people = 0
const newcomer = () => `newcomer-${++people}@example.com`
const pathOf = ({ url }: { url: string }) => new URL(url).pathname

test('who is invited opens the link, agrees, and is in with the roles that were meant', async () => {
  const place = await daybook.place()
  const admin = await somebody(daybook, ['admin'])
  const email = newcomer()
  const invited = await admin.does('POST', '/api/invitations', { email, roles: ['analytics_viewer'], workspace_id: place.id })
  expect(invited.expires_at).toBe('2026-11-09T09:00:00Z')
  const page = await daybook.inject({ method: 'GET', url: pathOf(invited) })
  expect([page.statusCode, page.body.includes(email)]).toEqual([200, false])
  const accepted = await press(daybook, pathOf(invited))
  expect(accepted.statusCode).toBe(303)
  const cookie = cookieOf(await press(daybook, String(accepted.headers.location)))
  expect((await visit(daybook, '/', cookie)).body).toContain(email)
  const owner = await somebody(daybook, ['owner'])
  const { data } = await owner.does('GET', '/api/members')
  const made = data.find((one: { email: string }) => one.email === email)
  expect(made).toMatchObject({ roles: ['analytics_viewer'], workspace_id: place.id, state: 'active' })
  expect((await daybook.entries('invitation.accept')).at(-1)).toMatchObject({
    actor: { id: made.id, name: email },
    ids: [invited.id, made.id],
  })
  expect((await press(daybook, pathOf(invited))).statusCode).toBe(410)
  expect(await stateOf(admin, invited.id)).toBe('accepted')
})

test('an invitation ends, and a new link lets the old one die', async () => {
  const admin = await somebody(daybook, ['admin'])
  const first = await admin.does('POST', '/api/invitations', { email: newcomer(), roles: ['member'], expires_in_days: 1 })
  clock.move({ hours: 24 })
  expect((await press(daybook, pathOf(first))).statusCode).toBe(410)
  const later = await signedIn(daybook, admin.id, admin.email)
  expect(await stateOf(later, first.id)).toBe('expired')
  const second = await later.does('POST', `/api/invitations/${first.id}/resend`)
  expect(second).toMatchObject({ id: first.id, expires_at: clock.now().add({ hours: 24 }).toString() })
  expect((await press(daybook, pathOf(first))).statusCode).toBe(410)
  expect((await press(daybook, pathOf(second))).statusCode).toBe(303)
})

test('one that was withdrawn is dead, and its address can be invited again', async () => {
  const admin = await somebody(daybook, ['admin'])
  const email = newcomer()
  const first = await admin.does('POST', '/api/invitations', { email, roles: ['member'] })
  expect(await admin.isRefused(409, 'POST', '/api/invitations', { email: email.toUpperCase(), roles: ['member'] })).toContain(
    'invited already',
  )
  await admin.does('DELETE', `/api/invitations/${first.id}`)
  expect((await press(daybook, pathOf(first))).statusCode).toBe(410)
  await admin.isRefused(409, 'POST', `/api/invitations/${first.id}/resend`)
  await admin.does('POST', '/api/invitations', { email, roles: ['member'] })
})

test('nobody invites above their level, to the record, outside their workspace, or a member', async () => {
  const [own, other] = [await daybook.place(), await daybook.place()]
  const [owner, admin, bound] = [
    await somebody(daybook, ['owner']),
    await somebody(daybook, ['admin']),
    await somebody(daybook, ['admin'], own),
  ]
  const wanted = (more: object) => ({ email: newcomer(), roles: ['member'], ...more })
  expect(await admin.isRefused(403, 'POST', '/api/invitations', wanted({ roles: ['owner'] }))).toContain('above your own')
  expect(await owner.isRefused(403, 'POST', '/api/invitations', wanted({ roles: ['legal'] }))).toContain('by two people')
  await bound.isRefused(403, 'POST', '/api/invitations', wanted({}))
  await bound.isRefused(404, 'POST', '/api/invitations', wanted({ workspace_id: other.id }))
  expect(await owner.isRefused(409, 'POST', '/api/invitations', wanted({ email: admin.email }))).toContain('member already')
  const made = await bound.does('POST', '/api/invitations', wanted({ workspace_id: own.id }))
  const stranger = await somebody(daybook, ['admin'], other)
  expect((await stranger.does('GET', '/api/invitations')).data).toEqual([])
  await stranger.isRefused(404, 'DELETE', `/api/invitations/${made.id}`)
})

test('the link is shown once, and stands in no log, no entry and no table', async () => {
  const admin = await somebody(daybook, ['admin'])
  const invited = await admin.does('POST', '/api/invitations', { email: newcomer(), roles: ['member'] })
  const token = pathOf(invited).split('/').at(-1) ?? ''
  await press(daybook, pathOf(invited))
  expect(daybook.logs).not.toContain(token)
  expect(JSON.stringify(await daybook.allEntries())).not.toContain(token)
  expect((await admin.ask('GET', '/api/invitations')).body).not.toContain(token)
  expect(JSON.stringify(await daybook.rows('select * from invitation'))).not.toContain(token)
})

test('another site cannot accept in somebody’s name, and a link that nobody has leaves nothing', async () => {
  const before = (await daybook.allEntries()).length
  expect((await press(daybook, `/invitations/${'a'.repeat(43)}`)).statusCode).toBe(410)
  expect((await press(daybook, '/invitations/short')).statusCode).toBe(410)
  expect((await press(daybook, `/invitations/${'a'.repeat(43)}`, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
  expect(await daybook.allEntries()).toHaveLength(before)
})

async function stateOf(reader: Awaited<ReturnType<typeof somebody>>, wanted: string): Promise<string> {
  const { data } = await reader.does('GET', '/api/invitations')
  return data.find(({ id }: { id: string }) => id === wanted)?.state
}

test('nobody comes in on the word of somebody who left, or who could not invite them any more', async () => {
  const owner = await somebody(daybook, ['owner'])
  const [left, lowered] = [await somebody(daybook, ['admin']), await somebody(daybook, ['admin'])]
  const made = []
  for (const admin of [left, lowered]) made.push(await admin.does('POST', '/api/invitations', { email: newcomer(), roles: ['admin'] }))
  await owner.does('POST', `/api/members/${left.id}/deactivate`, { keys: 'flag' })
  await owner.does('PUT', `/api/members/${lowered.id}/roles`, { roles: ['member'] })
  for (const invited of made) {
    expect((await press(daybook, pathOf(invited))).statusCode).toBe(410)
    expect(await stateOf(owner, invited.id)).toBe('withdrawn')
  }
})
