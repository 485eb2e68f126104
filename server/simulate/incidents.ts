import type { JsonObject } from '../intake/found.ts'
import { abroad, activityRecord, type Deed, home, office, stranger } from './activity.ts'
import { secondsOfDay, timeText, weekdayOf } from './calendar.ts'
import type { Company } from './company.ts'
import { tagged, uuid } from './ids.ts'
import { at, isThere, type Person } from './people.ts'
import { randomOf } from './plan.ts'
import type { Random } from './random.ts'

/** Something that a detection has to find, with the activity that shows it. */
export interface Incident {
  /** What it is, and the use case and rule that are about it. */
  readonly what: string
  readonly rule: string
  readonly personId: string
  readonly first: number
  readonly last: number
  readonly records: readonly JsonObject[]
}

interface Scene {
  readonly company: Company
  readonly random: Random
  /** Somebody who is there, and an admin. */
  readonly person: Person
  readonly admin: Person
  /** Half past nine of its day. */
  readonly morning: number
}

interface Script {
  readonly what: string
  readonly rule: string
  readonly deeds: (scene: Scene) => Deed[]
}

/** One of each for every 150 people, in the last three months of the history. Histories of less than two weeks have none. */
export function incidentsOf(company: Company): Incident[] {
  const { first, last, people } = company.plan
  if (last - first < 14) return []
  const rounds = Math.max(1, Math.round(people / 150))
  const found: Incident[] = []
  for (let round = 0; round < rounds; round++)
    scripts.forEach((script, place) => {
      const random = randomOf(company.plan, 'incident', round, place)
      const day = last - 2 - random.int(Math.min(85, last - first - 10))
      const scene = sceneOf(company, random, day)
      const deeds = scene ? script.deeds(scene) : []
      const [opening, closing] = [deeds[0], deeds.at(-1)]
      if (!opening || !closing || !scene) return
      found.push({
        what: script.what,
        rule: script.rule,
        personId: (opening.by ?? closing.by ?? scene.person).id,
        first: opening.at,
        last: closing.at,
        records: deeds.map((deed) => activityRecord(random, deed)),
      })
    })
  const begins = first * secondsOfDay
  return found.filter((one) => one.first >= begins).sort((a, b) => a.first - b.first)
}

/** As the side file lists it. */
export function incidentEntry({ what, rule, personId, first, last, records }: Incident): JsonObject {
  return { what, rule, person_id: personId, from: timeText(first), to: timeText(last), activity_ids: records.map(({ id }) => id) }
}

function sceneOf(company: Company, random: Random, day: number): Scene | null {
  const morning = day * secondsOfDay + 34_200
  const there = company.people.filter((person) => isThere(person, morning))
  const admin = there.find((person) => at(person.roles, morning) !== 'member')
  const members = there.filter((person) => at(person.roles, morning) === 'member' && person.place > 4)
  return admin && members.length > 0 ? { company, random, person: random.pick(members), admin, morning } : null
}

const many = (count: number, deed: (i: number) => Deed) => Array.from({ length: count }, (_, i) => deed(i))

const scripts: readonly Script[] = [
  { what: 'mass download', rule: 'UC-11 X1', deeds: massDownload },
  { what: 'impossible travel', rule: 'UC-05 travel', deeds: impossibleTravel },
  { what: 'password guessing', rule: 'UC-05 failures before a sign-in', deeds: bruteForce },
  { what: 'refused access in a burst', rule: 'UC-05 denied', deeds: deniedBurst },
  { what: 'settings changed at night', rule: 'UC-09 G1', deeds: offHoursAdmin },
  { what: 'key made by somebody who left', rule: 'UC-15', deeds: keyOfTheDeparted },
  { what: 'role granted to oneself', rule: 'UC-03 P2', deeds: selfGrant },
  { what: 'shared with everybody', rule: 'UC-11 X6', deeds: madePublic },
  { what: 'connector nobody approved', rule: 'UC-01 S1', deeds: unknownConnector },
  { what: 'export by a member', rule: 'UC-11 X4', deeds: memberExport },
]

