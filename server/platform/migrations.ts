import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { OperatorError } from './refusal.ts'

const folder = join(import.meta.dirname, '..', '..', 'migrations')

interface Step {
  number: number
  name: string
  sql: string
  sha256: string
}

/** Two processes that start at once take turns. */
const turn = [8484, 2]

/**
 * Brings the schema up to date: numbered SQL files, each applied once in a transaction of its own. A step that was edited after
 * it was applied is refused, because nobody could say any more what the database looks like.
 */
export async function migrate(pool: pg.Pool, steps: Step[] = stepsOnDisk()): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1, $2)', turn)
    await client.query(`create table if not exists migration (
      number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`)
    const { rows } = await client.query<{ number: number; name: string; sha256: string }>('select number, name, sha256 from migration')
    for (const applied of rows) checkUnchanged(applied, steps)
    const done = new Set(rows.map((row) => row.number))
    for (const step of steps.filter(({ number }) => !done.has(number))) await apply(client, step)
  } finally {
    await client.query('select pg_advisory_unlock($1, $2)', turn).catch(() => undefined)
    client.release()
  }
}

export function stepsOnDisk(): Step[] {
  const files = readdirSync(folder).filter((file) => /^\d{4}-.+\.sql$/.test(file))
  return files.sort().map((file) => {
    const sql = readFileSync(join(folder, file), 'utf8')
    return { number: Number(file.slice(0, 4)), name: file.slice(5, -4), sql, sha256: createHash('sha256').update(sql).digest('hex') }
  })
}

function checkUnchanged(applied: { number: number; name: string; sha256: string }, steps: Step[]): void {
  const step = steps.find(({ number }) => number === applied.number)
  if (!step)
    throw new OperatorError(
      `this data was last used by a newer Daybook: it has migration ${applied.number} (${applied.name}), this version does not know it`,
    )
  if (step.sha256 !== applied.sha256)
    throw new OperatorError(`migration ${applied.number} (${applied.name}) was edited after it was applied: restore the file as released`)
}

async function apply(client: pg.PoolClient, step: Step): Promise<void> {
  try {
    await client.query('begin')
    await client.query(step.sql)
    await client.query('insert into migration (number, name, sha256) values ($1, $2, $3)', [step.number, step.name, step.sha256])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => undefined)
    throw new OperatorError(`migration ${step.number} (${step.name}) failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}
