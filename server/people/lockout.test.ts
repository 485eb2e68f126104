import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { stoppedClock } from '../platform/clock.ts'
import { bucketsOf, isWorthAnEntry, networkOf, takeBack, takeTry, timesToRecord, waitAfter } from './lockout.ts'

const clock = stoppedClock('2026-11-02T09:00:00Z')
const daybook = openTestApp({ clock })

const door = (address: string, device: string | null = null) => ({ address, device })
const tried = (account: string, address: string, device: string | null = null) =>
  takeTry(daybook.ledger, bucketsOf('password', account, door(address, device)))

test('each failure beyond the free ones doubles the wait, up to a quarter of an hour', () => {
  expect([1, 4, 5, 6, 7, 10].map((failures) => waitAfter(failures, 5))).toEqual([0, 0, 1, 2, 4, 32])
  expect(waitAfter(15, 5)).toBe(900)
  expect(waitAfter(5000, 5)).toBe(900)
})

test('guesses at an account hold up nobody but the network they come from', async () => {
  for (let failure = 0; failure < 5; failure++) expect(await tried('ann@example.com', '10.0.0.1')).toBe(0)
  expect(await tried('ann@example.com', '10.0.0.1')).toBe(1)
  expect(await tried(' ANN@example.com', '10.0.0.1')).toBe(1)
  expect(await tried('ann@example.com', '10.0.0.2')).toBe(0)
  expect(await tried('bob@example.com', '10.0.0.1')).toBe(0)
  expect(await tried('ann@example.com', '10.0.0.1', 'a device of hers')).toBe(0)
})

test('the wait ends by itself, and the next failure costs twice as much', async () => {
  for (let failure = 0; failure < 5; failure++) await tried('cleo@example.com', '10.0.1.1')
  expect(await tried('cleo@example.com', '10.0.1.1')).toBe(1)
  clock.move({ seconds: 1 })
  expect(await tried('cleo@example.com', '10.0.1.1')).toBe(0)
  expect(await tried('cleo@example.com', '10.0.1.1')).toBe(2)
})

test('what is held up does not count: waiting is enough, however often somebody knocks', async () => {
  for (let failure = 0; failure < 5; failure++) await tried('dan@example.com', '10.0.2.1')
  for (let knock = 0; knock < 20; knock++) expect(await tried('dan@example.com', '10.0.2.1')).toBe(1)
})

test('a network that tries many accounts is slowed down as a whole', async () => {
  for (let account = 0; account < 30; account++) expect(await tried(`person-${account}@example.com`, '10.0.3.1')).toBe(0)
  expect(await tried('somebody@example.com', '10.0.3.1')).toBe(1)
  expect(await tried('somebody@example.com', '10.0.3.2')).toBe(0)
})

test('a sign-in that works starts the account anew and gives the network its try back', async () => {
  for (let round = 0; round < 100; round++) {
    expect(await tried('eve@example.com', '10.0.4.1')).toBe(0)
    await takeBack(daybook.ledger, bucketsOf('password', 'eve@example.com', door('10.0.4.1')))
  }
})

test('fifty tries at once are counted like fifty in a row', async () => {
  const waits = await Promise.all(Array.from({ length: 50 }, () => tried('flo@example.com', '10.0.5.1')))
  expect(waits.filter((wait) => wait === 0)).toHaveLength(5)
})

test('failures are forgotten after half a day, and nothing is left of them', async () => {
  for (let failure = 0; failure < 5; failure++) await tried('gus@example.com', '10.0.6.1')
  clock.move({ hours: 13 })
  expect(await tried('gus@example.com', '10.0.6.1')).toBe(0)
  expect(await daybook.rows('select from door_try')).toHaveLength(2)
})

test('codes are counted for the account as a whole as well: six digits could be guessed from a thousand networks', async () => {
  const guess = (from: number) => takeTry(daybook.ledger, bucketsOf('code', 'an-id', door(`10.1.0.${from}`)))
  for (let from = 0; from < 20; from++) expect(await guess(from)).toBe(0)
  expect(await guess(99)).toBe(1)
  expect(await takeTry(daybook.ledger, bucketsOf('code', 'an-id', door('10.1.0.99', 'a device of theirs')))).toBe(0)
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  [null, 'here'],
])('%s belongs to the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('of a flood the first ten leave an entry, then every doubling', () => {
  const kept = Array.from({ length: 1000 }, (_, index) => index + 1).filter((times) => isWorthAnEntry(times, 10))
  expect(kept).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 32, 64, 128, 256, 512])
})

test('a flood from ever new networks ends at a thousand entries a day', async () => {
  await daybook.rows('delete from door_try')
  const from = (one: number) => timesToRecord(daybook.ledger, 'unknown link', `2001:db8:${one.toString(16)}::1`)
  let kept = 0
  for (let one = 0; one < 1100; one++) if ((await from(one)) !== null) kept++
  expect(kept).toBe(1001)
  clock.move({ hours: 24 })
  expect(await from(5000)).toBe(1)
})
