import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import { traceEntry } from '../ledger/access-log.ts'
import { aboutNobody, takeNumbers, takeTurn, writeEntries } from '../ledger/append.ts'
import type { Actor, Context, Ledger } from '../ledger/context.ts'
import type { Entry } from '../ledger/entry.ts'
import { transaction } from '../ledger/writer.ts'
import { hmac } from '../platform/crypto.ts'
import { Refusal } from '../platform/refusal.ts'
import { knownRoles } from './members.ts'

/** A session ends after this long without a request, and after `longest` whatever happens. */
const longestIdle = Temporal.Duration.from({ minutes: 30 })
const longest = Temporal.Duration.from({ hours: 12 })

/** When it was last used is written this often at most: every page would be a write otherwise. */
const notedEvery = Temporal.Duration.from({ minutes: 1 })

export type Person = Extract<Actor, { kind: 'person' }>

/** 256 random bits as 43 characters, the form of every secret that a person carries. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function looksLikeToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

export function hashOfToken(ledger: Ledger, purpose: 'link' | 'session', token: string): Buffer {
  return hmac(ledger.master.pepper, `${purpose}\0`, token)
}

/** Begins a session inside the transaction that used up its link, and clears away those that ended. Returns what the cookie carries. */
export async function startSession(tx: pg.ClientBase, ledger: Ledger, memberId: string): Promise<string> {
  const organization = ledger.organization.number
  const token = newToken()
  const now = ledger.clock.now()
  await tx.query('delete from session where organization_id = $1 and (expires_at < $2 or seen_at < $3)', [
    organization,
    now.toString(),
    now.subtract(longestIdle).toString(),
  ])
  await tx.query(
    'insert into session (organization_id, token_hash, member_id, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $4, $5)',
    [organization, hashOfToken(ledger, 'session', token), memberId, now.toString(), now.add(longest).toString()],
  )
  return token
}

/** Who a session cookie belongs to, with the roles of this moment: a change of roles counts from the next request on. */
export async function actorOfSession(ledger: Ledger, token: string): Promise<Person> {
  const row = looksLikeToken(token) ? await findSession(ledger, token) : undefined
  const now = ledger.clock.now()
  const alive =
    row &&
    Temporal.Instant.compare(Temporal.Instant.from(row.expires_at), now) > 0 &&
    Temporal.Instant.compare(Temporal.Instant.from(row.seen_at).add(longestIdle), now) > 0
  if (!alive) throw new Refusal('unauthenticated', 'nobody is signed in, or the session has ended')
  if (Temporal.Instant.compare(Temporal.Instant.from(row.seen_at).add(notedEvery), now) <= 0) await noteSeen(ledger, token)
  return { kind: 'person', id: row.id, name: row.email, roles: knownRoles(row.roles), workspace: row.workspace_id }
}

function findSession(ledger: Ledger, token: string) {
  return ledger.database.reader
    .selectFrom('session as s')
    .innerJoin('member as m', (join) => join.onRef('m.organization_id', '=', 's.organization_id').onRef('m.id', '=', 's.member_id'))
    .select(['m.id', 'm.email', 'm.roles', 'm.workspace_id', 's.seen_at', 's.expires_at'])
    .where('s.organization_id', '=', ledger.organization.number)
    .where('s.token_hash', '=', hashOfToken(ledger, 'session', token))
    .executeTakeFirst()
}

async function noteSeen(ledger: Ledger, token: string): Promise<void> {
  await ledger.database.writes.query('update session set seen_at = $3 where organization_id = $1 and token_hash = $2', [
    ledger.organization.number,
    hashOfToken(ledger, 'session', token),
    ledger.clock.now().toString(),
  ])
}

/** Signs out: the session is gone from the server, not only from the browser. */
export async function endSession(ctx: Context, token: string): Promise<void> {
  const { ledger } = ctx
  await transaction(ledger.database.writes, async (tx) => {
    await tx.query('delete from session where organization_id = $1 and token_hash = $2', [
      ledger.organization.number,
      hashOfToken(ledger, 'session', token),
    ])
    await appendOwn(
      tx,
      ledger,
      traceEntry(ctx, 'change', { action: 'session.end', workspace: null, ids: [ctx.actor.id], outcome: 'allowed' }),
    )
  })
}

/** Sessions need no scope, so they cannot be commands; their entry stands in the transaction of what it says all the same. */
export async function appendOwn(tx: pg.ClientBase, ledger: Ledger, entry: Entry): Promise<void> {
  const organization = ledger.organization.number
  await takeTurn(tx, organization)
  const head = await takeNumbers(tx, organization, 1, 0)
  await writeEntries(tx, organization, head, [aboutNobody(entry)])
}
