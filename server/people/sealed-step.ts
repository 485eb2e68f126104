import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { hmac, unwrap, wrap } from '../platform/crypto.ts'
import type { MasterKey } from '../platform/master-key.ts'

/** What a sign-in under way has to remember, carried by the browser: sealed, for one purpose, with an end. */
export interface Step<T> {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly until: number
  readonly about: T
}

const shell = z.object({ id: z.string(), until: z.number(), about: z.unknown() })
const keys = new WeakMap<MasterKey, KeyObject>()

/** Seals something for somebody who is not in yet. The server keeps nothing, so nobody can fill it with half a sign-in. */
export function sealStep(ledger: Ledger, purpose: string, minutes: number, about: object): string {
  const step = { id: randomUUID(), until: ledger.clock.now().epochMilliseconds + minutes * 60_000, about }
  return wrap(keyOf(ledger), Buffer.from(JSON.stringify(step)), purposeOf(ledger, purpose)).toString('base64url')
}

/** Opens what `sealStep` made for this purpose; null: it is not ours, was changed, or its time is over. */
export function openStep<S extends z.ZodType>(ledger: Ledger, purpose: string, text: string, shape: S): Step<z.output<S>> | null {
  try {
    const plain = unwrap(keyOf(ledger), Buffer.from(text, 'base64url'), purposeOf(ledger, purpose))
    const { id, until, about } = shell.parse(JSON.parse(plain.toString('utf8')))
    if (until <= ledger.clock.now().epochMilliseconds) return null
    return { id, until, about: shape.parse(about) }
  } catch {
    return null
  }
}

/** Uses something up that may be used once; false: somebody did already. What would have ended by now is forgotten on the way. */
export async function spend(database: pg.ClientBase | pg.Pool, ledger: Ledger, what: string, until: number): Promise<boolean> {
  const organization = ledger.organization.number
  await database.query('delete from spent where organization_id = $1 and expires_at < $2', [organization, ledger.clock.now().toString()])
  const { rowCount } = await database.query(
    `insert into spent (organization_id, what, expires_at) values ($1, $2, to_timestamp($3::double precision / 1000)) on conflict do nothing`,
    [organization, hmac(ledger.master.pepper, 'spent\0', what), until],
  )
  return rowCount === 1
}

function keyOf({ master }: Ledger): KeyObject {
  const key = keys.get(master) ?? createSecretKey(hmac(master.pepper, 'sealed-step'))
  keys.set(master, key)
  return key
}

const purposeOf = (ledger: Ledger, purpose: string) => `${purpose}\0${ledger.organization.id}`
