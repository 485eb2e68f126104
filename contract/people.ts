import { z } from 'zod'

/** What a key or a role may do. The first word is what it is about; nothing is implied by anything else. */
export const scopes = [
  'compliance:read',
  'compliance:delete',
  'directory:read',
  'activity:read',
  'analytics:read',
  'ingest:write',
  'scim:manage',
  'integrity:read',
  'holds:manage',
  'exports:manage',
  'keys:manage',
  'settings:manage',
  'surveys:manage',
  'findings:manage',
  'people:manage',
] as const
export type Scope = (typeof scopes)[number]
export const scope = z.enum(scopes)

/** The providers' own names for scopes, accepted wherever a scope is given. */
export const providerScopes: Record<string, Scope> = {
  read: 'compliance:read',
  delete: 'compliance:delete',
  'read:compliance_user_data': 'compliance:read',
  'delete:compliance_user_data': 'compliance:delete',
  'read:compliance_org_data': 'directory:read',
  'read:compliance_activities': 'activity:read',
  'read:security': 'activity:read',
  'read:analytics': 'analytics:read',
}

export const roles = [
  'owner',
  'admin',
  'analytics_viewer',
  'member',
  'compliance_officer',
  'legal',
  'security_analyst',
  'auditor',
  'key_manager',
] as const
export type Role = (typeof roles)[number]
export const role = z.enum(roles)

/** Role → scopes. No role of the workspace reads content, owners included; the record's roles do, each for its own work. */
export const roleScopes: Record<Role, readonly Scope[]> = {
  owner: [
    'directory:read',
    'activity:read',
    'analytics:read',
    'settings:manage',
    'people:manage',
    'keys:manage',
    'surveys:manage',
    'findings:manage',
  ],
  admin: ['directory:read', 'analytics:read', 'settings:manage', 'people:manage', 'surveys:manage'],
  analytics_viewer: ['analytics:read'],
  member: [],
  compliance_officer: ['compliance:read', 'directory:read', 'activity:read', 'exports:manage'],
  legal: ['compliance:read', 'directory:read', 'holds:manage', 'exports:manage'],
  security_analyst: ['activity:read', 'directory:read', 'findings:manage'],
  auditor: ['activity:read', 'integrity:read', 'directory:read'],
  key_manager: ['keys:manage'],
}

/** Role → the roles that somebody who holds it gives and takes. Nobody reaches above themselves; a record role takes a second person, too. */
export const givenBy: Record<Role, readonly Role[]> = {
  owner: roles,
  admin: ['admin', 'analytics_viewer', 'member'],
  analytics_viewer: [],
  member: [],
  compliance_officer: [],
  legal: [],
  security_analyst: [],
  auditor: [],
  key_manager: [],
}

/** What opens the record itself: to read it, to delete from it, to hold it, to take it away. */
const recordScopes: readonly Scope[] = ['compliance:read', 'compliance:delete', 'holds:manage', 'exports:manage']

/** The roles that nobody gets from one person alone. */
export const recordRoles: readonly Role[] = roles.filter((one) => roleScopes[one].some((scope) => recordScopes.includes(scope)))

export function isRecordRole(one: Role): boolean {
  return recordRoles.includes(one)
}

/** The APIs that the primary owner switches, and the scopes that a key loses while one is off. */
export const apis = ['compliance', 'analytics'] as const
export type Api = (typeof apis)[number]
export const apiScopes: Record<Api, readonly Scope[]> = {
  compliance: ['compliance:read', 'compliance:delete', 'directory:read', 'activity:read'],
  analytics: ['analytics:read'],
}

export function scopesOf(held: readonly Role[]): Set<Scope> {
  return new Set(held.flatMap((one) => roleScopes[one]))
}
