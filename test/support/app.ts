import { randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse, RouteOptions } from 'fastify'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Scope } from '../../contract/people.ts'
import { intakeReply } from '../../contract/records.ts'
import { buildApp } from '../../server/app.ts'
import { openLedger } from '../../server/ledger/open.ts'
import { openRow, type SealedRow, sealedColumns } from '../../server/ledger/read.ts'
import { createKey } from '../../server/people/api-keys-change.ts'
import { operatorContext } from '../../server/people/operator.ts'
import { createWorkspace } from '../../server/people/workspaces.ts'
import type { Clock } from '../../server/platform/clock.ts'
import { readConfig } from '../../server/platform/config.ts'
import { openLog } from '../../server/platform/log.ts'

type OpenLedger = Awaited<ReturnType<typeof openLedger>>
type Answer = LightMyRequestResponse

/** A workspace of a test's own, with a key to write to it and a key to read it; both are bound to it. */
export interface Place {
  readonly number: number
  readonly id: string
  readonly name: string
  readonly ingest: string
  readonly read: string
}

export interface TestAppOptions {
  readonly clock?: Clock
  /** `DAYBOOK_RATE_LIMITS`; tests send more in a minute than anybody should. */
  readonly limits?: string
}

/**
 * A whole server on a data directory of its own, for the tests of one file: opened before the first, removed after the last,
 * whether they pass or not. A PostgreSQL start costs most of a second, a workspace nearly nothing, so tests share the one and not the other.
 */
export function openTestApp(options: TestAppOptions = {}): TestApp {
  const daybook = new TestApp(options)
  beforeAll(() => daybook.start())
  afterAll(() => daybook.remove())
  return daybook
}

export class TestApp {
  readonly data = mkdtempSync(join(tmpdir(), 'daybook-test-'))
  /** Everything logged so far, at level debug. */
  logs = ''
  /** Every route of the server, as it was registered. */
  readonly routes: RouteOptions[] = []
  readonly #options: TestAppOptions
  #open: { ledger: OpenLedger; app: FastifyInstance } | null = null

