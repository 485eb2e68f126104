import { describe, expect, test } from 'vitest'
import { providerScopes, roleScopes, roles, scope, scopes, scopesOf } from './people.ts'

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

  test('whoever holds several may do what any of them allows', () => {
    expect(scopesOf(['auditor', 'key_manager'])).toEqual(new Set([...roleScopes.auditor, ...roleScopes.key_manager]))
  })
})

test('every name of a provider stands for a scope of ours', () => {
  expect(Object.values(providerScopes).filter((one) => !scope.safeParse(one).success)).toEqual([])
  expect(Object.keys(providerScopes).filter((name) => scope.safeParse(name).success)).toEqual([])
  expect(providerScopes['read:compliance_user_data']).toBe('compliance:read')
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
