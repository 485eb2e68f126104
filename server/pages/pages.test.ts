import { expect, test } from 'vitest'
import type { Role } from '../../contract/people.ts'
import { openTestApp } from '../../test/support/app.ts'
import { linkFor, member, signIn, visit } from '../../test/support/people.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import { operatorContext } from '../people/operator.ts'
import { createWorkspace } from '../people/workspaces.ts'

const daybook = openTestApp()

async function pageFor(roles: Role[], url: string) {
  const { id } = await member(daybook, roles)
  return visit(daybook, url, await signIn(daybook, id))
}

test('who is not signed in learns how to get in, and nothing else', async () => {
  const door = await daybook.inject({ method: 'GET', url: '/' })
  expect(door.statusCode).toBe(200)
  expect(door.body).toContain('npx daybook person link --email')
  expect(door.body).not.toContain(daybook.ledger.organization.id)
  const record = await daybook.inject({ method: 'GET', url: '/access' })
  expect(record.statusCode).toBe(401)
  expect(record.headers['content-type']).toBe('text/html; charset=utf-8')
})

test('before there is a workspace the home says how to make one', async () => {
  expect((await pageFor(['owner'], '/')).body).toContain('npx daybook workspace create --name')
})

test('the home counts the people, conversations and messages of every workspace', async () => {
  const place = await daybook.place('Numbers & Co')
  await daybook.take(place.ingest, [person('u'), conversation('c', 'u'), ...['1', '2', '3'].map((id) => message(id, 'c'))])
  const { body } = await pageFor(['owner'], '/')
  const row = body
    .slice(body.indexOf('Numbers &amp; Co'))
    .split('</tr>')[0]
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
  expect(row).toMatch(new RegExp(`^Numbers &amp; Co ${place.id} your own 1 1 3 $`))
  expect(body).toContain(`npx daybook import chatgpt-export export.zip --workspace`)
})

test('each role sees its part of the home', async () => {
  const shows = async (role: Role) => {
    const { body } = await pageFor([role], '/')
    return ['workspaces', 'record', 'keys', 'members'].filter((part) => body.includes(`<h2 id="${part}">`))
  }
  expect(await shows('owner')).toEqual(['workspaces', 'record', 'keys', 'members'])
  expect(await shows('analytics_viewer')).toEqual(['workspaces'])
  expect(await shows('key_manager')).toEqual(['keys'])
  expect(await shows('auditor')).toEqual(['workspaces', 'record', 'members'])
  expect(await shows('member')).toEqual([])
})

test('who is bound to a workspace sees that workspace alone', async () => {
  const [own, other] = [await daybook.place('Own'), await daybook.place('Foreign')]
  const { id } = await member(daybook, ['owner'], own)
  const { body } = await visit(daybook, '/', await signIn(daybook, id))
  expect(body).toContain(own.id)
  expect(body).not.toContain(other.id)
  expect(body).not.toContain('owner@localhost')
})

test('keys are shown by their last four characters, never by their text', async () => {
  const key = await daybook.key(['compliance:read'])
  const { body } = await pageFor(['owner'], '/')
  expect(body).toContain(`…${key.slice(-4)}`)
  expect(body).not.toContain(key.slice(8, 51))
})

test('a name that is made of markup stays a name', async () => {
  await createWorkspace(operatorContext(daybook.ledger), { name: '<img src=x onerror=alert(1)>' })
  const { body } = await pageFor(['owner'], '/')
  expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(body).not.toContain('<img')
})

test('pages allow no script, no foreign style and no frame, and no cache keeps them', async () => {
  const { headers, body } = await pageFor(['owner'], '/')
  expect(headers['content-security-policy']).toContain(`default-src 'none'`)
  expect(headers['content-security-policy']).toContain(`frame-ancestors 'none'`)
  expect(headers['content-security-policy']).not.toContain('unsafe-inline')
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['referrer-policy']).toBe('same-origin')
  expect(body).not.toMatch(/<script|style="|onclick/)
  const style = /href="(\/assets\/style-[0-9a-f]+\.css)"/.exec(body)?.[1] ?? ''
  expect((await daybook.inject({ method: 'GET', url: style })).headers['content-type']).toBe('text/css; charset=utf-8')
})

test('who may not see the access record is told who may, and the try is kept', async () => {
  const answer = await pageFor(['analytics_viewer'], '/access')
  expect(answer.statusCode).toBe(403)
  expect(answer.body).toContain('owner, compliance officer, security analyst, auditor')
  expect((await daybook.entries('app.open')).at(-1)).toMatchObject({ outcome: 'denied', reason: 'needs activity:read' })
})

test('a key cannot open a page that is for people', async () => {
  const key = await daybook.key(['activity:read'])
  expect((await daybook.get('/access', key)).statusCode).toBe(403)
})

test('each role is shown the way to the pages it may see, and to its own account', async () => {
  const linksOf = async (role: Role) => {
    const { body } = await pageFor([role], '/')
    const navigation = body.slice(body.indexOf('<nav'), body.indexOf('</nav>'))
    return [...navigation.matchAll(/href="([^"]+)"/g)].map(([, path]) => path).filter((path) => path !== '/' && path !== '/api/docs')
  }
  expect(await linksOf('owner')).toEqual(['/overview', '/sources', '/members', '/keys', '/access', '/settings', '/account'])
  expect(await linksOf('legal')).toEqual(['/record', '/record/search', '/sources', '/members', '/settings', '/account'])
  expect(await linksOf('key_manager')).toEqual(['/keys', '/account'])
  expect(await linksOf('auditor')).toEqual(['/members', '/access', '/settings', '/account'])
  expect(await linksOf('member')).toEqual(['/account'])
})

test('the sign-in page shows no more of a strange link than its text', async () => {
  const answer = await daybook.inject({ method: 'GET', url: `/sign-in/${encodeURIComponent('"><script>')}` })
  expect(answer.body).not.toContain('<script>')
  const { id } = await member(daybook, ['member'])
  expect((await daybook.inject({ method: 'GET', url: await linkFor(daybook, id) })).body).toContain('<button class="main">Sign in</button>')
})
