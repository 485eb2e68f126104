import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { LoadJobs } from '../clients/load.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { usual } from '../support/corpus.ts'
import { daybook } from '../support/daybook.ts'
import { type FreshServer, freshServer, settle } from '../support/fresh-server.ts'
import { HttpClient } from '../support/http.ts'
import { median, percentile } from '../support/statistics.ts'

const connections = 8
const recordsEach = 500
const perSecond = 5000

/** How far the counts are behind the record while much comes in, as a reader of the counts sees it, and how fast they can be made anew. */
export const follow: Line = {
  name: 'follow',
  about: 'seconds that the counts are behind an intake of 5,000 messages a second, and messages a second of a rebuild',
  run,
}

async function run(bench: Bench): Promise<Row[]> {
  const fresh = await freshServer(bench)
  const client = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  const door = { url: fresh.server.url, key: fresh.ingestKey, connections }
  const prepare = (seed: number, messages: number, people = false) => {
    const corpus = { ...usual, seed, conversations: Math.ceil(messages / usual.messagesEach) }
    return client.ask('prepare', { corpus, recordsEach, people })
  }
  bench.say('following, to warm up')
  await prepare(200, 20_000, true)
  await client.ask('post', door)
  let seed = 201
  const { posted, lags } = await bench.quiet.during(async () => {
    // Records of its own each time: what was said before is not followed again.
    await prepare(seed++, perSecond * (bench.quick ? 10 : 30))
    bench.say('following')
    const stop = new AbortController()
    const sampling = sampleLags(fresh, stop.signal)
    const paced = await client.ask('pace', { ...door, perSecond })
    stop.abort()
    return { posted: paced, lags: await sampling }
  })
  bench.say('filling the record for rebuilds')
  for (let times = bench.quick ? 1 : 4; times > 0; times--) {
    await prepare(seed++, 100_000)
    await client.ask('post', door)
  }
  client.end()
  const rebuilt = await rebuilds(bench, fresh)
  await fresh.server.stop()
  const plain = { control: null, against: null, goal: null }
  return [
    { ...plain, name: 'follow, lag p50', unit: 's', measured: median(lags) },
    { ...plain, name: 'follow, lag p99', unit: 's', measured: percentile(lags, 0.99), goal: { of: 'measured', atMost: 2 } },
    { ...plain, name: '  intake meanwhile', unit: 'messages/s', measured: posted.messages / posted.seconds },
    { ...plain, name: 'facts rebuild', unit: 'messages/s', measured: median(rebuilt), goal: { of: 'measured', atLeast: 100_000 } },
  ]
}

const counted = z.object({ data_through: z.string().nullable() })

/** Seconds between the moment a question was asked and the one up to which its answer counts. */
async function sampleLags({ server, workspace }: FreshServer, stop: AbortSignal): Promise<number[]> {
  const http = new HttpClient(server.url, await server.key(workspace, 'analytics:read'), 1)
  const lags: number[] = []
  while (!stop.aborted) {
    const asked = Date.now()
    const { data_through } = counted.parse(JSON.parse(await http.get(question(workspace))))
    if (data_through !== null) lags.push(Math.max(0, asked - Date.parse(data_through)) / 1000)
    await sleep(100)
  }
  http.close()
  return lags
}

const question = (workspace: string) => `/api/analytics/query?workspace_id=${workspace}&metrics=messages&range=7d`

const status = z.object({ cursor: z.number(), head: z.number() })
const rebuild = z.object({ rows: z.object({ messages: z.number() }), seconds: z.number() })

/** Messages a second of some rebuilds beside a server with nothing else to do. */
async function rebuilds(bench: Bench, { server }: FreshServer): Promise<number[]> {
  for (let behind = true; behind; await sleep(200)) {
    const { cursor, head } = status.parse(JSON.parse(await daybook(server.data, ['facts', 'status', '--json'])))
    behind = cursor < head
  }
  await settle(server)
  const done: number[] = []
  while (done.length < 3) {
    bench.say(`rebuilding the facts, ${done.length + 1} of 3`)
    const output = await bench.quiet.during(() => daybook(server.data, ['facts', 'rebuild', '--json']))
    const { rows, seconds } = rebuild.parse(JSON.parse(output))
    done.push(rows.messages / seconds)
  }
  return done
}
