import cookie from '@fastify/cookie'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accessPage, accessQuery } from '../../contract/access.ts'
import type { Ledger } from '../ledger/context.ts'
import { listAccess } from '../people/access-record.ts'
import { contextOf, contextOrNobody } from '../people/authenticate.ts'
import { originOf } from '../people/same-origin.ts'
import type { Person } from '../people/session.ts'
import { refusalOf } from '../platform/http.ts'
import { appPageRoutes } from './app-page.ts'
import { assetRoutes } from './assets.ts'
import { forbiddenPage, problemPage } from './doors.ts'
import { homeOf } from './home.ts'
import { homePage } from './home-page.ts'
import { localPath, send, showDoor } from './sign-in-door.ts'
import { deadLinkPage } from './sign-in-page.ts'
import { signInRoutes } from './sign-in-routes.ts'

/** What people see in a browser, and the access record as JSON. */
export async function pageRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  // Its parser and its writer work from here on; which requests have a session is decided where one is asked for.
  await app.register(cookie, { hook: false })
  await app.register(assetRoutes)
  await app.register(accessApi, ledger)
  await app.register(pages, ledger)
}

async function accessApi(app: FastifyInstance, ledger: Ledger): Promise<void> {
  app.get('/api/access', {
    config: { access: 'activity:read' },
    schema: {
      tags: ['Access record'],
      summary: 'Who read, changed or was denied what',
      description: 'Newest first. Reading this list is an entry in it, too.',
      querystring: accessQuery,
      response: { 200: accessPage },
    },
    handler: async (request) => listAccess(await contextOf(ledger, request, { sessions: true }), request.query),
  })
}

async function pages(app: FastifyInstance, ledger: Ledger): Promise<void> {
  // With no-referrer browsers say "Origin: null" even to ourselves, and a form's origin could not be told.
  app.addHook('onSend', async (_request, reply) => void reply.header('referrer-policy', 'same-origin'))
  app.setErrorHandler<FastifyError>((error, request, reply) => problem(ledger, error, request, reply))
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 32_768 }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  )
  homeRoutes(app, ledger)
  appPageRoutes(app, ledger)
  await app.register(async (doors) => signInRoutes(doors, ledger))
}

const hidden = { hide: true }

function homeRoutes(app: FastifyInstance, ledger: Ledger): void {
  app.get('/', { config: { access: 'open' }, schema: hidden }, async (request, reply) => {
    const person = await personOf(ledger, request)
    if (!person) return showDoor(ledger, reply, {})
    return send(reply, 200, homePage(await homeOf(ledger, person, originOf(ledger.config, request))))
  })
}

async function personOf(ledger: Ledger, request: FastifyRequest): Promise<Person | null> {
  const ctx = await contextOrNobody(ledger, request)
  return ctx?.actor.kind === 'person' ? ctx.actor : null
}

async function problem(ledger: Ledger, error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const refusal = refusalOf(error, request)
  if (refusal?.code === 'unauthenticated') {
    return showDoor(ledger, reply, { status: 401, next: request.method === 'GET' ? localPath(request.url) : null })
  }
  if (refusal?.code === 'gone') return send(reply, 410, deadLinkPage(refusal.message))
  const needed = request.routeOptions.config.access ?? 'open'
  if (refusal?.code === 'forbidden' && needed !== 'open') return send(reply, 403, forbiddenPage(await personOf(ledger, request), needed))
  const status = refusal?.status ?? 500
  return send(reply, status, problemPage(status, refusal?.message ?? 'something went wrong on our side', request.id))
}
