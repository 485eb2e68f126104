import { z } from 'zod'
import { apis, role, scope } from './people.ts'

/** Members, roles, approvals, keys, settings: what the pages of an administrator and the API say to each other. Instants are RFC 3339 in UTC. */

const instant = z.string()
const memberId = z.uuid('is not the id of a member')
const workspaceId = z.uuid('is not the id of a workspace').nullable()
const reach = workspaceId.describe('The one workspace it is for; null: the whole organization')
const words = (what: string) => z.string().trim().min(3, 'say it in a few words').max(500).describe(what)

export const idParams = z.strictObject({ id: z.uuid('is not an id').describe('The id, as the list has it') })

/** Who did something, with what they were called then. */
const who = z.object({ id: z.string(), name: z.string() })

export const memberView = z.object({
  id: z.uuid(),
  email: z.string(),
  roles: z.array(role).describe('Roles that last'),
  break_glass: z.array(z.object({ role, expires_at: instant })).describe('Roles taken for an hour, and when they end'),
  workspace_id: reach,
  primary_owner: z.boolean(),
  state: z.enum(['active', 'deactivated']),
  created_at: instant,
  deactivated_at: instant.nullable(),
  live_keys: z.int().describe('Keys they made that still let somebody in'),
})
export type MemberView = z.output<typeof memberView>
export const memberList = z.object({ data: z.array(memberView) })

export const rolesChange = z.strictObject({
  roles: z
    .array(role)
    .min(1, 'at least one role is needed')
    .describe('All roles from now on; a record role can be left out here but not added'),
  workspace_id: workspaceId.optional().describe('The one workspace they are for; null: the whole organization; left out: as before'),
})

export const deactivation = z.strictObject({
  keys: z
    .enum(['flag', 'revoke'])
    .default('flag')
    .describe('What becomes of the keys they made: `flag` leaves them working, marked and with a finding each; `revoke` ends them'),
})

export const deactivated = z.object({
  id: z.uuid(),
  sessions_ended: z.int(),
  keys: z.array(z.uuid()).describe('Keys that were flagged or revoked'),
})

export const memberDone = z.object({ id: z.uuid(), roles: z.array(role), workspace_id: reach })
export const done = z.object({ id: z.string() })

export const invitationStates = ['open', 'accepted', 'withdrawn', 'expired'] as const
export const invitationView = z.object({
  id: z.uuid(),
  email: z.string(),
  roles: z.array(role),
  workspace_id: reach,
  state: z.enum(invitationStates),
  invited_by: who,
  created_at: instant,
  sent_at: instant.describe('When its newest link was made'),
  expires_at: instant,
})
export type InvitationView = z.output<typeof invitationView>
export const invitationList = z.object({ data: z.array(invitationView) })

export const newInvitation = z.strictObject({
  email: z.email('is not an e-mail address').describe('Who is invited'),
  roles: z
    .array(role)
    .min(1, 'at least one role is needed')
    .describe('What they will be; no record role: that takes a second person, later'),
  workspace_id: workspaceId.default(null).describe('The one workspace it is for; null: the whole organization'),
  expires_in_days: z.number().positive().max(30).default(7).describe('How long the link works'),
})
/** The link is shown this once; who opens it and agrees becomes a member. */
export const invitationLink = z.object({ id: z.uuid(), url: z.string(), expires_at: instant })

export const approvalActions = ['role.grant'] as const
export const approvalStates = ['open', 'approved', 'denied', 'withdrawn', 'expired'] as const
const party = z.object({ id: z.uuid(), email: z.string().nullable().describe('null: not a member any more') })
export const approvalView = z.object({
  id: z.uuid(),
  action: z.enum(approvalActions),
  role: role.nullable().describe('The role that is asked for'),
  workspace_id: reach,
  requester: party,
  beneficiary: party.nullable(),
  purpose: z.string(),
  state: z.enum(approvalStates),
  requested_at: instant,
  expires_at: instant.describe('An hour after it was asked for'),
  decided_by: party.nullable(),
  decided_at: instant.nullable(),
  note: z.string().nullable().describe('What was said to a denial'),
  may_approve: z.boolean().describe('Whether you are a second person who could agree to it now'),
})
export type ApprovalView = z.output<typeof approvalView>
export const approvalList = z.object({ data: z.array(approvalView) })
export const approvalQuery = z.strictObject({ state: z.enum(approvalStates).optional().describe('Only those in this state') })

export const newApproval = z.strictObject({
  action: z.enum(approvalActions).describe('What is asked for'),
  member_id: memberId.describe('Who is to have the role'),
  role: role.describe('A role of the record'),
  purpose: words('What it is needed for; it stays on record'),
})
export const denial = z.strictObject({ note: words('Why not; the requester reads it') })

/** Where nobody else could agree: an organization with one owner. It leaves a finding. */
export const soleGrant = z.strictObject({
  role: role.describe('A role of the record'),
  reason: words('Why it is needed; it stays visible as a finding'),
})

export const soleGranted = z.object({ id: z.uuid(), finding_id: z.uuid() })
export const approvalAsked = z.object({ id: z.uuid(), expires_at: instant })

export const breakGlassView = z.object({
  id: z.uuid(),
  member: party,
  role,
  reason: z.string(),
  started_at: instant,
  expires_at: instant,
  ended_at: instant.nullable(),
  active: z.boolean(),
  review: z.object({ finding_id: z.uuid(), due_at: instant.nullable(), closed_at: instant.nullable(), overdue: z.boolean() }).nullable(),
})
export type BreakGlassView = z.output<typeof breakGlassView>
export const breakGlassList = z.object({ data: z.array(breakGlassView) })
export const newBreakGlass = z.strictObject({
  role: role.describe('The role of the record to take for an hour'),
  reason: words('Why it cannot wait for a second person; all owners read it'),
})
export const brokenGlass = z.object({ id: z.uuid(), role, expires_at: instant, finding_id: z.uuid() })

