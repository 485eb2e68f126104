import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { activityNames, activityOf } from './activity-names.ts'

const sources = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))

test('every command about people, keys and settings has its place among the activities', () => {
  const commands = sources.flatMap((text) => [...text.matchAll(/command\(\{\s*action: '([\w.-]+)'/g)].map(([, action]) => action ?? ''))
  expect(commands.length).toBeGreaterThan(20)
  expect(commands.filter((action) => !Object.hasOwn(activityNames, action))).toEqual([])
})

test('an entry is named by its variant, and a denied one only where the vocabulary has a word for it', () => {
  expect(activityOf({ action: 'key.revoke', outcome: 'allowed' })?.anthropic).toBe('admin_api_key_deleted')
  expect(activityOf({ action: 'api.switch', outcome: 'allowed', query: { api: 'compliance' } })?.anthropic).toBe(
    'org_compliance_api_settings_updated',
  )
  expect(activityOf({ action: 'api.switch', outcome: 'allowed', query: { api: 'analytics' } })?.anthropic).toBe(
    'org_analytics_api_capability_updated',
  )
  expect(activityOf({ action: 'session.start', outcome: 'allowed', query: { way: 'provider' } })?.anthropic).toBe('sso_login_succeeded')
  expect(activityOf({ action: 'session.start', outcome: 'denied', query: { way: 'provider' } })?.anthropic).toBe('sso_login_failed')
  expect(activityOf({ action: 'session.start', outcome: 'denied' })?.openai?.action).toBe('login_failed')
  expect(activityOf({ action: 'member.roles', outcome: 'denied' })).toBeNull()
  expect(activityOf({ action: 'something.else', outcome: 'allowed' })).toBeNull()
})
