import { expect, test } from 'vitest'
import { openTestApp } from '../test/support/app.ts'
import { person } from '../test/support/records.ts'

const daybook = openTestApp()

test('the process says that it lives and that its stores answer', async () => {
  expect((await daybook.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' })
  expect((await daybook.inject({ url: '/readyz' })).json()).toEqual({ status: 'ready' })
})

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
