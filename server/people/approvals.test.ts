import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Somebody, signedIn, somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { member } from '../../test/support/people.ts'
import { person } from '../../test/support/records.ts'
import { stoppedClock } from '../platform/clock.ts'
import { approve } from './approvals.ts'
import { addMember, listMembers } from './members.ts'
import { operatorContext } from './operator.ts'
import { mailboxOf } from './second-person.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

const rolesOf = async (id: string) => (await listMembers(daybook.ledger, null)).find((one) => one.id === id)?.roles
const granting = (id: string) => ({ action: 'role.grant', member_id: id, role: 'legal', purpose: 'Matter 12, custodian review' })

async function memberNamed(email: string, roles: ('owner' | 'admin' | 'member')[]): Promise<Somebody> {
  const { id } = await addMember(operatorContext(daybook.ledger), { email, roles, workspace: null })
  return signedIn(daybook, id, email)
}

/** What was logged since, as the actions in their order. */
async function actionsAfter(seq: number): Promise<unknown[]> {
  return (await daybook.allEntries())
    .filter((entry) => entry.seq > seq)
    .map(({ action, outcome, actor }) => [action, outcome, Object(actor).id])
}
const lastSeq = async () => (await daybook.allEntries()).at(-1)?.seq ?? 0

let ada: Somebody
let bob: Somebody
let carol: { id: string; email: string }
beforeEach(async () => {
  ada = await somebody(daybook, ['owner'])
  bob = await somebody(daybook, ['owner'])
  carol = await member(daybook, ['member'])
})

describe('a role of the record', () => {
  test('is given by two people: what was agreed to stands in the log before what came of it', async () => {
    const seq = await lastSeq()
    const { id, expires_at } = await ada.does('POST', '/api/approvals', granting(carol.id))
    expect(expires_at).toBe('2026-11-02T10:00:00Z')
    expect(await rolesOf(carol.id)).toEqual(['member'])
    await bob.does('POST', `/api/approvals/${id}/approve`)
    expect(await rolesOf(carol.id)).toEqual(['member', 'legal'])
    expect(await actionsAfter(seq)).toEqual([
      ['approval.request', 'allowed', ada.id],
      ['approval.approve', 'allowed', bob.id],
      ['member.grant-record-role', 'allowed', bob.id],
    ])
    expect((await daybook.entries('member.grant-record-role')).at(-1)).toMatchObject({
      ids: [carol.id],
      query: { roles: ['member', 'legal'], roles_before: ['member'], approval_id: id, requested_by: ada.id },
    })
    expect(await bob.isRefused(409, 'POST', `/api/approvals/${id}/approve`)).toContain('it was approved')
  })

  test('is given to nobody who asks for it themselves, nor by who asks, nor by who gains', async () => {
    expect(await ada.isRefused(403, 'POST', '/api/approvals', granting(ada.id))).toContain('for themselves')
    const { id } = await ada.does('POST', '/api/approvals', granting(bob.id))
    expect(await ada.isRefused(403, 'POST', `/api/approvals/${id}/approve`)).toContain('than who asks')
    expect(await bob.isRefused(403, 'POST', `/api/approvals/${id}/approve`)).toContain('than who gains')
    expect(await rolesOf(bob.id)).toEqual(['owner'])
    expect((await daybook.entries('approval.approve')).slice(-2)).toMatchObject([
      { outcome: 'denied', actor: { id: ada.id } },
      { outcome: 'denied', actor: { id: bob.id } },
    ])
  })

  test('can be asked for by an admin; only an owner agrees', async () => {
    const admin = await somebody(daybook, ['admin'])
    const { id } = await ada.does('POST', '/api/approvals', granting(carol.id))
    expect(await admin.isRefused(403, 'POST', `/api/approvals/${id}/approve`)).toContain('an owner')
    const { id: asked } = await admin.does('POST', '/api/approvals', { ...granting(carol.id), role: 'compliance_officer' })
    await bob.does('POST', `/api/approvals/${asked}/approve`)
    expect(await rolesOf(carol.id)).toEqual(['member', 'compliance_officer'])
  })

  test('is one of the record: others are not asked for, nor is one that somebody has', async () => {
    expect(await ada.isRefused(400, 'POST', '/api/approvals', { ...granting(carol.id), role: 'auditor' })).toContain(
      'no role of the record',
    )
    const { id } = await member(daybook, ['legal'])
    expect(await ada.isRefused(409, 'POST', '/api/approvals', granting(id))).toContain('already')
    expect((await ada.ask('POST', '/api/approvals', { ...granting(carol.id), purpose: '' })).statusCode).toBe(400)
    expect((await ada.ask('POST', '/api/approvals', { ...granting(carol.id), state: 'approved' })).statusCode).toBe(400)
  })

  test('is asked for by people: a key that manages people is refused', async () => {
    const key = await daybook.key(['people:manage'])
    const answer = await daybook.inject({ method: 'POST', url: '/api/approvals', key, payload: granting(carol.id) })
    expect(answer.statusCode).toBe(403)
  })
})

