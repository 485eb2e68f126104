// The embedded facts engine, a process of its own: `node facts-engine.ts <folder> <socket>`. It opens chDB on the folder and speaks
// ClickHouse's HTTP interface on a Unix socket, so that everything else is one client for both. Nobody is its master: it stays while
// somebody holds a `/stay` request open, and ends by itself soon after the last one is gone, however that happened.
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { Session } from 'chdb'
import { Presence } from './facts-engine-presence.ts'
import { answer, type Engine } from './facts-engine-requests.ts'

/** The engine alone. What a query may take stands in its own settings. */
const serverMemory = 1_500_000_000

/** Few background threads and small caches: most installations are idle most of the time, on small machines. */
const connectionArgs = [
  `--max_server_memory_usage=${serverMemory}`,
  '--background_pool_size=2',
  '--background_merges_mutations_concurrency_ratio=1',
  '--background_schedule_pool_size=2',
  '--background_common_pool_size=2',
  '--background_move_pool_size=1',
  '--background_fetches_pool_size=1',
  '--background_message_broker_schedule_pool_size=1',
  '--background_distributed_schedule_pool_size=1',
  '--mark_cache_size=67108864',
  '--uncompressed_cache_size=0',
]

/** A request under way when the engine is told to end may take this much longer. */
const lastWords = 5000

function run(folder: string, socket: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Opening takes the folder's lock: whoever gets here is the only engine on it, so a socket that is there is a dead one's.
  const keep = new Session(folder, { connectionArgs })
  const spool = join(folder, 'spool')
  rmSync(spool, { recursive: true, force: true })
  mkdirSync(spool, { mode: 0o700 })
  rmSync(socket, { force: true })
  const engine: Engine = { spool, open: () => new Session(folder), running: 0 }
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    server.close()
    rmSync(socket, { force: true })
    for (const began = performance.now(); engine.running > 0 && performance.now() - began < lastWords; ) await tick()
    keep.close()
    process.exit(0)
  }
  const presence = new Presence(() => void end())
  const server = createServer((request, response) => {
    if (request.url === '/stay') presence.enter(request, response, ending)
    else void answer(engine, request, response)
  })
  // A stay lasts as long as its process; an idle connection of the client's pool longer than the client keeps it.
  server.requestTimeout = 0
  server.keepAliveTimeout = 60_000
  server.listen(socket, () => chmodSync(socket, 0o600))
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => undefined)
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 10))

const [, , folder, socket] = process.argv
if (folder === undefined || socket === undefined) throw new Error('the engine is started by Daybook, with its folder and its socket')
run(folder, socket)
