import type { Loaded, LoadJobs } from '../clients/load.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { usual } from '../support/corpus.ts'
import type { Server } from '../support/daybook.ts'
import { bareTable, freshServer, settle } from '../support/fresh-server.ts'
import { postgresOf, processorTimeOf } from '../support/processes.ts'
import { median } from '../support/statistics.ts'

const connections = 8
const recordsEach = 500

/** Messages acknowledged per second, against COPY of the same bytes with a commit for as many rows as a batch has. */
export const intake: Line = {
  name: 'intake',
  about: 'messages a second acknowledged over HTTP, in batches of 500 over 8 connections',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const { server, ingestKey } = await freshServer(bench)
  const client = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  const rounds = bench.quick ? 3 : 5
  let seed = 100
  // Every round brings records of its own; the people come with the first.
  const round = async (people = false) => {
    const corpus = { ...usual, seed: seed++, conversations: bench.quick ? 1500 : 4000 }
    await client.ask('prepare', { corpus, recordsEach, people })
    const table = await bareTable(server, 'intake')
    await settle(server)
    const posted = await withProcessorTime(server, () => client.ask('post', { url: server.url, key: ingestKey, connections }))
    await settle(server)
    return { posted, copied: await client.ask('copy', { sockets: server.sockets, table, connections }) }
  }
  bench.say('intake, to warm up')
  await round(true)
  const done: Awaited<ReturnType<typeof round>>[] = []
  while (done.length < rounds) {
    bench.say(`intake, round ${done.length + 1} of ${rounds}`)
    done.push(await bench.quiet.during(() => round()))
  }
  client.end()
  await server.stop()
  return rowsOf(
    done.map(({ posted }) => posted),
    done.map(({ copied }) => copied),
  )
}

interface Posted extends Loaded {
  /** Seconds of processor time. */
  readonly inServer: number
  readonly inPostgres: number
}

async function withProcessorTime(server: Server, work: () => Promise<Loaded>): Promise<Posted> {
  const used = () => ({ server: processorTimeOf([server.pid]), postgres: processorTimeOf(postgresOf(server.data)) })
  const before = used()
  const loaded = await work()
  const after = used()
  return { ...loaded, inServer: after.server - before.server, inPostgres: after.postgres - before.postgres }
}

function rowsOf(posts: readonly Posted[], copies: readonly Loaded[]): Row[] {
  const of = (loads: readonly Loaded[], figure: (one: Loaded) => number) => median(loads.map(figure))
  const perSecond = (one: Loaded) => one.messages / one.seconds
  const plain = { control: null, against: null, goal: null }
  const processor = { ...plain, unit: 'µs/message' }
  return [
    {
      name: 'intake',
      unit: 'messages/s',
      measured: of(posts, perSecond),
      control: of(copies, perSecond),
      against: 'COPY of the same lines into a bare one-column table, a commit per 500 rows, 8 connections',
      goal: { of: 'measured', atLeast: 10_000 },
    },
    { ...plain, name: '  bytes', unit: 'MB/s', measured: of(posts, (one) => one.bytes / one.seconds / 1e6) },
    { ...processor, name: '  processor time, server', measured: median(posts.map((one) => (one.inServer / one.messages) * 1e6)) },
    { ...processor, name: '  processor time, PostgreSQL', measured: median(posts.map((one) => (one.inPostgres / one.messages) * 1e6)) },
  ]
}
