import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { digest } from './ledger/access-log.ts'
import type { Ledger } from './ledger/context.ts'
import { writeDurably } from './platform/durable-file.ts'
import { OperatorError } from './platform/refusal.ts'

const lockClass = 8487

/** A killed server's lock goes with its connection, which the database may notice a moment later. */
const patience = 5000

/**
 * One server per data directory: a session lock named after the directory's own id. It is lost with the database and taken again
 * when that is back; a server that finds another in its place stops.
 */
export async function takeServerLock(ledger: Ledger, onLost: (reason: OperatorError) => void): Promise<() => Promise<void>> {
  const key = directoryKey(ledger.config.data)
  let leaving = false
  let holder = await hold(ledger, key)
  const watch = (client: pg.Client) => client.once('end', () => !leaving && retake())
  const retake = async () => {
    for (;;) {
      try {
        holder = await hold(ledger, key)
        watch(holder)
        return
      } catch (error) {
        if (error instanceof OperatorError) return onLost(error)
        await sleep(1000)
      }
    }
  }
  watch(holder)
  return async () => {
    leaving = true
    await holder.end().catch(() => undefined)
  }
}

function directoryKey(data: string): number {
  const file = join(data, 'instance')
  writeDurably(file, `${randomUUID()}\n`, 0o600)
  return Buffer.from(digest(readFileSync(file, 'utf8').trim())).readInt32BE()
}

async function hold(ledger: Ledger, key: number): Promise<pg.Client> {
  const client = new pg.Client({ ...ledger.database.connection, application_name: 'daybook server lock' })
  client.on('error', () => undefined)
  await client.connect()
  for (const started = performance.now(); ; await sleep(100)) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [lockClass, key])
    if (rows[0]?.got) return client
    if (performance.now() - started > patience) {
      await client.end()
      throw new OperatorError(
        `another Daybook server already runs on ${ledger.config.data}; stop it first, or give this one a data directory of its own (DAYBOOK_DATA)`,
      )
    }
  }
}
