import { z } from 'zod'
import type { LoadJobs } from '../clients/load.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { usual } from '../support/corpus.ts'
import { bareTable, type FreshServer, freshServer, settle } from '../support/fresh-server.ts'
import { HttpClient } from '../support/http.ts'
import { PostgresWire } from '../support/postgres-wire.ts'
import { median, percentile } from '../support/statistics.ts'

const perPage = 100

/** How long each page takes on a walk through a large record. */
export const pageHundred: Line = {
  name: 'page',
  about: 'milliseconds for a page of 100 conversations, every page of a record of two million messages',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const fresh = await freshServer(bench)
  const table = await fill(bench, fresh, bench.quick ? 100_000 : 2_000_000)
  await settle(fresh.server)
  const client = new HttpClient(fresh.server.url, fresh.readKey, 1)
  const wire = await PostgresWire.open(fresh.server.sockets)
  bench.say('page by page')
  const { pages, copies } = await bench.quiet.during(async () => {
    const taken = { pages: [] as number[], copies: [] as number[] }
    for await (const milliseconds of walk(client, fresh)) {
      taken.pages.push(milliseconds)
      if (taken.pages.length % 10 === 0) taken.copies.push(await took(() => wire.run(`copy ${table} to stdout`)))
    }
    return taken
  })
  client.close()
  wire.close()
  await fresh.server.stop()
  return [
    {
      name: 'page of 100, p95',
      unit: 'ms',
      measured: percentile(pages, 0.95),
      control: percentile(copies, 0.95),
      against: 'COPY … TO STDOUT of the records of 100 such conversations from a bare one-column table, in turns',
      goal: { of: 'measured', atMost: 100 },
    },
    { name: '  p50', unit: 'ms', measured: median(pages), control: median(copies), against: null, goal: null },
  ]
}

/** A hundred thousand at a time; beside it a bare table with one page. */
async function fill(bench: Bench, { server, ingestKey }: FreshServer, messages: number): Promise<string> {
  const load = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  const table = await bareTable(server, 'page')
  await load.ask('prepare', { corpus: { ...usual, seed: 699, conversations: perPage }, recordsEach: 1000, people: false })
  await load.ask('copy', { sockets: server.sockets, table, connections: 1 })
  const each = 100_000
  for (let from = 0; from < messages; from += each) {
    bench.say(`recording messages to page through, ${from.toLocaleString('en-US')} of ${messages.toLocaleString('en-US')}`)
    const corpus = { ...usual, seed: 700 + from / each, conversations: Math.ceil(each / usual.messagesEach) }
    await load.ask('prepare', { corpus, recordsEach: 1000, people: from === 0 })
    await load.ask('post', { url: server.url, key: ingestKey, connections: 4 })
  }
  load.end()
  return table
}

const page = z.object({ last_id: z.string().nullable(), has_more: z.boolean() })

async function* walk(client: HttpClient, { workspace }: FreshServer): AsyncGenerator<number> {
  const list = `/v1/compliance/workspaces/${workspace}/conversations?limit=${perPage}`
  for (let after = ''; ; ) {
    let text = ''
    const milliseconds = await took(async () => {
      text = await client.get(`${list}${after}`)
    })
    yield milliseconds
    const { last_id, has_more } = page.parse(JSON.parse(text))
    if (!has_more) return
    after = `&after=${last_id}`
  }
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
