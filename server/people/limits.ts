import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor, Context, Ledger } from '../ledger/context.ts'
import { hmac } from '../platform/crypto.ts'
import { type RateLimits, windowSeconds } from '../platform/rate-limits.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Bucket } from '../platform/request-windows.ts'
import { keyIn } from './api-key-text.ts'
import { sessionTokenOf } from './session-cookie.ts'

/** One quota that a request counts against. */
interface Policy extends Bucket {
  /** As the reply names it. */
  readonly policy: keyof RateLimits
}

/**
 * Counts a request against the quota of its caller and then of the organization, before anything is read for it, and says in the
 * reply how much is left. Throws `too_many` when one of them is used up; that is recorded nowhere, since it would be the very flood.
 */
export async function admit(ctx: Context, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const limits = ctx.ledger.config.rateLimits
  if (limits === null || ctx.actor.kind === 'operator') return
  const { window, left: seconds } = windowOf(ctx.ledger)
  for (const policy of policiesOf(ctx.actor, request, limits)) {
    const { admitted, left } = await ctx.ledger.windows.take(policy, window)
    if (policy.policy !== 'organization') sayHow(reply, policy, left, seconds)
    if (!admitted) throw refused(ctx.ledger, request, reply, policy, { window, seconds })
  }
}

/** Keys that used their quota up, by a keyed hash and the route: the next request is refused before the key is even looked up. */
const spent = new WeakMap<Ledger, Map<string, { window: number; policy: Policy }>>()

/** Refuses the next request of a key whose quota is known to be used up. */
export function refuseSpent(ledger: Ledger, request: FastifyRequest, reply: FastifyReply): void {
  const known = spent.get(ledger)
  if (!known || known.size === 0) return
  const { window, left: seconds } = windowOf(ledger)
  const one = known.get(callOf(ledger, request))
  if (one?.window !== window) return
  sayHow(reply, one.policy, 0, seconds)
  throw tooMany(one.policy, seconds)
}

function refused(
  ledger: Ledger,
  request: FastifyRequest,
  reply: FastifyReply,
  policy: Policy,
  { window, seconds }: { window: number; seconds: number },
): Refusal {
  const known = spent.get(ledger) ?? new Map<string, { window: number; policy: Policy }>()
  if ([...known.values()].some((one) => one.window !== window)) known.clear()
  known.set(callOf(ledger, request), { window, policy })
  spent.set(ledger, known)
  sayHow(reply, policy, 0, seconds)
  return tooMany(policy, seconds)
}

function tooMany({ policy, quota }: Policy, seconds: number): Refusal {
  const whose = { provider: 'this key and route', intake: 'this key', api: 'this caller', organization: 'the whole organization' }[policy]
  return new Refusal('too_many', `${quota} requests a minute are allowed for ${whose}: go on in ${seconds} seconds`, {
    retryAfter: seconds,
  })
}

function callOf(ledger: Ledger, request: FastifyRequest): string {
  // What says who it is and nothing beside it: other cookies would make another caller of everybody each time, and an entry of each.
  const caller = keyIn(request) ?? sessionTokenOf(ledger.config, request) ?? ''
  return hmac(ledger.master.pepper, 'spent\0', `${routeOf(request)}\0${caller}`).toString('base64')
}

const routeOf = (request: FastifyRequest) => `${request.method} ${request.routeOptions.url ?? ''}`

/** The providers count each route by itself, as connectors are written for; ours count what a caller does as a whole. */
function policiesOf(actor: Actor, request: FastifyRequest, limits: RateLimits): Policy[] {
  const url = request.routeOptions.url ?? ''
  const policy = url.startsWith('/v1/') ? 'provider' : url.startsWith('/api/intake/') ? 'intake' : 'api'
  const name = policy === 'provider' ? `${policy} ${actor.id} ${routeOf(request)}` : `${policy} ${actor.id}`
  return [
    { policy, name, quota: limits[policy] },
    { policy: 'organization', name: 'organization', quota: limits.organization },
  ]
}

function windowOf(ledger: Ledger): { window: number; left: number } {
  const now = ledger.clock.now().epochMilliseconds / 1000
  const window = Math.floor(now / windowSeconds)
  return { window, left: Math.max(1, Math.ceil((window + 1) * windowSeconds - now)) }
}

/** draft-ietf-httpapi-ratelimit-headers, and the older names that clients still read. */
function sayHow(reply: FastifyReply, { policy, quota }: Policy, left: number, seconds: number): void {
  reply.headers({
    'ratelimit-policy': `"${policy}";q=${quota};w=${windowSeconds}`,
    ratelimit: `"${policy}";r=${left};t=${seconds}`,
    'x-ratelimit-limit': quota,
    'x-ratelimit-remaining': left,
    'x-ratelimit-reset': seconds,
  })
}
