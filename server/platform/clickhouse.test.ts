import { statSync } from 'node:fs'
import { request } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openTestApp } from '../../test/support/app.ts'
import { engineOf } from '../../test/support/engine.ts'
import { type Facts, openFacts } from './clickhouse.ts'
import { statementsOf } from './clickhouse-steps.ts'
import { readConfig } from './config.ts'

const daybook = openTestApp()
let facts: Facts

beforeAll(async () => {
  facts = daybook.ledger.facts
  await facts.command(
    'create table trial (id UInt64, name String) engine = MergeTree order by id settings non_replicated_deduplication_window = 100',
  )
})

const rowsOf = async (sql: string, parameters = {}) => (await facts.query<Record<string, unknown>>(sql, parameters)).rows

test('values are bound, never pasted, and come back as they were', async () => {
  const asked = { text: "a'b\\c\n\ttab{x:String}", list: ["x'y", 'z\\'], day: '2026-01-02', nothing: null, number: 9_007_199_254_740_991 }
  const [row] = await rowsOf(
    'select {text:String} as text, {list:Array(String)} as list, {day:Date} as day, {nothing:Nullable(String)} as nothing, {number:UInt64} as number',
    asked,
  )
  expect(row).toEqual(asked)
})

test('an answer says how many rows were read for it', async () => {
  expect(await facts.query('select sum(number) as all from numbers(1000)')).toEqual({ rows: [{ all: 499_500 }], rowsRead: 1000 })
})

test('a setting of one question does not reach the next', async () => {
  const settings = { max_rows_to_read: '1' }
  await expect(facts.query('select count() from numbers(100)', {}, { settings })).rejects.toThrow(/limit for rows/i)
  expect(await rowsOf('select count() as all from numbers(100)')).toEqual([{ all: 100 }])
})

test('rows under a token count once, however often they are sent; rows under another count again', async () => {
  const rows = [Buffer.from('1\ta\\tb\n'), Buffer.from('2\té\n')]
  for (const token of ['x', 'x', 'y']) await facts.insert('trial', ['id', 'name'], rows, token)
  expect(await rowsOf('select id, name, count() as times from trial group by all order by id')).toEqual([
    { id: 1, name: 'a\tb', times: 2 },
    { id: 2, name: 'é', times: 2 },
  ])
})

test('an insert is there whole or not at all', async () => {
  const before = await rowsOf('select count() as all from trial')
  await expect(facts.insert('trial', ['id', 'name'], [Buffer.from('3\tgood\nnot a number\tbad\n')], 'z')).rejects.toThrow(/parse/i)
  expect(await rowsOf('select count() as all from trial')).toEqual(before)
})

test('two hundred thousand rows in one insert are one part, so that a reader never sees some of them', async () => {
  await facts.command('create table large (id UInt64) engine = MergeTree order by id')
  const piece = Buffer.from(Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(''))
  await facts.insert(
    'large',
    ['id'],
    Array.from({ length: 20 }, () => piece),
    'large',
  )
  expect(await rowsOf("select sum(rows) as rows, count() as parts from system.parts where table = 'large' and level = 0")).toEqual([
    { rows: 200_000, parts: 1 },
  ])
})

test('a question that takes too long is ended and refused as overload, and so is one that takes too much memory', async () => {
  const endless = 'select sum(sipHash64(number)) from numbers(30000000000)'
  await expect(facts.query(endless, {}, { settings: { max_execution_time: 1 } })).rejects.toMatchObject({ code: 'overloaded' })
  const large = 'select groupArray(number) from numbers(100000000)'
  await expect(facts.query(large, {}, { settings: { max_memory_usage: '50000000' } })).rejects.toMatchObject({ code: 'overloaded' })
})

test('a mistake in a question is a defect with the words of ClickHouse', async () => {
  await expect(facts.query('select nope')).rejects.toMatchObject({ code: '47', type: 'UNKNOWN_IDENTIFIER' })
  await expect(facts.query('selec 1')).rejects.toMatchObject({ code: '62', type: 'SYNTAX_ERROR' })
  await expect(facts.query('select * from nope')).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' })
})

test('nobody but our own user can reach the engine', () => {
  expect(statSync(join(daybook.data, 'facts.socket')).mode & 0o777).toBe(0o600)
  expect(statSync(daybook.data).mode & 0o077).toBe(0)
})

test('a second process on the same folder uses the same engine, and leaves it to the first', async () => {
  const other = openFacts(daybook.ledger.config, daybook.ledger.database.writes)
  await other.start()
  expect((await other.query('select count() as parts from trial')).rows).toEqual(await rowsOf('select count() as parts from trial'))
  await other.close()
  await facts.ping()
})

describe('an engine that dies', () => {
  test('is started again, and refuses as overloaded meanwhile', async () => {
    const [before] = await rowsOf('select count() as all from trial')
    for (const engine of engineOf(daybook.data)) process.kill(engine, 'SIGKILL')
    await expect(facts.query('select 1')).rejects.toMatchObject({ code: 'overloaded' })
    const began = performance.now()
    for (;;) {
      const [after] = await rowsOf('select count() as all from trial').catch(() => [])
      if (after) {
        expect(after).toEqual(before)
        break
      }
      expect(performance.now() - began).toBeLessThan(20_000)
      await sleep(20)
    }
  })
})

