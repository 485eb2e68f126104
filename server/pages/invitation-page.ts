import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Ledger } from '../ledger/context.ts'
import { userAgentOf } from '../people/authenticate.ts'
import { acceptInvitation } from '../people/invitation-accept.ts'
import { demandSameOrigin, originOf } from '../people/same-origin.ts'
import { refusalOf } from '../platform/http.ts'
import { problemPage } from './doors.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

const route = { config: { access: 'open' }, schema: { hide: true } } as const

/** Where the link of an invitation leads: a page with one button, which makes its reader a member and goes on to signing them in. */
export async function invitationPages(app: FastifyInstance, ledger: Ledger): Promise<void> {
  // With no-referrer browsers say "Origin: null" even to ourselves, and a form's origin could not be told.
  app.addHook('onSend', async (_request, reply) => void reply.header('referrer-policy', 'same-origin'))
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request)
    const status = refusal?.status ?? 500
    return send(reply, status, problemPage(status, refusal?.message ?? 'something went wrong on our side', request.id))
  })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 4096 }, (_request, _body, done) =>
    done(null, null),
  )
  app.get<{ Params: { token: string } }>('/invitations/:token', route, async (request, reply) =>
    send(reply, 200, invitationPage(request.params.token)),
  )
  app.post<{ Params: { token: string } }>('/invitations/:token', route, async (request, reply) => {
    demandSameOrigin(ledger.config, request)
    const visit = { requestId: request.id, address: request.ip, userAgent: userAgentOf(request) }
    const url = await acceptInvitation(ledger, visit, request.params.token, originOf(ledger.config, request))
    return reply.redirect(new URL(url).pathname, 303)
  })
}

/** A button, because programs that look at links before people do would otherwise accept in their place. */
function invitationPage(token: string): string {
  const body = html`<p class="lead">You are invited to Daybook, which keeps the record of every AI chat of this company.</p>
<form method="post" action="/invitations/${token}"><button class="main">Accept the invitation</button></form>
<p class="note">If you did not expect it, close this page: nothing has happened yet.</p>`
  return layout({ title: 'Join Daybook', person: null, here: '/invitations', body })
}

function send(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page)
}
