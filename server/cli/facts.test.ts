import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { daybookCommand } from '../../test/support/cli.ts'
import { engineOf } from '../../test/support/engine.ts'
import { conversation, message } from '../../test/support/records.ts'
import { Follower } from '../analytics/follow.ts'

const daybook = openTestApp()

beforeAll(async () => {
  const place = await daybook.place()
  await daybook.take(place.ingest, [
    conversation('c', 'user-1'),
    message('m', 'c'),
    message('n', 'c', { role: 'assistant', parent_id: 'm' }),
  ])
})

test('facts status says how far the counts are behind the record, without starting an engine', async () => {
  const { code, stdout } = await daybookCommand(daybook.data, 'facts', 'status', '--json')
  expect(code).toBe(0)
  const status = JSON.parse(stdout)
  expect(status).toMatchObject({ cursor: 0, data_through: null, rows: { messages: 0 } })
  expect(status.head).toBeGreaterThan(2)
  expect(status.lag_seconds).toBeGreaterThan(0)
  expect(engineOf(daybook.data)).toEqual([])
})

test('facts rebuild makes the counts where no server runs, and leaves nothing running', async () => {
  const { code, stdout } = await daybookCommand(daybook.data, 'facts', 'rebuild', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ rows: { messages: 2, sessions: 1, coding: 0 } })
  expect(engineOf(daybook.data)).toEqual([])
  const { stderr } = await daybookCommand(daybook.data, 'facts', 'status')
  expect(stderr).toContain('The counts hold the whole record')
})

test('facts rebuild uses the engine of whoever has one, and the follower goes on from there', async () => {
  await daybook.ledger.facts.start()
  const [engine] = engineOf(daybook.data)
  const { code, stderr } = await daybookCommand(daybook.data, 'facts', 'rebuild')
  expect(code).toBe(0)
  expect(stderr).toContain('Made anew in')
  expect(engineOf(daybook.data)).toEqual([engine])
  await new Follower(daybook.ledger).catchUp()
  expect((await daybook.ledger.facts.query('select sum(sign) as messages from message_fact')).rows).toEqual([{ messages: 2 }])
})

test('a server follows by itself, says how far it is, and is ready only while the engine answers', async () => {
  const place = await daybook.place()
  const follower = new Follower(daybook.ledger)
  follower.start()
  await daybook.take(place.ingest, [conversation('c2', 'user-1'), message('m2', 'c2')])
  await expect
    .poll(async () => (await daybook.ledger.facts.query('select sum(sign) as messages from message_fact')).rows, { timeout: 5000 })
    .toEqual([{ messages: 3 }])
  await expect.poll(async () => (await daybook.inject({ method: 'GET', url: '/metrics' })).body).toContain('daybook_facts_lag_seconds 0\n')
  await follower.stop()
  expect((await daybook.inject({ method: 'GET', url: '/readyz' })).statusCode).toBe(200)
  for (const engine of engineOf(daybook.data)) process.kill(engine, 'SIGKILL')
  expect((await daybook.inject({ method: 'GET', url: '/readyz' })).statusCode).toBe(503)
  await expect.poll(async () => (await daybook.inject({ method: 'GET', url: '/readyz' })).statusCode, { timeout: 10_000 }).toBe(200)
})

afterAll(async () => {
  await daybook.stop()
  expect(engineOf(daybook.data)).toEqual([])
})
