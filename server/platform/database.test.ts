import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { person } from '../../test/support/records.ts'
import { transaction } from '../ledger/writer.ts'

const daybook = openTestApp()

test('a connection that is lost in the middle of a change ends that change and nothing else', async () => {
  const place = await daybook.place()
  const { writes, reads } = daybook.ledger.database
  const lost = transaction(writes, async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    await reads.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    // Nothing is asked while the news arrives.
    await sleep(100)
    await tx.query('select 1')
  })
  await expect(lost).rejects.toThrow()
  expect(await daybook.take(place.ingest, [person('user-1')])).toMatchObject({ accepted: 1 })
})

test('instants come as RFC 3339 text with their microseconds, 64-bit integers as numbers, bytes as bytes', async () => {
  const [row] = await daybook.rows(
    `select timestamptz '2024-05-01 10:00:00.123456+02' as at, timestamptz '2024-05-01 10:00:00Z' as whole, 9007199254740991::bigint as big, '\\xff00'::bytea as bytes`,
  )
  expect(row).toEqual({
    at: '2024-05-01T08:00:00.123456Z',
    whole: '2024-05-01T10:00:00Z',
    big: 9007199254740991,
    bytes: Buffer.from([0xff, 0]),
  })
})
