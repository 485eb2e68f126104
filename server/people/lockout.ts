import { isIPv4, isIPv6 } from 'node:net'
import type pg from 'pg'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { hmac } from '../platform/crypto.ts'

/**
 * What holds up guessing, and nobody else. A try counts for its account *from its network* and for the network as a whole; an account
 * as such is never held up, so nobody can lock its owner out from elsewhere. A device that signed in before counts by itself, so not even
 * a neighbor on the same network can.
 */
export interface Bucket {
  readonly name: string
  /** So many failures cost nothing. */
  readonly free: number
}

/** Beyond the free ones each failure doubles the wait, from a second up to this. */
const longestWait = 15 * 60

/** Failures are forgotten this long after the last of them. */
const forgottenAfter = { hours: 12 }

const perAccount = 5
const perNetwork = 30
const perDevice = 10

/**
 * Six digits could be guessed from a thousand networks, so codes also count for the account as a whole. Only somebody who knows its
 * password gets as far as a code: a stranger holds nobody up with this.
 */
const perCode = 20

export interface Door {
  readonly address: string | null
  /** Id of the device cookie, when it is one of this account. */
  readonly device: string | null
}

/** The buckets that a try of a password fills. `account` is whatever was typed: unknown ones are held up like known ones. */
export function bucketsOf(kind: 'password' | 'code', account: string, { address, device }: Door): Bucket[] {
  if (device !== null) return [{ name: `${kind}\0device\0${device}`, free: perDevice }]
  const network = networkOf(address)
  const name = account.trim().toLowerCase()
  return [
    { name: `${kind}\0account\0${name}\0${network}`, free: perAccount },
    { name: `${kind}\0network\0${network}`, free: perNetwork },
    ...(kind === 'code' ? [{ name: `code\0anywhere\0${name}`, free: perCode }] : []),
  ]
}

/**
 * Takes a try before it is known how it ends, so that many at once cannot outrun the counting: it counts as failed until `takeBack`.
 * Returns the seconds to wait when there is none to take, and 0 when it was taken.
 */
export async function takeTry(ledger: Ledger, buckets: readonly Bucket[]): Promise<number> {
  const now = ledger.clock.now()
  return transaction(ledger.database.writes, async (tx) => {
    await forgetOld(tx, ledger)
    // Always in the same order, so that two tries never wait for each other.
    const hashed = buckets.map(({ name, free }) => ({ hash: hashOf(ledger, name), free })).sort((a, b) => a.hash.compare(b.hash))
    const states = []
    for (const { hash, free } of hashed) states.push({ hash, free, ...(await lockBucket(tx, ledger, hash)) })
    const until = Math.max(...states.map(({ blocked_until }) => (blocked_until === null ? 0 : Date.parse(blocked_until))))
    if (until > now.epochMilliseconds) return Math.ceil((until - now.epochMilliseconds) / 1000)
    for (const { hash, free, tries } of states) {
      const wait = waitAfter(tries + 1, free)
      const next = wait === 0 ? null : now.add({ seconds: wait }).toString()
      await tx.query('update door_try set tries = tries + 1, last_at = $3, blocked_until = $4 where organization_id = $1 and bucket = $2', [
        ...[ledger.organization.number, hash, now.toString(), next],
      ])
    }
    return 0
  })
}

/** The wait that so many failures cost. */
export function waitAfter(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(longestWait, 2 ** Math.min(failures - free, 20))
}

/** The try was right: the account starts anew, and the network loses what this one try cost. */
export async function takeBack(ledger: Ledger, buckets: readonly Bucket[]): Promise<void> {
  for (const { name } of buckets) {
    const values = [ledger.organization.number, hashOf(ledger, name)]
    const statement = name.includes('\0network\0')
      ? 'update door_try set tries = greatest(tries - 1, 0), blocked_until = null where organization_id = $1 and bucket = $2'
      : 'delete from door_try where organization_id = $1 and bucket = $2'
    await ledger.database.writes.query(statement, values)
  }
}

/** So many entries a day about what strangers tried, whatever networks they come from; then every doubling, as for one network. */
const entriesADay = 1000

/**
 * Counts what is not worth an entry each time, since anybody can make any number of it. Returns how often it came from this network
 * when an entry should say so, and null when not.
 */
export async function timesToRecord(ledger: Ledger, kind: string, address: string | null): Promise<number | null> {
  const today = ledger.clock.now().toString().slice(0, 10)
  return transaction(ledger.database.writes, async (tx) => {
    await forgetOld(tx, ledger)
    const times = await count(tx, ledger, `noise\0${kind}\0${networkOf(address)}`)
    if (!isWorthAnEntry(times, 10)) return null
    return isWorthAnEntry(await count(tx, ledger, `noise of a day\0${today}`), entriesADay) ? times : null
  })
}

async function count(tx: pg.ClientBase, ledger: Ledger, name: string): Promise<number> {
  const { rows } = await tx.query<{ tries: number }>(
    `insert into door_try (organization_id, bucket, tries, last_at) values ($1, $2, 1, $3)
     on conflict (organization_id, bucket) do update set tries = door_try.tries + 1, last_at = excluded.last_at returning tries`,
    [ledger.organization.number, hashOf(ledger, name), ledger.clock.now().toString()],
  )
  return rows[0]?.tries ?? 1
}

/** The first ones leave an entry each; after them only every doubling does, with the number so far. */
export function isWorthAnEntry(times: number, first: number): boolean {
  return times <= first || Number.isInteger(Math.log2(times))
}

/** An IPv6 network is what one household gets, 64 bits of it: each of its addresses alone would be a new stranger. */
export function networkOf(address: string | null): string {
  if (address === null) return 'here'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (isIPv4(mapped)) return mapped
  const [plain = ''] = mapped.split('%')
  if (!isIPv6(plain)) return 'unknown'
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...(tail ? tail.split(':') : [])]
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/** The row as it is, made when it is missing, and held until the end of the transaction. */
async function lockBucket(tx: pg.ClientBase, ledger: Ledger, hash: Buffer): Promise<{ tries: number; blocked_until: string | null }> {
  const { rows } = await tx.query<{ tries: number; blocked_until: string | null }>(
    `insert into door_try (organization_id, bucket, tries, last_at) values ($1, $2, 0, $3)
     on conflict (organization_id, bucket) do update set tries = door_try.tries returning tries, blocked_until`,
    [ledger.organization.number, hash, ledger.clock.now().toString()],
  )
  return rows[0] ?? { tries: 0, blocked_until: null }
}

async function forgetOld(tx: pg.ClientBase, ledger: Ledger): Promise<void> {
  const before = ledger.clock.now().subtract(forgottenAfter).toString()
  await tx.query(
    `delete from door_try where (organization_id, bucket) in
       (select organization_id, bucket from door_try where organization_id = $1 and last_at < $2 order by bucket limit 200 for update skip locked)`,
    [ledger.organization.number, before],
  )
}

const hashOf = (ledger: Ledger, name: string) => hmac(ledger.master.pepper, 'door\0', name)
