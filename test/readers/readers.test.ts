import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Cleanup } from '../../bench/support/cleanup.ts'
import { endPostgres, Server } from '../../bench/support/daybook.ts'
import { conversation, message, person, uuid } from '../support/records.ts'

const readers = [
  { name: 'reader.py', needs: ['python3'] },
  { name: 'reader.sh', needs: ['bash', 'curl', 'jq'] },
].map(({ name, needs }) => ({
  name,
  path: join(import.meta.dirname, name),
  missing: needs.filter((tool) => spawnSync(tool, ['--version']).status !== 0),
}))
for (const { name, missing } of readers)
  if (missing.length > 0) console.warn(`The tests of ${name} are skipped: install ${missing.join(' and ')} to run them.`)

const cleanup = new Cleanup()
let server: Server
let workspace: string
let ledger: pg.Pool
let ingest: string

beforeAll(async () => {
  const data = join(await cleanup.folder('readers'), 'data')
  cleanup.add(() => endPostgres(data))
  server = await Server.start(data, (child) => cleanup.add(() => child.kill('SIGKILL')))
  workspace = await server.workspace('Read')
  ingest = await server.key(workspace, 'ingest:write')
  ledger = new pg.Pool({ host: server.sockets, user: 'daybook', database: 'postgres' })
  cleanup.add(() => ledger.end())
  await fill(ingest, '')
  // What is beside it must not be read.
  await fill(await server.key(await server.workspace('Beside'), 'ingest:write'), 'beside-')
})
afterAll(() => cleanup.run())

const padded = (i: number) => String(i).padStart(4, '0')
const bytesOf = (file: string) => Buffer.from(`bytes of ${file}\n`.repeat(file.length * 40))

async function send(key: string, records: readonly object[]): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }
  const body = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  const reply = await fetch(`${server.url}/api/intake/records`, { method: 'POST', headers, body })
  expect(reply.status).toBe(200)
  expect(await reply.json()).toMatchObject({ rejected: [] })
}

