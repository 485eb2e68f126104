import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { gone, postgresOf, processesIn, signalAll } from './processes.ts'

const cli = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'server', 'cli.ts')
const readyFile = z.object({ url: z.string() })
const made = z.object({ id: z.string() })
const madeKey = z.object({ key: z.string() })

/** A server's environment: nothing of ours that would point it at another database or another folder. */
function environment(data: string, limits = 'off'): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(DAYBOOK_|DATABASE_URL|CLICKHOUSE_URL|NODE_|VITEST)/.test(name))
  return { ...Object.fromEntries(own), DAYBOOK_DATA: data, DAYBOOK_PORT: '0', DAYBOOK_LOG: 'warn', DAYBOOK_RATE_LIMITS: limits }
}

/** Runs one command of the product on a data directory and returns what it prints. */
export async function daybook(data: string, args: readonly string[]): Promise<string> {
  const options = { env: environment(data), cwd: dirname(data), maxBuffer: 64 * 1_048_576 }
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], options)
  return stdout
}

/** The same as a child process, for whoever wants to watch it. */
export function startDaybook(data: string, args: readonly string[], log: string, limits?: string): ChildProcess {
  const output = openSync(log, 'a')
  const child = spawn(process.execPath, [cli, ...args], {
    env: environment(data, limits),
    cwd: dirname(data),
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  return child
}

/** A server started through the front door, in a process of its own. */
export class Server {
  readonly data: string
  readonly url: string
  readonly process: ChildProcess

  private constructor(data: string, url: string, child: ChildProcess) {
    this.data = data
    this.url = url
    this.process = child
  }

  /** Resolves when the server says that it is ready. `data` is made when it is missing; beside it lies the server's log. */
  static async start(data: string, onSpawn: (child: ChildProcess) => void = () => undefined, limits?: string): Promise<Server> {
    const ready = `${data}.ready`
    const log = `${data}.log`
    rmSync(ready, { force: true })
    const child = startDaybook(data, ['serve', '--ready-file', ready], log, limits)
    onSpawn(child)
    for (const started = performance.now(); !existsSync(ready); await sleep(2)) {
      const ended = child.exitCode !== null || child.signalCode !== null
      if (!ended && performance.now() - started < 90_000) continue
      child.kill('SIGKILL')
      throw new ServerDidNotStart(`the server did not start${ended ? ` (${child.exitCode ?? child.signalCode})` : ''}:\n${tail(log)}`)
    }
    return new Server(data, readyFile.parse(JSON.parse(readFileSync(ready, 'utf8'))).url, child)
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** The end of what the server printed. */
  get lastWords(): string {
    return tail(`${this.data}.log`)
  }

  /** The server and everything that runs on its data directory: PostgreSQL and the facts engine. */
  get processes(): number[] {
    return [...new Set([...(this.running ? [this.pid] : []), ...processesIn(this.data)])]
  }

  /** A graceful stop, as an operator does it. */
  async stop(): Promise<void> {
    if (this.running) {
      const exit = new Promise((resolve) => this.process.once('exit', resolve))
      this.process.kill('SIGTERM')
      await exit
    }
    await endPostgres(this.data)
  }

  async workspace(name: string): Promise<string> {
    return made.parse(JSON.parse(await daybook(this.data, ['workspace', 'create', '--name', name, '--json']))).id
  }

  /** null: a key for the whole organization. */
  async key(workspace: string | null, scope: string): Promise<string> {
    const args = ['key', 'create', '--name', scope, '--scope', scope, '--json', ...(workspace === null ? [] : ['--workspace', workspace])]
    return madeKey.parse(JSON.parse(await daybook(this.data, args))).key
  }

  /** Where the socket of its PostgreSQL lies. */
  get sockets(): string {
    return join(this.data, 'postgres')
  }
}

export class ServerDidNotStart extends Error {}

/** Ends what a killed server left behind: its PostgreSQL goes on by itself. */
export async function endPostgres(data: string): Promise<void> {
  const left = postgresOf(data)
  signalAll(left, 'SIGKILL')
  await gone(left)
}

function tail(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : '(it wrote nothing)'
}