export const findingKinds = [
  'break-glass',
  'record-role-granted-alone',
  'record-role-by-operator',
  'key-of-deactivated-member',
  'key-beyond-its-maker',
] as const
export type FindingKind = (typeof findingKinds)[number]
export const severities = ['high', 'medium', 'low'] as const
export const findingView = z.object({
  id: z.uuid(),
  kind: z.enum(findingKinds),
  severity: z.enum(severities),
  subject: z.object({ kind: z.enum(['member', 'key']), id: z.string(), name: z.string().nullable() }),
  workspace_id: reach,
  caused_by: party.nullable(),
  reason: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  opened_at: instant,
  due_at: instant.nullable().describe('When it is to be closed at the latest'),
  overdue: z.boolean(),
  closed_at: instant.nullable(),
  closed_by: who.nullable(),
  note: z.string().nullable(),
  may_close: z.boolean().describe('Whether you are somebody else than whose act it was, and may close it'),
})
export type FindingView = z.output<typeof findingView>
export const findingList = z.object({ data: z.array(findingView) })
export const findingQuery = z.strictObject({
  state: z.enum(['open', 'closed', 'all']).default('open').describe('Open ones, closed ones, or all'),
})
export const closure = z.strictObject({ note: words('What was looked at and found') })

export const keyView = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.string().describe('The three letters behind `dbk_`'),
  last_four: z.string(),
  scopes: z.array(scope),
  workspace_id: reach,
  networks: z.array(z.string()).describe('Ranges it may be used from; empty: from anywhere'),
  maker: z.object({ kind: z.string(), id: z.string(), name: z.string() }).nullable().describe('null: made before this was kept'),
  state: z.enum(['live', 'ended', 'revoked']),
  created_at: instant,
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  flagged_at: instant.nullable().describe('Since when its maker has left or lost what it can do'),
  rotated_from: z.uuid().nullable().describe('The key it follows'),
  last_used_at: instant.nullable(),
  last_used_address: z.string().nullable(),
  last_used_route: z.string().nullable(),
})
export type KeyView = z.output<typeof keyView>
export const keyList = z.object({ data: z.array(keyView) })

const lifetime = z.number().positive().max(3650, 'a key may live 3650 days at most').nullable()
export const newKey = z.strictObject({
  name: z.string().trim().min(1).max(200).describe('What it is for'),
  scopes: z.array(scope).min(1, 'at least one scope is needed').describe('What it may do, for good: scopes of a key never change'),
  workspace_id: workspaceId.default(null).describe('The one workspace it is for; null: the whole organization'),
  expires_in_days: lifetime.default(90).describe('When it ends; null: never, which a key that deletes may not'),
  networks: z
    .array(z.string().max(50))
    .max(50)
    .default([])
    .describe('Ranges it may be used from, such as 192.0.2.0/24 or 2001:db8::/32; none: from anywhere'),
})
export const rotation = z.strictObject({
  overlap_hours: z.number().min(0).max(720).default(24).describe('How long the old key still works'),
  expires_in_days: lifetime.default(90).describe('When the new key ends; null: never'),
})
/** `key` is the text, shown this once. */
export const madeKey = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  workspace_id: reach,
  expires_at: instant.nullable(),
  networks: z.array(z.string()),
})
export const rotatedKey = madeKey.extend({ replaces: z.object({ id: z.uuid(), expires_at: instant }) })

/** One setting with everything a page says about it. */
export const settingView = z.object({
  name: z.string(),
  label: z.string(),
  meaning: z.string(),
  values: z.array(z.string()).nullable().describe('The values there are; null: free text or a number'),
  default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  changeable: z.boolean().describe('Whether you may change it'),
  why_not: z.string().nullable(),
  changed_at: instant.nullable().describe('null: never changed, or before this was kept'),
  changed_by: who.nullable(),
})
export type SettingView = z.output<typeof settingView>
export const settingsReply = z.object({
  organization: z.array(settingView),
  workspaces: z.array(z.object({ workspace_id: z.uuid(), name: z.string(), settings: z.array(settingView) })),
})
export type SettingsReply = z.output<typeof settingsReply>

export const settingsChange = z.strictObject({
  workspace_id: workspaceId.default(null).describe('Whose settings; null: those of the organization'),
  changes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .refine((changes) => Object.keys(changes).length > 0, 'name at least one setting')
    .describe('Name of each setting → its new value'),
})
export const apiSwitch = z.strictObject({
  api: z.enum(apis).describe('Which API'),
  on: z.boolean().describe('false turns away every key of that API'),
})
export const apiSwitches = z.object({ compliance: z.boolean(), analytics: z.boolean() })

export const explainQuery = z.strictObject({
  member: z.string().max(320).describe('The id or e-mail address of a member'),
  scope: scope.optional().describe('What they want to do: a scope'),
  route: z.string().max(300).optional().describe('Or a route, such as `GET /api/keys`'),
  workspace_id: z.uuid('is not the id of a workspace').optional().describe('In this workspace'),
})
export const explanation = z.object({
  allowed: z.boolean(),
  scopes: z.array(scope).describe('Any of them is enough; none: the route is for everybody, or for everybody who is signed in'),
  sentences: z.array(z.string()),
  given_by: z.array(role).describe('Roles of theirs that allow it'),
  would_give: z.array(role).describe('Roles that would'),
  granted_by: z.array(z.string()).describe('Members who can give such a role'),
})
export type Explanation = z.output<typeof explanation>
