import { randomUUID } from 'node:crypto'
import * as client from 'openid-client'
import type pg from 'pg'
import { z } from 'zod'
import { providerId } from '../../contract/account.ts'
import { traceEntry } from '../ledger/access-log.ts'
import type { Ledger } from '../ledger/context.ts'
import { type ClaimedRole, claimedRoles, type OidcProvider } from '../platform/oidc-config.ts'
import { Refusal } from '../platform/refusal.ts'
import { accountChange } from './account-change.ts'
import { flagKeysOf } from './api-keys-flag.ts'
import { withdrawInvitationsOf } from './invitations.ts'
import { Failed } from './oidc-failed.ts'
import { appendOwn, type Person, type Visit } from './session.ts'
import { contextFor, type MemberRow, personOfRow } from './sign-in-begin.ts'
import { demandWayLeft } from './sign-in-ways.ts'
import { takeMembers } from './standing.ts'

/** What a provider says about somebody, as far as Daybook listens. */
export interface Claims {
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  /** Only such an address says who somebody is. */
  readonly emailIsVerified: boolean
  /** null: it said nothing about groups. */
  readonly groups: readonly string[] | null
}

const emailClaims = z.object({
  email: z.email().nullable().catch(null),
  email_verified: z.union([z.boolean(), z.literal('true').transform(() => true)]).catch(false),
})
const groupNames = z.union([z.array(z.string()), z.string().transform((one) => [one])])

/** The claims of the ID token; those that are not in it are asked for, when they matter. */
export async function claimsOf(
  configuration: client.Configuration,
  provider: OidcProvider,
  idToken: client.IDToken,
  accessToken: string,
): Promise<Claims> {
  const wanted = ['email', ...(Object.keys(provider.roles).length > 0 ? [provider.groupsClaim] : [])]
  const missing = wanted.some((claim) => idToken[claim] === undefined)
  const asked = missing && configuration.serverMetadata().userinfo_endpoint !== undefined
  const more = asked ? await client.fetchUserInfo(configuration, accessToken, idToken.sub) : {}
  const all: Record<string, unknown> = { ...more, ...idToken }
  const { email, email_verified } = emailClaims.parse({ email: null, ...all })
  return {
    issuer: idToken.iss,
    subject: idToken.sub,
    email: email?.toLowerCase() ?? null,
    emailIsVerified: email_verified || provider.trustsEmail,
    groups: groupNames.safeParse(all[provider.groupsClaim]).data ?? null,
  }
}

interface Found extends MemberRow {
  deactivated_at: string | null
}

/**
 * Who somebody is here: whoever the provider's subject was linked to; else the member with its verified address, who is linked from now
 * on; else somebody new, where the provider may bring people. Roles that its groups give are given and taken on the way.
 */
export async function memberFor(tx: pg.ClientBase, ledger: Ledger, provider: OidcProvider, visit: Visit, claims: Claims): Promise<Person> {
  await takeMembers(tx, ledger.organization.number)
  const row = (await linked(tx, ledger, claims)) ?? (await link(tx, ledger, provider, visit, claims))
  if (row.deactivated_at !== null) {
    throw new Failed('deactivated member', 'your access to Daybook has ended: an owner or an admin can open it again', 'forbidden')
  }
  return applyGroups(tx, ledger, provider, visit, claims, personOfRow(row))
}

const columns = 'm.id, m.email, m.roles, m.workspace_id, m.deactivated_at'

async function linked(tx: pg.ClientBase, ledger: Ledger, { issuer, subject, email }: Claims): Promise<Found | null> {
  const { rows } = await tx.query<Found>(
    `update identity i set last_used_at = $4, email = coalesce($5, i.email) from member m
     where i.organization_id = $1 and i.issuer = $2 and i.subject = $3 and m.organization_id = i.organization_id and m.id = i.member_id
     returning ${columns}`,
    [ledger.organization.number, issuer, subject, ledger.clock.now().toString(), email],
  )
  return rows[0] ?? null
}

