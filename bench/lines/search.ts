import { z } from 'zod'
import type { LoadJobs } from '../clients/load.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { personId, usual } from '../support/corpus.ts'
import { bareTable, type FreshServer, freshServer, settle } from '../support/fresh-server.ts'
import { HttpClient } from '../support/http.ts'
import { indexed } from '../support/index-state.ts'
import { PostgresWire } from '../support/postgres-wire.ts'
import { randomFrom, wholeBetween } from '../support/random.ts'
import { median, percentile } from '../support/statistics.ts'
import { textOfWords, wordAt } from '../support/vocabulary.ts'

/** How long a search takes in a record of a million messages. */
export const search: Line = {
  name: 'search',
  about: 'milliseconds for the first page of a search over a million messages: words, pairs, phrases, one person',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const fresh = await freshServer(bench)
  const table = await fill(bench, fresh, bench.quick ? 100_000 : 1_000_000)
  bench.say('indexing the rest of it')
  await indexed(fresh)
  await settle(fresh.server)
  const client = new HttpClient(fresh.server.url, fresh.readKey, 1)
  const wire = await PostgresWire.open(fresh.server.sockets)
  bench.say('searching')
  for (const asked of questions(20, 9)) await took(() => ask(client, fresh, asked))
  const taken = await bench.quiet.during(async () => {
    const each: { kind: string; milliseconds: number }[] = []
    for (const asked of questions(bench.quick ? 60 : 200, 1))
      each.push({ kind: asked.kind, milliseconds: await took(() => ask(client, fresh, asked)) })
    return each
  })
  bench.say('scanning')
  const scans: number[] = []
  for (const { pattern } of questions(bench.quick ? 10 : 20, 5)) scans.push(await took(() => wire.run(scan(table, pattern))))
  client.close()
  wire.close()
  await fresh.server.stop()
  const all = taken.map(({ milliseconds }) => milliseconds)
  const plain = { unit: 'ms', control: null, against: null, goal: null }
  return [
    {
      name: 'search p95',
      unit: 'ms',
      measured: percentile(all, 0.95),
      control: percentile(scans, 0.95),
      against: 'a scan of the same lines in a bare table with LIKE, the newest 50, in the same PostgreSQL',
      goal: { of: 'measured', atMost: 500 },
    },
    { ...plain, name: '  p50', measured: median(all) },
    ...kinds.map((kind) => ({
      ...plain,
      name: `  p95 of ${kind}`,
      measured: percentile(
        taken.filter((one) => one.kind === kind).map(({ milliseconds }) => milliseconds),
        0.95,
      ),
    })),
  ]
}

/** A hundred thousand at a time, into the record and into a bare table beside it. */
async function fill(bench: Bench, { server, ingestKey }: FreshServer, messages: number): Promise<string> {
  const load = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  const table = await bareTable(server, 'search')
  const each = 100_000
  for (let from = 0; from < messages; from += each) {
    bench.say(`recording messages to search, ${from.toLocaleString('en-US')} of ${messages.toLocaleString('en-US')}`)
    const corpus = { ...usual, manyWords: true, seed: 600 + from / each, conversations: Math.ceil(each / usual.messagesEach) }
    await load.ask('prepare', { corpus, recordsEach: 1000, people: from === 0 })
    await load.ask('post', { url: server.url, key: ingestKey, connections: 4 })
    await load.ask('copy', { sockets: server.sockets, table, connections: 2 })
  }
  load.end()
  return table
}

interface Asked {
  readonly kind: string
  readonly text: string
  /** The first part of it as a pattern of LIKE. */
  readonly pattern: string
  readonly person_id?: string
}

const kinds = [
  'a frequent word',
  'a word',
  'a rare word',
  'no word',
  'two words',
  'four words',
  'a phrase',
  'a phrase that is nowhere',
  "one person's",
] as const

/** The same for the same seed. */
function* questions(times: number, seed: number): Generator<Asked> {
  const random = randomFrom(seed)
  const word = (least: number, most: number) => wordAt(wholeBetween(random, least, most))
  for (let time = 0; time < times; time++) {
    const said = textOfWords(random, 200).replaceAll('.', '').split(' ')
    const frequent = [word(0, 20), word(0, 20), word(0, 20)]
    const texts: Record<(typeof kinds)[number], string> = {
      'a frequent word': word(0, 50),
      'a word': word(200, 3000),
      'a rare word': word(10_000, 39_000),
      'no word': `${word(0, 50)}xyz`,
      'two words': `${word(20, 500)} ${word(500, 3000)}`,
      'four words': `${word(0, 50)} ${word(0, 50)} ${word(50, 200)} ${word(50, 200)}`,
      'a phrase': `"${said.slice(3, 6).join(' ')}"`,
      'a phrase that is nowhere': `"${[...frequent, ...frequent].join(' ')}"`,
      "one person's": word(20, 500),
    }
    const kind = kinds[time % kinds.length] ?? 'a word'
    const text = texts[kind]
    const pattern = text.replaceAll('"', '').split(' ')[0] ?? ''
    yield { kind, text, pattern: ` ${pattern} `, ...(kind === "one person's" ? { person_id: personId(wholeBetween(random, 0, 299)) } : {}) }
  }
}

const reply = z.object({ data: z.array(z.unknown()), behind: z.number() })

async function ask(client: HttpClient, { workspace }: FreshServer, { text, person_id }: Asked): Promise<void> {
  const asked = { workspace_id: workspace, purpose: 'bench', text, ...(person_id === undefined ? {} : { person_id }) }
  reply.parse(JSON.parse(await client.ask('/api/search', asked)))
}

const scan = (table: string, pattern: string) => `select body from ${table} where body like '%${pattern}%' order by ctid desc limit 50`

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
