import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { command } from '../ledger/command.ts'
import type { Context, Ledger, Workspace } from '../ledger/context.ts'
import { OperatorError, Refusal } from '../platform/refusal.ts'

export interface WorkspaceRow extends Workspace {
  readonly kind: string
  readonly region: string | null
  readonly seats: number | null
  readonly industry: string | null
  readonly createdAt: string
}

/** All workspaces of the organization, the oldest first. */
export async function listWorkspaces(ledger: Ledger): Promise<WorkspaceRow[]> {
  const rows = await ledger.database.reader
    .selectFrom('workspace')
    .selectAll()
    .where('organization_id', '=', ledger.organization.number)
    .orderBy('workspace_id')
    .execute()
  return rows.map(({ workspace_id, id, name, kind, region, seats, industry, created_at }) => ({
    number: workspace_id,
    id,
    name,
    kind,
    region,
    seats,
    industry,
    createdAt: created_at,
  }))
}

/** The workspace of an id in a request; one that does not exist and one the actor may not see answer alike. */
export async function workspaceOf(ctx: Context, id: string): Promise<Workspace> {
  const found = (await listWorkspaces(ctx.ledger)).find((workspace) => workspace.id === id.toLowerCase())
  if (!found || (ctx.actor.workspace !== null && ctx.actor.workspace !== found.number))
    throw new Refusal('not_found', 'there is no such workspace')
  return found
}

/** The workspace an operator names by id or, where it is the only one of that name, by name. */
export async function workspaceNamed(ledger: Ledger, text: string): Promise<WorkspaceRow> {
  const all = await listWorkspaces(ledger)
  const byId = all.find(({ id }) => id === text.toLowerCase())
  if (byId) return byId
  const named = all.filter(({ name }) => name === text)
  const [only] = named
  if (only && named.length === 1) return only
  if (named.length > 1)
    throw new OperatorError(`${named.length} workspaces are called ${text}; name one by its id: ${named.map(({ id }) => id).join(', ')}`)
  throw new OperatorError(
    `there is no workspace ${text}${all.length === 0 ? ': make one with "daybook workspace create --name …"' : '; "daybook workspace list" shows those there are'}`,
  )
}

export const createWorkspace = command({
  action: 'workspace.create',
  scope: 'settings:manage',
  input: z.object({
    name: z.string().min(1).max(200),
    id: z.uuid().toLowerCase().optional(),
    kind: z.enum(['empty', 'sample', 'simulated']).default('empty'),
    region: z.enum(['us', 'eu']).optional(),
    seats: z.int().nonnegative().optional(),
    industry: z.string().max(200).optional(),
  }),
  async run(tx, ctx, { name, id = randomUUID(), kind, region, seats, industry }) {
    const organization = ctx.ledger.organization.number
    await tx.query('select pg_advisory_xact_lock(8486, $1)', [organization])
    const taken = await tx.query('select from workspace where id = $1', [id])
    if (taken.rowCount) throw new Refusal('conflict', `a workspace with the id ${id} exists already`)
    const { rows } = await tx.query<{ workspace_id: number }>(
      `insert into workspace (organization_id, workspace_id, id, name, kind, region, seats, industry)
       select $1, coalesce(max(workspace_id), 0) + 1, $2, $3, $4, $5, $6, $7 from workspace where organization_id = $1
       returning workspace_id`,
      [organization, id, name, kind, region ?? null, seats ?? null, industry ?? null],
    )
    const workspace = { number: rows[0]?.workspace_id ?? 0, id, name }
    return { ids: [id], workspace, result: workspace }
  },
})
