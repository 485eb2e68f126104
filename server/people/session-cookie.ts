import { fastifyCookie } from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../platform/config.ts'

/**
 * The cookie's name and attributes. Browsers take a name that starts with `__Host-` only with Secure, and send a Secure cookie only
 * over TLS: without TLS, on the loopback address, the plain name is all there is.
 */
function cookieOf(config: Config, request: FastifyRequest) {
  const secure = request.protocol === 'https' || config.url?.startsWith('https:') === true
  return { name: secure ? '__Host-daybook' : 'daybook', attributes: { path: '/', httpOnly: true, sameSite: 'lax', secure } as const }
}

/** The value of a Set-Cookie header; it goes with the browser's session, the server ends it sooner. */
export function sessionCookie(config: Config, request: FastifyRequest, token: string): string {
  const { name, attributes } = cookieOf(config, request)
  return fastifyCookie.serialize(name, token, attributes)
}

export function endedCookie(config: Config, request: FastifyRequest): string {
  const { name, attributes } = cookieOf(config, request)
  return fastifyCookie.serialize(name, '', { ...attributes, maxAge: 0 })
}

export function sessionTokenOf(config: Config, request: FastifyRequest): string | null {
  const header = request.headers.cookie
  return (header === undefined ? undefined : fastifyCookie.parse(header)[cookieOf(config, request).name]) ?? null
}
