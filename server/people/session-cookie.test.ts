import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { cookieOf, linkFor, member } from '../../test/support/people.ts'
import { buildApp } from '../app.ts'

const daybook = openTestApp()

test('behind TLS the cookie is bound to the host and never sent in clear', async () => {
  const { config } = daybook.ledger
  const app = await buildApp({ ...daybook.ledger, config: { ...config, url: 'https://daybook.example.com' } })
  try {
    const { id } = await member(daybook, ['owner'])
    const answer = await app.inject({ method: 'POST', url: await linkFor(daybook, id), headers: { origin: 'https://daybook.example.com' } })
    expect(answer.headers['set-cookie']).toMatch(/^__Host-daybook=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const cookie = cookieOf(answer)
    const home = (value: string) => app.inject({ method: 'GET', url: '/', headers: { cookie: value } })
    expect((await home(cookie)).body).toContain('Sign out')
    expect((await home(cookie.replace('__Host-', ''))).body).not.toContain('Sign out')
  } finally {
    await app.close()
  }
})
