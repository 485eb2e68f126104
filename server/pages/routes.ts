import cookie from '@fastify/cookie'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { allows, type Context, type Ledger } from '../ledger/context.ts'
import { accessQuery, accessPage as accessReply, listAccess } from '../people/access-record.ts'
import { contextOf } from '../people/authenticate.ts'
import { demandSameOrigin } from '../people/same-origin.ts'
import { endSession, type Person } from '../people/session.ts'
import { endedCookie, sessionCookie, sessionTokenOf } from '../people/session-cookie.ts'
import { signIn } from '../people/sign-in.ts'
import { listWorkspaces } from '../people/workspaces.ts'
import { refusalOf } from '../platform/http.ts'
import { Refusal } from '../platform/refusal.ts'
import { accessPage } from './access-page.ts'
import { appPageRoutes } from './app-page.ts'
import { assetRoutes } from './assets.ts'
import { deadLinkPage, forbiddenPage, problemPage, signedOutPage, signInPage } from './doors.ts'
import { homeOf } from './home.ts'
import { homePage } from './home-page.ts'

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
      response: { 200: accessReply },
    },
    handler: async (request) => listAccess(await contextOf(ledger, request, { sessions: true }), request.query),
  })
}

async function pages(app: FastifyInstance, ledger: Ledger): Promise<void> {
  // With no-referrer browsers say "Origin: null" even to ourselves, and a form's origin could not be told.
  app.addHook('onSend', async (_request, reply) => void reply.header('referrer-policy', 'same-origin'))
  app.setErrorHandler<FastifyError>((error, request, reply) => problem(ledger, error, request, reply))
  // The forms have no fields: what is posted is that somebody pressed the button.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 4096 }, (_request, _body, done) =>
    done(null, null),
  )
  homeRoutes(app, ledger)
  appPageRoutes(app, ledger)
  signInRoutes(app, ledger)
}

const hidden = { hide: true }

function homeRoutes(app: FastifyInstance, ledger: Ledger): void {
  app.get('/', { config: { access: 'open' }, schema: hidden }, async (request, reply) => {
    const person = await personOf(ledger, request)
    return send(reply, 200, person ? homePage(await homeOf(ledger, person, originOf(ledger, request))) : signedOutPage())
  })
  app.get<{ Querystring: Record<string, unknown> }>(
    '/access',
    { config: { access: 'activity:read' }, schema: hidden },
    async (request, reply) => {
      const ctx = await contextOf(ledger, request, { sessions: true })
      const person = onlyPerson(ctx)
      const { outcome, action, before } = request.query
      const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '')
      const filter = { outcome: text(outcome), action: text(action), before: text(before) }
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
      const page = await listAccess(ctx, given)
      return send(reply, 200, accessPage({ person, page, workspaces: await listWorkspaces(ledger), filter }))
    },
  )
}

function signInRoutes(app: FastifyInstance, ledger: Ledger): void {
  const { config } = ledger
  app.get<{ Params: { token: string } }>('/sign-in/:token', { config: { access: 'open' }, schema: hidden }, async (request, reply) =>
    send(reply, 200, signInPage(request.params.token)),
  )
  app.post<{ Params: { token: string } }>('/sign-in/:token', { config: { access: 'open' }, schema: hidden }, async (request, reply) => {
    demandSameOrigin(config, request)
    const visit = { requestId: request.id, address: request.ip }
    const { person, session } = await signIn(ledger, visit, request.params.token)
    const first = allows(person, 'analytics:read') ? '/overview' : '/'
    return reply.header('set-cookie', sessionCookie(config, request, session)).redirect(first, 303)
  })
  app.post('/sign-out', { config: { access: 'open' }, schema: hidden }, async (request, reply) => {
    demandSameOrigin(config, request)
    const token = sessionTokenOf(config, request)
    const ctx = token === null ? null : await contextOrNobody(ledger, request)
    if (ctx && token !== null) await endSession(ctx, token)
    return reply.header('set-cookie', endedCookie(config, request)).redirect('/', 303)
  })
}

function send(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page)
}

function originOf(ledger: Ledger, request: FastifyRequest): string {
  return ledger.config.url ?? `${request.protocol}://${request.host}`
}

async function contextOrNobody(ledger: Ledger, request: FastifyRequest): Promise<Context | null> {
  try {
    return await contextOf(ledger, request, { sessions: true })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unauthenticated') return null
    throw error
  }
}

async function personOf(ledger: Ledger, request: FastifyRequest): Promise<Person | null> {
  const ctx = await contextOrNobody(ledger, request)
  return ctx?.actor.kind === 'person' ? ctx.actor : null
}

/** Pages are for people: a program with a key reads /api/access. */
function onlyPerson({ actor }: Context): Person {
  if (actor.kind === 'person') return actor
  throw new Refusal('forbidden', 'this page is for people; with a key, read /api/access')
}

async function problem(ledger: Ledger, error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const refusal = refusalOf(error, request)
  if (refusal?.code === 'unauthenticated') return send(reply, 401, signedOutPage())
  if (refusal?.code === 'gone') return send(reply, 410, deadLinkPage(refusal.message))
  const needed = request.routeOptions.config.access ?? 'open'
  if (refusal?.code === 'forbidden' && needed !== 'open') return send(reply, 403, forbiddenPage(await personOf(ledger, request), needed))
  const status = refusal?.status ?? 500
  return send(reply, status, problemPage(status, refusal?.message ?? 'something went wrong on our side', request.id))
}