test('the engine streams rows, gives documents whole, and takes compressed bodies as ClickHouse does', async () => {
  const ask = (path: string, body: string) =>
    new Promise<{ status: number; text: string; format: string }>((resolve, reject) => {
      const sent = request({ socketPath: join(daybook.data, 'facts.socket'), path, method: 'POST' }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, format: String(response.headers['x-clickhouse-format']) }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    })
  expect(await ask('/ping', '')).toMatchObject({ status: 200, text: 'Ok.\n' })
  expect(await ask('/?query=select+number+from+numbers(3)+format+CSV', '')).toMatchObject({ text: '0\n1\n2\n', format: 'CSV' })
  const many = await ask('/?default_format=TabSeparated', 'select number from numbers(300000)')
  expect(many.text.split('\n')).toHaveLength(300_001)
  const document = await ask('/?default_format=JSON', 'select number from numbers(100000)')
  expect(JSON.parse(document.text)).toMatchObject({ rows: 100_000 })
  expect(await ask('/?database=nope', 'select 1')).toMatchObject({ status: 404 })
  expect(await ask(`/?${encodeURIComponent("a'b")}=1`, 'select 1')).toMatchObject({ status: 400 })
})

test('statements are cut at the end of a line, comments are left out', () => {
  expect(
    statementsOf(
      "-- first; with a semicolon\ncreate table a (\n  -- inside; too\n  b String comment 'x;y'\n);\n\ncreate table c (d String);",
    ),
  ).toEqual(["create table a (\n  b String comment 'x;y'\n)", 'create table c (d String)'])
})

test('a step that was edited after it was applied is refused; one that was broken off begins anew', async () => {
  await facts.command("alter table facts_step update sha256 = 'another' where number = 1 settings mutations_sync = 1")
  const open = () => openFacts(daybook.ledger.config, daybook.ledger.database.writes)
  const refused = open()
  await expect(refused.start()).rejects.toThrow('facts step 1 (facts) was edited after it was applied')
  await refused.close()
  await facts.command('truncate table facts_step')
  await facts.command("insert into facts_step values (1, 'facts', 'whatever', 'begun')")
  await facts.insert(
    'person_day',
    ['organization', 'workspace', 'day', 'person', 'messages'],
    [Buffer.from('1\t1\t2024-05-01\t5\t1\n')],
    'half',
  )
  const again = open()
  await again.start()
  expect((await again.query('select count() as rows from person_day')).rows).toEqual([{ rows: 0 }])
  await again.close()
})

test('CLICKHOUSE_URL has to be a URL of ClickHouse, and one that does not answer is named without its password', async () => {
  expect(() => readConfig({ CLICKHOUSE_URL: 'clickhouse://x' }, daybook.data)).toThrow('CLICKHOUSE_URL: must look like')
  const config = readConfig({ CLICKHOUSE_URL: 'http://someone:geheim@127.0.0.1:9/counts', DAYBOOK_DATA: daybook.data }, daybook.data)
  const away = openFacts(config, daybook.ledger.database.writes)
  const refusal = await away.start().catch((error: Error) => error.message)
  expect(refusal).toMatch(/^ClickHouse at 127\.0\.0\.1:9 \(CLICKHOUSE_URL\) cannot be used/)
  expect(refusal).not.toContain('geheim')
  await away.close()
})

test('a ClickHouse of one’s own is used through its URL, in the database it names, by the same statements', async () => {
  const sockets = new Set<Socket>()
  const door = createServer((socket) => {
    sockets.add(socket)
    socket
      .on('error', () => undefined)
      .pipe(connect(join(daybook.data, 'facts.socket')))
      .on('error', () => undefined)
      .pipe(socket)
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const { port } = z.object({ port: z.int() }).parse(door.address())
  const config = readConfig({ CLICKHOUSE_URL: `http://someone:secret@127.0.0.1:${port}/counts`, DAYBOOK_DATA: daybook.data }, daybook.data)
  const there = openFacts(config, daybook.ledger.database.writes)
  await there.insert(
    'person_day',
    ['organization', 'workspace', 'day', 'person', 'messages'],
    [Buffer.from('1\t1\t2024-05-01\t5\t7\n')],
    'url',
  )
  expect((await there.query('select currentDatabase() as name, messages from person_day')).rows).toEqual([{ name: 'counts', messages: 7 }])
  await there.close()
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => door.close(resolve))
})

test('a data directory with a long name has its socket elsewhere', async () => {
  const data = join(daybook.data, 'a-rather-long-name'.repeat(6))
  const config = readConfig({ DAYBOOK_DATA: data }, daybook.data)
  const far = openFacts(config, daybook.ledger.database.writes)
  expect((await far.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await far.close()
  expect(engineOf(data)).toEqual([])
})

afterAll(async () => {
  await daybook.stop()
  expect(engineOf(daybook.data)).toEqual([])
})
