import { describe, expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { openDatabase } from './database.ts'
import { migrate, stepsOnDisk } from './migrations.ts'
import { OperatorError } from './refusal.ts'

const daybook = openTestApp()

const steps = stepsOnDisk()
const pool = () => daybook.ledger.database.writes
const extra = (number: number, sql: string) => ({ number, name: `step-${number}`, sql, sha256: `of ${sql}` })
const applied = () => daybook.rows<{ number: number }>('select number from migration order by number')

async function refused(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(OperatorError)
  return error instanceof Error ? error.message : ''
}

describe('the steps', () => {
  test('are numbered without a gap and each was applied once', async () => {
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, i) => i + 1))
    expect((await applied()).map(({ number }) => number)).toEqual(steps.map(({ number }) => number))
    await migrate(pool())
    expect(await applied()).toHaveLength(steps.length)
  })

  test('that were edited after they were applied are refused by name, and nothing is applied', async () => {
    for (const edited of steps) {
      const changed = steps.map((step) => (step === edited ? { ...step, sha256: 'another' } : step))
      const message = await refused(migrate(pool(), [...changed, extra(7001, 'create table after_edit ()')]))
      expect(message).toContain(`migration ${edited.number} (${edited.name}) was edited`)
    }
    expect(await daybook.rows("select from pg_tables where tablename = 'after_edit'")).toEqual([])
  })

  test('of a newer version that wrote this data are missed by an older one', async () => {
    const last = steps.at(-1)
    const message = await refused(migrate(pool(), steps.slice(0, -1)))
    expect(message).toContain('newer Daybook')
    expect(message).toContain(`migration ${last?.number} (${last?.name})`)
  })

  test('that fail leave nothing behind, and can be repeated once they are right', async () => {
    const wrong = extra(8001, 'create table half_done (); select from nowhere')
    expect(await refused(migrate(pool(), [...steps, wrong]))).toContain('migration 8001 (step-8001) failed')
    expect(await daybook.rows("select from pg_tables where tablename = 'half_done'")).toEqual([])
    const right = extra(8001, 'create table half_done ()')
    await migrate(pool(), [...steps, right])
    expect((await applied()).at(-1)).toEqual({ number: 8001 })
    await daybook.ledger.database.writes.query('drop table half_done; delete from migration where number = 8001')
  })

  test('are applied once by two that start at once', async () => {
    const more = [...steps, extra(9001, 'create table made_once ()')]
    await Promise.all([migrate(pool(), more), migrate(pool(), more), migrate(pool(), more)])
    expect((await applied()).filter(({ number }) => number === 9001)).toHaveLength(1)
    await daybook.ledger.database.writes.query('drop table made_once; delete from migration where number = 9001')
  })
})

test('data of a newer version are refused when the server opens them, and its PostgreSQL does not stay behind', async () => {
  await daybook.ledger.database.writes.query("insert into migration (number, name, sha256) values (9002, 'from-the-future', 'x')")
  const { config } = daybook.ledger
  expect(await refused(openDatabase(config))).toContain('migration 9002 (from-the-future)')
  await daybook.ledger.database.writes.query('delete from migration where number = 9002')
  await (await openDatabase(config)).close()
})

test('what can only read cannot write, whatever it is asked', async () => {
  await expect(daybook.ledger.database.reads.query("insert into workspace values (1, 99, gen_random_uuid(), 'x')")).rejects.toMatchObject({
    code: '25006',
  })
  await expect(daybook.ledger.database.reads.query('set default_transaction_read_only = off; delete from log')).rejects.toBeDefined()
})
