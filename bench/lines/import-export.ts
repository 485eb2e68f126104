import { once } from 'node:events'
import { createReadStream, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Line, Row } from '../line.ts'
import { type Written, writeChatgptExport } from '../support/chatgpt-export.ts'
import { type Server, startDaybook } from '../support/daybook.ts'
import { bareTable, freshServer, settle } from '../support/fresh-server.ts'
import { asLines, PostgresWire } from '../support/postgres-wire.ts'
import { memoryOf, postgresOf } from '../support/processes.ts'

/** `import chatgpt-export` of one large export beside an idle server: how fast, and what it takes in memory above that. */
export const importExport: Line = {
  name: 'import',
  about: 'megabytes a second of a 1 GB ChatGPT export (quick: 100 MB), and memory above idle meanwhile',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const { server, workspace } = await freshServer(bench)
  const folder = join(server.data, '..', 'export')
  await mkdir(folder)
  const size = bench.quick ? 100_000_000 : 1_000_000_000
  bench.say(`writing a ChatGPT export of ${size / 1e6} MB`)
  const written = await writeChatgptExport(folder, size, 600)
  await settle(server)
  await sleep(1000)
  bench.say(`importing ${written.messages} messages in ${written.conversations} conversations`)
  const imported = await watchImport(bench, server, { folder, workspace, expected: written })
  await settle(server)
  bench.say('the same lines into a bare table')
  const bare = await copyLines(server, join(folder, 'conversations.json'))
  await rm(folder, { recursive: true })
  await server.stop()
  const against = 'COPY of the same file, line by line, into a bare one-column table, a commit per 4 MB'
  const megabytes = (bytes: number) => bytes / 1e6
  const memory = { unit: 'MB', control: null, against: null, goal: null }
  return [
    {
      name: 'import',
      unit: 'MB/s',
      measured: megabytes(written.bytes) / imported.seconds,
      control: megabytes(written.bytes) / bare,
      against,
      goal: null,
    },
    {
      name: 'import, messages',
      unit: 'messages/s',
      measured: written.messages / imported.seconds,
      control: null,
      against: null,
      goal: null,
    },
    {
      name: 'import, above idle',
      unit: 'MB',
      measured: megabytes(imported.aboveIdle),
      control: null,
      against: 'none: the most that all processes together took, less server and PostgreSQL before',
      goal: { of: 'measured', atMost: 300 },
    },
    { ...memory, name: '  its own process', measured: megabytes(imported.importer) },
    { ...memory, name: '  PostgreSQL above idle', measured: megabytes(imported.postgres) },
  ]
}

interface Imported {
  readonly seconds: number
  /** Bytes, the most at one time: all processes together less those before, the importing process, and PostgreSQL's growth. */
  readonly aboveIdle: number
  readonly importer: number
  readonly postgres: number
}

async function watchImport(
  { cleanup }: Bench,
  server: Server,
  { folder, workspace, expected }: { folder: string; workspace: string; expected: Written },
): Promise<Imported> {
  const idle = { server: memoryOf([server.pid]), postgres: memoryOf(postgresOf(server.data)) }
  const log = join(server.data, '..', 'import.log')
  const began = performance.now()
  const child = startDaybook(server.data, ['import', 'chatgpt-export', folder, '--workspace', workspace], log)
  cleanup.add(() => child.kill('SIGKILL'))
  const most = { aboveIdle: 0, importer: 0, postgres: 0 }
  const sample = setInterval(() => {
    const importer = memoryOf([child.pid ?? 0])
    const postgres = memoryOf(postgresOf(server.data)) - idle.postgres
    most.importer = Math.max(most.importer, importer)
    most.postgres = Math.max(most.postgres, postgres)
    most.aboveIdle = Math.max(most.aboveIdle, importer + postgres + memoryOf([server.pid]) - idle.server)
  }, 250)
  try {
    const [code] = await once(child, 'exit')
    const said = readFileSync(log, 'utf8')
    if (code !== 0 || !mentions(said, expected))
      throw new Error(`the import ended with ${code} and did not take everything:\n${said.slice(-2000)}`)
  } finally {
    clearInterval(sample)
  }
  return { seconds: (performance.now() - began) / 1000, ...most }
}

/** The summary for people names how many messages were read. */
function mentions(said: string, { messages }: Written): boolean {
  return said.replaceAll(/(?<=\d)[,.](?=\d)/g, '').includes(String(messages))
}

/** Seconds for the control: the file is read in pieces, cut at line ends, and sent in commits of some megabytes. */
async function copyLines(server: Server, file: string): Promise<number> {
  const table = await bareTable(server, 'import')
  const wire = await PostgresWire.open(server.sockets)
  const began = performance.now()
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 4 * 1_048_576 })) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a file is bytes')
    const end = chunk.lastIndexOf(10) + 1
    await wire.copyIn(`copy ${table} from stdin ${asLines}`, [rest, chunk.subarray(0, end)])
    rest = Buffer.from(chunk.subarray(end))
  }
  const seconds = (performance.now() - began) / 1000
  wire.close()
  return seconds
}
