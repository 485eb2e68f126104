import { describe, expect, test } from 'vitest'
import { apiScopes, givenBy, isRecordRole, providerScopes, recordRoles, roleScopes, roles, scope, scopes, scopesOf } from './people.ts'

describe('roles', () => {
  test('no role of the workspace reads content, owners included', () => {
    const workspaceRoles = ['owner', 'admin', 'analytics_viewer', 'member'] as const
    expect([...scopesOf(workspaceRoles)].filter((one) => one.startsWith('compliance:'))).toEqual([])
  })

  test('no role writes to the record or deletes from it: only keys do', () => {
    const all = scopesOf(roles)
    expect(all.has('ingest:write')).toBe(false)
    expect(all.has('compliance:delete')).toBe(false)
  })

  test('an analytics viewer sees counts and nothing else, a member nothing at all', () => {
    expect([...scopesOf(['analytics_viewer'])]).toEqual(['analytics:read'])
    expect([...scopesOf(['member'])]).toEqual([])
  })

  test('what opens the record is in the roles of the record, and in no other', () => {
    expect(recordRoles).toEqual(['compliance_officer', 'legal'])
    const others = scopesOf(roles.filter((role) => !isRecordRole(role)))
    for (const opens of ['compliance:read', 'compliance:delete', 'holds:manage', 'exports:manage'] as const)
      expect(others.has(opens), opens).toBe(false)
  })

  test('owners and admins give roles, an admin none that can more than an admin', () => {
    expect(roles.filter((role) => givenBy[role].length > 0)).toEqual(['owner', 'admin'])
    const beyond = givenBy.admin.filter((role) => roleScopes[role].some((one) => !roleScopes.admin.includes(one)))
    expect(beyond).toEqual([])
    expect(givenBy.admin).not.toContain('owner')
  })

  test('whoever holds several may do what any of them allows', () => {
    expect(scopesOf(['auditor', 'key_manager'])).toEqual(new Set([...roleScopes.auditor, ...roleScopes.key_manager]))
  })
})

test('every name of a provider stands for a scope of ours', () => {
  expect(Object.values(providerScopes).filter((one) => !scope.safeParse(one).success)).toEqual([])
  expect(Object.keys(providerScopes).filter((name) => scope.safeParse(name).success)).toEqual([])
  expect(providerScopes['read:compliance_user_data']).toBe('compliance:read')
})

test('an API that is switched off takes its own scopes from keys, and intake and integrity from nobody', () => {
  const switched = Object.values(apiScopes).flat()
  expect(new Set(switched).size).toBe(switched.length)
  expect(switched).not.toContain('ingest:write')
  expect(switched).not.toContain('integrity:read')
})

test('the scopes are those of the design', () => {
  expect([...scopes].sort()).toMatchInlineSnapshot(`
    [
      "activity:read",
      "analytics:read",
      "compliance:delete",
      "compliance:read",
      "directory:read",
      "exports:manage",
      "findings:manage",
      "holds:manage",
      "ingest:write",
      "integrity:read",
      "keys:manage",
      "people:manage",
      "scim:manage",
      "settings:manage",
      "surveys:manage",
    ]
  `)
})
