import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appPage, appPageMeta, type appPaths } from '../../contract/app-page.ts'
import type { Role } from '../../contract/people.ts'
import { openTestApp } from '../../test/support/app.ts'
import { linkFor, member, press, signIn, visit } from '../../test/support/people.ts'
import { builtFolder } from './assets.ts'

const daybook = openTestApp()
const unbuilt = !existsSync(join(builtFolder, 'index.html'))
if (unbuilt) console.warn('The document of the web app is not tested: it has not been built. "npm test" builds it.')

async function pageFor(roles: Role[], url: string) {
  const { id } = await member(daybook, roles)
  return visit(daybook, url, await signIn(daybook, id))
}

test('who is not signed in learns how to get in', async () => {
  const answer = await daybook.inject({ method: 'GET', url: '/overview' })
  expect(answer.statusCode).toBe(401)
  expect(answer.body).toContain('npx daybook person link --email')
})

test('who may not see the counts is told who may, and the try is kept', async () => {
  const answer = await pageFor(['member'], '/overview')
  expect(answer.statusCode).toBe(403)
  expect(answer.body).toContain('owner, admin, analytics viewer')
  expect((await daybook.entries('app.open')).at(-1)).toMatchObject({ outcome: 'denied', reason: 'needs analytics:read' })
})

test('a key cannot open a page that is for people', async () => {
  expect((await daybook.get('/overview', await daybook.key(['analytics:read']))).statusCode).toBe(403)
})

test('a reader of the counts lands on them; anybody else where they may be', async () => {
  const landing = async (role: Role) => (await press(daybook, await linkFor(daybook, (await member(daybook, [role])).id))).headers.location
  expect(await landing('analytics_viewer')).toBe('/overview')
  expect(await landing('legal')).toBe('/')
})

test.skipIf(unbuilt)('every path of the app is the same document, which says who reads it and nothing else', async () => {
  const place = await daybook.place('<b>"Numbers" & Co</b>')
  const other = await daybook.place('Foreign')
  const { id, email } = await member(daybook, ['analytics_viewer'], place)
  const cookie = await signIn(daybook, id)
  for (const path of ['/overview', '/sources', '/account'] satisfies (keyof typeof appPaths)[]) {
    const answer = await visit(daybook, path, cookie)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).not.toContain('<b>')
    expect(answer.body).not.toContain(other.id)
    const page = appPage.parse(JSON.parse(metaOf(answer.body)))
    expect(page.person).toEqual({ name: email, roles: ['analytics_viewer'], scopes: ['analytics:read'] })
    expect(page.workspaces).toEqual([{ id: place.id, name: '<b>"Numbers" & Co</b>', kind: 'empty' }])
  }
})

/** As a browser reads it. */
function metaOf(body: string): string {
  const content = new RegExp(`name="${appPageMeta}" content="([^"]*)"`).exec(body)?.[1] ?? ''
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return content.replace(/&([^;]+);/g, (_, name: string) => characters[name] ?? '')
}

test.skipIf(unbuilt)('whose roles show nothing still has an account page, which names no workspace', async () => {
  await daybook.place('Not for everybody')
  const answer = await pageFor(['member'], '/account')
  expect(answer.statusCode).toBe(200)
  expect(appPage.parse(JSON.parse(metaOf(answer.body)))).toMatchObject({ person: { scopes: [] }, workspaces: [] })
})

test.skipIf(unbuilt)('the policy allows scripts of ours alone, no inline one, and styles by a nonce that is never the same', async () => {
  const answers = [await pageFor(['owner'], '/overview'), await pageFor(['owner'], '/overview')]
  const policies = answers.map(({ headers }) => String(headers['content-security-policy']))
  const nonces = policies.map((policy) => /'nonce-([^']+)'/.exec(policy)?.[1] ?? '')
  expect(policies[0]).toContain(`default-src 'none'; script-src 'self'; style-src 'self' 'nonce-`)
  expect(policies.join()).not.toContain('unsafe')
  expect(nonces[0]).not.toBe(nonces[1])
  expect(answers[0]?.body).toContain(`nonce="${nonces[0]}"`)
  expect(answers[0]?.body).not.toMatch(/<script(?![^>]* src=)|<style| style=/)
})

test.skipIf(unbuilt)('what the document names is kept for a year and comes packed', async () => {
  const file = readdirSync(join(builtFolder, 'assets', 'app')).find((name) => /^index-.*\.js$/.test(name))
  const answer = await daybook.inject({ method: 'GET', url: `/assets/app/${file}`, headers: { 'accept-encoding': 'br' } })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringMatching(/^(text|application)\/javascript; charset=utf-8$/),
    'content-encoding': 'br',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  })
})

test('what is not there is not kept, and nothing outside its folder is there', async () => {
  for (const name of ['none.js', '..%2findex.html', '..%2f..%2fpackage.json', '%2e%2e']) {
    const answer = await daybook.inject({ method: 'GET', url: `/assets/app/${name}` })
    expect([name, answer.statusCode]).toEqual([name, 404])
    expect(answer.headers['cache-control']).toBe('no-store')
  }
})
