import { sql } from 'kysely'
import type pg from 'pg'
import { type Role, role, type Scope } from '../../contract/people.ts'
import { type Actor, allows, type Context, type Ledger, type Workspace } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Standing } from './grants.ts'
import { listWorkspaces } from './workspaces.ts'

/** A member as the commands find them. */
export interface MemberRow extends Standing {
  readonly id: string
  readonly email: string
  readonly primaryOwner: boolean
  readonly active: boolean
}

/** Whoever changes members, their invitations or their approvals does so alone: the rules look at all of them. */
export async function takeMembers(tx: pg.ClientBase, organization: number): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(8491, $1)', [organization])
}

/**
 * The same for who asks, and with them as they are now, not as they were when the request came in: somebody may have been shut out or
 * given less while it waited for its turn.
 */
export async function takeMembersAs(tx: pg.ClientBase, ctx: Context, scope: Scope): Promise<Context> {
  await takeMembers(tx, ctx.ledger.organization.number)
  const actor = await asTheyAreNow(tx, ctx)
  if (!actor || !allows(actor, scope)) throw new Refusal('forbidden', `this needs the scope ${scope}, and you have it no more`)
  return { ...ctx, actor }
}

async function asTheyAreNow(tx: pg.ClientBase, { ledger, actor }: Context): Promise<Actor | null> {
  if (actor.kind === 'operator') return actor
  const values = [ledger.organization.number, actor.id, ledger.clock.now().toString()]
  if (actor.kind === 'key') {
    const alive =
      'select from api_key where organization_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)'
    return (await tx.query(alive, values)).rowCount === 1 ? actor : null
  }
  const { rows } = await tx.query<Pick<Stored, 'roles' | 'workspace_id'>>(
    `select ${rolesHeld} $3) as roles, m.workspace_id from member m where m.organization_id = $1 and m.id = $2 and m.deactivated_at is null`,
    values,
  )
  return rows[0] ? { ...actor, roles: knownRoles(rows[0].roles), workspace: rows[0].workspace_id } : null
}

export async function findMember(tx: pg.ClientBase, organization: number, id: string): Promise<MemberRow | null> {
  const { rows } = await tx.query<Stored>(`${columns} where organization_id = $1 and id = $2`, [organization, id])
  return rows[0] ? memberRow(rows[0]) : null
}

export async function findMemberByEmail(tx: pg.ClientBase, organization: number, email: string): Promise<MemberRow | null> {
  const { rows } = await tx.query<Stored>(`${columns} where organization_id = $1 and lower(email) = lower($2)`, [organization, email])
  return rows[0] ? memberRow(rows[0]) : null
}

/** A member the actor may know of; one of another workspace is none. */
export async function demandMember(tx: pg.ClientBase, { ledger, actor }: Context, id: string): Promise<MemberRow> {
  const found = await findMember(tx, ledger.organization.number, id)
  if (!found || (actor.workspace !== null && found.workspace !== actor.workspace)) throw new Refusal('not_found', 'there is no such member')
  return found
}

/** Active owners whose reach covers a workspace; null: the whole organization. */
export async function ownersOf(tx: pg.ClientBase, organization: number, workspace: number | null): Promise<MemberRow[]> {
  const { rows } = await tx.query<Stored>(
    `${columns} where organization_id = $1 and deactivated_at is null and 'owner' = any (roles) and (workspace_id is null or workspace_id = $2)
     order by created_at, id`,
    [organization, workspace],
  )
  return rows.map(memberRow)
}

/** Refuses what would leave the organization without an owner. Runs after the change, inside its transaction. */
export async function demandOwnerLeft(tx: pg.ClientBase, organization: number): Promise<void> {
  if ((await ownersOf(tx, organization, null)).length === 0)
    throw new Refusal('conflict', 'this is the last owner of the organization: make somebody else one first')
}

const rolesHeld = `m.roles || array(select b.role from break_glass b
    where b.organization_id = m.organization_id and b.member_id = m.id and b.ended_at is null and b.expires_at >`

/** The roles of member `m` at an instant: those that last, and those taken for an hour. */
export function rolesAt(now: string) {
  return sql<string[]>`${sql.raw(rolesHeld)} ${now})`
}

/** The roles somebody has at this moment. */
export async function rolesNow(ledger: Ledger, member: string): Promise<Role[]> {
  const row = await ledger.database.reader
    .selectFrom('member as m')
    .select(rolesAt(ledger.clock.now().toString()).as('roles'))
    .where('m.organization_id', '=', ledger.organization.number)
    .where('m.id', '=', member)
    .executeTakeFirst()
  return knownRoles(row?.roles ?? [])
}

export function knownRoles(texts: readonly string[]): Role[] {
  const known = texts.flatMap((text) => {
    const parsed = role.safeParse(text)
    return parsed.success ? [parsed.data] : []
  })
  return [...new Set(known)]
}

/** The workspace a request names for a person or a key, within the actor's reach; null: the organization, for those who reach all of it. */
export async function reachOf(ctx: Context, id: string | null): Promise<Workspace | null> {
  if (id === null) {
    if (ctx.actor.workspace !== null) throw new Refusal('forbidden', 'you reach one workspace only: name it')
    return null
  }
  const found = (await listWorkspaces(ctx.ledger)).find((workspace) => workspace.id === id.toLowerCase())
  if (!found || (ctx.actor.workspace !== null && ctx.actor.workspace !== found.number))
    throw new Refusal('not_found', 'there is no such workspace')
  return { number: found.number, id: found.id, name: found.name }
}

/** The workspace of a number, for an entry or a reply. */
export async function workspaceNumbered(ledger: Ledger, number: number | null): Promise<Workspace | null> {
  const found = number === null ? undefined : (await listWorkspaces(ledger)).find((workspace) => workspace.number === number)
  return found ? { number: found.number, id: found.id, name: found.name } : null
}

const columns = 'select id, email, roles, workspace_id, primary_owner, deactivated_at from member'

interface Stored {
  id: string
  email: string
  roles: string[]
  workspace_id: number | null
  primary_owner: boolean
  deactivated_at: string | null
}

function memberRow({ id, email, roles, workspace_id, primary_owner, deactivated_at }: Stored): MemberRow {
  return { id, email, roles: knownRoles(roles), workspace: workspace_id, primaryOwner: primary_owner, active: deactivated_at === null }
}
