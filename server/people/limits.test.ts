import { expect, test } from 'vitest'
import { somebody } from '../../test/support/admin.ts'
import { openTestApp } from '../../test/support/app.ts'
import { stoppedClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { RequestWindows } from '../platform/request-windows.ts'

const clock = stoppedClock('2026-11-21T10:00:20Z')
const daybook = openTestApp({ clock, limits: '{"provider":5,"api":4,"organization":1000}' })

const users = async (place: { id: string; read: string }) => daybook.get(`/v1/compliance/workspaces/${place.id}/users`, place.read)
const statuses = (answers: readonly { statusCode: number }[]) => answers.map(({ statusCode }) => statusCode).sort()

test('exactly the quota is admitted, however many come at once, and the refused are told when to come again', async () => {
  const place = await daybook.place()
  const answers = await Promise.all(Array.from({ length: 40 }, () => users(place)))
  expect(statuses(answers)).toEqual([...Array(5).fill(200), ...Array(35).fill(429)])
  const refused = answers.find(({ statusCode }) => statusCode === 429)
  expect(refused?.headers).toMatchObject({
    'retry-after': '40',
    'ratelimit-policy': '"provider";q=5;w=60',
    ratelimit: '"provider";r=0;t=40',
    'x-ratelimit-remaining': '0',
  })
  expect(refused?.json().error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' })
  clock.move({ seconds: 40 })
  const next = await users(place)
  expect([next.statusCode, next.headers['x-ratelimit-remaining'], next.headers['x-ratelimit-reset']]).toEqual([200, '4', '60'])
})

test('a quota is of one key and one route on a provider’s surface', async () => {
  const [place, other] = [await daybook.place(), await daybook.place()]
  for (let i = 0; i < 6; i++) await users(place)
  expect((await users(place)).statusCode).toBe(429)
  expect((await users(other)).statusCode).toBe(200)
  expect((await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)).statusCode).toBe(200)
})

test('everything else is counted by caller, whatever the route', async () => {
  const place = await daybook.place()
  const key = await daybook.key(['analytics:read', 'compliance:read'], place)
  const paths = ['/api/analytics/metrics', '/api/records', '/api/analytics/metrics', '/api/records', '/api/analytics/metrics']
  const answers = []
  for (const path of paths) answers.push((await daybook.get(path, key)).statusCode)
  expect(answers).toEqual([200, 200, 200, 200, 429])
})

test('a refusal leaves no entry, and a quota that is used up stays so over a restart', async () => {
  const place = await daybook.place()
  for (let i = 0; i < 5; i++) await users(place)
  const before = (await daybook.allEntries()).length
  expect((await users(place)).statusCode).toBe(429)
  await daybook.stop()
  await daybook.start()
  expect((await users(place)).statusCode).toBe(429)
  expect(await daybook.allEntries()).toHaveLength(before)
})

test('several servers share one quota', async () => {
  const { database, organization } = daybook.ledger
  const servers = [1, 2, 3].map(() => new RequestWindows(database, organization.number))
  const bucket = { name: 'shared', quota: 50 }
  const admissions = await Promise.all(Array.from({ length: 300 }, (_, i) => servers[i % 3]?.take(bucket, 7)))
  expect(admissions.filter((one) => one?.admitted)).toHaveLength(50)
  expect(new Set(admissions.filter((one) => one?.admitted).map((one) => one?.left)).size).toBe(50)
  await Promise.all(servers.map((server) => server.close()))
})

test('the organization has a quota of its own', async () => {
  const { windows } = daybook.ledger
  const taken = await Promise.all(Array.from({ length: 1000 }, () => windows.take({ name: 'organization', quota: 1000 }, 29_999_999)))
  expect(taken.filter(({ admitted }) => !admitted).length).toBe(0)
  expect((await windows.take({ name: 'organization', quota: 1000 }, 29_999_999)).admitted).toBe(false)
})

test('limits are on, off, or those that are named', () => {
  const of = (text: string | undefined) => readConfig({ DAYBOOK_RATE_LIMITS: text }, '/tmp').rateLimits
  expect(of(undefined)).toEqual({ provider: 1200, intake: 6000, api: 1200, organization: 24_000 })
  expect(of('off')).toBeNull()
  expect(of('{"provider":100}')).toMatchObject({ provider: 100, intake: 6000 })
  for (const wrong of ['maybe', '{"provider":0}', '{"speed":1}', '[]'])
    expect(() => of(wrong)).toThrow(/DAYBOOK_RATE_LIMITS: must be on, off or JSON/)
})

test('a caller is the same one with other cookies beside its own: it is refused before anything is looked up', async () => {
  const owner = await somebody(daybook, ['owner'])
  for (let i = 0; i < 5; i++) await owner.ask('GET', '/api/keys')
  await daybook.ledger.database.writes.query('delete from session where member_id = $1', [owner.id])
  const answer = await daybook.inject({ method: 'GET', url: '/api/keys', headers: { cookie: `${owner.cookie}; other=1` } })
  expect(answer.statusCode).toBe(429)
})

test('a window that began while the one before it was counted is not full', async () => {
  const windows = new RequestWindows(daybook.ledger.database, daybook.ledger.organization.number)
  const bucket = { name: 'edge', quota: 2 }
  await windows.take(bucket, 7)
  const [last, first] = await Promise.all([windows.take(bucket, 7), windows.take(bucket, 8)])
  expect([last.left, first.left]).toEqual([0, 1])
  expect((await windows.take(bucket, 8)).admitted).toBe(true)
  await windows.close()
})
