import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type Trace, traceEntry } from '../ledger/access-log.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { Refusal } from '../platform/refusal.ts'
import { hashOfInvitation } from './invitations.ts'
import { appendOwn, looksLikeToken, type Person } from './session.ts'
import { createSignInLink } from './sign-in.ts'
import { findMemberByEmail, knownRoles, takeMembers, workspaceNumbered } from './standing.ts'

type Visit = Pick<Context, 'requestId' | 'address' | 'userAgent'>

interface Invited {
  readonly id: string
  readonly email: string
  readonly roles: string[]
  readonly workspace_id: number | null
}

const dead =
  'this invitation does not work: it was accepted or withdrawn, its time is over, a newer link was sent, or it was not copied whole'

/** Makes whoever has the link a member, once, and returns a one-time link that signs them in. */
export async function acceptInvitation(ledger: Ledger, visit: Visit, token: string, origin: string): Promise<string> {
  if (!looksLikeToken(token)) throw new Refusal('gone', dead)
  const member = await transaction(ledger.database.writes, (tx) => join(tx, ledger, visit, hashOfInvitation(ledger, token)))
  return createSignInLink(ledger, member, origin)
}

async function join(tx: pg.ClientBase, ledger: Ledger, visit: Visit, hash: Buffer): Promise<string> {
  const organization = ledger.organization.number
  const now = ledger.clock.now().toString()
  await takeMembers(tx, organization)
  const { rows } = await tx.query<Invited>(
    `select id, email, roles, workspace_id from invitation
     where organization_id = $1 and token_hash = $2 and accepted_at is null and withdrawn_at is null and expires_at > $3`,
    [organization, hash, now],
  )
  const [invited] = rows
  if (!invited) throw new Refusal('gone', dead)
  if (await findMemberByEmail(tx, organization, invited.email)) throw new Refusal('gone', 'whoever was invited here is a member already')
  const id = randomUUID()
  await tx.query('insert into member (organization_id, id, email, roles, workspace_id, created_at) values ($1, $2, $3, $4, $5, $6)', [
    ...[organization, id, invited.email, invited.roles, invited.workspace_id, now],
  ])
  await tx.query('update invitation set accepted_at = $3, member_id = $4 where organization_id = $1 and id = $2', [
    ...[organization, invited.id, now, id],
  ])
  await appendOwn(tx, ledger, await entryOf(ledger, visit, invited, id))
  return id
}

async function entryOf(ledger: Ledger, visit: Visit, { id, email, roles, workspace_id }: Invited, member: string) {
  const actor: Person = { kind: 'person', id: member, name: email, roles: knownRoles(roles), workspace: workspace_id }
  const trace: Trace = {
    action: 'invitation.accept',
    workspace: await workspaceNumbered(ledger, workspace_id),
    ids: [id, member],
    query: { roles },
    outcome: 'allowed',
  }
  return traceEntry({ ledger, actor, ...visit }, 'change', trace)
}
