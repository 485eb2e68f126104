import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Cleanup, withCleanup } from '../../bench/support/cleanup.ts'
import { endPostgres, Server } from '../../bench/support/daybook.ts'
import { HttpClient } from '../../bench/support/http.ts'
import { family, gone, postgresOf, signalAll } from '../../bench/support/processes.ts'
import { pick, randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { rebuildFacts } from '../../server/analytics/rebuild.ts'
import { factsStatus } from '../../server/analytics/status.ts'
import { openLedger } from '../../server/ledger/open.ts'
import { readConfig } from '../../server/platform/config.ts'
import { engineOf } from '../support/engine.ts'
import { factLines } from '../support/facts.ts'
import type { Sent } from '../support/plain-facts.ts'
import { randomHistory, shuffled } from '../support/random-history.ts'

const kinds = ['engine', 'server', 'server and engine', 'server, engine and PostgreSQL'] as const
type Kind = (typeof kinds)[number]

const cycles = Number(process.env.DAYBOOK_CRASH_CYCLES ?? 5)
const seed = Number(process.env.DAYBOOK_CRASH_SEED ?? randomInt(1_000_000))
/** A comparison with a rebuild takes longer than a kill. */
const compareEvery = 10

test(
  `facts that were followed through ${cycles} kills equal a rebuild, row for row (seed ${seed})`,
  { timeout: 60_000 + cycles * 30_000 },
  () => withCleanup(killAgainAndAgain),
)

async function killAgainAndAgain(cleanup: Cleanup): Promise<void> {
  const random = randomFrom(seed)
  const data = join(await cleanup.folder('follow'), 'data')
  cleanup.add(() => endPostgres(data))
  const start = () => Server.start(data, (child) => cleanup.add(() => child.kill('SIGKILL')))
  let server = await start()
  const workspace = await server.workspace('Crash')
  const door = { url: server.url, key: await server.key(workspace, 'ingest:write') }
  let replayed = 0
  for (let cycle = 0; cycle < cycles; cycle++) {
    const stop = new AbortController()
    const sending = send(door, randomFrom(seed + cycle), `${cycle}-`, stop.signal)
    sending.catch(() => undefined)
    await sleep(wholeBetween(random, 100, 1500))
    const kind = kinds[cycle % kinds.length] ?? 'server'
    await kill(server, kind)
    if (await isUnderWay(data, kind)) replayed++
    if (kind !== 'engine') server = await start()
    door.url = server.url
    await sleep(wholeBetween(random, 0, 300))
    stop.abort()
    await sending
    if (cycle % compareEvery === compareEvery - 1 || cycle === cycles - 1) await compare(data, `after ${cycle + 1} kills`)
  }
  // A rebuild of the follower's own would have mended what it should never have broken.
  expect(readFileSync(`${data}.log`, 'utf8')).not.toContain('facts-rebuild')
  process.stdout.write(`${cycles} kills while following, ${replayed} of them in the middle of a batch\n`)
}

async function kill(server: Server, kind: Kind): Promise<void> {
  const postgres = postgresOf(server.data)
  const engine = engineOf(server.data)
  const alone = family(server.pid).filter((id) => !postgres.includes(id) && !engine.includes(id))
  const victims: Record<Kind, number[]> = {
    engine,
    server: alone,
    'server and engine': [...alone, ...engine],
    'server, engine and PostgreSQL': [...alone, ...engine, ...postgres],
  }
  signalAll(victims[kind], 'SIGKILL')
  await gone(victims[kind])
}

/** Whether a batch had been fixed and was not finished when the blow came; asked of the database while nobody goes on with it. */
async function isUnderWay(data: string, kind: Kind): Promise<boolean> {
  if (kind !== 'server and engine') return false
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'silent' }, data))
  try {
    const { rows } = await ledger.database.reads.query<{ plan_to: number | null }>('select plan_to from facts_follow')
    return rows.some(({ plan_to }) => plan_to !== null)
  } finally {
    await ledger.close()
  }
}

/** Sends history after history, what is not acknowledged again, until told to stop. */
async function send(door: { url: string; key: string }, random: () => number, name: string, stop: AbortSignal): Promise<void> {
  for (let n = 0; !stop.aborted; n++) {
    const history = randomHistory(random, 20, `${name}${n}-`)
    const records = shuffled(random, [...history, ...Array.from({ length: 10 }, () => pick(random, history))])
    for (let at = 0; at < records.length && !stop.aborted; at += 100) await deliver(door, records.slice(at, at + 100))
  }
}

async function deliver(door: { url: string; key: string }, records: readonly Sent[]): Promise<void> {
  const body = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  for (const began = performance.now(); ; await sleep(20)) {
    const http = new HttpClient(door.url, door.key, 1)
    const reply = await http.tryPost('/api/intake/records', body).catch(() => null)
    http.close()
    if (reply?.status === 200) return
    if (reply && reply.status !== 503 && reply.status !== 429) throw new Error(`a batch was answered ${reply.status}: ${reply.text}`)
    if (performance.now() - began > 60_000) throw new Error('nothing was taken for a minute')
  }
}

async function compare(data: string, when: string): Promise<void> {
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'silent' }, data))
  try {
    for (const began = performance.now(); ; await sleep(50)) {
      const { head, cursor } = await factsStatus(ledger)
      if (head === cursor) break
      if (performance.now() - began > 60_000) throw new Error(`the facts stay behind: ${cursor} of ${head}\n${logOf(data)}`)
    }
    const followed = await factLines(ledger.facts)
    await rebuildFacts(ledger)
    const rebuilt = await factLines(ledger.facts)
    const differences = Object.keys(rebuilt).flatMap((table) => [
      ...only(followed[table], rebuilt[table]).map((line) => `only followed: ${table} ${line}`),
      ...only(rebuilt[table], followed[table]).map((line) => `only rebuilt: ${table} ${line}`),
    ])
    expect({ when, differences: differences.slice(0, 20) }).toEqual({ when, differences: [] })
  } finally {
    await ledger.close()
  }
}

function only(lines: readonly string[] = [], others: readonly string[] = []): string[] {
  const there = new Set(others)
  return lines.filter((line) => !there.has(line))
}

const logOf = (data: string) => (existsSync(`${data}.log`) ? readFileSync(`${data}.log`, 'utf8').slice(-2000) : '')
