import { beforeAll, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { daybookCommand } from '../../test/support/cli.ts'
import { indexRows } from '../../test/support/index-rows.ts'
import { conversation, message } from '../../test/support/records.ts'
import { Searching } from '../../test/support/searching.ts'
import { Indexer } from '../compliance/index-follow.ts'

const daybook = openTestApp()
const searching = new Searching(daybook)
let place: Place

beforeAll(async () => {
  place = await daybook.place()
  await daybook.take(place.ingest, [conversation('c', 'user-1'), message('m', 'c'), message('n', 'c')])
})

test('search status says how far the index is behind the record', async () => {
  const { code, stdout } = await daybookCommand(daybook.data, 'search', 'status', '--json')
  expect(code).toBe(0)
  const status = JSON.parse(stdout)
  expect(status).toMatchObject({ cursor: 0 })
  expect(status.head).toBeGreaterThan(3)
  expect(status.lag_seconds).toBeGreaterThan(0)
  expect((await daybookCommand(daybook.data, 'search', 'status')).stderr).toContain(`${status.head} entries behind`)
})

test('search rebuild makes the index beside a server, and mends one that was damaged', async () => {
  const { code, stderr } = await daybookCommand(daybook.data, 'search', 'rebuild')
  expect(code).toBe(0)
  expect(stderr).toMatch(/Made anew in .* up to entry \d+ of the record/)
  const whole = await indexRows(daybook.ledger.database.writes)
  expect(whole.length).toBeGreaterThan(5)
  await daybook.rows('delete from word_posting')
  expect((await searching.page(place, { text: 'text' })).data).toEqual([])
  expect(JSON.parse((await daybookCommand(daybook.data, 'search', 'rebuild', '--json')).stdout)).toMatchObject({
    seconds: expect.any(Number),
  })
  expect(await indexRows(daybook.ledger.database.writes)).toEqual(whole)
  expect((await searching.page(place, { text: 'text' })).data).toHaveLength(2)
  await new Indexer(daybook.ledger).catchUp()
  expect((await daybookCommand(daybook.data, 'search', 'status')).stderr).toContain('The index holds the whole record')
})
