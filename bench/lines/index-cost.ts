import type { LoadJobs } from '../clients/load.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { usual } from '../support/corpus.ts'
import { type FreshServer, freshServer, settle } from '../support/fresh-server.ts'
import { indexed } from '../support/index-state.ts'
import { PostgresWire } from '../support/postgres-wire.ts'
import { postgresOf, processorTimeOf } from '../support/processes.ts'
import { median } from '../support/statistics.ts'

const connections = 8
const recordsEach = 500

/** What the search index takes from an intake that is as fast as it can be. */
export const indexCost: Line = {
  name: 'index',
  about: 'messages a second acknowledged while the search index follows, against the same with the index at rest',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const fresh = await freshServer(bench)
  const client = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  const door = { url: fresh.server.url, key: fresh.ingestKey, connections }
  let seed = 500
  const post = async (conversations: number, people = false) => {
    await client.ask('prepare', { corpus: { ...usual, manyWords: true, seed: seed++, conversations }, recordsEach, people })
    await settle(fresh.server)
    return client.ask('post', door)
  }
  bench.say('indexing, to warm up')
  await post(2000, true)
  await indexed(fresh)
  const conversations = bench.quick ? 2500 : 6000
  const rounds = bench.quick ? 3 : 5
  const perSecond = ({ messages, seconds }: { messages: number; seconds: number }) => messages / seconds
  const done: Round[] = []
  while (done.length < rounds) {
    bench.say(`indexing, round ${done.length + 1} of ${rounds}`)
    done.push(
      await bench.quiet.during(async () => {
        const hold = await holdIndex(fresh)
        const start = processorTime(fresh)
        const resting = await post(conversations)
        const taken = processorTime(fresh)
        hold.close()
        const began = performance.now()
        await indexed(fresh)
        const alone = resting.messages / ((performance.now() - began) / 1000)
        const caughtUp = processorTime(fresh)
        const following = await post(conversations)
        await indexed(fresh)
        const each = (seconds: number) => (seconds / resting.messages) * 1e6
        const processor = { intake: each(taken - start), index: each(caughtUp - taken) }
        return { resting: perSecond(resting), following: perSecond(following), alone, processor }
      }),
    )
  }
  client.end()
  await fresh.server.stop()
  const of = (figure: (one: (typeof done)[number]) => number) => median(done.map(figure))
  const plain = { unit: 'messages/s', control: null, against: null, goal: null }
  return [
    {
      name: 'index, intake meanwhile',
      unit: 'messages/s',
      measured: of(({ following }) => following),
      control: of(({ resting }) => resting),
      against: 'the same intake with the index at rest, in turns',
      goal: { of: 'ratio', atLeast: 0.7 },
    },
    { ...plain, name: '  index alone', measured: of(({ alone }) => alone) },
    { ...plain, unit: 'µs/message', name: '  processor time, index', measured: of(({ processor }) => processor.index) },
    { ...plain, unit: 'µs/message', name: '  processor time, intake', measured: of(({ processor }) => processor.intake) },
  ]
}

interface Round {
  readonly resting: number
  readonly following: number
  readonly alone: number
  /** Microseconds for a message. */
  readonly processor: { readonly intake: number; readonly index: number }
}

/** Seconds that the server and its PostgreSQL have used. */
const processorTime = ({ server }: FreshServer) => processorTimeOf([server.pid, ...postgresOf(server.data)])

/** Whoever has the index's row is the one who writes it: the follower waits until the connection closes. */
async function holdIndex({ server }: FreshServer): Promise<PostgresWire> {
  const wire = await PostgresWire.open(server.sockets)
  await wire.run('begin')
  await wire.run('select cursor from word_index for update')
  return wire
}