function massDownload({ random, person, morning }: Scene): Deed[] {
  return many(120, (i) => {
    const id = tagged(random, 'claude_file_')
    return {
      type: 'claude_file_viewed',
      at: morning + i * 18,
      by: person,
      network: home,
      target: { kind: 'file', id },
      data: { claude_file_id: id, filename: null },
    }
  })
}

function impossibleTravel({ person, morning }: Scene): Deed[] {
  const data = { auth_method: 'sso' }
  return [
    { type: 'sso_login_succeeded', at: morning, by: person, network: office, data },
    { type: 'sso_login_succeeded', at: morning + 2100, by: person, network: abroad, data },
  ]
}

function bruteForce({ random, person, morning }: Scene): Deed[] {
  const email = at(person.emails, morning)
  const failures = many(8, (i): Deed => {
    return { type: 'magic_link_login_failed', at: morning + i * 90, by: null, actor: stranger(random, email, abroad), outcome: 'failure' }
  })
  return [
    ...failures,
    { type: 'magic_link_login_succeeded', at: morning + 900, by: person, network: abroad, data: { auth_method: 'magic_link' } },
  ]
}

function deniedBurst({ random, person, morning }: Scene): Deed[] {
  return many(60, (i) => {
    const id = uuid(random)
    return {
      type: 'claude_chat_access_failed',
      at: morning + i * 8,
      by: person,
      target: { kind: 'chat', id },
      outcome: 'failure',
      data: { claude_chat_id: id },
    }
  })
}

/** In the small hours of a Sunday. */
function offHoursAdmin({ admin, morning }: Scene): Deed[] {
  const day = Math.floor(morning / secondsOfDay)
  const night = (day - weekdayOf(day)) * secondsOfDay + 10_200
  const updates = [{ type: 'data_retention_periods', previous_value: '365', current_value: '30' }]
  return [
    { type: 'org_ip_restriction_deleted', at: night, by: admin, network: home },
    { type: 'claude_organization_settings_updated', at: night + 240, by: admin, network: home, data: { updates } },
  ]
}

function keyOfTheDeparted({ company, random }: Scene): Deed[] {
  const gone = company.people.filter(({ left }) => left !== null && left < (company.plan.last - 3) * secondsOfDay)
  if (gone.length === 0) return []
  const by = random.pick(gone)
  const id = tagged(random, 'apikey_')
  const data = { api_key_id: id, scopes: ['read:compliance_user_data', 'delete:compliance_user_data'] }
  return [{ type: 'api_key_created', at: (by.left ?? 0) + 2 * secondsOfDay, by, network: home, target: { kind: 'api_key', id }, data }]
}

function selfGrant({ admin, morning }: Scene): Deed[] {
  const data = { target_id: admin.id, target_type: 'user', role: 'compliance_officer', resource_type: 'organization', resource_id: null }
  return [{ type: 'role_assignment_granted', at: morning, by: admin, target: { kind: 'user', id: admin.id }, data }]
}

function madePublic({ random, person, morning }: Scene): Deed[] {
  const id = tagged(random, 'claude_artifact_')
  const data = {
    claude_artifact_id: id,
    claude_artifact_version_id: `${id}_1`,
    audience: [{ type: 'anyone_with_link' }],
    previous_mode: 'users',
    new_mode: 'public',
  }
  return [{ type: 'claude_artifact_sharing_updated', at: morning, by: person, target: { kind: 'artifact', id }, data }]
}

function unknownConnector({ random, person, morning }: Scene): Deed[] {
  const id = tagged(random, 'mcp_')
  const data = { mcp_server_id: id, mcp_server_name: 'Quick Notes Sync' }
  const target = { kind: 'mcp_server', id }
  return [
    { type: 'mcp_server_created', at: morning, by: person, target, data },
    { type: 'integration_user_connected', at: morning + 60, by: person, target, data: { ...data, integration_type: 'mcp' } },
  ]
}

function memberExport({ person, morning }: Scene): Deed[] {
  const data = { export_type: 'conversations' }
  return [
    { type: 'org_data_export_started', at: morning, by: person, data },
    { type: 'org_data_export_completed', at: morning + 600, by: person, data },
    { type: 'org_data_export_accessed', at: morning + 700, by: person, data },
  ]
}
