import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Cleanup, withCleanup } from '../../bench/support/cleanup.ts'
import { endPostgres, Server } from '../../bench/support/daybook.ts'
import { HttpClient } from '../../bench/support/http.ts'
import { family, gone, postgresOf, signalAll } from '../../bench/support/processes.ts'
import { randomFrom, uuidOf, wholeBetween } from '../../bench/support/random.ts'
import { textOfWords } from '../../bench/support/vocabulary.ts'
import { rebuildIndex } from '../../server/compliance/index-rebuild.ts'
import { indexStatus } from '../../server/compliance/index-status.ts'
import { openLedger } from '../../server/ledger/open.ts'
import { readConfig } from '../../server/platform/config.ts'
import { indexRows } from '../support/index-rows.ts'

const kinds = ['server', 'server and PostgreSQL'] as const

const cycles = Number(process.env.DAYBOOK_CRASH_CYCLES ?? 4)
const seed = Number(process.env.DAYBOOK_CRASH_SEED ?? randomInt(1_000_000))

test(
  `a search index that was followed through ${cycles} kills equals a rebuild, row for row (seed ${seed})`,
  { timeout: 60_000 + cycles * 30_000 },
  () => withCleanup(killAgainAndAgain),
)

async function killAgainAndAgain(cleanup: Cleanup): Promise<void> {
  const random = randomFrom(seed)
  const data = join(await cleanup.folder('index'), 'data')
  cleanup.add(() => endPostgres(data))
  const start = () => Server.start(data, (child) => cleanup.add(() => child.kill('SIGKILL')))
  let server = await start()
  const workspace = await server.workspace('Crash')
  const door = { url: server.url, key: await server.key(workspace, 'ingest:write') }
  for (let cycle = 0; cycle < cycles; cycle++) {
    const stop = new AbortController()
    const sending = send(door, randomFrom(seed + cycle), stop.signal)
    sending.catch(() => undefined)
    await sleep(wholeBetween(random, 300, 2500))
    await kill(server, kinds[cycle % kinds.length] ?? 'server')
    server = await start()
    door.url = server.url
    await sleep(wholeBetween(random, 0, 300))
    stop.abort()
    await sending
  }
  await server.stop()
  await compare(data)
}

async function kill(server: Server, kind: (typeof kinds)[number]): Promise<void> {
  const postgres = postgresOf(server.data)
  const alone = family(server.pid).filter((id) => !postgres.includes(id))
  const victims = kind === 'server' ? alone : [...alone, ...postgres]
  signalAll(victims, 'SIGKILL')
  await gone(victims)
}

/** Sends batch after batch, what is not acknowledged again, until told to stop. */
async function send(door: { url: string; key: string }, random: () => number, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const lines = Array.from({ length: wholeBetween(random, 1, 500) }, () => line(random))
    await deliver(door, Buffer.from(`${lines.join('\n')}\n`))
  }
}

function line(random: () => number): string {
  const content = [{ type: 'text', text: textOfWords(random, wholeBetween(random, 10, 400)) }]
  return JSON.stringify({ kind: 'message', id: uuidOf(random), conversation_id: 'c-1', role: 'user', content })
}

async function deliver(door: { url: string; key: string }, body: Buffer): Promise<void> {
  for (const began = performance.now(); ; await sleep(20)) {
    const http = new HttpClient(door.url, door.key, 1)
    const reply = await http.tryPost('/api/intake/records', body).catch(() => null)
    http.close()
    if (reply?.status === 200) return
    if (reply && reply.status !== 503 && reply.status !== 429) throw new Error(`a batch was answered ${reply.status}: ${reply.text}`)
    if (performance.now() - began > 60_000) throw new Error('nothing was taken for a minute')
  }
}

/** What the killed servers left, and what the rest of the log adds to it, against an index that is made at once. */
async function compare(data: string): Promise<void> {
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'silent' }, data))
  try {
    const { cursor } = await indexStatus(ledger)
    const left = await indexRows(ledger.database.writes)
    expect(left.length, 'the servers came to index something').toBeGreaterThan(100)
    const { head } = await rebuildIndex(ledger)
    // What came after the last batch of the last server is not in what it left.
    const upToIt = (await indexRows(ledger.database.writes)).flatMap((row) => cutAt(row, cursor))
    expect(cursor).toBeGreaterThan(0)
    expect(cursor).toBeLessThanOrEqual(head)
    expect(upToIt.join('\n') === left.join('\n')).toBe(true)
  } finally {
    await ledger.close()
  }
}

/** A row of the index without the places after an entry; none where nothing is left of it. */
function cutAt(row: string, cursor: number): string[] {
  const parts = row.split(' ')
  const first = Number(parts[4]) * 8192
  const offsets = Buffer.from(parts.pop() ?? '', 'hex')
  let end = offsets.length
  while (end > 0 && first + offsets.readUInt16BE(end - 2) > cursor) end -= 2
  return end === 0 ? [] : [[...parts, offsets.subarray(0, end).toString('hex')].join(' ')]
}
