import type { FastifyRequest } from 'fastify'
import type { Config } from '../platform/config.ts'
import { Refusal } from '../platform/refusal.ts'

/**
 * Refuses a form that another site posts in a person's name. Browsers say where a request comes from: Sec-Fetch-Site over TLS and on
 * loopback, Origin with every POST. A client that sends neither is no browser, and nobody can lure it here.
 */
export function demandSameOrigin(config: Config, request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const own = site === undefined ? origin === undefined || isOwn(config, request, origin) : site === 'same-origin' || site === 'none'
  if (!own) throw new Refusal('forbidden', 'this form was sent from another site')
}

function isOwn(config: Config, request: FastifyRequest, origin: string): boolean {
  if (config.url !== null && origin === new URL(config.url).origin) return true
  return origin === `${request.protocol}://${request.host}`
}

/** This server as whoever asks sees it: what links, providers and passkeys are made for. */
export function originOf(config: Config, request: FastifyRequest): string {
  const seen = config.url ?? `${request.protocol}://${request.host}`
  if (!URL.canParse(seen)) throw new Refusal('bad_request', 'the request does not say which server it is for')
  return new URL(seen).origin
}
