import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type PrivacyMode, privacyMode, type ViewerDetail, viewerDetail } from '../../contract/workspaces.ts'
import { command } from '../ledger/command.ts'
import type { Context, Ledger, Workspace } from '../ledger/context.ts'
import { OperatorError, Refusal } from '../platform/refusal.ts'
import { noteSettings } from './setting-changes.ts'

export interface WorkspaceRow extends Workspace {
  readonly kind: string
  readonly region: string | null
  readonly seats: number | null
  readonly industry: string | null
  readonly createdAt: string
  readonly privacyMode: PrivacyMode
  readonly viewerDetail: ViewerDetail
  readonly hideGptAnalytics: boolean
}

/** All workspaces of the organization, the oldest first. */
export async function listWorkspaces(ledger: Ledger): Promise<WorkspaceRow[]> {
  const rows = await ledger.database.reader
    .selectFrom('workspace')
    .selectAll()
    .where('organization_id', '=', ledger.organization.number)
    .orderBy('workspace_id')
    .execute()
  return rows.map(({ organization_id: _, workspace_id, created_at, privacy_mode, viewer_detail, hide_gpt_analytics, ...row }) => ({
    ...row,
    number: workspace_id,
    createdAt: created_at,
    privacyMode: privacyMode.parse(privacy_mode),
    viewerDetail: viewerDetail.parse(viewer_detail),
    hideGptAnalytics: hide_gpt_analytics,
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
    privacyMode: privacyMode.default('named'),
    viewerDetail: viewerDetail.default('same'),
  }),
  async run(tx, ctx, { name, id = randomUUID(), kind, ...rest }) {
    const organization = ctx.ledger.organization.number
    await tx.query('select pg_advisory_xact_lock(8486, $1)', [organization])
    const taken = await tx.query('select from workspace where id = $1', [id])
    if (taken.rowCount) throw new Refusal('conflict', `a workspace with the id ${id} exists already`)
    const { rows } = await tx.query<{ workspace_id: number }>(
      `insert into workspace (organization_id, workspace_id, id, name, kind, region, seats, industry, privacy_mode, viewer_detail)
       select $1, coalesce(max(workspace_id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 from workspace where organization_id = $1
       returning workspace_id`,
      [organization, id, name, kind, rest.region ?? null, rest.seats ?? null, rest.industry ?? null, rest.privacyMode, rest.viewerDetail],
    )
    const workspace = { number: rows[0]?.workspace_id ?? 0, id, name }
    return { ids: [id], workspace, result: workspace }
  },
})

/** Changes what is said; the rest stays as it is. */
export const setWorkspace = command({
  action: 'workspace.set',
  scope: 'settings:manage',
  input: z
    .object({
      workspace: z.object({ number: z.int(), id: z.string(), name: z.string() }),
      name: z.string().min(1).max(200).optional(),
      seats: z.int().nonnegative().optional(),
      privacyMode: privacyMode.optional(),
      viewerDetail: viewerDetail.optional(),
      hideGptAnalytics: z.boolean().optional(),
    })
    .refine(({ workspace: _, ...changes }) => Object.values(changes).some((value) => value !== undefined), 'say what is to be changed'),
  async run(tx, ctx, { workspace, name, ...changes }) {
    if (ctx.actor.workspace !== null && ctx.actor.workspace !== workspace.number)
      throw new Refusal('not_found', 'there is no such workspace')
    const { seats, privacyMode: mode, viewerDetail: detail, hideGptAnalytics: hides } = changes
    const { rows } = await tx.query<Record<string, string | number | boolean | null>>(
      `update workspace w set name = coalesce($3, w.name), seats = coalesce($4, w.seats), privacy_mode = coalesce($5, w.privacy_mode),
         viewer_detail = coalesce($6, w.viewer_detail), hide_gpt_analytics = coalesce($7, w.hide_gpt_analytics)
       from workspace b where w.organization_id = $1 and w.workspace_id = $2 and b.organization_id = $1 and b.workspace_id = $2
       returning b.seats, b.privacy_mode, b.viewer_detail, b.hide_gpt_analytics`,
      [ctx.ledger.organization.number, workspace.number, name ?? null, seats ?? null, mode ?? null, detail ?? null, hides ?? null],
    )
    const [before] = rows
    if (!before) throw new Refusal('not_found', 'there is no such workspace')
    const said = {
      renamed: name === undefined ? undefined : true,
      seats,
      privacy_mode: mode,
      viewer_detail: detail,
      hide_gpt_analytics: hides,
    }
    const changed = Object.keys(given(said))
    await noteSettings(tx, ctx, workspace.number, [...changed.filter((one) => one !== 'renamed'), ...(name === undefined ? [] : ['name'])])
    const was = Object.fromEntries(changed.flatMap((one) => (one in before ? [[`${one}_before`, before[one] ?? null]] : [])))
    return { ids: [workspace.id], workspace, query: { ...given(said), ...was }, result: { ...workspace, name: name ?? workspace.name } }
  },
})

/** Without what was not said. */
function given<V>(fields: Readonly<Record<string, V | undefined>>): Record<string, V> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, V] => entry[1] !== undefined))
}
