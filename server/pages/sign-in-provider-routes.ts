import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { contextOrNobody } from '../people/authenticate.ts'
import { logOutByProvider, signOutAddress } from '../people/oidc-logout.ts'
import { providerOf } from '../people/oidc-providers.ts'
import { arriveFrom, departTo } from '../people/oidc-sign-in.ts'
import { originOf } from '../people/same-origin.ts'
import { openStep, sealStep } from '../people/sealed-step.ts'
import { endedStepCookie, stepCookie, stepCookieOf } from '../people/session-cookie.ts'
import { Refusal } from '../platform/refusal.ts'
import { fieldsOf, landing, localPath, send, showDoor, visitOf, welcome } from './sign-in-door.ts'
import { signedOutPage } from './sign-in-page.ts'

const open = { config: { access: 'open' }, schema: { hide: true } } as const
type Provider = { Params: { provider: string }; Querystring: Record<string, unknown> }

/** To a provider and back; out there as well; and its own word that somebody signed out there. */
export function providerRoutes(app: FastifyInstance, ledger: Ledger): void {
  const { config } = ledger
  app.get<Provider>('/sign-in/with/:provider', open, async (request, reply) => {
    const provider = providerOf(ledger, request.params.provider)
    const next = localPath(request.query.next)
    // Who is in already and comes to the door wants to prove who they are.
    const again = (await contextOrNobody(ledger, request)) !== null
    return orDoor(ledger, reply, next, async () => {
      const { url, cookie } = await departTo(ledger, provider, {
        origin: originOf(config, request),
        next: next ?? '',
        again,
      })
      return reply.header('set-cookie', stepCookie(config, request, cookie)).redirect(url, 302)
    })
  })
  app.get<Provider>('/sign-in/with/:provider/callback', open, async (request, reply) => {
    const provider = providerOf(ledger, request.params.provider)
    const back = {
      cookie: stepCookieOf(config, request),
      origin: originOf(config, request),
      query: new URL(request.url, 'http://here.invalid').searchParams,
    }
    reply.header('set-cookie', endedStepCookie(config, request))
    return orDoor(ledger, reply, null, async () => {
      const { person, session, next } = await arriveFrom(ledger, provider, visitOf(ledger, request), back)
      const cookies = [endedStepCookie(config, request)]
      reply.removeHeader('set-cookie')
      return welcome(ledger, request, reply, { session, cookies, next: localPath(next) ?? landing(person) })
    })
  })
  // A provider's server calls this and no browser, so there is no origin to look at: what counts is the signature.
  app.post<Provider>('/sign-in/with/:provider/logout', open, async (request, reply) => {
    const provider = providerOf(ledger, request.params.provider)
    try {
      await logOutByProvider(ledger, provider, visitOf(ledger, request), fieldsOf(request).logout_token ?? '')
      return reply.code(200).send()
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'bad_request') throw error
      return reply.code(400).send({ error: 'invalid_request', error_description: error.message })
    }
  })
  signOutThere(app, ledger)
}

/** The door again, with what went wrong; a provider that is down closes only its own way in. */
async function orDoor<R>(ledger: Ledger, reply: Parameters<typeof showDoor>[1], next: string | null, work: () => Promise<R>) {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'not_found') throw error
    if (error.cause) ledger.log.warn({ event: 'provider', err: error.cause })
    return showDoor(ledger, reply, { status: error.status, next, problem: error.message })
  }
}

const purpose = 'signed-out'
const signedOut = z.object({ provider: z.string(), idToken: z.string().nullable() })

/** A cookie holds four kilobytes; without the token a provider asks before it signs somebody out. */
const longestToken = 2400

/** What the sign-out leaves with the browser, so that it can go on to the provider. */
export function sealSignOut(ledger: Ledger, { provider, idToken }: { provider: string; idToken: string }): string {
  return sealStep(ledger, purpose, 10, { provider, idToken: idToken.length <= longestToken ? idToken : null })
}

function signOutThere(app: FastifyInstance, ledger: Ledger): void {
  const { config } = ledger
  app.get('/signed-out', open, async (request, reply) => {
    const left = openStep(ledger, purpose, stepCookieOf(config, request) ?? '', signedOut)?.about
    const provider = left && config.providers.find(({ id }) => id === left.provider)
    return provider ? send(reply, 200, signedOutPage(provider)) : reply.redirect('/', 303)
  })
  app.get<Provider>('/sign-out/at/:provider', open, async (request, reply) => {
    const provider = providerOf(ledger, request.params.provider)
    const left = openStep(ledger, purpose, stepCookieOf(config, request) ?? '', signedOut)?.about
    const idToken = left?.provider === provider.id ? left.idToken : null
    return orDoor(ledger, reply, null, async () => {
      const address = await signOutAddress(ledger, provider, { origin: originOf(config, request), idToken })
      return reply.header('set-cookie', endedStepCookie(config, request)).redirect(address ?? '/', 302)
    })
  })
}
