import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Cleanup, withCleanup } from '../../bench/support/cleanup.ts'
import { endPostgres, Server, ServerDidNotStart } from '../../bench/support/daybook.ts'
import { family, gone, postgresOf, signalAll } from '../../bench/support/processes.ts'
import { pick, randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { Book } from './book.ts'
import { Client, type Door } from './client.ts'
import { ReadBack, type Source } from './read-back.ts'

/** What dies. A single session's death makes PostgreSQL restart all of them; a server's death leaves its PostgreSQL running. */
const kinds = ['server and PostgreSQL', 'PostgreSQL', 'server', 'one process of PostgreSQL'] as const
type Kind = (typeof kinds)[number]

const cycles = Number(process.env.DAYBOOK_CRASH_CYCLES ?? 5)
const seed = Number(process.env.DAYBOOK_CRASH_SEED ?? randomInt(1_000_000))

test(
  `nothing acknowledged is lost and nothing invented when processes are killed at random instants (${cycles} times, seed ${seed})`,
  {
    timeout: 60_000 + cycles * 60_000,
  },
  () => withCleanup(killAgainAndAgain),
)

async function killAgainAndAgain(cleanup: Cleanup): Promise<void> {
  const random = randomFrom(seed)
  const installation = await Installation.start(cleanup)
  const book = new Book()
  const door: Door = { url: installation.server.url, key: installation.ingestKey, workspace: installation.workspace }
  const clients = [1, 2, 3, 4].map((n) => new Client(book, door, randomFrom(seed + n)))
  const log = new ReadBack(book)
  const recoveries: number[] = []
  for (let cycle = 0; cycle < cycles; cycle++) {
    const kind = kinds[cycle % kinds.length] ?? 'server'
    const stop = new AbortController()
    const running = Promise.all(clients.map((client) => client.run(stop.signal)))
    running.catch(() => undefined)
    await sleep(wholeBetween(random, 50, 1200))
    await installation.kill(kind, random)
    const killedAt = performance.now()
    if (kind.includes('server')) door.url = await installation.restart(random)
    // Whoever sent something after the blow and heard back has seen the server work again.
    for (const client of clients) {
      while (client.lastSuccessSentAt < killedAt) {
        await Promise.race([sleep(5), failure(running)])
        if (!installation.server.running) throw new Error(`the server ended by itself:\n${installation.server.lastWords}`)
      }
    }
    recoveries.push(performance.now() - killedAt)
    stop.abort()
    await running
    const isLast = cycle === cycles - 1
    const findings = await (isLast ? new ReadBack(book) : log).check(installation.source)
    expect({ kind, cycle, ...findings }).toMatchObject({ lost: [], invented: [], wrong: [] })
  }
  report(clients, book, recoveries)
}

function failure(running: Promise<unknown>): Promise<void> {
  return new Promise((_, reject) => running.catch(reject))
}

function report(clients: readonly Client[], book: Book, recoveries: readonly number[]): void {
  const sum = (name: keyof Client['counts']) => clients.reduce((total, { counts }) => total + counts[name], 0)
  const worst = (kind: Kind) => Math.max(0, ...recoveries.filter((_, i) => kinds[i % kinds.length] === kind))
  const seconds = kinds.map((kind) => `${kind} ${(worst(kind) / 1000).toFixed(1)} s`)
  process.stdout.write(
    `${cycles} kills: ${book.size} records in ${sum('batches')} acknowledged batches, ${sum('resent')} sent again, of them ${sum('storedUnacknowledged')} stored before and ${sum('wronglyDenied')} denied before; longest until everybody was served again: ${seconds.join(', ')}\n`,
  )
}

/** A server, its data directory, and the means to hurt it. */
class Installation {
  readonly #cleanup: Cleanup
  server: Server
  readonly workspace: string
  readonly ingestKey: string
  readonly #readKey: string

  private constructor(cleanup: Cleanup, server: Server, made: { workspace: string; ingestKey: string; readKey: string }) {
    this.#cleanup = cleanup
    this.server = server
    this.workspace = made.workspace
    this.ingestKey = made.ingestKey
    this.#readKey = made.readKey
  }

  static async start(cleanup: Cleanup): Promise<Installation> {
    const data = join(await cleanup.folder('crash'), 'data')
    cleanup.add(() => endPostgres(data))
    const server = await Server.start(data, (child) => cleanup.add(() => child.kill('SIGKILL')))
    const workspace = await server.workspace('Crash')
    const ingestKey = await server.key(workspace, 'ingest:write')
    // Raw records of every workspace and the ledger's own: the whole sequence.
    const readKey = await server.key(null, 'compliance:read')
    return new Installation(cleanup, server, { workspace, ingestKey, readKey })
  }

  get source(): Source {
    return { url: this.server.url, key: this.#readKey, workspace: this.workspace, sockets: this.server.sockets }
  }

  async kill(kind: Kind, random: () => number): Promise<void> {
    const postgres = postgresOf(this.server.data)
    // A PostgreSQL that this server started is its child and lives on without it.
    const server = family(this.server.pid).filter((id) => !postgres.includes(id))
    const victims: Record<Kind, () => number[]> = {
      'server and PostgreSQL': () => [...server, ...postgres],
      PostgreSQL: () => postgres,
      server: () => server,
      'one process of PostgreSQL': () => [pick(random, postgres.slice(1))],
    }
    const chosen = victims[kind]()
    signalAll(chosen, 'SIGKILL')
    await gone(chosen)
  }

  /** Sometimes the blow comes again while the server is still starting. */
  async restart(random: () => number): Promise<string> {
    if (random() < 0.3) {
      const starting = Server.start(this.server.data, (child) => setTimeout(() => child.kill('SIGKILL'), wholeBetween(random, 50, 900)))
      await starting.catch((error: unknown) => {
        if (!(error instanceof ServerDidNotStart)) throw error
      })
      if (random() < 0.5) await endPostgres(this.server.data)
    }
    this.server = await Server.start(this.server.data, (child) => this.#cleanup.add(() => child.kill('SIGKILL')))
    return this.server.url
  }
}
