import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor, Context, Ledger, Session } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { keyIn } from './api-key-text.ts'
import { actorOfKey, type KeyUse } from './api-keys.ts'
import { admit, refuseSpent } from './limits.ts'
import { demandSameOrigin } from './same-origin.ts'
import { actorOfSession } from './session.ts'
import { sessionTokenOf } from './session-cookie.ts'

/**
 * The context of a request: who asks, by API key or, where `sessions` allows it, by the session of a signed-in person. A provider's
 * surface takes keys only, a page in a browser never reaches it. Throws `unauthenticated` for anybody else.
 */
export async function contextOf(ledger: Ledger, request: FastifyRequest, { sessions }: { sessions: boolean }): Promise<Context> {
  const userAgent = userAgentOf(request)
  return { ledger, ...(await callerOf(ledger, request, sessions)), requestId: request.id, address: request.ip, userAgent }
}

/** What a program calls itself, as it is kept with what it did; it may call itself anything, at any length. */
export function userAgentOf(request: FastifyRequest): string | undefined {
  return request.headers['user-agent']?.slice(0, 300)
}

/** The same for pages that are for everybody: null where nobody is signed in. */
export async function contextOrNobody(ledger: Ledger, request: FastifyRequest): Promise<Context | null> {
  try {
    return await contextOf(ledger, request, { sessions: true })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unauthenticated') return null
    throw error
  }
}

/**
 * The same for every route of a plugin, and before the body is read: who is nobody gets no other answer and costs nothing more.
 * Returns where a handler finds the context of its request.
 */
export function authenticateFirst(
  app: FastifyInstance,
  ledger: Ledger,
  options: { sessions: boolean },
): (request: FastifyRequest) => Context {
  const contexts = new WeakMap<FastifyRequest, Context>()
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, keysOnly: !options.sessions }
  })
  app.addHook('onRequest', async (request, reply) => {
    refuseSpent(ledger, request, reply)
    const ctx = await contextOf(ledger, request, options)
    await admit(ctx, request, reply)
    contexts.set(request, ctx)
  })
  return (request) => {
    const ctx = contexts.get(request)
    if (!ctx) throw new Error('this request was not authenticated')
    return ctx
  }
}

async function callerOf(ledger: Ledger, request: FastifyRequest, sessions: boolean): Promise<{ actor: Actor; session?: Session }> {
  const key = keyIn(request)
  if (key !== null) return { actor: await actorOfKey(ledger, key, keyUseOf(request)) }
  const token = sessions ? sessionTokenOf(ledger.config, request) : null
  if (token === null) throw new Refusal('unauthenticated', sessions ? 'an API key or a signed-in person is needed' : 'an API key is needed')
  // What a browser sends by itself, cookies, must not be enough for a change: another site's form would do.
  if (request.method !== 'GET' && request.method !== 'HEAD') demandSameOrigin(ledger.config, request)
  const { person, session } = await actorOfSession(ledger, token)
  return { actor: person, session }
}

/** Where a key is used: the route as it was registered, since an address may hold ids. */
function keyUseOf(request: FastifyRequest): KeyUse {
  return { address: request.ip, route: `${request.method} ${request.routeOptions.url ?? ''}`, requestId: request.id }
}
