import { z } from 'zod'
import type { LoadJobs } from '../clients/load.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { type FreshServer, freshServer, settle } from '../support/fresh-server.ts'
import { HttpClient } from '../support/http.ts'
import { median } from '../support/statistics.ts'

const perPage = 10

/** How long a page takes that lies deep in the list, against the first page. */
export const pageDepth: Line = {
  name: 'depth',
  about: 'milliseconds for a page of 10 conversations at page 1, 100, 1,000 and 10,000',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const fresh = await freshServer(bench)
  const depths = bench.quick ? [1, 100, 1000] : [1, 100, 1000, 10_000]
  // A little more than the deepest page, which would else be the last one and wait for commits under way before it says so.
  const conversations = perPage * Math.max(...depths) + 100
  const load = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  bench.say(`loading ${conversations} short conversations to page through`)
  await load.ask('prepare', { corpus: { seed: 400, conversations, messagesEach: 2, text: [20, 120] }, recordsEach: 3000, people: true })
  await load.ask('post', { url: fresh.server.url, key: fresh.ingestKey, connections: 4 })
  load.end()
  await settle(fresh.server)
  const client = new HttpClient(fresh.server.url, fresh.readKey, 1)
  const pages = await pagesAt(client, fresh, depths)
  bench.say('pages by depth')
  const taken = await bench.quiet.during(() => interleaved(client, pages, bench.quick ? 30 : 60))
  client.close()
  await fresh.server.stop()
  const first = median(taken[0] ?? [])
  return depths.map((depth, i) => ({
    name: `page ${depth.toLocaleString('en-US')}`,
    unit: 'ms',
    measured: median(taken[i] ?? []),
    control: depth === 1 ? null : first,
    against: depth === 1 ? null : 'page 1, the requests interleaved',
    goal: i > 0 && i === depths.length - 1 ? { of: 'ratio', atMost: 1.2 } : null,
  }))
}

const page = z.object({ data: z.array(z.object({ id: z.string() })), last_id: z.string(), has_more: z.boolean() })

/**
 * The address of the page at each depth. Large pages lead close to it; the page just before it is asked for in its own size, so that
 * its cursor is one that was handed out, as for a client that walked all the way.
 */
async function pagesAt(client: HttpClient, { workspace }: FreshServer, depths: readonly number[]): Promise<string[]> {
  const list = `/v1/compliance/workspaces/${workspace}/conversations`
  const ids: string[] = []
  const most = perPage * Math.max(...depths)
  for (let after = ''; ids.length < most; ) {
    const { data, last_id, has_more } = page.parse(JSON.parse(await client.get(`${list}?limit=500${after}`)))
    ids.push(...data.map(({ id }) => id))
    after = `&after=${last_id}`
    if (!has_more) break
  }
  const addresses: string[] = []
  for (const depth of depths) {
    if (depth > 2) await client.get(`${list}?limit=${perPage}&after=${ids[perPage * (depth - 2) - 1]}`)
    addresses.push(`${list}?limit=${perPage}${depth === 1 ? '' : `&after=${ids[perPage * (depth - 1) - 1]}`}`)
  }
  return addresses
}

async function interleaved(client: HttpClient, pages: readonly string[], times: number): Promise<number[][]> {
  const taken: number[][] = pages.map(() => [])
  const warmUp = 10
  for (let time = -warmUp; time < times; time++) {
    for (const [i, address] of pages.entries()) {
      const started = performance.now()
      await client.skim(address)
      if (time >= 0) taken[i]?.push(performance.now() - started)
    }
  }
  return taken
}