describe('a request', () => {
  test('ends after an hour', async () => {
    const { id } = await ada.does('POST', '/api/approvals', granting(carol.id))
    clock.move({ minutes: 59, seconds: 59 })
    const late = await signedIn(daybook, bob.id, bob.email)
    expect((await late.does('GET', '/api/approvals?state=open')).data).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, may_approve: true, requester: { id: ada.id, email: ada.email } })]),
    )
    clock.move({ seconds: 1 })
    expect(await late.isRefused(410, 'POST', `/api/approvals/${id}/approve`)).toContain('expired')
    expect((await late.does('GET', '/api/approvals?state=expired')).data).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, state: 'expired', may_approve: false })]),
    )
    expect(await rolesOf(carol.id)).toEqual(['member'])
  })

  test('is denied with a reason, by somebody else', async () => {
    const { id } = await ada.does('POST', '/api/approvals', granting(carol.id))
    expect(await ada.isRefused(403, 'POST', `/api/approvals/${id}/deny`, { note: 'changed my mind' })).toContain('withdraw')
    await bob.does('POST', `/api/approvals/${id}/deny`, { note: 'no such matter' })
    const { data } = await ada.does('GET', '/api/approvals?state=denied')
    expect(data.find((one: { id: string }) => one.id === id)).toMatchObject({ note: 'no such matter', decided_by: { id: bob.id } })
    expect(await bob.isRefused(409, 'POST', `/api/approvals/${id}/approve`)).toContain('it was denied')
  })

  test('is decided once, however many decide at the same time', async () => {
    const { id } = await ada.does('POST', '/api/approvals', granting(carol.id))
    const others = await Promise.all([1, 2, 3].map(() => somebody(daybook, ['owner'])))
    const answers = await Promise.all([
      ...others.map((one) => one.ask('POST', `/api/approvals/${id}/approve`)),
      bob.ask('POST', `/api/approvals/${id}/deny`, { note: 'not now' }),
    ])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409])
    const denied = answers.at(-1)?.statusCode === 200
    expect(await rolesOf(carol.id)).toEqual(denied ? ['member'] : ['member', 'legal'])
  })

  test('is withdrawn by whoever made it', async () => {
    const { id } = await ada.does('POST', '/api/approvals', granting(carol.id))
    expect(await bob.isRefused(403, 'POST', `/api/approvals/${id}/withdraw`)).toContain('whoever made it')
    await ada.does('POST', `/api/approvals/${id}/withdraw`)
    expect(await bob.isRefused(409, 'POST', `/api/approvals/${id}/approve`)).toContain('withdrawn')
  })

  test('is void once whoever made it may not make it any more, or who it is for has left', async () => {
    const { id } = await ada.does('POST', '/api/approvals', granting(carol.id))
    await bob.does('PUT', `/api/members/${ada.id}/roles`, { roles: ['member'] })
    expect(await bob.isRefused(409, 'POST', `/api/approvals/${id}/approve`)).toContain('may not ask')
    const dave = await somebody(daybook, ['owner'])
    const { id: next } = await dave.does('POST', '/api/approvals', granting(carol.id))
    await bob.does('POST', `/api/members/${carol.id}/deactivate`)
    expect(await bob.isRefused(409, 'POST', `/api/approvals/${next}/approve`)).toContain('deactivated')
    expect(await rolesOf(carol.id)).toEqual(['member'])
  })

  test('about a workspace is nothing to those of another', async () => {
    const [place, other] = [await daybook.place(), await daybook.place()]
    const { id: gains } = await member(daybook, ['member'], place)
    const { id } = await ada.does('POST', '/api/approvals', granting(gains))
    const stranger = await somebody(daybook, ['owner'], other)
    expect((await stranger.does('GET', '/api/approvals')).data).toEqual([])
    await stranger.isRefused(404, 'POST', `/api/approvals/${id}/approve`)
    const own = await somebody(daybook, ['owner'], place)
    await own.does('POST', `/api/approvals/${id}/approve`)
    expect(await rolesOf(gains)).toEqual(['member', 'legal'])
  })
})

