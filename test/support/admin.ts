import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { Role } from '../../contract/people.ts'
import type { Place, TestApp } from './app.ts'
import { member, signIn } from './people.ts'

type Method = NonNullable<InjectOptions['method']>

/** Somebody who is signed in and asks the API as a page of ours does. */
export interface Somebody {
  readonly id: string
  readonly email: string
  readonly cookie: string
  /** What comes back, whatever it is. */
  ask(method: Method, url: string, payload?: object): Promise<LightMyRequestResponse>
  /** What comes back where it has to succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  does(method: Method, url: string, payload?: object): Promise<any>
  /** The words of a refusal with this status. */
  isRefused(status: number, method: Method, url: string, payload?: object): Promise<string>
}

export async function somebody(daybook: TestApp, roles: Role[], workspace: Place | null = null): Promise<Somebody> {
  const { id, email } = await member(daybook, roles, workspace)
  return signedIn(daybook, id, email)
}

/** A member there is already, in a new session. */
export async function signedIn(daybook: TestApp, id: string, email: string): Promise<Somebody> {
  const cookie = await signIn(daybook, id)
  const ask = (method: Method, url: string, payload?: object) =>
    daybook.inject({ method, url, headers: { cookie, 'sec-fetch-site': 'same-origin' }, ...(payload ? { payload } : {}) })
  return {
    id,
    email,
    cookie,
    ask,
    async does(method, url, payload) {
      const answer = await ask(method, url, payload)
      expect(answer.statusCode, answer.body).toBe(200)
      return answer.json()
    },
    async isRefused(status, method, url, payload) {
      const answer = await ask(method, url, payload)
      expect(answer.statusCode, answer.body).toBe(status)
      return answer.json().detail
    },
  }
}
