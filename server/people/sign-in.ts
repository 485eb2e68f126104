import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { command } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { Refusal } from '../platform/refusal.ts'
import { timesToRecord } from './lockout.ts'
import { operatorContext } from './operator.ts'
import { hashOfToken, looksLikeToken, newToken, type Person, type Visit } from './session.ts'
import { type Attempt, begin, type MemberRow, personOfRow, recordDenied, type SignedIn } from './sign-in-begin.ts'

/** A one-time link signs its owner in once, within this time. */
export const linkLifetime = Temporal.Duration.from({ minutes: 15 })

/** A link that can no longer be used is kept this much longer, so that a late use can still say whose it was. */
const linkMemory = Temporal.Duration.from({ hours: 24 })

/** Makes a one-time link. Only its keyed hash is kept; the link itself is shown to whoever asked and to nobody else. */
export const makeSignInLink = command({
  action: 'sign-in-link.create',
  scope: 'people:manage',
  input: z.object({ memberId: z.uuid(), origin: z.url() }),
  async run(tx, ctx, { memberId, origin }) {
    const { ledger } = ctx
    const organization = ledger.organization.number
    const member = await tx.query('select from member where organization_id = $1 and id = $2', [organization, memberId])
    if (member.rowCount === 0) throw new Refusal('not_found', 'there is no such member')
    const token = newToken()
    const now = ledger.clock.now()
    const expiresAt = now.add(linkLifetime).toString()
    await tx.query('delete from sign_in_link where organization_id = $1 and expires_at < $2', [
      organization,
      now.subtract(linkMemory).toString(),
    ])
    await tx.query('insert into sign_in_link (organization_id, token_hash, member_id, expires_at) values ($1, $2, $3, $4)', [
      organization,
      hashOfToken(ledger, 'link', token),
      memberId,
      expiresAt,
    ])
    return { ids: [memberId], workspace: null, result: { url: `${origin}/sign-in/${token}`, expires_at: expiresAt } }
  },
})

/** The link that a starting server prints. */
export async function createSignInLink(ledger: Ledger, memberId: string, origin: string): Promise<string> {
  return (await makeSignInLink(operatorContext(ledger), { memberId, origin })).url
}

/** Uses a link up and begins a session. Every attempt is an entry in the log; one that fails says no more than that to who made it. */
export async function signIn(ledger: Ledger, visit: Visit, token: string): Promise<SignedIn> {
  const hash = looksLikeToken(token) ? hashOfToken(ledger, 'link', token) : null
  const now = ledger.clock.now().toString()
  const started = hash && (await transaction(ledger.database.writes, (tx) => useLink(tx, ledger, visit, { hash, now })))
  if (started) return started
  const why = hash ? await whyNot(ledger, hash) : null
  if (why) await recordDenied(ledger, visit, { ...why, attempt })
  else await recordUnknown(ledger, visit)
  throw new Refusal('gone', 'this sign-in link does not work: it was used already, its 15 minutes are over, or it was not copied whole')
}

const attempt: Attempt = { way: 'link' }

/** Anybody can make links up. The first ones from a network leave an entry each, after them only every doubling does. */
async function recordUnknown(ledger: Ledger, visit: Visit): Promise<void> {
  const times = await timesToRecord(ledger, 'unknown link', visit.address)
  if (times !== null) await recordDenied(ledger, visit, { person: null, attempt, reason: 'unknown link', times })
}

async function useLink(
  tx: pg.ClientBase,
  ledger: Ledger,
  visit: Visit,
  { hash, now }: { hash: Buffer; now: string },
): Promise<SignedIn | null> {
  const { rows } = await tx.query<MemberRow>(
    `update sign_in_link l set used_at = $3 from member m
     where l.organization_id = $1 and l.token_hash = $2 and l.used_at is null and l.expires_at > $3
       and m.organization_id = l.organization_id and m.id = l.member_id and m.deactivated_at is null
     returning m.id, m.email, m.roles, m.workspace_id`,
    [ledger.organization.number, hash, now],
  )
  const [row] = rows
  return row ? begin(tx, ledger, visit, { person: personOfRow(row), attempt }) : null
}

/** Whose link it was and what is wrong with it: for the log, not for the visitor. */
async function whyNot(ledger: Ledger, hash: Buffer): Promise<{ person: Person; reason: string } | null> {
  const row = await ledger.database.reader
    .selectFrom('sign_in_link as l')
    .innerJoin('member as m', (join) => join.onRef('m.organization_id', '=', 'l.organization_id').onRef('m.id', '=', 'l.member_id'))
    .select(['m.id', 'm.email', 'm.roles', 'm.workspace_id', 'm.deactivated_at', 'l.used_at'])
    .where('l.organization_id', '=', ledger.organization.number)
    .where('l.token_hash', '=', hash)
    .executeTakeFirst()
  if (!row) return null
  if (row.deactivated_at !== null) return { person: personOfRow(row), reason: 'deactivated member' }
  return { person: personOfRow(row), reason: row.used_at === null ? 'expired link' : 'used link' }
}
