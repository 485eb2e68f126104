import type pg from 'pg'
import { z } from 'zod'
import { soleGrant } from '../../contract/admin.ts'
import { isRecordRole, type Role } from '../../contract/people.ts'
import { command, type Done } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { openFinding } from './findings.ts'
import { isSamePerson } from './second-person.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { demandMember, type MemberRow, ownersOf, takeMembersAs, workspaceNumbered } from './standing.ts'

/** What giving a role of the record takes as input, of whoever gives it. */
export const roleGrant = z.object({ member_id: z.uuid(), role: z.custom<Role>((value) => typeof value === 'string') })
export type RoleGrant = z.output<typeof roleGrant>

/** Somebody who is to have a role of the record, and can: active, without it so far, and somebody else than who asks. */
export async function demandBeneficiary(tx: pg.ClientBase, ctx: Context, { member_id, role }: RoleGrant): Promise<MemberRow> {
  if (!isRecordRole(role)) throw new Refusal('bad_request', `${role} is no role of the record: give it with PUT /api/members/{id}/roles`)
  const member = await demandMember(tx, ctx, member_id)
  if (!member.active) throw new Refusal('conflict', 'this member is deactivated')
  if (member.roles.includes(role)) throw new Refusal('conflict', 'this member has the role already')
  if (await isSamePerson(tx, ctx.ledger, ctx.actor.id, member_id))
    throw new Refusal('forbidden', 'nobody gets a role of the record for themselves')
  return member
}

/** Gives the role; the rules stand with the command that calls it. */
export async function giveRecordRole(tx: pg.ClientBase, { ledger }: Context, { member_id, role }: RoleGrant): Promise<Done> {
  const { rows } = await tx.query<{ roles: string[]; workspace_id: number | null }>(
    'update member set roles = array_append(roles, $3) where organization_id = $1 and id = $2 and not $3 = any (roles) returning roles, workspace_id',
    [ledger.organization.number, member_id, role],
  )
  const [row] = rows
  if (!row) throw new Refusal('conflict', 'this member has the role already')
  const query = { roles: row.roles, roles_before: row.roles.filter((one) => one !== role) }
  return { ids: [member_id], workspace: await workspaceNumbered(ledger, row.workspace_id), query }
}

/** The only owner gives a role of the record alone: nobody could be the second person. What they did stays visible as a finding. */
export const grantAlone = command({
  action: 'member.grant-record-role-alone',
  scope: 'people:manage',
  input: soleGrant.extend({ id: z.uuid() }),
  async run(tx, ctx, { id: member_id, role, reason }) {
    const { ledger } = ctx
    demandRecentSignIn(ctx)
    const asking = await takeMembersAs(tx, ctx, 'people:manage')
    const { actor } = asking
    const member = await demandBeneficiary(tx, asking, { member_id, role })
    if (actor.kind !== 'person' || !actor.roles.includes('owner')) throw new Refusal('forbidden', 'only an owner does this')
    for (const owner of await ownersOf(tx, ledger.organization.number, member.workspace))
      if (!(await isSamePerson(tx, ledger, actor.id, owner.id)))
        throw new Refusal('forbidden', 'there is another owner: ask for their agreement with POST /api/approvals')
    const { workspace, query } = await giveRecordRole(tx, ctx, { member_id, role })
    const finding_id = await openFinding(tx, ledger, {
      kind: 'record-role-granted-alone',
      severity: 'high',
      subject: { kind: 'member', id: member_id },
      workspace: member.workspace,
      causedBy: actor.id,
      reason,
    })
    return { ids: [member_id], workspace, query: { ...query, reason, finding_id }, result: { id: member_id, finding_id } }
  },
})
