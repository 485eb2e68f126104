import type { JsonObject } from '../intake/found.ts'
import { activityRecord, type Deed, home, office, stranger } from './activity.ts'
import { secondsOfDay } from './calendar.ts'
import type { Company } from './company.ts'
import type { Day } from './day.ts'
import type { Group } from './groups.ts'
import { tagged, uuid } from './ids.ts'
import { at, isThere, type Person } from './people.ts'
import { randomOf } from './plan.ts'
import type { Random } from './random.ts'

/** What is in the provider's audit trail of a day: sign-ins, and what people did beside asking. */
export function dailyActivity(company: Company, { day, talks }: Day): JsonObject[] {
  const random = randomOf(company.plan, 'activity', day)
  const deeds: Deed[] = []
  const seen = new Set<number>()
  for (const { person: place, number, start, gpt } of talks) {
    const person = company.people[place]
    if (!person) continue
    if (!seen.has(place)) deeds.push(...signIn(random, person, start))
    seen.add(place)
    if (person.source === 'claude') deeds.push(chatCreated(company, day, { person, number, start }))
    if (gpt >= 0 && random.int(40) === 0) deeds.push(fileViewed(random, person, start + 40))
  }
  deeds.push(...ofAdmins(company, random, day))
  return deeds.map((deed) => activityRecord(random, deed))
}

function signIn(random: Random, person: Person, start: number): Deed[] {
  const [second, network] = [start - 20 - random.int(200), random.int(4) > 0 ? office : home]
  const way = random.weighted([8, 1, 1])
  const type = ['sso_login_succeeded', 'magic_link_login_succeeded', 'social_login_succeeded'][way] ?? 'sso_login_succeeded'
  const data = { auth_method: ['sso', 'magic_link', 'social'][way] ?? 'sso' }
  if (random.int(5) < 2) return []
  const fails = random.int(30) === 0
  const email = at(person.emails, second)
  const failure: Deed[] = fails
    ? [{ type: 'sso_login_failed', at: second - 30, by: null, actor: stranger(random, email, network), outcome: 'failure' }]
    : []
  const leaves: Deed[] = random.int(12) === 0 ? [{ type: 'user_logged_out', at: start + 3000, by: person, network }] : []
  return [...failure, { type, at: second, by: person, network, data }, ...leaves]
}

/** The id that the conversation's own record has. */
export const conversationId = ({ plan }: Company, day: number | string, number: number): string => uuid(randomOf(plan, 'ids', day, number))

function chatCreated(company: Company, day: number, { person, number, start }: { person: Person; number: number; start: number }): Deed {
  const id = conversationId(company, day, number)
  return { type: 'claude_chat_created', at: start, by: person, target: { kind: 'chat', id }, data: { claude_chat_id: id } }
}

function fileViewed(random: Random, person: Person, second: number): Deed {
  const id = tagged(random, 'claude_file_')
  return { type: 'claude_file_viewed', at: second, by: person, target: { kind: 'file', id }, data: { claude_file_id: id } }
}

const settings = ['web_search_enabled', 'public_projects_enabled', 'geolocation_enabled', 'members_limit', 'capabilities']

/** Admins look after the workspace during working hours, now and then. */
function ofAdmins(company: Company, random: Random, day: number): Deed[] {
  const noon = day * secondsOfDay + 11 * 3600
  const admins = company.people.filter((person) => isThere(person, noon) && ['owner', 'admin'].includes(at(person.roles, noon)))
  if (admins.length === 0) return []
  const deeds: Deed[] = []
  const second = () => noon + random.int(10_000)
  if (random.int(17) === 0) {
    const updates = [{ type: random.pick(settings), previous_value: false, current_value: true }]
    deeds.push({ type: 'claude_organization_settings_updated', at: second(), by: random.pick(admins), data: { updates } })
  }
  if (random.int(35) === 0) {
    const id = tagged(random, 'apikey_')
    const data = { api_key_id: id, scopes: ['read:compliance_activities'] }
    deeds.push({ type: 'api_key_created', at: second(), by: random.pick(admins), target: { kind: 'api_key', id }, data })
  }
  if (random.int(60) === 0) {
    const by = random.pick(admins)
    const begun = second()
    const data = { export_type: 'conversations' }
    deeds.push({ type: 'org_data_export_started', at: begun, by, data }, { type: 'org_data_export_completed', at: begun + 900, by, data })
  }
  if (random.int(9) === 0) deeds.push({ type: 'org_users_listed', at: second(), by: random.pick(admins) })
  return deeds
}

