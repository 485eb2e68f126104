import { expect, test } from 'vitest'
import { openTestApp } from '../test/support/app.ts'
import { person } from '../test/support/records.ts'
import { Follower } from './analytics/follow.ts'
import { withTurn } from './analytics/follow-position.ts'
import { factsStatus } from './analytics/status.ts'
import type { Ledger } from './ledger/context.ts'

const daybook = openTestApp()

test('the process says that it lives and that its stores answer', async () => {
  expect((await daybook.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' })
  expect((await daybook.inject({ url: '/readyz' })).json()).toEqual({ status: 'ready' })
})

test('it is not ready while its counts stay more than a minute behind the record, unless it is just catching up', async () => {
  const { ledger } = daybook
  const ready = async () => {
    const { statusCode, body } = await daybook.inject({ url: '/readyz' })
    return statusCode === 200 ? 'ready' : `${statusCode} ${JSON.parse(body).detail}`
  }
  const place = await daybook.place()
  await new Follower(ledger).catchUp()
  await daybook.take(place.ingest, [person('user-late')])
  expect(await ready()).toBe('ready')
  const age = () => daybook.rows("update log set received_at = received_at - interval '95 seconds' where seq = (select max(seq) from log)")
  await age()
  expect(await ready()).toMatch(/^503 the counts are 9\d seconds behind the record$/)

  const holding = await holdTurn(ledger)
  const follower = new Follower(ledger)
  follower.start()
  expect(await ready()).toBe('ready')
  await holding.release()
  await expect.poll(async () => (await factsStatus(ledger)).lag_seconds, { timeout: 10_000 }).toBe(0)
  const again = await holdTurn(ledger)
  await daybook.take(place.ingest, [person('user-later')])
  await age()
  await expect.poll(ready).toMatch(/^503/)
  await again.release()
  await expect.poll(ready, { timeout: 10_000 }).toBe('ready')
  await follower.stop()
})

/** As a follower on another machine that has its turn and does not end it. */
async function holdTurn({ database, organization }: Ledger): Promise<{ release(): Promise<void> }> {
  const held = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const turn = withTurn(database.writes, organization.number, true, () => {
    held.resolve()
    return release.promise
  })
  await held.promise
  return {
    release: async () => {
      release.resolve()
      await turn
    },
  }
}

test('metrics are for this machine, and for any key from elsewhere', async () => {
  for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect((await daybook.inject({ url: '/metrics', remoteAddress })).statusCode, remoteAddress).toBe(200)
  expect((await daybook.inject({ url: '/metrics', remoteAddress: '192.0.2.7' })).statusCode).toBe(401)
  expect((await daybook.inject({ url: '/metrics', remoteAddress: '192.0.2.7', key: 'dbk_cmp_x' })).statusCode).toBe(401)
  const key = await daybook.key(['analytics:read'])
  expect((await daybook.inject({ url: '/metrics', remoteAddress: '192.0.2.7', key })).statusCode).toBe(200)
})

test('metrics count what came in and how long answers took, by the route and never by what a source sent', async () => {
  const place = await daybook.place()
  await daybook.take(place.ingest, [person('user-marked'), person('user-marked'), '{'])
  const { body, headers } = await daybook.inject({ url: '/metrics' })
  expect(headers['content-type']).toContain('text/plain')
  expect(body).toMatch(/daybook_records_total\{outcome="accepted"\} \d+/)
  expect(body).toMatch(/daybook_records_total\{outcome="rejected"\} \d+/)
  expect(body).toContain('daybook_http_request_seconds_count{method="POST",route="/api/intake/records",status="200"}')
  expect(body).not.toContain('user-marked')
  expect(body).not.toContain(place.id)
})
