import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Line, Row } from '../line.ts'
import { freshServer } from '../support/fresh-server.ts'
import { HttpClient } from '../support/http.ts'
import { percentile } from '../support/statistics.ts'

/** Ten times the quota within one window: how many are admitted, and how soon the others hear that they are not. */
export const limits: Line = {
  name: 'limits',
  about: 'requests admitted at ten times the quota, and milliseconds until the others are refused',
  run,
}

const quota = 1000
const perSecond = 500
const clients = 1000

async function run(bench: Bench): Promise<Row[]> {
  const { server, workspace, readKey } = await freshServer(bench, JSON.stringify({ provider: quota }))
  const client = new HttpClient(server.url, readKey, clients)
  const path = `/v1/compliance/workspaces/${workspace}/users?limit=1`
  bench.say('waiting for a new window')
  await sleep(60_000 - (Date.now() % 60_000) + 50)
  bench.say('asking ten times too often')
  const taken = { admitted: [] as number[], refused: [] as number[] }
  const under: Promise<void>[] = []
  const began = performance.now()
  for (let sent = 0; sent < quota * 10; ) {
    const due = Math.min(quota * 10, Math.floor(((performance.now() - began) / 1000) * perSecond))
    for (; sent < due; sent++) under.push(one(client, path, taken))
    await sleep(2)
  }
  await Promise.all(under)
  client.close()
  await server.stop()
  const plain = { control: null, against: null }
  return [
    {
      ...plain,
      name: 'limits, admitted of ten times the quota',
      unit: 'of 1,000',
      measured: taken.admitted.length,
      goal: { of: 'measured', atLeast: quota - 1, atMost: quota + 1 },
    },
    {
      name: 'limits, refused p99',
      unit: 'ms',
      measured: percentile(taken.refused, 0.99),
      control: percentile(taken.admitted, 0.99),
      against: 'p99 of those that were admitted',
      goal: { of: 'measured', atMost: 5 },
    },
  ]
}

async function one(client: HttpClient, path: string, taken: { admitted: number[]; refused: number[] }): Promise<void> {
  const began = performance.now()
  const { status } = await client.tryGet(path)
  const kind = status === 200 ? 'admitted' : status === 429 ? 'refused' : null
  if (kind === null) throw new Error(`a request was answered ${status}`)
  taken[kind].push(performance.now() - began)
}
