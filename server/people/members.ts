import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Role, role, roles } from '../../contract/people.ts'
import { command } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import { OperatorError } from '../platform/refusal.ts'
import { flagKeysOf } from './api-keys-flag.ts'
import { openFinding } from './findings.ts'
import { addedRecordRoles, checkGrant } from './grants.ts'
import { operatorContext } from './operator.ts'
import { demandOwnerLeft, findMemberByEmail, knownRoles, takeMembers } from './standing.ts'
import { listWorkspaces } from './workspaces.ts'

/** Someone who signs in to Daybook; not a person of the record, who may never have heard of it. */
export interface Member {
  readonly id: string
  readonly email: string
  readonly roles: readonly Role[]
  readonly workspace_id: string | null
  readonly primary_owner: boolean
  readonly created_at: string
  readonly deactivated_at: string | null
}

/** What the first owner is called until somebody says better. */
export const firstOwnerEmail = 'owner@localhost'

const oneRole = z.string().transform((text, issues): Role => {
  const known = role.safeParse(text)
  if (known.success) return known.data
  issues.addIssue({ code: 'custom', message: `${text} is not a role; there are ${roles.join(', ')}` })
  return z.NEVER
})

/** Makes somebody a member, or gives a member other roles. A role of the record that an operator gives leaves a finding. */
export const addMember = command({
  action: 'member.add',
  scope: 'people:manage',
  input: z.object({
    email: z.union([z.email('is not an e-mail address'), z.literal(firstOwnerEmail)]),
    roles: z.array(oneRole).min(1, 'at least one role is needed'),
    workspace: z.object({ number: z.int(), id: z.string(), name: z.string() }).nullable(),
  }),
  async run(tx, ctx, { email, roles: wanted, workspace }) {
    const { ledger } = ctx
    const organization = ledger.organization.number
    const given = [...new Set(wanted)]
    await takeMembers(tx, organization)
    const before = await findMemberByEmail(tx, organization, email)
    const grant = { before, after: { roles: given, workspace: workspace?.number ?? null } }
    checkGrant(ctx.actor, grant)
    const { rows } = await tx.query<{ id: string }>(
      `insert into member (organization_id, id, email, roles, workspace_id, created_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (organization_id, lower(email)) do update set roles = excluded.roles, workspace_id = excluded.workspace_id
       returning id`,
      [organization, randomUUID(), email, given, workspace?.number ?? null, ledger.clock.now().toString()],
    )
    const id = rows[0]?.id ?? ''
    if (before?.roles.includes('owner')) await demandOwnerLeft(tx, organization)
    await flagKeysOf(tx, ledger, { id, workspace: workspace?.number ?? null, roles: given, left: false })
    if (addedRecordRoles(grant).length > 0)
      await openFinding(tx, ledger, {
        kind: 'record-role-by-operator',
        severity: 'medium',
        subject: { kind: 'member', id },
        workspace: workspace?.number ?? null,
        causedBy: null,
        reason: null,
      })
    const result = { id, email, roles: given, workspace_id: workspace?.id ?? null, changed: before !== null }
    const query = { roles: given, roles_before: before?.roles ?? null, changed: before !== null }
    return { ids: [id], workspace, query, result }
  },
})

/** The primary owner; made when there is nobody at all yet, so that an empty installation can be entered. */
export async function ensureFirstOwner(ledger: Ledger): Promise<{ id: string; email: string }> {
  return (await primaryOwner(ledger)) ?? (await makeFirstOwner(operatorContext(ledger), {}))
}

export function primaryOwner(ledger: Ledger): Promise<{ id: string; email: string } | undefined> {
  return ledger.database.reader
    .selectFrom('member')
    .select(['id', 'email'])
    .where('organization_id', '=', ledger.organization.number)
    .where('primary_owner', '=', true)
    .executeTakeFirst()
}

/** Two servers that start at once make one owner: the second waits, and finds the first one's. */
const makeFirstOwner = command({
  action: 'member.first-owner',
  scope: 'people:manage',
  input: z.object({}),
  async run(tx, ctx) {
    const organization = ctx.ledger.organization.number
    await takeMembers(tx, organization)
    const { rows } = await tx.query<{ id: string; email: string }>(
      `with there as (select id, email from member where organization_id = $1 and primary_owner),
         made as (
           insert into member (organization_id, id, email, roles, primary_owner, created_at)
           select $1, $2, $3, '{owner}', true, $4 where not exists (select from there)
           on conflict (organization_id, lower(email)) do update
             set primary_owner = true, roles = '{owner}', workspace_id = null, deactivated_at = null
           returning id, email)
       select * from there union all select * from made`,
      [organization, randomUUID(), firstOwnerEmail, ctx.ledger.clock.now().toString()],
    )
    const [owner] = rows
    if (!owner) throw new Error('the first owner was neither found nor made')
    return { ids: [owner.id], workspace: null, result: owner }
  },
})

/** The members of the organization, or those of one workspace, in the order they came. */
export async function listMembers(ledger: Ledger, workspace: number | null): Promise<Member[]> {
  const ids = new Map((await listWorkspaces(ledger)).map(({ number, id }) => [number, id]))
  let query = ledger.database.reader
    .selectFrom('member')
    .select(['id', 'email', 'roles', 'workspace_id', 'primary_owner', 'created_at', 'deactivated_at'])
    .where('organization_id', '=', ledger.organization.number)
    .orderBy('created_at')
    .orderBy('id')
  if (workspace !== null) query = query.where('workspace_id', '=', workspace)
  const rows = await query.execute()
  return rows.map((row) => ({
    ...row,
    roles: knownRoles(row.roles),
    workspace_id: row.workspace_id === null ? null : (ids.get(row.workspace_id) ?? null),
  }))
}

/** The member an operator names by e-mail address. */
export async function memberWithEmail(ledger: Ledger, email: string): Promise<Member> {
  const found = (await listMembers(ledger, null)).find((member) => member.email.toLowerCase() === email.toLowerCase())
  if (found) return found
  throw new OperatorError(`nobody has the address ${email}: add them with "daybook person add --email ${email} --role …"`)
}
