import type { JsonObject } from '../intake/found.ts'
import type { Connector, Gpt, Project, Skill } from './assets.ts'
import { dayText, secondsOfDay, timeText } from './calendar.ts'
import type { Company } from './company.ts'
import { departments } from './departments.ts'
import type { Group } from './groups.ts'
import { tagged, uuid } from './ids.ts'
import { at, type Person } from './people.ts'
import { randomOf } from './plan.ts'

/** A record to be sent at a moment: a new state of somebody or something. */
export interface Change {
  readonly at: number
  readonly record: () => JsonObject
}

/** Every version of people, groups and what they made, the oldest first. */
export function changesOf(company: Company): Change[] {
  const { people, groups, gpts, projects, skills, connectors } = company
  const changes = [
    ...people.flatMap(personChanges),
    ...groups.flatMap((group) => groupChanges(company, group)),
    ...gpts.flatMap((gpt, place) => gptChanges(company, gpt, place)),
    ...projects.map((project) => ({ at: project.created, record: () => projectRecord(company, project) })),
    ...skills.map((skill) => ({ at: skill.created, record: () => skillRecord(company, skill) })),
    ...connectors.map((connector) => ({ at: connector.created, record: () => connectorRecord(company, connector) })),
    ...seatChanges(company),
    ...helperChanges(company),
  ]
  // Sorting keeps the order of what happens at the same moment.
  return changes.sort((a, b) => a.at - b.at)
}

function personChanges(person: Person): Change[] {
  const { invitations, joined, left, emails, roles } = person
  const moments = [
    ...invitations.map(({ sent }) => sent),
    joined,
    left,
    ...emails.map(({ from }) => from),
    ...roles.map(({ from }) => from),
  ]
  const order = [...new Set(moments.filter((moment) => moment !== null).map(Number))].sort((a, b) => a - b)
  return order.map((moment) => ({ at: moment, record: () => personRecord(person, moment) }))
}

export function personRecord(person: Person, second: number): JsonObject {
  const { id, source, name, department, onboardingRole, invitations, joined, left, emails, roles } = person
  const status = joined === null || second < joined ? 'pending' : left !== null && second >= left ? 'deleted' : 'enabled'
  const email = at(emails, second)
  const first = invitations[0]?.sent ?? second
  return {
    kind: 'person',
    id,
    source,
    email,
    email_verified: status !== 'pending',
    directory_id: `dir-${id.slice(5, 17)}`,
    ...(status === 'pending' ? {} : { name, onboarding_role: onboardingRole }),
    department: departments[department]?.name ?? null,
    role: at(roles, second),
    status,
    seat: status === 'enabled',
    created_at: timeText(first),
    invitations: invitations
      .filter(({ sent }) => sent <= second)
      .map((one) => ({
        sent_at: timeText(one.sent),
        expires_at: timeText(one.expires),
        accepted_at: one.accepted !== null && one.accepted <= second ? timeText(one.accepted) : null,
      })),
    former_emails: emails.filter(({ from, value }) => from <= second && value !== email).map(({ value }) => value),
    updated_at: timeText(second),
    ...(status === 'deleted' && left !== null ? { deleted_at: timeText(left) } : {}),
  }
}

function groupChanges({ groups, people }: Company, group: Group): Change[] {
  const { id, name, source, origin, parents, members } = group
  return members.map(({ from, value }) => ({
    at: from,
    record: () => ({
      kind: 'group',
      id,
      source,
      name,
      origin,
      parent_ids: parents.flatMap((parent) => groups[parent]?.id ?? []),
      member_ids: value.flatMap((place) => people[place]?.id ?? []),
      updated_at: timeText(from),
    }),
  }))
}

/** What every asset says of itself. */
const assetOf = ({ people }: Company, { id, name, source, owner, created }: Gpt | Project | Skill | Connector) => ({
  id,
  source,
  name,
  owner_id: people[owner]?.id ?? null,
  created_at: timeText(created),
  updated_at: timeText(created),
})

function gptChanges(company: Company, gpt: Gpt, place: number): Change[] {
  if (gpt.foreign) return []
  const record = (): JsonObject => ({
    kind: 'gpt',
    ...assetOf(company, gpt),
    description: `Helps with ${gpt.name.toLowerCase()}.`,
    url: `https://chatgpt.com/g/${gpt.id}`,
    builder_name: company.people[gpt.owner]?.name ?? null,
    config_type: gpt.config,
    instructions: `You are ${gpt.name}. Answer from the files you were given, name your source, and say when you do not know.`,
    categories: [['productivity'], ['writing'], ['research'], ['programming']][place % 4],
    conversation_starters: ['What can you do?', 'Check this for me', 'Where is that written?'].slice(0, 1 + (place % 3)),
    tools: gpt.acts ? ['browser', 'plugins_prototype'] : ['browser', 'python'],
    sharing: { visibility: ['workspace', 'workspace-with-link', 'private'][place % 3], recipients: [] },
  })
  const { created, deleted } = gpt
  const end =
    deleted === null ? [] : [{ at: deleted, record: () => ({ ...record(), updated_at: timeText(deleted), deleted_at: timeText(deleted) }) }]
  return [{ at: created, record }, ...end]
}

const projectRecord = (company: Company, project: Project): JsonObject => ({
  kind: 'project',
  ...assetOf(company, project),
  description: `Everything about ${project.name}.`,
  url: `https://${project.source === 'claude' ? 'claude.ai/project' : 'chatgpt.com/g'}/${project.id}`,
  config_type: 'live',
  instructions: 'Keep answers short. Use the terms of the glossary.',
  sharing: { visibility: project.shared ? 'workspace' : 'private', recipients: [] },
})

const skillRecord = (company: Company, skill: Skill): JsonObject => ({
  kind: 'skill',
  ...assetOf(company, skill),
  display_name: skill.name,
  description: `How we do ${skill.name.toLowerCase()}.`,
  share_status: skill.enabled ? 'organization' : 'private',
})

const connectorRecord = (company: Company, connector: Connector): JsonObject => ({
  kind: 'connector',
  ...assetOf(company, connector),
  display_name: connector.name,
  publisher: connector.publisher,
  url: connector.url,
  scopes: connector.writes ? ['read', 'write'] : ['read'],
  share_status: connector.approved ? 'organization' : 'private',
  approved: connector.approved,
})

function seatChanges(company: Company): Change[] {
  return company.purchases.map(({ day, seats }) => ({
    at: day * secondsOfDay,
    record: () => ({ kind: 'seats', id: `seats-${dayText(day)}`, source: 'chatgpt', day: dayText(day), purchased: seats }),
  }))
}

/** Agents and plugins: few, and there from the start. */
function helperChanges(company: Company): Change[] {
  const random = randomOf(company.plan, 'helpers')
  const created = company.plan.first * secondsOfDay + 30_000
  const of = (kind: string, name: string): Change => {
    const id = kind === 'agent' ? tagged(random, 'agent_') : uuid(random)
    const person_id = company.people[0]?.id ?? null
    return {
      at: created,
      record: () => ({
        kind,
        id,
        source: 'chatgpt',
        name,
        person_id,
        created_at: timeText(created),
        updated_at: timeText(created),
        data: {},
      }),
    }
  }
  return [of('agent', 'Inbox sorter'), of('agent', 'Weekly digest'), of('plugin', 'Travel desk'), of('plugin', 'Unit converter')]
}
