import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClickHouseClient } from '@clickhouse/client'
import type pg from 'pg'
import { OperatorError } from './refusal.ts'

const folder = join(import.meta.dirname, '..', '..', 'facts')

export interface FactsStep {
  readonly number: number
  readonly name: string
  readonly statements: readonly string[]
  readonly sha256: string
}

/** Two processes that start at once take turns, on the ledger's database: ClickHouse has no locks to wait for. */
const turn = [8484, 5]

/**
 * Brings the facts' tables up to date. ClickHouse cannot undo half a step: one that was begun and not ended is a reason to drop what
 * is there and begin from nothing, which costs a rebuild and loses nothing.
 */
export async function applySteps(client: ClickHouseClient, lock: pg.Pool, steps = factsSteps()): Promise<void> {
  const connection = await lock.connect()
  try {
    await connection.query('select pg_advisory_lock($1, $2)', turn)
    await client.command({
      query: `create table if not exists facts_step (number UInt32, name String, sha256 String, state Enum8('begun' = 1, 'done' = 2)) engine = MergeTree order by number`,
    })
    const known = await knownSteps(client)
    const isWhole = known.every(
      ({ number, state }) => state === 'done' || known.some((one) => one.number === number && one.state === 'done'),
    )
    if (!isWhole) await dropAll(client, steps)
    const done = isWhole ? known.filter(({ state }) => state === 'done') : []
    for (const applied of done) checkUnchanged(applied, steps)
    for (const step of steps) if (!done.some(({ number }) => number === step.number)) await apply(client, step)
  } finally {
    await connection.query('select pg_advisory_unlock($1, $2)', turn).catch(() => undefined)
    connection.release()
  }
}

export function factsSteps(): FactsStep[] {
  const files = readdirSync(folder).filter((file) => /^\d{4}-.+\.sql$/.test(file))
  return files.sort().map((file) => {
    const sql = readFileSync(join(folder, file), 'utf8')
    const sha256 = createHash('sha256').update(sql).digest('hex')
    return { number: Number(file.slice(0, 4)), name: file.slice(5, -4), statements: statementsOf(sql), sha256 }
  })
}

/** ClickHouse takes one statement at a time. Ours end with a semicolon at the end of a line; a comment has a line of its own. */
export function statementsOf(sql: string): string[] {
  const lines = sql.split('\n').filter((line) => !line.trimStart().startsWith('--'))
  return lines
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

interface KnownStep {
  number: number
  name: string
  sha256: string
  state: 'begun' | 'done'
}

async function knownSteps(client: ClickHouseClient): Promise<KnownStep[]> {
  const result = await client.query({ query: 'select number, name, sha256, state from facts_step', format: 'JSONEachRow' })
  return result.json<KnownStep>()
}

function checkUnchanged(applied: KnownStep, steps: readonly FactsStep[]): void {
  const step = steps.find(({ number }) => number === applied.number)
  if (!step)
    throw new OperatorError(
      `these facts were last used by a newer Daybook: they have step ${applied.number} (${applied.name}), this version does not know it`,
    )
  if (step.sha256 !== applied.sha256)
    throw new OperatorError(`facts step ${applied.number} (${applied.name}) was edited after it was applied: restore the file as released`)
}

async function apply(client: ClickHouseClient, { number, name, sha256, statements }: FactsStep): Promise<void> {
  const mark = (state: string) =>
    client.command({
      query: 'insert into facts_step values ({number:UInt32}, {name:String}, {sha256:String}, {state:String})',
      query_params: { number, name, sha256, state },
    })
  await mark('begun')
  for (const statement of statements) await client.command({ query: statement })
  await mark('done')
}

async function dropAll(client: ClickHouseClient, steps: readonly FactsStep[]): Promise<void> {
  for (const { statements } of steps)
    for (const statement of statements) {
      const [, table] = /^create table (\w+)/.exec(statement) ?? []
      if (table) await client.command({ query: 'drop table if exists {table:Identifier} sync', query_params: { table } })
    }
  await client.command({ query: 'truncate table facts_step' })
}
