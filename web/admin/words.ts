import { useEffect, useState } from 'react'
import { Temporal } from 'temporal-polyfill'
import { type Role, roleScopes, type Scope } from '../../contract/people.ts'
import { now, page } from '../page.ts'
import { spanWords } from '../sources/words.ts'

/** `compliance_officer` as people say it. */
export const roleName = (role: Role) => role.replaceAll('_', ' ')
export const roleNames = (roles: readonly Role[]) => roles.map(roleName).join(', ')

/** What each role is there for. */
export const roleMeanings: Record<Role, string> = {
  owner: 'People, keys, settings, counts, findings and the access record. No chats.',
  admin: 'People, settings and counts. No keys, no chats.',
  analytics_viewer: 'Counts, and nothing else.',
  member: 'Nothing of the organization; their own account.',
  compliance_officer: 'Reads chats, the directory and the access record; exports.',
  legal: 'Reads chats and the directory; legal holds; exports.',
  security_analyst: 'The access record, the directory and findings. No chats.',
  auditor: 'The access record, the directory and the proofs. No chats.',
  key_manager: 'API keys, and nothing else.',
}

/** What each scope lets somebody do. */
export const scopeMeanings: Record<Scope, string> = {
  'compliance:read': 'Read chats and everything of the record',
  'compliance:delete': 'Delete from the record',
  'directory:read': 'Read members, groups and settings',
  'activity:read': 'Read who did and who read what',
  'analytics:read': 'Read counts',
  'ingest:write': 'Send records in',
  'scim:manage': 'Keep members in step with a directory',
  'integrity:read': 'Read the proofs that nothing was changed',
  'holds:manage': 'Place and lift legal holds',
  'exports:manage': 'Make exports of the record',
  'keys:manage': 'Make, rotate and revoke API keys',
  'settings:manage': 'Change settings',
  'surveys:manage': 'Run surveys',
  'findings:manage': 'Close findings',
  'people:manage': 'Invite, change and deactivate members',
}

/** What something is for: a workspace by its name, or the whole organization. */
export function reachName(workspace: string | null): string {
  if (workspace === null) return 'The whole organization'
  return page.workspaces.find(({ id }) => id === workspace)?.name ?? workspace
}

export const holds = (scope: Scope) => page.person.scopes.includes(scope)

/** The roles that hold a scope, in words. */
export function rolesHolding(scope: Scope): string {
  return Object.entries<readonly Scope[]>(roleScopes)
    .flatMap(([role, held]) => (held.includes(scope) ? [role.replaceAll('_', ' ')] : []))
    .join(', ')
}

/** The moment, anew every few seconds: what counts down is drawn again. */
export function useNow(): Temporal.Instant {
  const [moment, setMoment] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setMoment(now()), 5000)
    return () => clearInterval(timer)
  }, [])
  return moment
}

/** How long until something, in words; null: it is over. */
export function timeLeft(until: string, from: Temporal.Instant): string | null {
  const seconds = from.until(Temporal.Instant.from(until)).total('seconds')
  return seconds <= 0 ? null : spanWords(seconds)
}
