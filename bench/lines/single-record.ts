import pg from 'pg'
import type { Bench, Line, Row } from '../line.ts'
import { linesOf, usual } from '../support/corpus.ts'
import { bareTable, freshServer } from '../support/fresh-server.ts'
import { HttpClient } from '../support/http.ts'
import { median, percentile } from '../support/statistics.ts'

/** How long one record takes from sending to acknowledgement, one after the other, against a bare insert of the same bytes. */
export const singleRecord: Line = {
  name: 'single',
  about: 'milliseconds until one record is acknowledged, a record a request, one request at a time',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const { server, ingestKey } = await freshServer(bench)
  const rounds = bench.quick ? 4 : 10
  const each = 100
  const lines = linesOf({ ...usual, seed: 200, conversations: 100_000 })
  const next = () => {
    const { value } = lines.next()
    if (value === undefined) throw new Error('the records came to an end')
    return value
  }
  const table = await bareTable(server, 'single')
  const client = new HttpClient(server.url, ingestKey, 1)
  const database = new pg.Client({ host: server.sockets, port: 5432, user: 'daybook', database: 'postgres' })
  await database.connect()
  const round = async () => {
    const texts = Array.from({ length: each }, next)
    const posted = await times(texts, (text) => client.post('/api/intake/records', Buffer.from(`${text}\n`)))
    const inserted = await times(texts, (text) =>
      database.query({ name: 'insert', text: `insert into ${table} (body) values ($1)`, values: [text] }),
    )
    return { posted, inserted }
  }
  bench.say('single records')
  await round()
  const done: Awaited<ReturnType<typeof round>>[] = []
  while (done.length < rounds) done.push(await bench.quiet.during(round))
  const ours = done.flatMap(({ posted }) => posted)
  const bare = done.flatMap(({ inserted }) => inserted)
  client.close()
  await database.end()
  await server.stop()
  const against = 'an insert and its commit of the same bytes over one connection'
  return [
    { name: 'single record, p50', unit: 'ms', measured: median(ours), control: median(bare), against, goal: null },
    {
      name: 'single record, p99',
      unit: 'ms',
      measured: percentile(ours, 0.99),
      control: percentile(bare, 0.99),
      against,
      goal: { of: 'measured', atMost: 50 },
    },
  ]
}

async function times(texts: readonly string[], send: (text: string) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (const text of texts) {
    const started = performance.now()
    await send(text)
    taken.push(performance.now() - started)
  }
  return taken
}
