import { expect, test } from 'vitest'
import { signedIn, somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { stoppedClock } from '../platform/clock.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

const glass = { role: 'compliance_officer', reason: 'Data subject in danger, legal cannot be reached' }

test('an owner has a role of the record for an hour, every owner learns of it, and the review stays open', async () => {
  const [ada, bob] = [await somebody(daybook, ['owner']), await somebody(daybook, ['owner'])]
  const place = await daybook.place()
  const messages = `/api/analytics/reconciliation/messages?workspace_id=${place.id}&step=counted`
  expect((await ada.ask('GET', messages)).statusCode).toBe(403)
  const { id, expires_at, finding_id } = await ada.does('POST', '/api/break-glass', glass)
  expect(expires_at).toBe('2026-11-02T10:00:00Z')
  expect((await ada.ask('GET', messages)).statusCode).not.toBe(403)
  const log = daybook.logs.split('\n').filter((line) => line.includes('"break-glass"'))
  expect(log).toHaveLength(1)
  expect(log[0]).not.toMatch(/danger|@/)
  const { data } = await bob.does('GET', '/api/break-glass')
  const review = { finding_id, due_at: '2026-11-05T09:00:00Z', closed_at: null, overdue: false }
  expect(data).toMatchObject([{ id, member: { email: ada.email }, ...glass, active: true, review }])
  expect((await bob.does('GET', '/api/members')).data.find((one: { id: string }) => one.id === ada.id)).toMatchObject({
    roles: ['owner'],
    break_glass: [{ role: glass.role, expires_at }],
  })
  expect((await daybook.entries('break-glass.start')).at(-1)).toMatchObject({
    ids: [id, ada.id],
    query: { role: glass.role, reason: glass.reason },
  })

  clock.move({ minutes: 59 })
  const still = await signedIn(daybook, ada.id, ada.email)
  expect((await still.ask('GET', messages)).statusCode).not.toBe(403)
  clock.move({ minutes: 1 })
  expect((await still.ask('GET', messages)).statusCode).toBe(403)
  expect(await still.isRefused(403, 'POST', `/api/findings/${finding_id}/close`, { note: 'looked at it myself' })).toContain(
    'somebody else',
  )

  clock.move({ hours: 72 })
  const later = await signedIn(daybook, bob.id, bob.email)
  expect((await later.does('GET', '/api/findings')).data).toMatchObject([
    { id: finding_id, kind: 'break-glass', overdue: true, may_close: true },
  ])
  await later.does('POST', `/api/findings/${finding_id}/close`, { note: 'two conversations read, as stated' })
  expect((await later.does('GET', '/api/break-glass')).data[0]).toMatchObject({
    active: false,
    review: { overdue: false, closed_at: expect.any(String) },
  })
})

test('the role is given back early, and the review stays open', async () => {
  const [ada, bob] = [await somebody(daybook, ['owner']), await somebody(daybook, ['owner'])]
  const { id, finding_id } = await ada.does('POST', '/api/break-glass', { ...glass, role: 'legal' })
  expect(await ada.isRefused(409, 'POST', '/api/break-glass', { ...glass, role: 'legal' })).toContain('already')
  await bob.does('POST', `/api/break-glass/${id}/end`)
  await bob.isRefused(404, 'POST', `/api/break-glass/${id}/end`)
  expect((await ada.does('GET', '/api/members')).data.find((one: { id: string }) => one.id === ada.id)).toMatchObject({ break_glass: [] })
  expect((await ada.does('GET', '/api/findings')).data).toMatchObject([{ id: finding_id, state: 'open' }])
})

test('it is for owners, for roles of the record, with a reason, and soon after signing in', async () => {
  const [owner, admin] = [await somebody(daybook, ['owner']), await somebody(daybook, ['admin'])]
  expect(await admin.isRefused(403, 'POST', '/api/break-glass', glass)).toContain('only an owner')
  expect(await owner.isRefused(400, 'POST', '/api/break-glass', { ...glass, role: 'auditor' })).toContain('no role of the record')
  expect((await owner.ask('POST', '/api/break-glass', { ...glass, reason: ' ' })).statusCode).toBe(400)
  const answer = await daybook.inject({
    method: 'POST',
    url: '/api/break-glass',
    key: await daybook.key(['people:manage']),
    payload: glass,
  })
  expect(answer.statusCode).toBe(403)
  clock.move({ minutes: 11 })
  expect((await owner.ask('POST', '/api/break-glass', glass)).json()).toMatchObject({ code: 'sign_in_again' })
  expect(
    (await daybook.entries('break-glass.start')).filter(({ outcome }) => outcome === 'denied').map(({ actor }) => Object(actor).id),
  ).toEqual(expect.arrayContaining([admin.id]))
})

test('who takes the record for an hour gives it to nobody', async () => {
  const [ada, carol] = [await somebody(daybook, ['owner']), await somebody(daybook, ['member'])]
  await ada.does('POST', '/api/break-glass', glass)
  await ada.isRefused(403, 'PUT', `/api/members/${carol.id}/roles`, { roles: ['compliance_officer'] })
})

test('deactivation ends it', async () => {
  const [ada, bob] = [await somebody(daybook, ['owner']), await somebody(daybook, ['owner'])]
  const { id } = await ada.does('POST', '/api/break-glass', glass)
  await bob.does('POST', `/api/members/${ada.id}/deactivate`)
  expect((await bob.does('GET', '/api/break-glass')).data.find((one: { id: string }) => one.id === id)).toMatchObject({ active: false })
})

test('who is no owner any more, or one of another reach, loses what they took as one', async () => {
  const [ada, bob, cleo] = [await somebody(daybook, ['owner']), await somebody(daybook, ['owner']), await somebody(daybook, ['owner'])]
  const place = await daybook.place()
  const messages = `/api/analytics/reconciliation/messages?workspace_id=${place.id}&step=counted`
  for (const one of [ada, bob]) await one.does('POST', '/api/break-glass', glass)
  await cleo.does('PUT', `/api/members/${ada.id}/roles`, { roles: ['analytics_viewer'] })
  await cleo.does('PUT', `/api/members/${bob.id}/roles`, { roles: ['owner'], workspace_id: place.id })
  for (const one of [ada, bob]) expect((await one.ask('GET', messages)).statusCode).toBe(403)
})
