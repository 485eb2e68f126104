import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { OperatorError } from './refusal.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-providers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (env: NodeJS.ProcessEnv) => readConfig(env, folder).providers
const withFile = (list: unknown, env: NodeJS.ProcessEnv = {}) => {
  writeFileSync(join(folder, 'providers.json'), typeof list === 'string' ? list : JSON.stringify(list))
  return read({ OIDC_PROVIDERS_FILE: 'providers.json', ...env })
}
const mistakes = (work: () => unknown): string[] => {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorError)
    const [, ...lines] = (error as OperatorError).message.split('\n') // just seen to be one
    return lines.map((line) => line.trim())
  }
  return []
}

const one = { id: 'entra', name: 'Entra', issuer: 'https://login.example.com/tenant/v2.0', client_id: 'abc', client_secret: 'hush' }

test('without any setting nobody else lets people in', () => {
  expect(read({})).toEqual([])
  expect(read({ OIDC_ISSUER: '', OIDC_CLIENT_ID: '' })).toEqual([])
})

test('three variables make a provider that brings nobody and gives no roles', () => {
  const [provider] = read({ OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'abc', OIDC_CLIENT_SECRET: 'hush' })
  expect(provider).toEqual({
    ...{ id: 'sso', name: 'single sign-on', issuer: 'https://id.example.com', clientId: 'abc', clientSecret: 'hush' },
    ...{ scopes: ['openid', 'email', 'profile'], trustsEmail: false, joins: false, groupsClaim: 'groups', roles: {} },
  })
})

test('a file brings more of them, each with its own rules, after the first', () => {
  const roles = { 'daybook-admins': 'admin' }
  const list = [{ ...one, scopes: ['email', 'groups'], trusts_email: true, joins: true, groups_claim: 'roles', roles }]
  const [first, second] = withFile(list, { OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'abc', OIDC_NAME: 'Example' })
  expect(first).toMatchObject({ id: 'sso', name: 'Example', clientSecret: null })
  expect(second).toMatchObject({
    id: 'entra',
    scopes: ['openid', 'email', 'groups'],
    trustsEmail: true,
    joins: true,
    groupsClaim: 'roles',
    roles,
  })
})

describe('it is a mistake', () => {
  test.each([
    ['to name an issuer without a client', () => read({ OIDC_ISSUER: 'https://id.example.com' }), 'OIDC_ISSUER, OIDC_CLIENT_ID: set both'],
    [
      'to speak in the clear beyond this machine',
      () => read({ OIDC_ISSUER: 'http://id.example.com', OIDC_CLIENT_ID: 'a' }),
      'OIDC_ISSUER: must be an https://',
    ],
    ['to write nonsense for an issuer', () => read({ OIDC_ISSUER: 'id.example.com', OIDC_CLIENT_ID: 'a' }), 'OIDC_ISSUER: '],
    [
      'to name a file that is not there',
      () => read({ OIDC_PROVIDERS_FILE: 'nowhere.json' }),
      'OIDC_PROVIDERS_FILE: there is no file nowhere.json',
    ],
    ['to write a file that is no JSON', () => withFile('{'), 'OIDC_PROVIDERS_FILE: the list: '],
    ['to give two providers one id', () => withFile([one, one]), 'OIDC_PROVIDERS_FILE: two providers have the id entra'],
    ['to misspell a setting', () => withFile([{ ...one, join: true }]), 'OIDC_PROVIDERS_FILE: 0: '],
    [
      'to give ownership by a group',
      () => withFile([{ ...one, roles: { bosses: 'owner' } }]),
      'OIDC_PROVIDERS_FILE: 0.roles.bosses: must be one of admin, analytics_viewer, member',
    ],
    [
      'to give a role of the record by a group',
      () => withFile([{ ...one, roles: { lawyers: 'legal' } }]),
      'OIDC_PROVIDERS_FILE: 0.roles.lawyers: ',
    ],
  ])('%s', (_title, work, words) => {
    expect(mistakes(work)).toEqual([expect.stringContaining(words)])
  })

  test('and no mistake repeats a secret', () => {
    expect(mistakes(() => withFile([{ ...one, id: 'A B' }])).join()).not.toContain('hush')
  })
})

test('the lengths of sessions are taken within their limits', () => {
  expect(readConfig({}, folder).sessions).toEqual({ idleMinutes: 30, longestHours: 12 })
  expect(readConfig({ DAYBOOK_SESSION_IDLE: '5', DAYBOOK_SESSION_HOURS: '168' }, folder).sessions).toEqual({
    idleMinutes: 5,
    longestHours: 168,
  })
  for (const env of [
    { DAYBOOK_SESSION_IDLE: '4' },
    { DAYBOOK_SESSION_IDLE: '721' },
    { DAYBOOK_SESSION_HOURS: '169' },
    { DAYBOOK_SESSION_HOURS: '0' },
  ])
    expect(mistakes(() => readConfig(env, folder))).toHaveLength(1)
})
