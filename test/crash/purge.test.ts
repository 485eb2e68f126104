import { randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Cleanup, withCleanup } from '../../bench/support/cleanup.ts'
import { endPostgres, Server } from '../../bench/support/daybook.ts'
import { family, gone, postgresOf, signalAll } from '../../bench/support/processes.ts'
import { randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { receipt } from '../../contract/receipts.ts'
import { openLedger } from '../../server/ledger/open.ts'
import { openRow, type SealedRow, sealedColumns } from '../../server/ledger/read.ts'
import { readConfig } from '../../server/platform/config.ts'
import { conversation, message, uuid } from '../support/records.ts'

const kinds = ['server', 'server and PostgreSQL'] as const

const cycles = Number(process.env.DAYBOOK_CRASH_CYCLES ?? 4)
const seed = Number(process.env.DAYBOOK_CRASH_SEED ?? randomInt(1_000_000))

test(
  `a deletion that is killed at any instant is done whole or not at all, and what is acknowledged is done (${cycles} kills, seed ${seed})`,
  { timeout: 60_000 + cycles * 30_000 },
  () => withCleanup(killAgainAndAgain),
)

interface Door {
  url: string
  readonly workspace: string
  readonly ingest: string
  readonly remove: string
}

async function killAgainAndAgain(cleanup: Cleanup): Promise<void> {
  const random = randomFrom(seed)
  const data = join(await cleanup.folder('purge'), 'data')
  cleanup.add(() => endPostgres(data))
  const start = () => Server.start(data, (child) => cleanup.add(() => child.kill('SIGKILL')))
  let server = await start()
  const workspace = await server.workspace('Crash')
  const [ingest, remove] = [await server.key(workspace, 'ingest:write'), await server.key(workspace, 'compliance:delete')]
  const door: Door = { url: server.url, workspace, ingest, remove }
  const acknowledged = new Set<string>()
  for (let cycle = 0; cycle < cycles; cycle++) {
    const chats = await fill(door)
    const deleting = Promise.all([0, 1, 2, 3].map((worker) => deleteSome(door, chats, worker, acknowledged)))
    await sleep(wholeBetween(random, 20, 900))
    await kill(server, kinds[cycle % kinds.length] ?? 'server')
    await deleting
    server = await start()
    door.url = server.url
  }
  await server.stop()
  await check(data, acknowledged)
}

async function kill(server: Server, kind: (typeof kinds)[number]): Promise<void> {
  const postgres = postgresOf(server.data)
  const alone = family(server.pid).filter((id) => !postgres.includes(id))
  const victims = kind === 'server' ? alone : [...alone, ...postgres]
  signalAll(victims, 'SIGKILL')
  await gone(victims)
}

const chatsPerCycle = 80

/** Conversations of two messages and a file each; half of the files have the same bytes. */
async function fill({ url, ingest }: Door): Promise<string[]> {
  const chats = Array.from({ length: chatsPerCycle }, () => uuid())
  const lines = chats.flatMap((chat) => [
    ...[conversation(chat, 'user-1'), message(uuid(), chat, { file_ids: [`file-${chat}`] }), message(uuid(), chat)],
    { kind: 'file', id: `file-${chat}`, conversation_id: chat },
  ])
  const headers = { authorization: `Bearer ${ingest}` }
  const body = lines.map((line) => JSON.stringify(line)).join('\n')
  const type = { 'content-type': 'application/x-ndjson' }
  const taken = await fetch(`${url}/api/intake/records`, { method: 'POST', headers: { ...headers, ...type }, body })
  expect(taken.status).toBe(200)
  await Promise.all(
    chats.map(async (chat, n) => {
      const bytes = n % 2 === 0 ? chat : 'the same'
      expect((await fetch(`${url}/api/intake/files/file-${chat}/bytes`, { method: 'PUT', headers, body: bytes })).status).toBe(200)
    }),
  )
  return chats
}

/** Every fourth conversation, until the server does not answer any more. */
async function deleteSome(
  { url, workspace, remove }: Door,
  chats: readonly string[],
  worker: number,
  acknowledged: Set<string>,
): Promise<void> {
  for (const chat of chats.filter((_, n) => n % 4 === worker)) {
    const request = fetch(`${url}/v1/compliance/workspaces/${workspace}/conversations/${chat}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${remove}` },
    })
    const status = await request.then((answer) => answer.status).catch(() => null)
    if (status === null || status === 503) return
    expect(status).toBe(200)
    acknowledged.add(chat)
  }
}

/** Read past every layer of ours, from what the killed servers left. */
async function check(data: string, acknowledged: ReadonlySet<string>): Promise<void> {
  const ledger = await openLedger(readConfig({ DAYBOOK_DATA: data, DAYBOOK_LOG: 'silent' }, data))
  try {
    const rowsOf = async <R extends object>(text: string) => (await ledger.database.writes.query<R>(text)).rows
    const chats = await rowsOf<{ id: string; purged: boolean; entries: number[]; erased: number[]; salted: number }>(
      `select i.id, c.purged_at is not null as purged, array_agg(l.seq::float8 order by l.seq) as entries,
         coalesce(array_agg(l.seq::float8 order by l.seq) filter (where l.payload is null), '{}') as erased, count(s.salt) as salted
       from conversation c join item i using (organization_id, number)
       join log l on l.conversation = c.number or (l.kind = 'file_bytes' and l.id = 'file-' || i.id)
       left join salts.log s on s.seq = l.seq group by i.id, c.purged_at`,
    )
    const receipts = await rowsOf<SealedRow & { seq: number }>(
      `select r.seq, ${sealedColumns} from receipt r join log l using (organization_id, seq) join salts.log s using (organization_id, seq)`,
    )
    const told = receipts.map((row) => {
      const record = openRow(ledger.organization, row)
      return receipt.parse({ ...record, seq: row.seq, at: record?.occurred_at })
    })
    const byChat = Map.groupBy(told, ({ item }) => item.id)
    for (const { id, purged, entries, erased, salted } of chats) {
      expect(entries).toHaveLength(5)
      expect([erased, salted]).toEqual(purged ? [entries, 0] : [[], 5])
      expect((byChat.get(id) ?? []).map((one) => one.entries.map(({ seq }) => seq))).toEqual(purged ? [entries] : [])
      if (acknowledged.has(id)) expect(purged).toBe(true)
    }
    expect(chats).toHaveLength(cycles * chatsPerCycle)
    expect(acknowledged.size).toBeGreaterThan(0)
    expect(chats.some(({ purged }) => !purged)).toBe(true)
    const stored = readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const held = await rowsOf<{ address: string }>('select address from blob join salts.blob using (organization_id, address)')
    expect(stored.map(({ name }) => name).sort()).toEqual(held.map(({ address }) => address).sort())
  } finally {
    await ledger.close()
  }
}
