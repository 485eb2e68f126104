import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Jobs, serveJobs } from '../support/client-process.ts'
import { bodiesOf, type Corpus, linesOf, peopleLines } from '../support/corpus.ts'
import { HttpClient, inParallel } from '../support/http.ts'
import { asLines, PostgresWire } from '../support/postgres-wire.ts'

const reply = z.object({ accepted: z.int(), rejected: z.array(z.unknown()) })

export interface Loaded {
  readonly seconds: number
  readonly messages: number
  readonly bytes: number
}

let bodies: Buffer[] = []
let messages = 0

/** Makes the bodies before anything is timed. */
async function prepare({ corpus, recordsEach, people }: { corpus: Corpus; recordsEach: number; people: boolean }): Promise<void> {
  messages = corpus.conversations * corpus.messagesEach
  bodies = [...(people ? bodiesOf(peopleLines(), recordsEach) : []), ...bodiesOf(linesOf(corpus), recordsEach)]
}

async function post({ url, key, connections }: { url: string; key: string; connections: number }): Promise<Loaded> {
  const client = new HttpClient(url, key, connections)
  const loaded = await timed(() => inParallel(connections, bodies, (body) => deliver(client, body)))
  client.close()
  return loaded
}

/** No faster than so many messages a second, as evenly as whole bodies allow. */
async function pace({ url, key, connections, perSecond }: { url: string; key: string; connections: number; perSecond: number }) {
  const client = new HttpClient(url, key, connections)
  const every = (1000 * messages) / perSecond / bodies.length
  const loaded = await timed(async () => {
    const began = performance.now()
    await inParallel(connections, [...bodies.entries()], async ([place, body]) => {
      await sleep(Math.max(0, began + place * every - performance.now()))
      await deliver(client, body)
    })
  })
  client.close()
  return loaded
}

async function deliver(client: HttpClient, body: Buffer): Promise<void> {
  const { rejected } = reply.parse(JSON.parse(await client.post('/api/intake/records', body)))
  if (rejected.length > 0) throw new Error(`${rejected.length} records were rejected`)
}

/** The control: the same bytes into one bare column, a commit per body. */
async function copy({ sockets, table, connections }: { sockets: string; table: string; connections: number }): Promise<Loaded> {
  const wires = await Promise.all(Array.from({ length: connections }, () => PostgresWire.open(sockets)))
  const free = [...wires]
  const loaded = await timed(async () => {
    await inParallel(connections, bodies, async (body) => {
      const wire = free.pop()
      if (!wire) throw new Error('there is a connection for every worker')
      await wire.copyIn(`copy ${table} from stdin ${asLines}`, [body])
      free.push(wire)
    })
  })
  for (const wire of wires) wire.close()
  return loaded
}

async function timed(work: () => Promise<void>): Promise<Loaded> {
  const started = performance.now()
  await work()
  return { seconds: (performance.now() - started) / 1000, messages, bytes: bodies.reduce((sum, { length }) => sum + length, 0) }
}

const jobs = { prepare, post, pace, copy } satisfies Jobs
export type LoadJobs = typeof jobs
serveJobs(jobs)
