import { z } from 'zod'
import { rolesChange } from '../../contract/admin.ts'
import type { Role } from '../../contract/people.ts'
import { command } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { flagKeysOf } from './api-keys-flag.ts'
import { endGlassOf } from './break-glass.ts'
import { checkGrant } from './grants.ts'
import { withdrawInvitationsOf } from './invitations.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { demandMember, demandOwnerLeft, reachOf, takeMembers, takeMembersAs, workspaceNumbered } from './standing.ts'

/** Gives a member other roles, or the same ones for another reach. Roles of the record can be taken here, not given. */
export const changeRoles = command({
  action: 'member.roles',
  scope: 'people:manage',
  input: rolesChange.extend({ id: z.uuid() }),
  async run(tx, ctx, { id, roles, workspace_id }) {
    const organization = ctx.ledger.organization.number
    const given: Role[] = [...new Set(roles)]
    const asking = await takeMembersAs(tx, ctx, 'people:manage')
    const before = await demandMember(tx, asking, id)
    const workspace =
      workspace_id === undefined ? await workspaceNumbered(ctx.ledger, before.workspace) : await reachOf(asking, workspace_id)
    checkGrant(asking.actor, { before, after: { roles: given, workspace: workspace?.number ?? null } })
    await tx.query('update member set roles = $3, workspace_id = $4 where organization_id = $1 and id = $2', [
      organization,
      id,
      given,
      workspace?.number ?? null,
    ])
    if (before.roles.includes('owner')) await demandOwnerLeft(tx, organization)
    if (!given.includes('owner') || (workspace?.number ?? null) !== before.workspace) await endGlassOf(tx, ctx.ledger, id)
    await withdrawInvitationsOf(tx, ctx.ledger, { id, roles: given })
    const keys = await flagKeysOf(tx, ctx.ledger, { id, workspace: workspace?.number ?? null, roles: given, left: false })
    const query = { roles: given, roles_before: before.roles, flagged_keys: keys }
    return { ids: [id], workspace, query, result: { id, roles: given, workspace_id: workspace?.id ?? null } }
  },
})

/** The primary owner hands over to another owner of the whole organization, and stays an owner. */
export const transferPrimaryOwner = command({
  action: 'member.transfer-primary-owner',
  scope: 'people:manage',
  input: z.object({ id: z.uuid() }),
  async run(tx, ctx, { id }) {
    const organization = ctx.ledger.organization.number
    await takeMembers(tx, organization)
    const from = await demandPrimaryOwner(tx, ctx)
    demandRecentSignIn(ctx)
    const to = await demandMember(tx, ctx, id)
    if (to.id === from) throw new Refusal('conflict', 'you are the primary owner already')
    if (!to.active || !to.roles.includes('owner') || to.workspace !== null)
      throw new Refusal('conflict', 'the next primary owner has to be an active owner of the whole organization')
    await tx.query('update member set primary_owner = (id = $2) where organization_id = $1 and (primary_owner or id = $2)', [
      organization,
      id,
    ])
    return { ids: [id], workspace: null, query: { before: from }, result: { id } }
  },
})

/** The id of the actor, who has to be the primary owner. */
export async function demandPrimaryOwner(tx: Parameters<typeof demandMember>[0], { ledger, actor }: Context): Promise<string> {
  const { rowCount } = await tx.query('select from member where organization_id = $1 and id::text = $2 and primary_owner', [
    ledger.organization.number,
    actor.id,
  ])
  if (actor.kind !== 'person' || rowCount !== 1) throw new Refusal('forbidden', 'only the primary owner does this')
  return actor.id
}
