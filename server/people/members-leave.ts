import type pg from 'pg'
import { z } from 'zod'
import { deactivation } from '../../contract/admin.ts'
import { isRecordRole } from '../../contract/people.ts'
import { command } from '../ledger/command.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { flagKeysOf } from './api-keys-flag.ts'
import { endGlassOf } from './break-glass.ts'
import { checkMayTouch } from './grants.ts'
import { withdrawInvitationsOf } from './invitations.ts'
import { demandMember, demandOwnerLeft, type MemberRow, takeMembersAs, workspaceNumbered } from './standing.ts'

const leaving = deactivation.extend({ id: z.uuid() })

/** Shuts somebody out, from their next request on, on every node: sessions and links end, keys they made are flagged or revoked. What they did stays. */
export const deactivateMember = command({
  action: 'member.deactivate',
  scope: 'people:manage',
  input: leaving,
  async run(tx, ctx, { id, keys: fate }) {
    const { ledger } = ctx
    const member = await demandLeaver(tx, ctx, id)
    if (!member.active) throw new Refusal('conflict', 'this member is deactivated already')
    await tx.query('update member set deactivated_at = $3 where organization_id = $1 and id = $2', [
      ledger.organization.number,
      id,
      ledger.clock.now().toString(),
    ])
    if (member.roles.includes('owner')) await demandOwnerLeft(tx, ledger.organization.number)
    const result = { id, ...(await shutOut(tx, ctx, member, fate)) }
    const query = { roles: member.roles, keys: fate, sessions_ended: result.sessions_ended, key_ids: result.keys }
    return { ids: [id], workspace: await workspaceNumbered(ledger, member.workspace), query, result }
  },
})

/** Lets somebody in again, without the roles of the record: those take a second person again. */
export const reactivateMember = command({
  action: 'member.reactivate',
  scope: 'people:manage',
  input: z.object({ id: z.uuid() }),
  async run(tx, ctx, { id }) {
    const { ledger } = ctx
    const organization = ledger.organization.number
    const asking = await takeMembersAs(tx, ctx, 'people:manage')
    const member = await demandMember(tx, asking, id)
    checkMayTouch(asking.actor, { before: member, after: member })
    if (member.active) throw new Refusal('conflict', 'this member is active already')
    const kept = member.roles.filter((role) => !isRecordRole(role))
    const roles = kept.length > 0 ? kept : (['member'] as const)
    await tx.query('update member set deactivated_at = null, roles = $3 where organization_id = $1 and id = $2', [
      organization,
      id,
      [...roles],
    ])
    // A sign-in that was under way when they were shut out may have begun a session behind it.
    await tx.query('delete from session where organization_id = $1 and member_id = $2', [organization, id])
    await flagKeysOf(tx, ledger, { id, workspace: member.workspace, roles, left: false })
    const workspace = await workspaceNumbered(ledger, member.workspace)
    const query = { roles: [...roles], roles_before: member.roles }
    return { ids: [id], workspace, query, result: { id, roles: [...roles], workspace_id: workspace?.id ?? null } }
  },
})

/** Removes somebody for good, with every way they had of coming in. What they did stays, under the id and name it was done with. */
export const removeMember = command({
  action: 'member.remove',
  scope: 'people:manage',
  input: leaving,
  async run(tx, ctx, { id, keys: fate }) {
    const { ledger } = ctx
    const member = await demandLeaver(tx, ctx, id)
    const result = { id, ...(await shutOut(tx, ctx, member, fate)) }
    for (const table of ['password', 'recovery_code', 'passkey', 'identity', 'put_off_securing'])
      await tx.query(`delete from ${table} where organization_id = $1 and member_id = $2`, [ledger.organization.number, id])
    await tx.query('delete from member where organization_id = $1 and id = $2', [ledger.organization.number, id])
    if (member.active && member.roles.includes('owner')) await demandOwnerLeft(tx, ledger.organization.number)
    const query = { roles: member.roles, keys: fate, sessions_ended: result.sessions_ended, key_ids: result.keys }
    return { ids: [id], workspace: await workspaceNumbered(ledger, member.workspace), query, result }
  },
})

async function demandLeaver(tx: pg.ClientBase, ctx: Context, id: string): Promise<MemberRow> {
  const asking = await takeMembersAs(tx, ctx, 'people:manage')
  const member = await demandMember(tx, asking, id)
  if (member.primaryOwner) throw new Refusal('conflict', 'the primary owner cannot leave before somebody else is the primary owner')
  checkMayTouch(asking.actor, { before: member, after: member })
  return member
}

async function shutOut(
  tx: pg.ClientBase,
  { ledger }: Context,
  { id, workspace }: MemberRow,
  fate: z.output<typeof deactivation>['keys'],
): Promise<{ sessions_ended: number; keys: string[] }> {
  const organization = ledger.organization.number
  const sessions = await tx.query('delete from session where organization_id = $1 and member_id = $2', [organization, id])
  await tx.query('delete from sign_in_link where organization_id = $1 and member_id = $2 and used_at is null', [organization, id])
  await endGlassOf(tx, ledger, id)
  await withdrawInvitationsOf(tx, ledger, { id, roles: [] })
  const keys =
    fate === 'revoke' ? await revokeKeysOf(tx, ledger, id) : await flagKeysOf(tx, ledger, { id, workspace, roles: [], left: true })
  return { sessions_ended: sessions.rowCount ?? 0, keys }
}

async function revokeKeysOf(tx: pg.ClientBase, ledger: Ledger, id: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `update api_key set revoked_at = $3
     where organization_id = $1 and maker_kind = 'person' and maker_id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)
     returning id`,
    [ledger.organization.number, id, ledger.clock.now().toString()],
  )
  return rows.map((row) => row.id)
}
