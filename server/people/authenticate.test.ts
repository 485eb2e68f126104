import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { member, signIn } from '../../test/support/people.ts'

const daybook = openTestApp()

const status = async (url: string, headers: Record<string, string>) => (await daybook.inject({ method: 'GET', url, headers })).statusCode

test('a key is taken from Authorization, with or without the word Bearer, and from nowhere else', async () => {
  const key = await daybook.key(['activity:read'])
  expect(await status('/api/access', { authorization: `Bearer ${key}` })).toBe(200)
  expect(await status('/api/access', { authorization: `bearer  ${key}` })).toBe(200)
  expect(await status('/api/access', { authorization: key })).toBe(200)
  expect(await status('/api/access', { cookie: `daybook=${key}` })).toBe(401)
  expect(await status(`/api/access?key=${key}`, {})).toBe(401)
  expect(await status('/api/access', {})).toBe(401)
})

test('a signed-in person reads our own addresses and never those of a provider', async () => {
  const place = await daybook.place()
  const { id } = await member(daybook, ['compliance_officer'])
  const cookie = await signIn(daybook, id)
  expect(await status('/api/access', { cookie })).toBe(200)
  expect(await status(`/v1/compliance/workspaces/${place.id}/conversations`, { cookie })).toBe(401)
  expect(await status('/api/records', { cookie })).toBe(401)
})

test('a wrong key is refused even where a good session comes with it', async () => {
  const { id } = await member(daybook, ['auditor'])
  const cookie = await signIn(daybook, id)
  expect(await status('/api/access', { cookie, authorization: 'Bearer dbk_act_wrong' })).toBe(401)
})
