import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { type ClientRequest, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { OperatorError } from './refusal.ts'

/**
 * The embedded facts engine of a data directory: a process of ours behind a Unix socket that only our user can reach. Whoever finds
 * it running uses it; it ends by itself when the last one has left or died, and is started again when it dies while somebody stays.
 */
export interface EmbeddedEngine {
  readonly socket: string
  /** Resolves once the engine answers. */
  start(): Promise<void>
  /** The last to leave waits until the engine is gone. */
  leave(): Promise<void>
}

const program = fileURLToPath(new URL('facts-engine.ts', import.meta.url))

/** The engine opens in a tenth of a second; one that loads very many parts after a crash takes longer. */
const startLimit = 60_000
const longestPause = 5000

export function embeddedEngine(data: string): EmbeddedEngine {
  const folder = join(data, 'facts')
  const socket = socketOf(data)
  const log = join(data, 'facts-engine.log')
  const stay = new Stay(() => connectOrStart(socket, () => spawnEngine(folder, socket, log), log))
  const leave = async () => {
    await stay.leave()
    if (dirname(socket) !== data) await rmdir(dirname(socket)).catch(() => undefined)
  }
  return { socket, start: () => stay.begin(), leave }
}

/** Holds the request that says "in use", and brings the engine back when it dies meanwhile. */
class Stay {
  readonly #enter: () => Promise<ClientRequest>
  #request: ClientRequest | null = null
  #starting: Promise<void> | null = null
  #leaving = false
  #pause = 0

  constructor(enter: () => Promise<ClientRequest>) {
    this.#enter = enter
  }

  begin(): Promise<void> {
    this.#starting ??= this.#open().finally(() => {
      this.#starting = null
    })
    return this.#starting
  }

  async #open(): Promise<void> {
    if (this.#request || this.#leaving) return
    const entered = await this.#enter()
    const began = performance.now()
    this.#request = entered
    entered.once('close', () => {
      this.#request = null
      // One that keeps dying is given ever more time; one that has run for a while is started again at once.
      this.#pause = performance.now() - began > 30_000 ? 0 : Math.min(longestPause, 2 * this.#pause + 50)
      this.#again()
    })
  }

  #again(): void {
    if (this.#leaving) return
    setTimeout(() => this.begin().catch(() => this.#again()), this.#pause).unref()
  }

  async leave(): Promise<void> {
    this.#leaving = true
    await this.#starting?.catch(() => undefined)
    const request = this.#request
    if (!request) return
    const closed = once(request, 'close')
    request.end()
    await Promise.race([closed, sleep(8000, undefined, { ref: false })])
    request.destroy()
  }
}

/** A socket path longer than 107 bytes cannot be bound. */
function socketOf(data: string): string {
  const beside = join(data, 'facts.socket')
  if (Buffer.byteLength(beside) < 100) return beside
  const folder = `daybook-facts-${process.getuid?.() ?? 0}-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`
  return join(tmpdir(), folder, 'facts.socket')
}

/** Detached, so that a Ctrl-C meant for the server does not take the engine away before the server has finished with it. */
function spawnEngine(folder: string, socket: string, log: string): ChildProcess {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
  const output = openSync(log, 'a', 0o600)
  const child = spawn(process.execPath, [program, folder, socket], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: process.env.PATH ?? '', LANG: 'C', TZ: 'UTC', UV_THREADPOOL_SIZE: '16' },
  })
  closeSync(output)
  child.unref()
  child.on('error', () => undefined)
  return child
}

/** Judges by connecting. An engine that finds another one on its folder ends, and the other one answers. */
async function connectOrStart(socket: string, start: () => ChildProcess, log: string): Promise<ClientRequest> {
  let child: ChildProcess | null = null
  claim(dirname(socket))
  for (const began = performance.now(); ; await sleep(15)) {
    const entered = await enter(socket)
    if (entered) return entered
    if (performance.now() - began > startLimit) throw new OperatorError(`the facts engine did not start; the end of ${log}:\n${tail(log)}`)
    if (!child) child = start()
    else if (child.exitCode !== null || child.signalCode !== null) {
      await sleep(100)
      child = start()
    }
  }
}

/** A folder for temporary files is everybody's: somebody else may have made one of the name, and would hear what is asked. */
function claim(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(folder)
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0)
    throw new OperatorError(`${folder} belongs to somebody else or can be written by others: remove it, or choose a shorter DAYBOOK_DATA`)
}

async function enter(socket: string): Promise<ClientRequest | null> {
  const stay = request({ socketPath: socket, path: '/stay', method: 'POST', headers: { 'transfer-encoding': 'chunked' } })
  stay.on('error', () => undefined)
  stay.flushHeaders()
  try {
    const [response] = await once(stay, 'response')
    response.resume()
    response.on('error', () => undefined)
    if (response.statusCode === 200) return stay
    stay.destroy()
    return null
  } catch {
    return null
  }
}

function tail(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-800) : '(no log)'
}
