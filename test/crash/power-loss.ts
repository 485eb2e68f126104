import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Cleanup, withCleanup } from '../../bench/support/cleanup.ts'
import { Server, ServerDidNotStart } from '../../bench/support/daybook.ts'
import { gone, signalAll, stopped } from '../../bench/support/processes.ts'
import { randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { Book } from './book.ts'
import { Client, type Door } from './client.ts'
import { copyImage, Disk, mountMemory, ownWorld, whyNoPowerLoss } from './disk.ts'
import { type Findings, ReadBack } from './read-back.ts'

const help = `Usage: node test/crash/power-loss.ts [--cycles 30] [--seed N] [--json]

Pulls the plug under a server that is taking records, and looks for everything it had acknowledged. Needs root, unshare and loop devices.
A second arm does the same with PostgreSQL's syncing switched off: unless that one loses, the first one proves nothing.
`

type Arm = 'as shipped' | 'sync off'

/** What became of one arm's cycles. */
interface Result {
  readonly arm: Arm
  readonly cycles: number
  /** Cycles after which something acknowledged was missing, or the server did not come up again. */
  lossy: number
  notStarted: number
  /** Versions of records that were acknowledged, and batches of them. */
  acknowledged: number
  batches: number
  /** The first few things found wrong. */
  readonly examples: string[]
}

/** Beside its data directory an installation has a disk, a door for its clients, and a key to read everything. */
interface Site {
  readonly door: Door
  readonly readKey: string
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      inside: { type: 'string' },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  if (values.inside === undefined) return outside()
  const results = await new Trial(values.inside, Number(values.cycles), Number(values.seed)).run()
  process.stdout.write(values.json ? `${JSON.stringify(results)}\n` : `${results.map(words).join('\n')}\n`)
  const [shipped, control] = results
  return shipped?.lossy === 0 && (control?.lossy ?? 0) >= 0.9 * Number(values.cycles) ? 0 : 1
}

/** Runs this file again in a world of its own. */
function outside(): Promise<number> {
  const why = whyNoPowerLoss()
  if (why !== null) {
    process.stderr.write(`a power loss cannot be made here: ${why}\n`)
    return Promise.resolve(2)
  }
  return withCleanup(async (cleanup) => {
    const folder = await cleanup.folder('power')
    const args = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2), '--inside', folder]
    const child = spawn('unshare', [...ownWorld, ...args], { stdio: 'inherit' })
    cleanup.add(() => child.kill('SIGKILL'))
    const [code] = await once(child, 'exit')
    return typeof code === 'number' ? code : 1
  })
}

function words({ arm, cycles, lossy, notStarted, acknowledged, batches, examples }: Result): string {
  const failed = notStarted > 0 ? ` (${notStarted} times the server did not come up again)` : ''
  const head = `${arm}: ${cycles} power losses, ${batches} batches with ${acknowledged} versions acknowledged; something was missing ${lossy} times${failed}`
  return [head, ...(arm === 'as shipped' ? examples : examples.slice(0, 1)).map((one) => `  ${one}`)].join('\n')
}

class Trial {
  readonly #path: (name: string) => string
  readonly #cycles: number
  readonly #random: () => number
  #images = 0

  constructor(folder: string, cycles: number, seed: number) {
    this.#path = mountMemory(folder)
    this.#cycles = cycles
    this.#random = randomFrom(seed)
  }

