import { type Explanation, explainQuery } from '../../contract/admin.ts'
import { type Api, apiScopes, apis, givenBy, isRecordRole, type Role, roleScopes, roles, type Scope, scope } from '../../contract/people.ts'
import { demand, parseInput } from '../ledger/command.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import type { RouteAccess } from '../platform/http.ts'
import { Refusal } from '../platform/refusal.ts'
import { listMembers, type Member } from './members.ts'
import { rolesNow } from './standing.ts'
import { readSwitches } from './switches.ts'
import { listWorkspaces, type WorkspaceRow, workspaceOf } from './workspaces.ts'

/** Why somebody can or cannot do something, in sentences: which role gives it, which would, who gives it, and what else is in the way. */
export async function explain(ctx: Context, routes: RouteAccess, raw: unknown): Promise<Explanation> {
  await demand(ctx, 'access', 'access.explain', 'people:manage')
  const asked = parseInput(explainQuery, raw)
  if ((asked.scope === undefined) === (asked.route === undefined))
    throw new Refusal('bad_request', 'ask about a scope or about a route', { param: 'scope' })
  const [everybody, own] = await Promise.all([listMembers(ctx.ledger, null), listMembers(ctx.ledger, ctx.actor.workspace)])
  const member = own.find(({ id, email }) => id === asked.member || email.toLowerCase() === asked.member.toLowerCase())
  if (!member) throw new Refusal('not_found', 'there is no such member')
  const workspace = asked.workspace_id === undefined ? null : await workspaceOf(ctx, asked.workspace_id)
  const about = { ctx, member, everybody, workspace, workspaces: await listWorkspaces(ctx.ledger) }
  if (asked.scope !== undefined) return explainScope(about, [asked.scope], null)
  const found = routeNamed(routes, asked.route ?? '')
  const needed = found.access.split(' or ').flatMap((one) => scope.safeParse(one).data ?? [])
  return needed.length > 0 ? explainScope(about, needed, found) : explainOpen(member, found)
}

interface About {
  readonly ctx: Context
  readonly member: Member
  readonly everybody: readonly Member[]
  readonly workspace: Workspace | null
  readonly workspaces: readonly WorkspaceRow[]
}

interface Found {
  readonly name: string
  readonly access: string
  readonly keysOnly: boolean
}

/** `GET /api/keys`, or the address alone where it has one method. */
function routeNamed(routes: RouteAccess, text: string): Found {
  const wanted = text.trim()
  const names = [...routes.keys()].filter((name) => name === wanted || (name.split(' ')[1] === wanted && !name.startsWith('HEAD ')))
  const [name] = names
  const config = name === undefined ? undefined : routes.get(name)?.config
  if (name === undefined || names.length > 1 || config?.access === undefined)
    throw new Refusal('not_found', names.length > 1 ? `there are several: ${names.join(', ')}` : 'there is no such route')
  return { name, access: config.access, keysOnly: config.keysOnly === true }
}

function explainOpen({ email, deactivated_at }: Member, { name, access }: Found): Explanation {
  const allowed = access === 'open' || deactivated_at === null
  const whom = access === 'open' ? 'everybody, signed in or not' : 'everybody who is signed in'
  const out = allowed ? [] : [`${email} is deactivated and cannot sign in.`]
  return { allowed, scopes: [], sentences: [`${name} is for ${whom}.`, ...out], given_by: [], would_give: [], granted_by: [] }
}

