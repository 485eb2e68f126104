import type { FastifyReply, FastifyRequest } from 'fastify'
import { allows, type Ledger } from '../ledger/context.ts'
import { userAgentOf } from '../people/authenticate.ts'
import type { Person, Visit } from '../people/session.ts'
import { deviceCookieOf, sessionCookie, sessionTokenOf } from '../people/session-cookie.ts'
import type { SignedIn } from '../people/sign-in-begin.ts'
import { waysThere } from '../people/sign-in-ways.ts'
import { Refusal } from '../platform/refusal.ts'
import { signInPage } from './sign-in-page.ts'

/** What the pages of the sign-in have in common. */

export function send(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page)
}

/** Who knocks. A session they bring along is replaced when they come in. */
export function visitOf({ config }: Ledger, request: FastifyRequest): Visit & { deviceCookie: string | null } {
  return {
    requestId: request.id,
    address: request.ip,
    userAgent: userAgentOf(request),
    replaces: sessionTokenOf(config, request),
    deviceCookie: deviceCookieOf(config, request),
  }
}

/** The sign-in page, whatever brought somebody there. */
export async function showDoor(
  ledger: Ledger,
  reply: FastifyReply,
  {
    status = 200,
    next = null,
    problem = null,
    email = '',
  }: { status?: number; next?: string | null; problem?: string | null; email?: string },
): Promise<FastifyReply> {
  const page = signInPage({ ...(await waysThere(ledger)), providers: ledger.config.providers, next, problem, email })
  return send(allowScript(reply), status, page)
}

/** Our own script may run and may speak with us; nothing else changes. */
export function allowScript(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', policy)
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Does what may be refused; a refusal is told on the page that `again` shows. */
export async function orSay(
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
  again: (refusal: Refusal) => FastifyReply | Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error
    if (error.detail.retryAfter !== undefined) reply.header('retry-after', Math.ceil(error.detail.retryAfter))
    return again(error)
  }
}

/** Somebody is in: their cookie, and on to where they wanted to go. */
export function welcome(
  { config }: Ledger,
  request: FastifyRequest,
  reply: FastifyReply,
  { session, cookies = [], next }: { session: SignedIn['session']; cookies?: readonly string[]; next: string },
): FastifyReply {
  const all = [sessionCookie(config, request, session), ...cookies]
  return reply.header('set-cookie', all.length === 1 ? all[0] : all).redirect(next, 303)
}

/** Where somebody lands who wanted nothing in particular. */
export function landing(person: Person): string {
  return allows(person, 'analytics:read') ? '/overview' : '/'
}

/** A path of ours out of a request; null for anything that could lead elsewhere. */
export function localPath(text: unknown): string | null {
  if (typeof text !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.length > 2000) return null
  const url = new URL(text, 'http://here.invalid')
  return url.origin === 'http://here.invalid' ? `${url.pathname}${url.search}` : null
}

/** The fields of a form that was posted. */
export function fieldsOf(request: FastifyRequest): Record<string, string> {
  const { body } = request
  if (!(body instanceof URLSearchParams)) return {}
  return Object.fromEntries(body)
}
