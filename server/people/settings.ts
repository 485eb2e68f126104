import { z } from 'zod'
import { type SettingsReply, type SettingView, settingsChange } from '../../contract/admin.ts'
import { privacyMode, viewerDetail } from '../../contract/workspaces.ts'
import { command, demand, parseInput } from '../ledger/command.ts'
import { allows, type Context, type Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { primaryOwner } from './members.ts'
import { demandPrimaryOwner } from './members-change.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { type LastChange, lastChanges, noteSettings, wholeOrganization } from './setting-changes.ts'
import { type Described, organizationSettings, workspaceSettings } from './settings-table.ts'
import { takeMembers } from './standing.ts'
import { readSwitches } from './switches.ts'
import { listWorkspaces, setWorkspace, type WorkspaceRow, workspaceOf } from './workspaces.ts'

/** Every setting with its meaning, its value and who changed it last; whoever is bound to a workspace sees the organization's and that one's. */
export async function readSettings(ctx: Context): Promise<SettingsReply> {
  await demand(ctx, 'access', 'settings.read', 'directory:read')
  const { ledger, actor } = ctx
  const last = await lastChanges(ledger)
  const workspaces = (await listWorkspaces(ledger)).filter(({ number }) => actor.workspace === null || actor.workspace === number)
  return {
    organization: views(ctx, organizationSettings, await organizationValues(ledger), (name) => last(wholeOrganization, name)),
    workspaces: workspaces.map((workspace) => ({
      workspace_id: workspace.id,
      name: workspace.name,
      settings: views(ctx, workspaceSettings, workspaceValues(workspace), (name) => last(workspace.number, name)),
    })),
  }
}

type Values = Record<string, SettingView['value']>

function views(ctx: Context, table: Record<string, Described>, values: Values, last: (name: string) => LastChange | null): SettingView[] {
  return Object.entries(table).map(([name, { label, meaning, values: allowed = null, default: usual, fixed = null }]) => {
    const why_not = fixed ?? (allows(ctx.actor, 'settings:manage') ? null : 'it takes the role owner or admin')
    const change = last(name)
    return {
      name,
      label,
      meaning,
      values: allowed === null ? null : [...allowed],
      default: usual,
      value: values[name] ?? null,
      changeable: why_not === null,
      why_not,
      changed_at: change?.changed_at ?? null,
      changed_by: change?.changed_by ?? null,
    }
  })
}

async function organizationValues(ledger: Ledger): Promise<Values> {
  const [name, owner, switches] = await Promise.all([organizationName(ledger), primaryOwner(ledger), readSwitches(ledger)])
  const onOff = (on: boolean) => (on ? 'on' : 'off')
  return {
    name,
    owner_email: owner?.email ?? null,
    region: ledger.config.region,
    compliance_api: onOff(switches.compliance),
    analytics_api: onOff(switches.analytics),
  }
}

function workspaceValues({ name, seats, region, industry, privacyMode, viewerDetail, hideGptAnalytics }: WorkspaceRow): Values {
  return {
    name,
    seats,
    privacy_mode: privacyMode,
    viewer_detail: viewerDetail,
    hide_gpt_analytics: hideGptAnalytics,
    region,
    industry,
  }
}

/** What the organization is called now; the ledger was opened with what it was called then. */
export async function organizationName({ database, organization }: Ledger): Promise<string> {
  const row = await database.reader
    .selectFrom('organization')
    .select('name')
    .where('organization_id', '=', organization.number)
    .executeTakeFirstOrThrow()
  return row.name
}

/** Changes settings of the organization or of one workspace, all of them or none. */
export async function changeSettings(ctx: Context, raw: unknown): Promise<SettingsReply> {
  await demand(ctx, 'change', 'settings.change', 'settings:manage')
  const { workspace_id, changes } = parseInput(settingsChange, raw)
  refuseUnknown(workspace_id === null ? organizationSettings : workspaceSettings, Object.keys(changes))
  if (workspace_id === null) await changeOrganization(ctx, changes)
  else await changeWorkspace(ctx, workspace_id, changes)
  return readSettings(ctx)
}

function refuseUnknown(table: Record<string, Described>, names: readonly string[]): void {
  for (const name of names) {
    const setting = Object.hasOwn(table, name) ? table[name] : undefined
    if (!setting) throw new Refusal('bad_request', `changes: there is no setting ${name.slice(0, 50)}`, { param: 'changes' })
    if (setting.fixed) throw new Refusal('conflict', `${setting.label} cannot be changed here: ${setting.fixed}`)
  }
}

const organizationChanges = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  owner_email: z.email('is not an e-mail address').optional(),
})

const changeOrganization = command({
  action: 'settings.change',
  scope: 'settings:manage',
  input: organizationChanges,
  async run(tx, ctx, { name, owner_email }) {
    const { ledger } = ctx
    const organization = ledger.organization.number
    if (ctx.actor.workspace !== null) throw new Refusal('forbidden', 'you manage the settings of your own workspace only')
    await takeMembers(tx, organization)
    if (owner_email !== undefined) {
      const owner = await demandPrimaryOwner(tx, ctx)
      demandRecentSignIn(ctx)
      const taken = await tx.query('select from member where organization_id = $1 and lower(email) = lower($2) and id <> $3', [
        ...[organization, owner_email, owner],
      ])
      if (taken.rowCount) throw new Refusal('conflict', 'somebody else has this address')
      await tx.query('update member set email = $3 where organization_id = $1 and id = $2', [organization, owner, owner_email])
    }
    if (name !== undefined) await tx.query('update organization set name = $2 where organization_id = $1', [organization, name])
    const changed = Object.entries({ name, owner_email }).flatMap(([key, value]) => (value === undefined ? [] : [key]))
    await noteSettings(tx, ctx, wholeOrganization, changed)
    // Names and addresses are personal: what is written down is which setting it was.
    return { ids: [ledger.organization.id], workspace: null, query: { settings: changed }, result: undefined }
  },
})

async function changeWorkspace(ctx: Context, id: string, changes: Values): Promise<void> {
  const { number, id: own, name } = await workspaceOf(ctx, id)
  const given = parseInput(workspaceChanges, changes)
  await setWorkspace(ctx, { workspace: { number, id: own, name }, ...given })
}

const workspaceChanges = z
  .strictObject({
    name: z.string().trim().min(1).max(200).optional(),
    seats: z.int().nonnegative().optional(),
    privacy_mode: privacyMode.optional(),
    viewer_detail: viewerDetail.optional(),
    hide_gpt_analytics: z.boolean().optional(),
  })
  .transform(({ privacy_mode, viewer_detail, hide_gpt_analytics, ...rest }) => ({
    ...rest,
    privacyMode: privacy_mode,
    viewerDetail: viewer_detail,
    hideGptAnalytics: hide_gpt_analytics,
  }))
