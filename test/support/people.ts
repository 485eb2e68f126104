import type { LightMyRequestResponse } from 'fastify'
import type { Role } from '../../contract/people.ts'
import { addMember } from '../../server/people/members.ts'
import { operatorContext } from '../../server/people/operator.ts'
import { createSignInLink } from '../../server/people/sign-in.ts'
import { putOffSecuring } from '../../server/people/sign-in-ways.ts'
import type { TestApp } from './app.ts'

let people = 0

/** Somebody who may sign in, with their roles; without a workspace they are for all of them. */
export async function member(daybook: TestApp, roles: Role[], workspace: { number: number; id: string; name: string } | null = null) {
  const email = `person-${++people}@example.com`
  const only = workspace && { number: workspace.number, id: workspace.id, name: workspace.name }
  const added = await addMember(operatorContext(daybook.ledger), { email, roles, workspace: only })
  await putOffSecuring(daybook.ledger, added.id)
  return added
}

/** The path of a new one-time link. */
export async function linkFor(daybook: TestApp, memberId: string): Promise<string> {
  return new URL(await createSignInLink(daybook.ledger, memberId, 'http://localhost')).pathname
}

/** Presses the button behind a link, as a browser does it. */
export function press(daybook: TestApp, path: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return daybook.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
    payload: '',
  })
}

/** Signs somebody in; the value of the Cookie header from then on. */
export async function signIn(daybook: TestApp, memberId: string): Promise<string> {
  const answer = await press(daybook, await linkFor(daybook, memberId))
  return cookieOf(answer)
}

export function cookieOf(answer: LightMyRequestResponse): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

/** A page as a signed-in person gets it. */
export function visit(daybook: TestApp, url: string, cookie: string): Promise<LightMyRequestResponse> {
  return daybook.inject({ method: 'GET', url, headers: { cookie } })
}