describe('the second account of whoever asks is no second person', () => {
  test('when both addresses reach one mailbox', async () => {
    const first = await memberNamed('Eve@example.com', ['owner'])
    const second = await memberNamed('eve+audit@EXAMPLE.com', ['owner'])
    const { id } = await first.does('POST', '/api/approvals', granting(carol.id))
    expect(await second.isRefused(403, 'POST', `/api/approvals/${id}/approve`)).toContain('than who asks')
    expect(await rolesOf(carol.id)).toEqual(['member'])
  })

  test('when the record knows one person by both addresses', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [person('frank', { email: 'frank@example.com', former_emails: ['f.old@example.com'] })])
    const first = await memberNamed('frank@example.com', ['owner'])
    const second = await memberNamed('F.Old@example.com', ['owner'])
    const { id } = await first.does('POST', '/api/approvals', granting(carol.id))
    expect(await second.isRefused(403, 'POST', `/api/approvals/${id}/approve`)).toContain('than who asks')
  })

  test('when the directory says so, or a provider tells one address of both', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => somebody(daybook, ['owner'])))
    await daybook.rows(`update member set directory_id = 'd-1' where id = any ($1)`, [[first?.id, second?.id]])
    await daybook.rows(
      `insert into identity (organization_id, issuer, subject, member_id, provider, email, linked_at)
       values (1, 'https://id.example.com', 's-1', $1, 'sso', $2, now())`,
      [third?.id, first?.email],
    )
    const { id } = (await first?.does('POST', '/api/approvals', granting(carol.id))) ?? {}
    expect(await second?.isRefused(403, 'POST', `/api/approvals/${id}/approve`)).toContain('than who asks')
    expect(await third?.isRefused(403, 'POST', `/api/approvals/${id}/approve`)).toContain('than who asks')
    await bob.does('POST', `/api/approvals/${id}/approve`)
  })

  test('while two people in one domain are two', () => {
    expect(mailboxOf('Ada+x+y@Example.com')).toBe('ada@example.com')
    expect(mailboxOf('ada.b@example.com')).not.toBe(mailboxOf('ada.c@example.com'))
    expect(mailboxOf('"a+b"@example.com')).not.toContain('+')
  })
})

describe('the only owner of an organization', () => {
  test('gives a role of the record alone, and the finding stays until somebody else closes it', async () => {
    const grant = { role: 'legal', reason: 'Court order, nobody else is here' }
    expect(await ada.isRefused(403, 'POST', `/api/members/${carol.id}/record-roles`, grant)).toContain('another owner')
    await daybook.rows(`update member set deactivated_at = now() where 'owner' = any (roles) and id <> $1`, [ada.id])
    const second = await memberNamed(ada.email.replace('@', '+second@'), ['owner'])
    expect(await ada.isRefused(403, 'POST', `/api/members/${second.id}/record-roles`, grant)).toContain('for themselves')
    const { finding_id } = await ada.does('POST', `/api/members/${carol.id}/record-roles`, grant)
    expect(await rolesOf(carol.id)).toEqual(['member', 'legal'])
    const finding = { id: finding_id, kind: 'record-role-granted-alone', severity: 'high', reason: grant.reason, state: 'open' }
    expect((await ada.does('GET', '/api/findings')).data).toEqual(
      expect.arrayContaining([expect.objectContaining({ ...finding, may_close: false })]),
    )
    for (const one of [ada, second])
      expect(await one.isRefused(403, 'POST', `/api/findings/${finding_id}/close`, { note: 'all fine' })).toContain('somebody else')
    const analyst = await somebody(daybook, ['security_analyst'])
    await analyst.does('POST', `/api/findings/${finding_id}/close`, { note: 'order 7 seen' })
    expect((await ada.does('GET', '/api/findings?state=closed')).data).toEqual(
      expect.arrayContaining([expect.objectContaining({ ...finding, state: 'closed', note: 'order 7 seen' })]),
    )
    expect((await daybook.entries('finding.close')).at(-1)).toMatchObject({ outcome: 'allowed', actor: { id: analyst.id } })
    await daybook.rows(`update member set deactivated_at = null`)
  })
})

test('what was agreed to for one workspace is not given for all of them', async () => {
  const place = await daybook.place()
  const dora = await member(daybook, ['member'], place)
  const { id } = await ada.does('POST', '/api/approvals', granting(dora.id))
  await ada.does('PUT', `/api/members/${dora.id}/roles`, { roles: ['member'], workspace_id: null })
  expect(await bob.isRefused(409, 'POST', `/api/approvals/${id}/approve`)).toContain('another reach')
  expect(await rolesOf(dora.id)).toEqual(['member'])
})

test('an owner who was shut out while their request waited agrees to nothing', async () => {
  const { id } = await ada.does('POST', '/api/approvals', granting(carol.id))
  const session = { id: randomUUID(), startedAt: clock.now().toString(), expiresAt: clock.now().add({ hours: 1 }).toString() }
  const actor = { kind: 'person' as const, id: bob.id, name: bob.email, roles: ['owner' as const], workspace: null }
  await ada.does('POST', `/api/members/${bob.id}/deactivate`, { keys: 'flag' })
  const waiting = { ledger: daybook.ledger, requestId: randomUUID(), address: null, actor, session }
  await expect(approve(waiting, { id })).rejects.toMatchObject({ code: 'forbidden' })
  expect(await rolesOf(carol.id)).toEqual(['member'])
})