/** Any of the scopes is enough. */
async function explainScope(about: About, needed: readonly Scope[], route: Found | null): Promise<Explanation> {
  const { ctx, member, everybody, workspace } = about
  const held = await rolesNow(ctx.ledger, member.id)
  const isEnough = (role: Role) => needed.some((one) => roleScopes[role].includes(one))
  const given_by = held.filter(isEnough)
  const would_give = roles.filter((role) => isEnough(role) && !held.includes(role))
  const what = needed.join(' or ')
  const elsewhere = workspace !== null && member.workspace_id !== null && member.workspace_id !== workspace.id
  const allowed = given_by.length > 0 && member.deactivated_at === null && !elsewhere && !route?.keysOnly
  const granters = everybody.filter(
    (one) => one.id !== member.id && one.deactivated_at === null && reaches(one, member) && gives(one, would_give),
  )
  const sentences = [
    heldSentence(about, held),
    ...(route ? [`${route.name} needs ${what}.`] : []),
    ...(given_by.length > 0 ? [`${names(given_by)} gives ${what}.`] : [`None of these roles gives ${what}.`]),
    ...hindrances(about, { elsewhere, keysOnly: route?.keysOnly === true }),
    ...(given_by.length > 0 ? [] : remedy(would_give, granters)),
    ...(await switchSentences(ctx, needed)),
    ...(needed.includes('analytics:read') && given_by.length > 0 ? privacySentences(about, held) : []),
  ]
  return { allowed, scopes: [...needed], sentences, given_by, would_give, granted_by: granters.map(({ email }) => email) }
}

const names = (some: readonly Role[]) => some.map((role) => role.replaceAll('_', ' ')).join(', ')
const gives = ({ roles: held }: Member, wanted: readonly Role[]) => wanted.some((role) => held.some((one) => givenBy[one].includes(role)))
const reaches = (granter: Member, member: Member) => granter.workspace_id === null || granter.workspace_id === member.workspace_id

function heldSentence({ member, workspaces }: About, held: readonly Role[]): string {
  const where = member.workspace_id === null ? 'for the whole organization' : `in ${nameOf(workspaces, member.workspace_id)}`
  return `${member.email} is ${names(held) || 'nothing'} ${where}.`
}

const nameOf = (workspaces: readonly WorkspaceRow[], id: string) => workspaces.find((one) => one.id === id)?.name ?? id

function hindrances({ member, workspace }: About, { elsewhere, keysOnly }: { elsewhere: boolean; keysOnly: boolean }): string[] {
  return [
    ...(member.deactivated_at === null
      ? []
      : [`${member.email} is deactivated since ${member.deactivated_at.slice(0, 10)} and cannot sign in.`]),
    ...(elsewhere ? [`${workspace?.name ?? 'That workspace'} is not the workspace their roles are for.`] : []),
    ...(keysOnly ? ['This address takes API keys only: nobody reaches it by being signed in.'] : []),
  ]
}

function remedy(wanted: readonly Role[], granters: readonly Member[]): string[] {
  if (wanted.length === 0) return ['No role gives it: it is for API keys, which whoever runs the server makes.']
  const record = wanted.filter(isRecordRole)
  const who = granters.length > 0 ? granters.map(({ email }) => email).join(', ') : 'nobody at the moment'
  return [
    `${names(wanted)} would.`,
    `Who can give such a role: ${who}.`,
    ...(record.length > 0 ? [`${names(record)}: it takes a second person, who agrees within an hour.`] : []),
  ]
}

async function switchSentences({ ledger }: Context, needed: readonly Scope[]): Promise<string[]> {
  const on = await readSwitches(ledger)
  const off = apis.filter((api: Api) => !on[api] && needed.every((one) => apiScopes[api].includes(one)))
  return off.map((api) => `The ${api} API is switched off: no key can use ${needed.join(' or ')}. The primary owner can switch it on.`)
}

/** Counts are seen, but not everything in them. */
function privacySentences({ workspace, member, workspaces }: About, held: readonly Role[]): string[] {
  const shown = workspaces.filter(({ id }) =>
    workspace === null ? member.workspace_id === null || id === member.workspace_id : id === workspace.id,
  )
  const isViewer = !held.includes('owner') && !held.includes('admin')
  return shown.flatMap(({ name, privacyMode, viewerDetail }) => [
    ...(privacyMode === 'pseudonymous' ? [`In ${name} people stand under pseudonyms, for every reader.`] : []),
    ...(privacyMode === 'groups_only' ? [`In ${name} no person is shown, only groups, for every reader.`] : []),
    ...(isViewer && viewerDetail === 'groups' && privacyMode !== 'groups_only' ? [`In ${name} analytics viewers see groups only.`] : []),
  ])
}
