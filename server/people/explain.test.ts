import { describe, expect, test } from 'vitest'
import type { Explanation } from '../../contract/admin.ts'
import { somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { member } from '../../test/support/people.ts'
import { ensureFirstOwner } from './members.ts'

const daybook = openTestApp()

async function ask(query: string): Promise<Explanation> {
  const owner = await somebody(daybook, ['owner'])
  return owner.does('GET', `/api/explain?${query}`)
}

describe('why somebody can or cannot', () => {
  test('names the role that gives it', async () => {
    const { id, email } = await member(daybook, ['auditor', 'member'])
    expect(await ask(`member=${id}&scope=activity:read`)).toMatchObject({
      allowed: true,
      given_by: ['auditor'],
      sentences: [`${email} is auditor, member for the whole organization.`, 'auditor gives activity:read.'],
    })
  })

  test('names the roles that would give it and who gives those', async () => {
    const owner = await somebody(daybook, ['owner'])
    const { email } = await member(daybook, ['member'])
    const reply: Explanation = await owner.does('GET', `/api/explain?member=${email}&scope=analytics:read`)
    expect(reply).toMatchObject({ allowed: false, given_by: [], would_give: ['owner', 'admin', 'analytics_viewer'] })
    expect(reply.granted_by).toContain(owner.email)
    expect(reply.granted_by).not.toContain(email)
    expect(reply.sentences).toContain('None of these roles gives analytics:read.')
    expect(reply.sentences).toContain('owner, admin, analytics viewer would.')
  })

  test('says that the record takes a second person, and that no role deletes', async () => {
    const { email } = await member(daybook, ['owner'])
    expect((await ask(`member=${email}&scope=compliance:read`)).sentences.join(' ')).toContain('second person')
    expect(await ask(`member=${email}&scope=compliance:delete`)).toMatchObject({ would_give: [], granted_by: [] })
  })

  test('knows routes: what they need, and those that take keys only', async () => {
    const { email } = await member(daybook, ['compliance_officer'])
    expect(await ask(`member=${email}&route=${encodeURIComponent('GET /api/keys')}`)).toMatchObject({
      allowed: false,
      scopes: ['keys:manage'],
    })
    const keysOnly = await ask(`member=${email}&route=${encodeURIComponent('GET /api/records')}`)
    expect(keysOnly).toMatchObject({ allowed: false, given_by: ['compliance_officer'] })
    expect(keysOnly.sentences.join(' ')).toContain('API keys only')
    expect(await ask(`member=${email}&route=/healthz`)).toMatchObject({ allowed: true, scopes: [] })
    const owner = await somebody(daybook, ['owner'])
    await owner.isRefused(404, 'GET', `/api/explain?member=${email}&route=/api/nothing`)
    await owner.isRefused(400, 'GET', `/api/explain?member=${email}`)
    await owner.isRefused(404, 'GET', '/api/explain?member=nobody@example.com&scope=analytics:read')
  })

  test('says who has left, and whose roles are for another workspace', async () => {
    const owner = await somebody(daybook, ['owner'])
    const [own, other] = [await daybook.place('Own'), await daybook.place('Other')]
    const { id } = await member(daybook, ['analytics_viewer'], own)
    const elsewhere: Explanation = await owner.does('GET', `/api/explain?member=${id}&scope=analytics:read&workspace_id=${other.id}`)
    expect(elsewhere).toMatchObject({ allowed: false, given_by: ['analytics_viewer'] })
    expect(elsewhere.sentences).toContain('Other is not the workspace their roles are for.')
    await owner.does('POST', `/api/members/${id}/deactivate`)
    const gone: Explanation = await owner.does('GET', `/api/explain?member=${id}&scope=analytics:read`)
    expect(gone.allowed).toBe(false)
    expect(gone.sentences.join(' ')).toContain('deactivated since')
  })

  test('says what a privacy mode and a switch leave out', async () => {
    const { id } = await ensureFirstOwner(daybook.ledger)
    await daybook.rows('update organization set analytics_api = false')
    const place = await daybook.place('Berlin')
    await daybook.rows(`update workspace set privacy_mode = 'pseudonymous', viewer_detail = 'groups' where id = $1`, [place.id])
    const viewer = await member(daybook, ['analytics_viewer'], place)
    const owners = await ask(`member=${id}&scope=analytics:read&workspace_id=${place.id}`)
    const viewers = await ask(`member=${viewer.id}&scope=analytics:read`)
    await daybook.rows('update organization set analytics_api = true')
    expect(owners.sentences).toContain('In Berlin people stand under pseudonyms, for every reader.')
    expect(owners.sentences.join(' ')).toContain('The analytics API is switched off: no key can use analytics:read.')
    expect(owners.sentences.join(' ')).not.toContain('groups only')
    expect(viewers.sentences).toContain('In Berlin analytics viewers see groups only.')
  })
})

test('who manages one workspace asks about its people only', async () => {
  const [own, other] = [await daybook.place(), await daybook.place()]
  const admin = await somebody(daybook, ['admin'], own)
  const stranger = await member(daybook, ['member'], other)
  const owner = await member(daybook, ['owner'])
  const colleague = await member(daybook, ['member'], own)
  const reply: Explanation = await admin.does('GET', `/api/explain?member=${colleague.email}&scope=keys:manage`)
  expect(reply.granted_by).toContain(owner.email)
  expect(reply.granted_by).not.toContain(admin.email)
  await admin.isRefused(404, 'GET', `/api/explain?member=${stranger.email}&scope=analytics:read`)
})