async function sendBytes(key: string, file: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` }
  const reply = await fetch(`${server.url}/api/intake/files/${file}/bytes`, { method: 'PUT', headers, body: bytesOf(file) })
  expect(reply.status).toBe(200)
}

const fileRecord = (id: string, person_id: string) => ({
  kind: 'file',
  id,
  person_id,
  name: `Name of "${id}".txt`,
  mime_type: 'text/plain',
})
const memory = (id: string, person_id: string) => ({ kind: 'memory', id, person_id, content: `Content\tof\n${id} \\ "ü" \u{1f600}` })

/** Forty people; twenty conversations with files, GPTs with files, memories; one file without bytes. */
async function fill(key: string, prefix: string): Promise<void> {
  const users = Array.from({ length: 40 }, (_, i) => `user-${prefix}${padded(i)}`)
  await send(key, [...users.map((id) => person(id)), person(`user-${prefix}invited`, { status: 'pending' })])
  for (const [i, user] of users.slice(0, 20).entries()) {
    const [chat, attached] = [uuid(), `file-${prefix}${padded(i)}`]
    await send(key, [
      conversation(chat, user),
      message(uuid(), chat, { file_ids: [attached, `file-${prefix}lost`] }),
      message(uuid(), chat, { role: 'assistant', content: [{ type: 'text', text: 'Tab\tline\nback\\slash "quoted" \u2028 \u{1f600}' }] }),
      fileRecord(attached, user),
      { kind: 'gpt', id: `g-${prefix}${padded(i)}`, name: `GPT ${i}`, owner_id: user, file_ids: [`file-${prefix}of-gpt-${i % 3}`] },
      memory(`memory-${prefix}${padded(i)}`, user),
    ])
    await sendBytes(key, attached)
  }
  for (const i of [0, 1, 2]) {
    await send(key, [{ kind: 'file', id: `file-${prefix}of-gpt-${i}`, name: 'Known to a GPT' }])
    await sendBytes(key, `file-${prefix}of-gpt-${i}`)
  }
}

/** Somebody who writes until told to stop: new conversations with files, messages to old ones, memories, people, GPTs. */
async function write(until: AbortSignal, name: string): Promise<void> {
  const old = await ids("select id from item i where kind = 'conversation'")
  for (let i = 0; !until.aborted; i++) {
    const [chat, user, attached] = [uuid(), `user-${name}-${padded(i)}`, `file-${name}-${padded(i)}`]
    const [again = chat] = old.slice(i % old.length)
    await send(ingest, [
      ...[person(user), conversation(chat, user), message(uuid(), chat, { file_ids: [attached] }), fileRecord(attached, user)],
      ...[message(uuid(), again), memory(`memory-${name}-${i}`, user), memory(`memory-${name}-${i}-more`, 'user-0001')],
      { kind: 'gpt', id: `g-${name}-${i}`, name: `GPT ${i}`, owner_id: user, file_ids: [attached] },
    ])
    await sendBytes(ingest, attached)
    await sleep(200)
  }
}

/** Ids of the workspace, as rows of the tables have them; people whose id no connector would take have another one on the wire. */
async function ids(select: string): Promise<string[]> {
  const { rows } = await ledger.query<{ id: string }>(`${select} and i.workspace_id = (select workspace_id from workspace where id = $1)`, [
    workspace,
  ])
  return rows.map(({ id }) => id).sort()
}

/** What the ledger holds, by plain SQL: nothing of the server's own reading takes part. */
async function held() {
  const item = (kind: string) => ids(`select id from item i where kind = '${kind}' and seq is not null`)
  return {
    users: await ids(
      "select coalesce(wire_id, id) as id from item i where kind = 'person' and seq is not null and seq not in (select seq from person_version where status = 'pending')",
    ),
    conversations: await item('conversation'),
    messages: await ids('select id from message i where seq is not null'),
    gpts: await item('gpt'),
    entries: await item('memory'),
    files: await ids('select id from item i where exists (select from file_bytes b where b.item = i.number)'),
  }
}
type Held = Awaited<ReturnType<typeof held>>

const printed = z.object({
  ...{ users: z.int(), conversations: z.int(), messages: z.int(), gpts: z.int(), memories: z.int(), memory_entries: z.int() },
  ...{ files: z.int(), bytes: z.int() },
  repeated: z.record(z.string(), z.array(z.string())),
})
const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item) })
const file = z.object({ id: z.string(), bytes: z.int().nullable(), file: z.string().nullable() })
const identified = z.object({ id: z.string() })
const spoken = z.object({ id: z.string(), messages: listOf(z.object({ id: z.string(), content: z.object({ value: z.string() }) })) })
const remembered = z.object({
  memory_contexts: z.array(z.object({ memory_entries: z.array(z.object({ id: z.string(), content: z.string() })) })),
})

interface Run {
  readonly counts: z.output<typeof printed>
  readonly read: Held
  readonly texts: Set<string>
}

/** Starts a reader as an operator does, and looks at what it left. */
async function run(path: string): Promise<Run> {
  const out = join(await cleanup.folder('read'), 'out')
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, COMPLIANCE_API_KEY: await server.key(workspace, 'compliance:read') }
  const args = ['--url', `${server.url}/v1`, '--workspace', workspace, '--out', out, '--limit', '7']
  const { stdout, stderr } = await promisify(execFile)(path, args, { env, timeout: 240_000 })
  expect(stderr).toBe('')
  const lines = <T extends z.ZodType>(name: string, shape: T) =>
    readFileSync(join(out, `${name}.ndjson`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => shape.parse(JSON.parse(line)))
  const idsIn = (name: string) =>
    lines(name, identified)
      .map(({ id }) => id)
      .sort()
  const chats = lines('conversations', spoken)
  const entries = lines('memories', remembered).flatMap((one) => one.memory_contexts.flatMap(({ memory_entries }) => memory_entries))
  const messages = chats.flatMap((chat) => chat.messages.data)
  const found = lines('files', file).filter((one) => one.file !== null)
  for (const one of found) {
    const bytes = readFileSync(join(out, String(one.file)))
    expect([bytes.equals(bytesOf(one.id)), bytes.length], one.id).toEqual([true, one.bytes])
  }
  return {
    counts: printed.parse(JSON.parse(stdout)),
    texts: new Set([...messages.map(({ content }) => content.value), ...entries.map(({ content }) => content)]),
    read: {
      ...{ users: idsIn('users'), conversations: chats.map(({ id }) => id).sort(), messages: messages.map(({ id }) => id).sort() },
      ...{ gpts: idsIn('gpts'), entries: entries.map(({ id }) => id).sort(), files: found.map(({ id }) => id).sort() },
    },
  }
}

/** A provider that is busy at first, sends short pages, shows somebody twice and has a link that is over. */
async function openProvider(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const list = (data: object[], last: string | null, more = false) => ({ object: 'list', data, last_id: last, has_more: more })
  const linked = (origin: string) => [
    { id: 'file-1', name: 'a', created_at: 1, download_url: `${origin}/bytes/1` },
    { id: 'file-2', name: 'b', created_at: 1, download_url: `${origin}/bytes/over` },
  ]
  const http = createServer((request, reply) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost')
    asked.push(`${request.url} ${request.headers.authorization}`)
    const send = (status: number, body: object | string, headers = {}) =>
      reply.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
    if (asked.length === 1) return send(429, { error: { message: 'slowly' } }, { 'retry-after': '1' })
    if (pathname === '/bytes/1') return send(200, 'bytes')
    if (pathname.startsWith('/bytes')) return send(403, { error: { message: 'over' } })
    if (pathname.endsWith('/gpts')) {
      const files = list(linked(`http://${request.headers.host}`), 'file-2')
      return send(200, list([{ id: 'g-1', latest_config: list([{ id: 'c', files }, { id: 'of somebody else' }], 'c') }], 'g-1'))
    }
    if (!pathname.endsWith('/users')) return send(200, list([], null))
    if (search.endsWith('limit=100')) return send(200, list([{ id: 'user 1' }], 'user 1', true))
    return send(200, search.endsWith('%201') ? list([{ id: 'user-1' }], 'user-1', true) : list([{ id: 'user-1' }], 'user-1'))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  cleanup.add(() => http.close())
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, asked }
}

