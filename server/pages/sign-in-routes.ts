import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { passkeyAnswer } from '../../contract/account.ts'
import { parseInput } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import { contextOrNobody } from '../people/authenticate.ts'
import { demandSite } from '../people/passkey.ts'
import { demandSameOrigin, originOf } from '../people/same-origin.ts'
import { endSession } from '../people/session.ts'
import { deviceCookie, endedCookie, sessionCookie, sessionTokenOf, stepCookie } from '../people/session-cookie.ts'
import { signIn } from '../people/sign-in.ts'
import { newDevice } from '../people/sign-in-device.ts'
import { passkeySignInOptions, signInWithPasskey } from '../people/sign-in-passkey.ts'
import { checkSignInPassword, signInWithCode } from '../people/sign-in-password.ts'
import { isUnsecured } from '../people/sign-in-ways.ts'
import { refusalOf, sendProblem } from '../platform/http.ts'
import { fieldsOf, landing, localPath, orSay, send, showDoor, visitOf, welcome } from './sign-in-door.ts'
import { codePage, linkPage } from './sign-in-page.ts'
import { providerRoutes, sealSignOut } from './sign-in-provider-routes.ts'
import { secureRoutes } from './sign-in-secure-routes.ts'

const open = { config: { access: 'open' }, schema: { hide: true } } as const

/** Every way in, and the way out. */
export async function signInRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  app.get<{ Querystring: Record<string, unknown> }>('/sign-in', open, async (request, reply) =>
    showDoor(ledger, reply, { next: localPath(request.query.next) }),
  )
  passwordRoutes(app, ledger)
  linkRoutes(app, ledger)
  providerRoutes(app, ledger)
  signOutRoute(app, ledger)
  await app.register(async (scripted) => passkeyRoutes(scripted, ledger))
  await app.register(async (own) => secureRoutes(own, ledger))
}

function passwordRoutes(app: FastifyInstance, ledger: Ledger): void {
  const { config } = ledger
  app.post('/sign-in/password', open, async (request, reply) => {
    demandSameOrigin(config, request)
    const { email = '', password = '', ...fields } = fieldsOf(request)
    const next = localPath(fields.next)
    const given = { email: email.slice(0, 320), password: password.slice(0, 1000) }
    return orSay(
      reply,
      async () =>
        send(reply, 200, codePage({ step: await checkSignInPassword(ledger, visitOf(ledger, request), given), next, problem: null })),
      ({ status, message }) => showDoor(ledger, reply, { status, next, problem: message, email: given.email }),
    )
  })
  app.post('/sign-in/code', open, async (request, reply) => {
    demandSameOrigin(config, request)
    const { step = '', code = '', ...fields } = fieldsOf(request)
    const next = localPath(fields.next)
    return orSay(
      reply,
      async () => {
        const { person, session } = await signInWithCode(ledger, visitOf(ledger, request), { sealed: step, code: code.slice(0, 40) })
        const cookies = [deviceCookie(config, request, newDevice(ledger, person.id))]
        return welcome(ledger, request, reply, { session, cookies, next: next ?? landing(person) })
      },
      ({ code: why, status, message }) =>
        why === 'gone'
          ? showDoor(ledger, reply, { status, next, problem: message })
          : send(reply, status, codePage({ step, next, problem: message })),
    )
  })
}

function linkRoutes(app: FastifyInstance, ledger: Ledger): void {
  app.get<{ Params: { token: string } }>('/sign-in/:token', open, async (request, reply) =>
    send(reply, 200, linkPage(request.params.token)),
  )
  app.post<{ Params: { token: string } }>('/sign-in/:token', open, async (request, reply) => {
    demandSameOrigin(ledger.config, request)
    const { person, session } = await signIn(ledger, visitOf(ledger, request), request.params.token)
    const next = (await isUnsecured(ledger, person.id)) ? '/secure' : landing(person)
    return welcome(ledger, request, reply, { session, next })
  })
}

/** For the script of the sign-in page; what goes wrong is JSON. */
function passkeyRoutes(app: FastifyInstance, ledger: Ledger): void {
  const { config } = ledger
  app.setErrorHandler((error, request, reply) => sendProblem(refusalOf(error, request), request, reply))
  app.post('/sign-in/passkey/options', open, async (request) => {
    demandSameOrigin(config, request)
    return passkeySignInOptions(ledger, demandSite(originOf(config, request)))
  })
  app.post('/sign-in/passkey', open, async (request, reply) => {
    demandSameOrigin(config, request)
    const { step, response, next } = parseInput(passkeyAnswer, request.body)
    const site = demandSite(originOf(config, request))
    const { person, session } = await signInWithPasskey(ledger, visitOf(ledger, request), site, { step, response })
    return reply.header('set-cookie', sessionCookie(config, request, session)).send({ next: localPath(next) ?? landing(person) })
  })
}

function signOutRoute(app: FastifyInstance, ledger: Ledger): void {
  const { config } = ledger
  app.post('/sign-out', open, async (request: FastifyRequest, reply: FastifyReply) => {
    demandSameOrigin(config, request)
    const token = sessionTokenOf(config, request)
    const ctx = token === null ? null : await contextOrNobody(ledger, request)
    const from = ctx && token !== null ? await endSession(ctx, token) : null
    const known = from !== null && config.providers.some(({ id }) => id === from.provider)
    const ended = endedCookie(config, request)
    const cookies = known ? [ended, stepCookie(config, request, sealSignOut(ledger, from))] : ended
    return reply.header('set-cookie', cookies).redirect(known ? '/signed-out' : '/', 303)
  })
}