  constructor(options: TestAppOptions) {
    this.#options = options
    process.once('exit', () => this.#abandon())
  }

  get ledger(): OpenLedger {
    return this.#opened().ledger
  }

  get app(): FastifyInstance {
    return this.#opened().app
  }

  #opened() {
    if (!this.#open) throw new Error('the server of this test is not open')
    return this.#open
  }

  async start(): Promise<void> {
    const config = readConfig(
      { DAYBOOK_DATA: this.data, DAYBOOK_LOG: 'debug', DAYBOOK_RATE_LIMITS: this.#options.limits ?? 'off' },
      this.data,
    )
    const log = openLog(config, { write: (text) => this.#keepLog(text) })
    const ledger = await openLedger(config, { ...this.#options, log })
    const watch = (message: unknown) => this.#watchRoutes(message)
    subscribe('fastify.initialization', watch)
    try {
      this.#open = { ledger, app: await buildApp(ledger) }
    } catch (error) {
      await ledger.close()
      throw error
    } finally {
      unsubscribe('fastify.initialization', watch)
    }
  }

  /** The framework says when it is made, before it has any route. */
  #watchRoutes(message: unknown): void {
    this.routes.length = 0
    const { fastify } = message as { fastify: FastifyInstance } // what this channel carries
    fastify.addHook('onRoute', (route) => void this.routes.push(route))
  }

  #keepLog(text: string): void {
    this.logs += text
  }

  /** Stops the server and its PostgreSQL; the data directory stays, and `start` goes on with it. */
  async stop(): Promise<void> {
    const open = this.#open
    this.#open = null
    try {
      await open?.app.close()
    } finally {
      await open?.ledger.close()
    }
  }

  async remove(): Promise<void> {
    try {
      await this.stop()
    } finally {
      this.#abandon()
    }
  }

  /** The last resort of a test run that was interrupted: no PostgreSQL and no data stay behind. */
  #abandon(): void {
    const pidFile = join(this.data, 'postgres', 'postmaster.pid')
    if (existsSync(pidFile)) {
      const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
      if (pid > 1) process.kill(pid, 'SIGQUIT')
    }
    rmSync(this.data, { recursive: true, force: true, maxRetries: 5 })
  }

  async place(name = 'Workspace'): Promise<Place> {
    const workspace = await createWorkspace(operatorContext(this.ledger), { name, id: randomUUID() })
    const [ingest, read] = await Promise.all([this.key(['ingest:write'], workspace), this.key(['compliance:read'], workspace)])
    return { ...workspace, ingest, read }
  }

  /** A new key; without a workspace it reaches all of them. */
  async key(scopes: readonly Scope[], workspace: { number: number; id: string; name: string } | null = null): Promise<string> {
    const bound = workspace && { number: workspace.number, id: workspace.id, name: workspace.name }
    const made = await createKey(operatorContext(this.ledger), { name: 'test', scopes: [...scopes], workspace: bound, expiresInDays: 1 })
    return made.key
  }

  inject(options: InjectOptions & { key?: string }): Promise<Answer> {
    const { key, headers, ...rest } = options
    return this.app.inject({ ...rest, headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers } })
  }

  get(url: string, key: string): Promise<Answer> {
    return this.inject({ method: 'GET', url, key })
  }

  /** Sends a batch; a line that is text or bytes goes out as it is. */
  send(key: string, lines: readonly (object | string | Buffer)[], headers: Record<string, string> = {}): Promise<Answer> {
    const payload = ndjson(lines)
    return this.inject({
      method: 'POST',
      url: '/api/intake/records',
      key,
      payload,
      headers: { 'content-type': 'application/x-ndjson', ...headers },
    })
  }

  /** Sends a batch that has to be answered with 200. */
  async take(key: string, lines: readonly (object | string | Buffer)[]) {
    const answer = await this.send(key, lines)
    expect(answer.statusCode, answer.body).toBe(200)
    return intakeReply.parse(answer.json())
  }

  /** Every record a key reaches, or those of one kind, as it is given back. */
  async records(key: string, kind?: string): Promise<StoredRecord[]> {
    const found: StoredRecord[] = []
    for (let after = 0; ; ) {
      const answer = await this.get(`/api/records?after_seq=${after}${kind === undefined ? '' : `&kind=${kind}`}`, key)
      expect(answer.statusCode, answer.body).toBe(200)
      const page = linesOf(answer.body)
      found.push(...page)
      const last = page.at(-1)
      if (!last) return found
      after = last.seq
    }
  }

  /** Rows of the database, read past every layer of ours. */
  async rows<R extends object>(sql: string, values: unknown[] = []): Promise<R[]> {
    return (await this.ledger.database.writes.query<R>(sql, values)).rows
  }

  /** The ledger's own entries about an action, the oldest first: who read, changed, or was denied what. Read past the API, which would add to them. */
  async entries(action: string): Promise<StoredRecord[]> {
    return (await this.allEntries()).filter((entry) => entry.action === action)
  }

  async allEntries(): Promise<StoredRecord[]> {
    const rows = await this.rows<SealedRow & { seq: number; kind: string; received_at: string }>(
      `select l.seq, l.kind, l.received_at, ${sealedColumns} from log l join salts.log s using (organization_id, seq) where l.source = 'daybook' order by l.seq`,
    )
    return rows.map((row): StoredRecord => {
      const { seq, kind, received_at } = row
      return { ...openRow(this.ledger.organization, row), seq, kind, received_at }
    })
  }
}

export type StoredRecord = { seq: number; kind: string; received_at: string; [field: string]: unknown }

export function ndjson(lines: readonly (object | string | Buffer)[]): Buffer {
  const parts = lines.map((line) => (Buffer.isBuffer(line) ? line : Buffer.from(typeof line === 'string' ? line : JSON.stringify(line))))
  return Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]))
}

/** The lines of a raw read. The server's own fields make them what `StoredRecord` says. */
export function linesOf(body: string): StoredRecord[] {
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
