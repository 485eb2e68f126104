import { expect, test } from 'vitest'
import type { Role } from '../../contract/people.ts'
import { openTestApp } from '../../test/support/app.ts'
import { member } from '../../test/support/people.ts'
import type { Context } from '../ledger/context.ts'
import { addMember, ensureFirstOwner, listMembers, memberWithEmail } from './members.ts'
import { operatorContext } from './operator.ts'

const daybook = openTestApp()

const operator = () => operatorContext(daybook.ledger)
const actingAs = (roles: Role[], workspace: number | null = null): Context => ({
  ...operator(),
  actor: { kind: 'person', id: 'somebody', name: 'somebody@example.com', roles, workspace },
})
const all = { workspace: null }

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

test('adding an address again, in whatever case, changes its roles', async () => {
  const first = await addMember(operator(), { email: 'Ada@example.com', roles: ['auditor', 'auditor'], ...all })
  const again = await addMember(operator(), { email: 'ada@EXAMPLE.com', roles: ['legal'], ...all })
  expect(again).toMatchObject({ id: first.id, roles: ['legal'], changed: true })
  expect(await memberWithEmail(daybook.ledger, 'ADA@example.com')).toMatchObject({ roles: ['legal'] })
  expect((await daybook.entries('member.add')).at(-1)).toMatchObject({ ids: [first.id], query: { roles: ['legal'], changed: true } })
})

test('a role that does not exist is named together with those that do', async () => {
  const adding = addMember(operator(), { email: 'b@example.com', roles: ['boss'], ...all })
  await expect(adding).rejects.toThrow(/boss is not a role; there are owner, admin, /)
})

test('nobody gives or takes what they do not have: no admin makes an owner, no owner takes the record', async () => {
  const { email } = await member(daybook, ['owner'])
  const give = (by: Role[], roles: Role[], to = 'c@example.com') => addMember(actingAs(by), { email: to, roles, ...all })
  await expect(give(['admin'], ['owner'])).rejects.toThrow(/cannot give or take/)
  await expect(give(['owner'], ['compliance_officer'])).rejects.toThrow(/compliance:read/)
  await expect(give(['admin'], ['member'], email)).rejects.toThrow(/cannot give or take/)
  await expect(give(['member'], ['member'])).rejects.toThrow(/people:manage/)
  await expect(give(['owner'], ['admin'])).resolves.toMatchObject({ roles: ['admin'] })
  expect(
    (await daybook.entries('member.add')).some(({ outcome, reason }) => outcome === 'denied' && reason === 'needs people:manage'),
  ).toBe(true)
})

test('who manages one workspace adds people to that one only', async () => {
  const [own, other] = [await daybook.place(), await daybook.place()]
  const reach = ({ number, id, name }: typeof own) => ({ workspace: { number, id, name } })
  const by = actingAs(['admin'], own.number)
  await expect(addMember(by, { email: 'd@example.com', roles: ['member'], ...all })).rejects.toThrow(/your own workspace/)
  await expect(addMember(by, { email: 'd@example.com', roles: ['member'], ...reach(other) })).rejects.toThrow(/your own workspace/)
  await addMember(by, { email: 'd@example.com', roles: ['member'], ...reach(own) })
  expect((await listMembers(daybook.ledger, own.number)).map(({ email }) => email)).toEqual(['d@example.com'])
})

test('the primary owner stays an owner', async () => {
  const { email } = await ensureFirstOwner(daybook.ledger)
  await expect(addMember(operator(), { email, roles: ['member'], ...all })).rejects.toThrow(/primary owner/)
  await expect(addMember(operator(), { email, roles: ['owner', 'auditor'], ...all })).resolves.toMatchObject({
    roles: ['owner', 'auditor'],
  })
})
