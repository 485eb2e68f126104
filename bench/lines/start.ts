import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { LoadJobs } from '../clients/load.ts'
import type { Bench, Line, Row } from '../line.ts'
import { ClientProcess } from '../support/client-process.ts'
import { usual } from '../support/corpus.ts'
import { Server } from '../support/daybook.ts'
import { freshServer } from '../support/fresh-server.ts'
import { HttpClient } from '../support/http.ts'
import { family, gone, memoryOf, postgresOf, signalAll } from '../support/processes.ts'
import { median } from '../support/statistics.ts'

/** Seconds from the start of the process to the first answer of /readyz, and what it takes in memory when nobody asks anything. */
export const start: Line = { name: 'start', about: 'seconds to ready on existing data, and the memory of an idle server', run }

async function run(bench: Bench): Promise<Row[]> {
  const { server: first, ingestKey } = await freshServer(bench)
  bench.say('loading data to start on')
  const load = ClientProcess.start<LoadJobs>(new URL('../clients/load.ts', import.meta.url), bench.cleanup)
  await load.ask('prepare', { corpus: { ...usual, seed: 500, conversations: bench.quick ? 1000 : 8000 }, recordsEach: 500, people: true })
  await load.ask('post', { url: first.url, key: ingestKey, connections: 4 })
  load.end()
  await sleep(bench.quick ? 1000 : 5000)
  const afterWork = memoryOf(first.processes)
  await first.stop()
  const rounds = bench.quick ? 3 : 5
  const round = async () => {
    const afterStop = await startOnce(bench, first.data, 'stop')
    await startOnce(bench, first.data, 'kill')
    const afterKill = await startOnce(bench, first.data, 'stop')
    return { afterStop, afterKill, alone: await startAlone(bench, first.data) }
  }
  const done: Awaited<ReturnType<typeof round>>[] = []
  while (done.length < rounds) {
    bench.say(`starts, round ${done.length + 1} of ${rounds}`)
    done.push(await bench.quiet.during(round))
  }
  return rowsOf(afterWork, done)
}

interface Round {
  readonly afterStop: Started
  readonly afterKill: Started
  /** The control. */
  readonly alone: Started
}

interface Started {
  readonly seconds: number
  readonly memory: number
}

/** Long enough for what happens right after a start. */
const rest = (quick: boolean) => (quick ? 500 : 2000)

async function startOnce({ cleanup, quick }: Bench, data: string, end: 'stop' | 'kill'): Promise<Started> {
  const began = performance.now()
  const server = await Server.start(data, (child) => cleanup.add(() => child.kill('SIGKILL')))
  const client = new HttpClient(server.url, '', 1)
  await client.get('/readyz')
  const seconds = (performance.now() - began) / 1000
  client.close()
  await sleep(rest(quick))
  const memory = memoryOf(server.processes)
  if (end === 'kill') {
    const victims = server.processes
    signalAll(victims, 'SIGKILL')
    await gone(victims)
  } else await server.stop()
  return { seconds, memory }
}

async function startAlone({ cleanup, quick }: Bench, data: string): Promise<Started> {
  const began = performance.now()
  const script = fileURLToPath(new URL('../clients/postgres-alone.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [script, data], { stdio: ['pipe', 'pipe', 'inherit'] })
  cleanup.add(() => child.kill('SIGKILL'))
  if (child.stdout) await once(child.stdout, 'data')
  const seconds = (performance.now() - began) / 1000
  await sleep(rest(quick))
  const memory = memoryOf([...family(child.pid ?? 0), ...postgresOf(data)])
  child.stdin?.end()
  await once(child, 'exit')
  return { seconds, memory }
}

function rowsOf(afterWork: number, rounds: readonly Round[]): Row[] {
  const seconds = (of: keyof Round) => median(rounds.map((round) => round[of].seconds))
  const memory = (of: keyof Round) => median(rounds.map((round) => round[of].memory)) / 1e6
  const against = 'the same PostgreSQL on the same files, started and held by a Node that does nothing else'
  return [
    {
      name: 'start to ready',
      unit: 's',
      measured: seconds('afterStop'),
      control: seconds('alone'),
      against,
      goal: { of: 'measured', atMost: 3 },
    },
    {
      name: 'start after kill -9',
      unit: 's',
      measured: seconds('afterKill'),
      control: seconds('alone'),
      against: null,
      goal: { of: 'measured', atMost: 10 },
    },
    {
      name: 'idle memory',
      unit: 'MB',
      measured: memory('afterStop'),
      control: memory('alone'),
      against: `${against}; proportional set size of all processes`,
      goal: { of: 'measured', atMost: 400 },
    },
    { name: 'idle memory after work', unit: 'MB', measured: afterWork / 1e6, control: null, against: null, goal: null },
  ]
}
