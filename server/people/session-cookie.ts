import { fastifyCookie } from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../platform/config.ts'
import { deviceSeconds } from './sign-in-device.ts'

/** Of what a browser keeps for us: the session; what it has to bring back from a provider; that it has been here before. */
type Kind = 'session' | 'step' | 'device'

const names: Record<Kind, string> = { session: 'daybook', step: 'daybook-step', device: 'daybook-device' }

/** null: it goes with the browser's session, the server ends it sooner. */
const lifetimes: Record<Kind, number | null> = { session: null, step: 600, device: deviceSeconds }

/**
 * A cookie's name and attributes. Browsers take a name that starts with `__Host-` only with Secure, and send a Secure cookie only
 * over TLS: without TLS, on the loopback address, the plain name is all there is.
 */
function cookieOf(config: Config, request: FastifyRequest, kind: Kind) {
  const secure = request.protocol === 'https' || config.url?.startsWith('https:') === true
  return {
    name: secure ? `__Host-${names[kind]}` : names[kind],
    attributes: { path: '/', httpOnly: true, sameSite: 'lax', secure } as const,
  }
}

/** The value of a Set-Cookie header. */
function setCookie(config: Config, request: FastifyRequest, kind: Kind, value: string): string {
  const { name, attributes } = cookieOf(config, request, kind)
  const maxAge = lifetimes[kind]
  return fastifyCookie.serialize(name, value, { ...attributes, ...(maxAge === null ? {} : { maxAge }) })
}

function endedCookieOf(config: Config, request: FastifyRequest, kind: Kind): string {
  const { name, attributes } = cookieOf(config, request, kind)
  return fastifyCookie.serialize(name, '', { ...attributes, maxAge: 0 })
}

function readCookie(config: Config, request: FastifyRequest, kind: Kind): string | null {
  const header = request.headers.cookie
  return (header === undefined ? undefined : fastifyCookie.parse(header)[cookieOf(config, request, kind).name]) ?? null
}

export const sessionCookie = (config: Config, request: FastifyRequest, token: string) => setCookie(config, request, 'session', token)
export const endedCookie = (config: Config, request: FastifyRequest) => endedCookieOf(config, request, 'session')
export const sessionTokenOf = (config: Config, request: FastifyRequest) => readCookie(config, request, 'session')

export const stepCookie = (config: Config, request: FastifyRequest, sealed: string) => setCookie(config, request, 'step', sealed)
export const endedStepCookie = (config: Config, request: FastifyRequest) => endedCookieOf(config, request, 'step')
export const stepCookieOf = (config: Config, request: FastifyRequest) => readCookie(config, request, 'step')

export const deviceCookie = (config: Config, request: FastifyRequest, sealed: string) => setCookie(config, request, 'device', sealed)
export const deviceCookieOf = (config: Config, request: FastifyRequest) => readCookie(config, request, 'device')
