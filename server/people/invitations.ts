import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { type InvitationView, newInvitation } from '../../contract/admin.ts'
import { givenBy, isRecordRole, type Role } from '../../contract/people.ts'
import { command, demand } from '../ledger/command.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { hmac } from '../platform/crypto.ts'
import { Refusal } from '../platform/refusal.ts'
import { checkGrant, checkMayTouch } from './grants.ts'
import { newToken } from './session.ts'
import { findMemberByEmail, knownRoles, reachOf, takeMembersAs, workspaceNumbered } from './standing.ts'
import { listWorkspaces } from './workspaces.ts'

/** Links begin here; only a keyed hash of what follows is kept. */
const linkTo = (origin: string, token: string) => `${origin}/invitations/${token}`

export function hashOfInvitation(ledger: Ledger, token: string): Buffer {
  return hmac(ledger.master.pepper, 'invitation\0', token)
}

/** Invites somebody who is not a member yet. The link is shown to whoever invites, once. */
export const invite = command({
  action: 'invitation.create',
  scope: 'people:manage',
  input: newInvitation.extend({ origin: z.url() }),
  async run(tx, ctx, { email, roles, workspace_id, expires_in_days, origin }) {
    const { ledger, actor } = ctx
    const organization = ledger.organization.number
    const given: Role[] = [...new Set(roles)]
    const asking = await takeMembersAs(tx, ctx, 'people:manage')
    const workspace = await reachOf(asking, workspace_id)
    checkInvitation(asking, given, workspace?.number ?? null)
    if (await findMemberByEmail(tx, organization, email)) throw new Refusal('conflict', 'somebody with this address is a member already')
    if (await openInvitationTo(tx, organization, email))
      throw new Refusal('conflict', 'somebody with this address is invited already: send it again')
    const [id, token, now] = [randomUUID(), newToken(), ledger.clock.now()]
    const expires_at = now.add({ seconds: Math.round(expires_in_days * 86_400) }).toString()
    await tx.query(
      `insert into invitation (organization_id, id, email, roles, workspace_id, token_hash, invited_by, invited_by_name, created_at, sent_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
      [
        ...[organization, id, email, given, workspace?.number ?? null, hashOfInvitation(ledger, token)],
        ...[actor.id, actor.name, now.toString(), expires_at],
      ],
    )
    return { ids: [id], workspace, query: { roles: given, expires_at }, result: { id, url: linkTo(origin, token), expires_at } }
  },
})

/** A new link for an invitation that nobody accepted, good for as long again; the link before is dead. */
export const resendInvitation = command({
  action: 'invitation.resend',
  scope: 'people:manage',
  input: z.object({ id: z.uuid(), origin: z.url() }),
  async run(tx, ctx, { id, origin }) {
    const { ledger } = ctx
    const organization = ledger.organization.number
    const asking = await takeMembersAs(tx, ctx, 'people:manage')
    const invitation = await demandOpen(tx, asking, id)
    checkInvitation(asking, invitation.roles, invitation.workspace)
    const [token, now] = [newToken(), ledger.clock.now()]
    const lifetime = Date.parse(invitation.expires_at) - Date.parse(invitation.sent_at)
    const expires_at = now.add({ milliseconds: lifetime }).toString()
    await tx.query('update invitation set token_hash = $3, sent_at = $4, expires_at = $5 where organization_id = $1 and id = $2', [
      ...[organization, id, hashOfInvitation(ledger, token), now.toString(), expires_at],
    ])
    const workspace = await workspaceNumbered(ledger, invitation.workspace)
    return { ids: [id], workspace, query: { expires_at }, result: { id, url: linkTo(origin, token), expires_at } }
  },
})

/** Takes an invitation back: its link is dead. */
export const withdrawInvitation = command({
  action: 'invitation.withdraw',
  scope: 'people:manage',
  input: z.object({ id: z.uuid() }),
  async run(tx, ctx, { id }) {
    const { ledger } = ctx
    const asking = await takeMembersAs(tx, ctx, 'people:manage')
    const { roles, workspace } = await demandOpen(tx, asking, id)
    checkMayTouch(asking.actor, { before: null, after: { roles, workspace } })
    await tx.query('update invitation set withdrawn_at = $3 where organization_id = $1 and id = $2', [
      ...[ledger.organization.number, id, ledger.clock.now().toString()],
    ])
    return { ids: [id], workspace: await workspaceNumbered(ledger, workspace), query: { roles }, result: { id } }
  },
})

/** Withdraws the open invitations of somebody who could not make them any more: nobody comes in on the word of one who has left. */
export async function withdrawInvitationsOf(
  tx: pg.ClientBase,
  ledger: Ledger,
  { id, roles }: { id: string; roles: readonly Role[] },
): Promise<void> {
  await tx.query(
    `update invitation set withdrawn_at = $3
     where organization_id = $1 and invited_by = $2 and accepted_at is null and withdrawn_at is null and not roles <@ $4::text[]`,
    [ledger.organization.number, id, ledger.clock.now().toString(), [...new Set(roles.flatMap((role) => givenBy[role]))]],
  )
}

function checkInvitation({ actor }: Context, roles: readonly Role[], workspace: number | null): void {
  const record = roles.filter(isRecordRole)
  if (record.length > 0) throw new Refusal('forbidden', `${record.join(', ')}: a role of the record is given to members, by two people`)
  checkGrant(actor, { before: null, after: { roles, workspace } })
}

async function openInvitationTo(tx: pg.ClientBase, organization: number, email: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select from invitation where organization_id = $1 and lower(email) = lower($2) and accepted_at is null and withdrawn_at is null',
    [organization, email],
  )
  return rowCount !== 0
}

interface Open {
  readonly roles: Role[]
  readonly workspace: number | null
  readonly sent_at: string
  readonly expires_at: string
}

async function demandOpen(tx: pg.ClientBase, { ledger, actor }: Context, id: string): Promise<Open> {
  const { rows } = await tx.query<{ roles: string[]; workspace_id: number | null; sent_at: string; expires_at: string; over: boolean }>(
    `select roles, workspace_id, sent_at, expires_at, accepted_at is not null or withdrawn_at is not null as over
     from invitation where organization_id = $1 and id = $2`,
    [ledger.organization.number, id],
  )
  const [row] = rows
  if (!row || (actor.workspace !== null && row.workspace_id !== actor.workspace))
    throw new Refusal('not_found', 'there is no such invitation')
  if (row.over) throw new Refusal('conflict', 'this invitation was accepted or withdrawn')
  return { roles: knownRoles(row.roles), workspace: row.workspace_id, sent_at: row.sent_at, expires_at: row.expires_at }
}

/** Every invitation, the newest first; whoever is bound to a workspace sees those to it. */
export async function listInvitations(ctx: Context): Promise<InvitationView[]> {
  await demand(ctx, 'access', 'invitations.list', 'people:manage')
  const { ledger, actor } = ctx
  let query = ledger.database.reader
    .selectFrom('invitation')
    .selectAll()
    .where('organization_id', '=', ledger.organization.number)
    .orderBy('created_at', 'desc')
    .limit(1000)
  if (actor.workspace !== null) query = query.where('workspace_id', '=', actor.workspace)
  const workspaces = new Map((await listWorkspaces(ledger)).map(({ number, id }) => [number, id]))
  const now = ledger.clock.now().epochMilliseconds
  return (await query.execute()).map(({ id, email, roles, created_at, sent_at, expires_at, ...row }) => ({
    id,
    email,
    roles: knownRoles(roles),
    workspace_id: workspaces.get(row.workspace_id ?? 0) ?? null,
    state: row.accepted_at ? 'accepted' : row.withdrawn_at ? 'withdrawn' : Date.parse(expires_at) <= now ? 'expired' : 'open',
    invited_by: { id: row.invited_by, name: row.invited_by_name },
    created_at,
    sent_at,
    expires_at,
  }))
}