const kinds = ['users', 'conversations', 'messages', 'gpts', 'entries', 'files'] as const
const notIn = (some: readonly string[], all: readonly string[]) => some.filter((id) => !new Set(all).has(id))

describe.each(readers)('$name, written from the reference alone', ({ name, path, missing }) => {
  describe.skipIf(missing.length > 0)(missing.length > 0 ? `(skipped: there is no ${missing.join(', no ')})` : 'on this machine', () => {
    test('says what it does, and what it needs', async () => {
      expect(spawnSync(path, ['--help'], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('COMPLIANCE_API_KEY'),
      })
      const bare = spawnSync(path, ['--url', 'http://localhost', '--workspace', 'x', '--out', 'x'], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME },
        encoding: 'utf8',
      })
      expect(bare).toMatchObject({ status: 2, stderr: expect.stringContaining('COMPLIANCE_API_KEY is not set') })
    })

    test('misses nothing that was there when it began while others write, and sees once what they leave alone', {
      timeout: 300_000,
    }, async () => {
      const stop = new AbortController()
      const writing = Promise.all([write(stop.signal, `${name}-a`), write(stop.signal, `${name}-b`)])
      writing.catch(() => undefined)
      const before = await held()
      const { counts, read } = await run(path)
      stop.abort()
      await writing
      const after = await held()
      for (const kind of kinds) {
        expect(after[kind].length, `others wrote ${kind}`).toBeGreaterThan(before[kind].length)
        expect(new Set(read[kind]).size, `${kind} are each kept once`).toBe(read[kind].length)
        expect(notIn(before[kind], read[kind]), `${kind} that were missed`).toEqual([])
        expect(notIn(read[kind], after[kind]), `${kind} that nobody wrote`).toEqual([])
      }
      // Only a conversation that was written to comes again.
      const { conversations = [], memories, ...others } = counts.repeated
      expect([memories, ...Object.values(others)].flat()).toEqual([])
      const touched = await ids(
        'select i.id from item i where exists (select from message m where m.conversation = i.number having count(*) > 2)',
      )
      expect(notIn(conversations, touched)).toEqual([])
    })

    test('counts what the ledger holds', { timeout: 300_000 }, async () => {
      const all = await held()
      const { counts, read, texts } = await run(path)
      expect(read).toEqual(all)
      const { repeated, bytes, files, memories, memory_entries, ...sizes } = counts
      expect(sizes).toEqual({
        ...{ users: all.users.length, conversations: all.conversations.length },
        ...{ messages: all.messages.length, gpts: all.gpts.length },
      })
      expect(memory_entries).toBe(all.entries.length)
      expect(memories).toBe(
        (await ids("select distinct i.id from item i join item m on m.person = i.number and m.kind = 'memory' where i.kind = 'person'"))
          .length,
      )
      // One file is spoken of whose bytes never came.
      expect(files).toBe(all.files.length + 1)
      expect(bytes).toBe(all.files.reduce((sum, id) => sum + bytesOf(id).length, 0))
      expect(Object.values(repeated).flat()).toEqual([])
      expect(texts).toContain('Tab\tline\nback\\slash "quoted" \u2028 \u{1f600}')
      expect(texts).toContain('Content\tof\nmemory-0003 \\ "ü" \u{1f600}')
      expect(JSON.stringify(read)).not.toContain('beside')
    })

    test('waits as long as it is told to, keeps its key from links, and goes by has_more alone', async () => {
      const provider = await openProvider()
      const out = join(await cleanup.folder('read'), 'out')
      const env = { PATH: process.env.PATH, HOME: process.env.HOME, COMPLIANCE_API_KEY: 'the-key' }
      const { stdout } = await promisify(execFile)(path, ['--url', `${provider.url}/v1/`, '--workspace', 'w', '--out', out], { env })
      expect(printed.parse(JSON.parse(stdout))).toMatchObject({ users: 2, gpts: 1, files: 2, bytes: 5, repeated: { users: ['user-1'] } })
      expect(provider.asked.filter((one) => one.startsWith('/v1/compliance/workspaces/w/users'))).toEqual([
        ...['?limit=100', '?limit=100', '?limit=100&after=user%201', '?limit=100&after=user-1'].map(
          (query) => `/v1/compliance/workspaces/w/users${query} Bearer the-key`,
        ),
      ])
      expect(provider.asked.filter((one) => one.startsWith('/bytes'))).toEqual(['/bytes/1 undefined', '/bytes/over undefined'])
    })

    test('stops with the words of the server when it is refused', async () => {
      const env = { PATH: process.env.PATH, HOME: process.env.HOME, COMPLIANCE_API_KEY: ingest }
      const out = join(await cleanup.folder('read'), 'out')
      const ended = spawnSync(path, ['--url', `${server.url}/v1`, '--workspace', workspace, '--out', out], { env, encoding: 'utf8' })
      expect(ended).toMatchObject({ status: 1, stderr: expect.stringMatching(/GET \/users was answered 403: .*compliance:read/) })
      expect(ended.stderr).not.toContain(ingest)
    })
  })
})