async function link(tx: pg.ClientBase, ledger: Ledger, provider: OidcProvider, visit: Visit, claims: Claims): Promise<Found> {
  const { email } = claims
  if (email === null)
    throw new Failed(
      'no e-mail address',
      `${provider.name} does not say your e-mail address, so Daybook cannot tell who you are`,
      'forbidden',
    )
  if (!claims.emailIsVerified) {
    throw new Failed(
      'unverified e-mail address',
      `${provider.name} has not verified your e-mail address: have it verified there first`,
      'forbidden',
    )
  }
  const { rows } = await tx.query<Found>(`select ${columns} from member m where m.organization_id = $1 and lower(m.email) = $2`, [
    ledger.organization.number,
    email,
  ])
  const row = rows[0] ?? (provider.joins ? await join(tx, ledger, email) : null)
  if (!row) {
    throw new Failed(
      'nobody with this address',
      'nobody has let you in yet: ask an owner or an admin of Daybook to invite you',
      'forbidden',
    )
  }
  const person = personOfRow(row)
  const kept = await tx.query(
    `insert into identity (organization_id, issuer, subject, member_id, provider, email, linked_at, last_used_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing`,
    [ledger.organization.number, claims.issuer, claims.subject, row.id, provider.id, email, ledger.clock.now().toString()],
  )
  if (kept.rowCount === 0) {
    throw new Failed('address of somebody else', 'your address belongs to somebody else here: an owner can sort this out', 'forbidden')
  }
  await note(tx, ledger, visit, person, { action: 'identity.link', query: { provider: provider.id, joined: rows.length === 0 } })
  return row
}

async function join(tx: pg.ClientBase, ledger: Ledger, email: string): Promise<Found> {
  const { rows } = await tx.query<Found>(
    `insert into member as m (organization_id, id, email, roles, workspace_id, created_at) values ($1, $2, $3, '{member}', null, $4) returning ${columns}`,
    [ledger.organization.number, randomUUID(), email, ledger.clock.now().toString()],
  )
  const [row] = rows
  if (!row) throw new Error('a new member was not made')
  return row
}

/** The roles that stand in the provider's table follow its groups; all others stay as people gave them. */
async function applyGroups(
  tx: pg.ClientBase,
  ledger: Ledger,
  provider: OidcProvider,
  visit: Visit,
  { groups }: Claims,
  person: Person,
): Promise<Person> {
  if (groups === null || Object.keys(provider.roles).length === 0) return person
  const roles = rolesWith(person.roles, provider.roles, groups)
  if (roles.length === person.roles.length && roles.every((role) => person.roles.includes(role))) return person
  await tx.query('update member set roles = $3 where organization_id = $1 and id = $2', [ledger.organization.number, person.id, roles])
  await withdrawInvitationsOf(tx, ledger, { id: person.id, roles })
  const flagged_keys = await flagKeysOf(tx, ledger, { id: person.id, workspace: person.workspace, roles, left: false })
  const query = { provider: provider.id, before: [...person.roles], roles, flagged_keys }
  const changed = { ...person, roles }
  await note(tx, ledger, visit, changed, { action: 'member.roles-by-group', query })
  return changed
}

export function rolesWith(held: Person['roles'], table: OidcProvider['roles'], groups: readonly string[]): Person['roles'][number][] {
  const ruled = new Set<string>(Object.values(table))
  const given = new Set<ClaimedRole>(groups.flatMap((group) => (Object.hasOwn(table, group) ? (table[group] ?? []) : [])))
  const roles = [...held.filter((role) => !ruled.has(role)), ...claimedRoles.filter((role) => given.has(role))]
  return roles.length > 0 ? roles : ['member']
}

function note(
  tx: pg.ClientBase,
  ledger: Ledger,
  visit: Visit,
  person: Person,
  { action, query }: { action: string; query: object },
): Promise<void> {
  const trace = { action, query: { ...query }, workspace: null, ids: [person.id], outcome: 'allowed' as const }
  return appendOwn(tx, ledger, traceEntry(contextFor(ledger, visit, person), 'change', trace))
}

/** Forgets who somebody is at a provider; with its next sign-in there, their verified address links them anew. */
export const unlinkProvider = accountChange({
  action: 'identity.unlink',
  input: providerId,
  prepare: async (_ctx, _person, input) => input,
  async run(tx, { ledger }, person, { provider }) {
    const removed = await tx.query('delete from identity where organization_id = $1 and member_id = $2 and provider = $3', [
      ...[ledger.organization.number, person.id, provider],
    ])
    if (removed.rowCount === 0) throw new Refusal('not_found', 'you have not signed in with this provider')
    await demandWayLeft(tx, ledger, person.id)
    return { query: { provider }, result: { done: true as const } }
  },
})