  async run(): Promise<Result[]> {
    const { site, template } = await this.#install()
    return [await this.#arm('as shipped', site, template), await this.#arm('sync off', site, template)]
  }

  /** An installation that was set up and stopped in peace: where both arms begin. */
  async #install(): Promise<{ site: Site; template: string }> {
    const template = this.#newImage()
    const disk = Disk.create(template, this.#path('disk'))
    const server = await Server.start(join(disk.folder, 'data'))
    const workspace = await server.workspace('Power')
    const door = { url: server.url, key: await server.key(workspace, 'ingest:write'), workspace }
    const readKey = await server.key(null, 'compliance:read')
    await server.stop()
    disk.unmount()
    return { site: { door, readKey }, template }
  }

  /**
   * As shipped, the disk that comes back is the one the next cycle begins with, so everything ever acknowledged is looked for again
   * and again. With sync off it may be beyond repair: each cycle begins anew.
   */
  async #arm(arm: Arm, site: Site, template: string): Promise<Result> {
    const result: Result = { arm, cycles: this.#cycles, lossy: 0, notStarted: 0, acknowledged: 0, batches: 0, examples: [] }
    const fresh = () => ({ image: this.#copyOf(template), clients: newClients(site.door, wholeBetween(this.#random, 0, 1e9)) })
    let { image, clients } = fresh()
    for (let cycle = 1; cycle <= this.#cycles; cycle++) {
      if (arm === 'sync off' && cycle > 1) ({ image, clients } = fresh())
      const disk = Disk.mount(image, this.#path('disk'))
      if (arm === 'sync off') switchSyncOff(disk)
      const survivor = await this.#losePower(disk, site, clients)
      const back = Disk.mount(survivor, this.#path('disk'))
      if (arm === 'sync off') removeLockFiles(back)
      const findings = await examine(back, site, clients.book)
      note(result, findings)
      if (arm === 'as shipped') back.unmount()
      else back.remove()
      image = survivor
      if (arm === 'sync off' || cycle === this.#cycles) count(result, clients)
      process.stderr.write(`${arm}, ${cycle} of ${this.#cycles}: ${findings === null ? 'did not start' : findings.lost.length} lost\n`)
    }
    return result
  }

  /** Lets clients write for a while, then stops every process where it stands, and takes what the disk holds. */
  async #losePower(disk: Disk, site: Site, { clients }: Clients): Promise<string> {
    const survivor = this.#newImage()
    const server = await Server.start(join(disk.folder, 'data'))
    site.door.url = server.url
    const cut = new AbortController()
    const running = Promise.all(clients.map((client) => client.run(cut.signal, cut.signal)))
    running.catch(() => undefined)
    const already = batchesOf(clients)
    await sleep(wholeBetween(this.#random, 100, 1500))
    while (batchesOf(clients) < already + 4) await Promise.race([sleep(1), running])
    const victims = server.processes
    signalAll(victims, 'SIGSTOP')
    await stopped(victims)
    await disk.copy(survivor)
    cut.abort()
    signalAll(victims, 'SIGKILL')
    await gone(victims)
    await running
    disk.remove()
    return survivor
  }

  #newImage(): string {
    return this.#path(`disk-${this.#images++}.img`)
  }

  #copyOf(image: string): string {
    const copy = this.#newImage()
    copyImage(image, copy)
    return copy
  }
}

interface Clients {
  readonly book: Book
  readonly clients: readonly Client[]
}

function newClients(door: Door, seed: number): Clients {
  const book = new Book()
  return { book, clients: [1, 2, 3, 4].map((n) => new Client(book, door, randomFrom(seed + n))) }
}

const batchesOf = (clients: readonly Client[]) => clients.reduce((sum, { counts }) => sum + counts.batches, 0)

/** What an operator must never do, and what makes the control lose. The setting itself is synced: the loss shall be PostgreSQL's. */
function switchSyncOff(disk: Disk): void {
  appendFileSync(join(disk.folder, 'data', 'postgres', 'postgresql.auto.conf'), 'fsync = off\nsynchronous_commit = off\n')
  disk.sync()
}

/** Without syncing they come back empty, and PostgreSQL then waits for an operator; that alone shall not count as the loss. */
function removeLockFiles({ folder }: Disk): void {
  for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) rmSync(join(folder, 'data', 'postgres', name), { force: true })
}

/** Long enough for a crash recovery; with sync off it may never come up. */
const patience = 20_000

/** null: the server did not come up again. */
async function examine(disk: Disk, { door, readKey }: Site, book: Book): Promise<Findings | null> {
  return withCleanup(async (cleanup: Cleanup) => {
    try {
      const server = await Server.start(join(disk.folder, 'data'), (child) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), patience)
        cleanup.add(() => clearTimeout(timer))
      })
      cleanup.add(() => server.stop())
      const source = { url: server.url, key: readKey, workspace: door.workspace, sockets: server.sockets }
      return await new ReadBack(book).check(source)
    } catch (error) {
      if (error instanceof ServerDidNotStart) return null
      throw error
    }
  })
}

function note(result: Result, findings: Findings | null): void {
  if (findings === null) result.notStarted++
  const wrong = findings === null ? ['the server did not start'] : [...findings.lost, ...findings.invented, ...findings.wrong]
  if (wrong.length > 0) result.lossy++
  result.examples.push(...wrong.slice(0, 5 - Math.min(5, result.examples.length)))
}

function count(result: Result, { book, clients }: Clients): void {
  for (const [, versions] of book.acknowledged()) result.acknowledged += versions
  result.batches += batchesOf(clients)
}

process.exitCode = await main()
