import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor, Context, Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { actorOfKey } from './api-keys.ts'
import { demandSameOrigin } from './same-origin.ts'
import { actorOfSession } from './session.ts'
import { sessionTokenOf } from './session-cookie.ts'

/**
 * The context of a request: who asks, by API key or, where `sessions` allows it, by the session of a signed-in person. A provider's
 * surface takes keys only, a page in a browser never reaches it. Throws `unauthenticated` for anybody else.
 */
export async function contextOf(ledger: Ledger, request: FastifyRequest, { sessions }: { sessions: boolean }): Promise<Context> {
  return { ledger, actor: await actorOf(ledger, request, sessions), requestId: request.id, address: request.ip }
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
  app.addHook('onRequest', async (request) => {
    contexts.set(request, await contextOf(ledger, request, options))
  })
  return (request) => {
    const ctx = contexts.get(request)
    if (!ctx) throw new Error('this request was not authenticated')
    return ctx
  }
}

async function actorOf(ledger: Ledger, request: FastifyRequest, sessions: boolean): Promise<Actor> {
  const key = keyOf(request)
  if (key !== null) return actorOfKey(ledger, key)
  const token = sessions ? sessionTokenOf(ledger.config, request) : null
  if (token === null) throw new Refusal('unauthenticated', sessions ? 'an API key or a signed-in person is needed' : 'an API key is needed')
  // What a browser sends by itself, cookies, must not be enough for a change: another site's form would do.
  if (request.method !== 'GET' && request.method !== 'HEAD') demandSameOrigin(ledger.config, request)
  return actorOfSession(ledger, token)
}

/** The key of `Authorization: Bearer dbk_…`; some connectors leave the word out. */
function keyOf(request: FastifyRequest): string | null {
  const header = request.headers.authorization?.trim()
  return header ? header.replace(/^bearer\s+/i, '') : null
}
