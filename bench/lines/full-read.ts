import type { LoadJobs } from '../clients/load.ts'
import type { Read, ReadJobs } from '../clients/read.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { usual } from '../support/corpus.ts'
import { bareTable, freshServer, settle } from '../support/fresh-server.ts'
import { median } from '../support/statistics.ts'

/** Everything read through the conversations API, against COPY … TO STDOUT of the very bytes of its replies. */
export const fullRead: Line = {
  name: 'read',
  about: 'megabytes a second of all conversations through the API, limit=500, page after page',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const { server, workspace, ingestKey, readKey } = await freshServer(bench)
  const load = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  const corpus = { ...usual, seed: 300, conversations: bench.quick ? 3000 : 10_000 }
  bench.say(`loading ${corpus.conversations * corpus.messagesEach} messages to read`)
  await load.ask('prepare', { corpus, recordsEach: 500, people: true })
  const { messages } = await load.ask('post', { url: server.url, key: ingestKey, connections: 4 })
  load.end()
  const client = ClientProcess.start<ReadJobs>(new URL('../clients/read.ts', import.meta.url), bench.cleanup)
  const from = { url: server.url, key: readKey, workspace }
  const table = await bareTable(server, 'read')
  const seen = await client.ask('keep', { ...from, sockets: server.sockets, table })
  if (seen.messages !== messages) throw new Error(`${messages} messages were written and ${seen.messages} read`)
  await settle(server)
  const rounds = bench.quick ? 3 : 5
  const round = async () => ({
    read: await client.ask('walk', from),
    copied: await client.ask('copy', { sockets: server.sockets, table }),
  })
  bench.say('full read, to warm up')
  await round()
  const done: Awaited<ReturnType<typeof round>>[] = []
  while (done.length < rounds) {
    bench.say(`full read, round ${done.length + 1} of ${rounds}`)
    done.push(await bench.quiet.during(round))
  }
  client.end()
  await server.stop()
  const against = 'COPY … TO STDOUT of the bytes of the replies from a bare one-column table, a row per message'
  const megabytesPerSecond = ({ bytes, seconds }: Read) => bytes / seconds / 1e6
  const ours = median(done.map(({ read }) => megabytesPerSecond(read)))
  const bare = median(done.map(({ copied }) => megabytesPerSecond(copied)))
  const perSecond = median(done.map(({ read }) => messages / read.seconds))
  return [
    { name: 'full read', unit: 'MB/s', measured: ours, control: bare, against, goal: { of: 'ratio', atLeast: 0.5 } },
    { name: 'full read, messages', unit: 'messages/s', measured: perSecond, control: null, against: null, goal: null },
  ]
}
