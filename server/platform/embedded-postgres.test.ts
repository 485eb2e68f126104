import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type EmbeddedPostgres, openEmbeddedPostgres as enter } from './embedded-postgres.ts'

const root = mkdtempSync(join(tmpdir(), 'daybook-postgres-'))
/** Setting up a cluster costs more than starting it: the tests take turns with one. */
const folder = join(root, 'data')
const inUse: EmbeddedPostgres[] = []

afterEach(async () => {
  for (const one of inUse.splice(0)) await one.leave()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function begin(at: string): Promise<EmbeddedPostgres> {
  const one = await enter(at)
  inUse.push(one)
  return one
}

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client(server.connection)
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

const pidFile = join(folder, 'postgres', 'postmaster.pid')

test('those who use one data directory share one server, and the last to leave stops it', async () => {
  const [first, second] = await Promise.all([begin(folder), begin(folder)])
  await ask(first, 'create table t as select 42 as n')
  expect(await ask(second, 'select n from t')).toBe(42)
  inUse.length = 0
  await first.leave()
  expect(await ask(second, 'select n from t')).toBe(42)
  await second.leave()
  expect(existsSync(pidFile)).toBe(false)
  const third = await begin(folder)
  expect(await ask(third, 'select n from t')).toBe(42)
})

test('is reached through its folder alone, which only its owner may enter, and flushes what it commits', async () => {
  const server = await begin(folder)
  expect(await ask(server, 'show listen_addresses')).toBe('')
  expect(statSync(join(folder, 'postgres')).mode & 0o077).toBe(0)
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums'])
    expect(await ask(server, `show ${setting}`), setting).toBe('on')
  expect(await ask(server, 'show server_encoding')).toBe('UTF8')
})

test('comes back by itself when it dies while somebody uses it', async () => {
  const server = await begin(folder)
  await ask(server, 'create table if not exists t as select 42 as n')
  process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGKILL')
  const deadline = performance.now() + 20_000
  const again = async (): Promise<unknown> => {
    try {
      return await ask(server, 'select n from t')
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
      return again()
    }
  }
  expect(await again()).toBe(42)
})

test('works below a path that is too long for a socket', async () => {
  const long = join(root, 'a-folder-with-a-long-name/'.repeat(5))
  const server = await begin(long)
  expect(await ask(server, 'select 1')).toBe(1)
  await server.leave()
  inUse.length = 0
  rmSync(String(server.connection.host), { recursive: true })
})
