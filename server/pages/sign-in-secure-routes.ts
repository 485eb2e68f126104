import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context, Ledger } from '../ledger/context.ts'
import { onlyPerson } from '../people/account-change.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { siteOf } from '../people/passkey.ts'
import { setPassword } from '../people/password.ts'
import { originOf } from '../people/same-origin.ts'
import { recentlySignedIn } from '../people/session-fresh.ts'
import { putOffSecuring } from '../people/sign-in-ways.ts'
import { newTotp, shownSetup } from '../people/totp.ts'
import { allowScript, fieldsOf, landing, localPath, orSay, send } from './sign-in-door.ts'
import { newPasswordPage, recoveryCodesPage, securePage } from './sign-in-secure-page.ts'

const signedIn = { config: { access: 'signed-in' }, schema: { hide: true } } as const

/** First run: a way in of one's own, for somebody who came by a link. */
export async function secureRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const { config } = ledger
  const caller = authenticateFirst(app, ledger, { sessions: true })
  const nextOf = (ctx: Context, text: unknown) => localPath(text) ?? landing(onlyPerson(ctx))
  app.get('/secure', signedIn, async (request, reply) => {
    const ctx = caller(request)
    const origin = originOf(config, request)
    const next = nextOf(ctx, queryOf(request).next)
    if (!recentlySignedIn(ctx)) return reply.redirect(`/sign-in?${new URLSearchParams({ next: '/secure' })}`, 303)
    const page = securePage({ person: onlyPerson(ctx), passkeys: siteOf(origin) !== null, elsewhere: underName(origin), next })
    return send(allowScript(reply), 200, page)
  })
  app.get('/secure/password', signedIn, async (request, reply) => {
    const ctx = caller(request)
    const person = onlyPerson(ctx)
    if (!recentlySignedIn(ctx)) return reply.redirect(`/sign-in?${new URLSearchParams({ next: '/secure/password' })}`, 303)
    const next = nextOf(ctx, queryOf(request).next)
    return send(reply, 200, newPasswordPage({ person, setup: newTotp(ledger, person), next, problem: null }))
  })
  app.post('/secure/password', signedIn, async (request, reply) => {
    const ctx = caller(request)
    const person = onlyPerson(ctx)
    const { password = '', setup = '', code = '', next: wanted } = fieldsOf(request)
    const next = nextOf(ctx, wanted)
    return orSay(
      reply,
      async () => {
        const { recovery_codes } = await setPassword(ctx, { password, setup, code })
        return recovery_codes === null
          ? reply.redirect(next, 303)
          : send(reply, 200, recoveryCodesPage({ person, codes: recovery_codes, next }))
      },
      ({ code: why, status, message }) => {
        if (why === 'sign_in_again') return reply.redirect(`/sign-in?${new URLSearchParams({ next: '/secure/password' })}`, 303)
        const shown = shownSetup(ledger, person, setup) ?? newTotp(ledger, person)
        return send(reply, status, newPasswordPage({ person, setup: shown, next, problem: message.replace(/^\w+: /, '') }))
      },
    )
  })
  app.post('/secure/skip', signedIn, async (request, reply) => {
    const ctx = caller(request)
    await putOffSecuring(ledger, onlyPerson(ctx).id)
    return reply.redirect(nextOf(ctx, fieldsOf(request).next), 303)
  })
}

const queryOf = ({ query }: FastifyRequest): Record<string, unknown> => (typeof query === 'object' && query !== null ? { ...query } : {})

/** This machine under the name that every machine has for itself. */
function underName(origin: string): string {
  const url = new URL(origin)
  url.hostname = 'localhost'
  return url.origin
}