/** What the audit trail says of people who come, change and go, and of what is made; the oldest first. */
export function companyDeeds(company: Company): Deed[] {
  const { people, groups, projects, skills, connectors } = company
  const by = people[0] ?? null
  return [
    ...people.flatMap((person) => peopleDeeds(person, by)),
    ...groups.flatMap((group) => groupDeeds(company, group)),
    ...projects.flatMap(({ id, owner, created, shared }): Deed[] => {
      const about = { by: people[owner] ?? by, target: { kind: 'project', id } }
      const sharing: Deed = {
        type: 'claude_project_sharing_updated',
        at: created + 600,
        ...about,
        data: { claude_project_id: id, audience: [{ type: 'organization' }] },
      }
      return [{ type: 'claude_project_created', at: created, ...about, data: { claude_project_id: id } }, ...(shared ? [sharing] : [])]
    }),
    ...skills.map(({ id, name, owner, created }): Deed => {
      const data = { skill_id: id, skill_name: name }
      return { type: 'claude_skill_created', at: created, by: people[owner] ?? by, target: { kind: 'skill', id }, data }
    }),
    ...connectors.map(({ id, name, owner, created }): Deed => {
      const data = { mcp_server_id: id, mcp_server_name: name }
      return { type: 'mcp_server_created', at: created, by: people[owner] ?? by, target: { kind: 'mcp_server', id }, data }
    }),
  ].sort((a, b) => a.at - b.at)
}

function peopleDeeds(person: Person, admin: Person | null): Deed[] {
  const { id, invitations, joined, left, roles, emails } = person
  const target = { kind: 'user', id }
  const email = emails[0]?.value ?? null
  const invited = invitations.map(({ sent }): Deed => {
    return { type: 'org_user_invite_sent', at: sent, by: admin, data: { invited_email: email, invited_role: 'user' } }
  })
  const came: Deed[] =
    joined === null
      ? []
      : [
          { type: 'org_user_invite_accepted', at: joined, by: person, data: {} },
          { type: 'scim_user_created', at: joined + 1, by: null, target, data: { user_id: id } },
        ]
  const roleChanges = roles.slice(1).map(({ from, value }, i): Deed => {
    const data = { user_id: id, user_email: at(emails, from), previous_role: roles[i]?.value ?? null, current_role: value }
    return { type: 'claude_user_role_updated', at: from, by: admin, target, data }
  })
  const went: Deed[] =
    left === null
      ? []
      : [{ type: 'org_user_deleted', at: left, by: admin, target, data: { deleted_user_id: id, deleted_user_email: at(emails, left) } }]
  return [...invited, ...came, ...roleChanges, ...went]
}

function groupDeeds({ people }: Company, { id, members }: Group): Deed[] {
  const idsOf = (places: readonly number[]) => places.flatMap((place) => people[place]?.id ?? [])
  return members.slice(1).flatMap(({ from, value }, i): Deed[] => {
    const before = members[i]?.value ?? []
    const [came, went] = [value.filter((place) => !before.includes(place)), before.filter((place) => !value.includes(place))]
    const about = { at: from, by: null, target: { kind: 'group', id } }
    return [
      ...(came.length > 0 ? [{ type: 'group_member_added', ...about, data: { group_id: id, member_ids: idsOf(came) } }] : []),
      ...(went.length > 0 ? [{ type: 'group_member_removed', ...about, data: { group_id: id, member_ids: idsOf(went) } }] : []),
    ]
  })
}
