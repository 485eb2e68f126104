import type { LightMyRequestResponse } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import { expect } from 'vitest'
import { recoveryCodes, totpSetup } from '../../contract/account.ts'
import type { Role } from '../../contract/people.ts'
import type { TestApp } from './app.ts'
import { cookieOf, member, signIn } from './people.ts'

/** What an authenticator app shows at a moment. */
export function codeOf(secret: string, at: { epochMilliseconds: number }): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30, timestamp: at.epochMilliseconds })
}

/** A request of a signed-in person, as the pages make it. */
export function ask(
  daybook: TestApp,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  cookie: string,
  payload?: object,
): Promise<LightMyRequestResponse> {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  return daybook.inject(payload === undefined ? { method, url, headers } : { method, url, headers, payload })
}

/** A form as a browser posts it. */
export function post(
  daybook: TestApp,
  url: string,
  fields: Record<string, string>,
  { cookie = '', address = '192.0.2.1' }: { cookie?: string; address?: string } = {},
): Promise<LightMyRequestResponse> {
  return daybook.inject({
    method: 'POST',
    url,
    remoteAddress: address,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...(cookie ? { cookie } : {}) },
    payload: new URLSearchParams(fields).toString(),
  })
}

export interface Account {
  readonly id: string
  readonly email: string
  readonly password: string
  /** Of the app, base32. */
  readonly secret: string
  readonly recoveryCodes: readonly string[]
  /** The session that set it up. */
  readonly cookie: string
}

/** Somebody with a password and an app. The code of this half minute is used up. */
export async function accountWithPassword(daybook: TestApp, roles: Role[]): Promise<Account> {
  const { id, email } = await member(daybook, roles)
  const cookie = await signIn(daybook, id)
  const password = 'many words nobody guesses'
  const { setup, secret } = totpSetup.parse((await ask(daybook, 'POST', '/api/account/totp', cookie)).json())
  const code = codeOf(secret, daybook.ledger.clock.now())
  const answer = await ask(daybook, 'PUT', '/api/account/password', cookie, { password, setup, code })
  expect(answer.statusCode, answer.body).toBe(200)
  return { id, email, password, secret, recoveryCodes: recoveryCodes.parse(answer.json()).recovery_codes ?? [], cookie }
}

/** The first half of a sign-in with a password; what the page carries into the second. */
export async function stepAfter(answer: LightMyRequestResponse): Promise<string> {
  expect(answer.statusCode, answer.body).toBe(200)
  return /name="step" value="([\w-]+)"/.exec(answer.body)?.[1] ?? ''
}

export const cookiesOf = (answer: LightMyRequestResponse) =>
  [answer.headers['set-cookie'] ?? []].flat().map((one) => one.split(';')[0] ?? '')
export { cookieOf }
