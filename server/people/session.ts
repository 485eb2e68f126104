import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import type { Way } from '../../contract/account.ts'
import type { Role } from '../../contract/people.ts'
import { traceEntry } from '../ledger/access-log.ts'
import { aboutNobody, takeNumbers, takeTurn, writeEntries } from '../ledger/append.ts'
import type { Actor, Context, Ledger, Session } from '../ledger/context.ts'
import type { Entry } from '../ledger/entry.ts'
import { transaction } from '../ledger/writer.ts'
import { hmac, unwrap, wrap } from '../platform/crypto.ts'
import { Refusal } from '../platform/refusal.ts'
import { deviceWords } from './session-device.ts'
import { knownRoles, rolesAt } from './standing.ts'

/** Whoever sees more than their own counts is out after this long at most, whatever is configured. */
const longestPrivileged = Temporal.Duration.from({ hours: 12 })
const unprivileged: readonly Role[] = ['member', 'analytics_viewer']

/** When it was last used is written this often at most: every page would be a write otherwise. */
const notedEvery = Temporal.Duration.from({ minutes: 1 })

export type Person = Extract<Actor, { kind: 'person' }>

/** Somebody at the door, before it is known who. */
export interface Visit {
  readonly requestId: string
  readonly address: string | null
  readonly userAgent: string | undefined
  /** The session they have already: a new one takes its place. */
  readonly replaces: string | null
}

/** What a sign-in by a provider leaves, so that a sign-out there ends it here and the other way round. */
export interface ProviderSession {
  readonly provider: string
  readonly subject: string
  readonly session: string | null
  readonly idToken: string
}

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

/**
 * Begins a session inside the transaction that let its owner in, in place of the one they came with, and clears away those that
 * ended. Returns what the cookie carries.
 */
export async function startSession(
  tx: pg.ClientBase,
  ledger: Ledger,
  visit: Visit,
  start: { person: Person; way: Way; provider?: ProviderSession },
): Promise<string> {
  const organization = ledger.organization.number
  const token = newToken()
  const now = ledger.clock.now()
  const replaced = visit.replaces === null ? null : hashOfToken(ledger, 'session', visit.replaces)
  await tx.query('delete from session where organization_id = $1 and (expires_at < $2 or seen_at < $3 or token_hash = $4)', [
    organization,
    now.toString(),
    now.subtract(longestIdle(ledger)).toString(),
    replaced,
  ])
  const { person, way, provider } = start
  await tx.query(
    `insert into session (organization_id, token_hash, id, member_id, created_at, seen_at, expires_at, way, address, device, provider, subject, provider_session, id_token)
     values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[organization, hashOfToken(ledger, 'session', token), randomUUID(), person.id],
      ...[now.toString(), now.add(longest(ledger, person.roles)).toString(), way, visit.address, deviceWords(visit.userAgent)],
      ...[provider?.provider ?? null, provider?.subject ?? null, provider?.session ?? null],
      provider ? sealedIdToken(ledger, provider.idToken) : null,
    ],
  )
  return token
}

const longestIdle = ({ config }: Ledger) => Temporal.Duration.from({ minutes: config.sessions.idleMinutes })

function longest({ config }: Ledger, roles: readonly Role[]): Temporal.Duration {
  const configured = Temporal.Duration.from({ hours: config.sessions.longestHours })
  const privileged = roles.some((role) => !unprivileged.includes(role))
  return privileged && Temporal.Duration.compare(configured, longestPrivileged) > 0 ? longestPrivileged : configured
}

/**
 * Who a session cookie belongs to, with the roles of this moment: a change of roles counts from the next request on, and so does a
 * deactivation, on every node.
 */
export async function actorOfSession(ledger: Ledger, token: string): Promise<{ person: Person; session: Session }> {
  const row = looksLikeToken(token) ? await findSession(ledger, token) : undefined
  const now = ledger.clock.now()
  const roles = knownRoles(row?.roles ?? [])
  const alive =
    row &&
    row.deactivated_at === null &&
    Temporal.Instant.compare(Temporal.Instant.from(row.expires_at), now) > 0 &&
    // Whoever was given more since they came in is out as early as those who had it then.
    Temporal.Instant.compare(Temporal.Instant.from(row.created_at).add(longest(ledger, roles)), now) > 0 &&
    Temporal.Instant.compare(Temporal.Instant.from(row.seen_at).add(longestIdle(ledger)), now) > 0
  if (!alive) throw new Refusal('unauthenticated', 'nobody is signed in, or the session has ended')
  if (Temporal.Instant.compare(Temporal.Instant.from(row.seen_at).add(notedEvery), now) <= 0) await noteSeen(ledger, token)
  return {
    person: { kind: 'person', id: row.id, name: row.email, roles, workspace: row.workspace_id },
    session: { id: row.session_id, startedAt: row.created_at, expiresAt: row.expires_at },
  }
}

function findSession(ledger: Ledger, token: string) {
  return ledger.database.reader
    .selectFrom('session as s')
    .innerJoin('member as m', (join) => join.onRef('m.organization_id', '=', 's.organization_id').onRef('m.id', '=', 's.member_id'))
    .select(['m.id', 'm.email', 'm.workspace_id', 'm.deactivated_at', 's.seen_at', 's.expires_at', 's.created_at', 's.id as session_id'])
    .select(rolesAt(ledger.clock.now().toString()).as('roles'))
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

/** Signs out: the session is gone from the server, not only from the browser. Says by which provider it was begun, if by one. */
export async function endSession(ctx: Context, token: string): Promise<{ provider: string; idToken: string } | null> {
  const { ledger } = ctx
  return transaction(ledger.database.writes, async (tx) => {
    const { rows } = await tx.query<{ id: string; provider: string | null; id_token: Buffer | null }>(
      'delete from session where organization_id = $1 and token_hash = $2 returning id, provider, id_token',
      [ledger.organization.number, hashOfToken(ledger, 'session', token)],
    )
    await appendOwn(
      tx,
      ledger,
      traceEntry(ctx, 'change', { action: 'session.end', workspace: null, ids: [ctx.actor.id], outcome: 'allowed' }),
    )
    const [row] = rows
    if (!row?.provider || !row.id_token) return null
    return { provider: row.provider, idToken: unwrap(idTokenKey(ledger), row.id_token, 'id-token').toString('utf8') }
  })
}

const sealedIdToken = (ledger: Ledger, idToken: string) => wrap(idTokenKey(ledger), Buffer.from(idToken), 'id-token')
const idTokenKey = ({ master }: Ledger) => createSecretKey(hmac(master.pepper, 'id-token'))

/** Sessions need no scope, so they cannot be commands; their entry stands in the transaction of what it says all the same. */
export async function appendOwn(tx: pg.ClientBase, ledger: Ledger, entry: Entry): Promise<void> {
  const organization = ledger.organization.number
  await takeTurn(tx, organization)
  const head = await takeNumbers(tx, organization, 1, 0)
  await writeEntries(tx, organization, head, [aboutNobody(entry)])
}
