import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import * as shape from '../../contract/account.ts'
import { recordAccess, traceEntry } from '../ledger/access-log.ts'
import { parseInput } from '../ledger/command.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { onlyPerson } from './account-change.ts'
import { authenticateFirst } from './authenticate.ts'
import { unlinkProvider } from './oidc-identity.ts'
import { addPasskey, demandSite, newPasskeyOptions, removePasskey, renamePasskey } from './passkey.ts'
import { removePassword, renewRecoveryCodes, setPassword, setTotp } from './password.ts'
import { originOf } from './same-origin.ts'
import { demandRecentSignIn, freshMinutes } from './session-fresh.ts'
import { endMemberSessions, endOwnSessions, memberSessions, sessionsOf } from './session-list.ts'
import { waysOf } from './sign-in-ways.ts'
import { newTotp } from './totp.ts'

type Caller = (request: FastifyRequest) => Context

/** One's own account and sessions, for whoever is signed in; and the sessions of members, for whoever manages people. */
export async function accountRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  await app.register(async (own) => {
    const caller = authenticateFirst(own, ledger, { sessions: true })
    own.addHook('onRequest', async (request) => demandPerson(caller(request), request))
    overviewRoutes(own, caller)
    passwordRoutes(own, caller)
    passkeyRoutes(own, ledger, caller)
  })
  await app.register(async (others) => memberRoutes(others, authenticateFirst(others, ledger, { sessions: true })))
}

/** A key has no account: it is told so, and that it asked is on record. */
async function demandPerson(ctx: Context, request: FastifyRequest): Promise<void> {
  if (ctx.actor.kind === 'person') return
  const trace = { action: 'account.open', workspace: null, outcome: 'denied' as const, reason: 'needs signed-in' }
  if (request.method === 'GET' || request.method === 'HEAD') await recordAccess(ctx, trace)
  else await ctx.ledger.writer.record([traceEntry(ctx, 'change', trace)])
  throw new Refusal('forbidden', 'this is for people who are signed in: a key has no account')
}

const signedIn = { access: 'signed-in' } as const
const tags = ['Account']

function overviewRoutes(app: FastifyInstance, caller: Caller): void {
  app.get('/api/account', {
    config: signedIn,
    schema: { tags, summary: 'Who I am here, and how I come in', response: { 200: shape.account } },
    handler: async (request) => accountOf(caller(request)),
  })
  app.get('/api/account/sessions', {
    config: signedIn,
    schema: { tags, summary: 'Where I am signed in', response: { 200: shape.sessionList } },
    handler: async (request) => {
      const ctx = caller(request)
      return { data: await sessionsOf(ctx, onlyPerson(ctx).id) }
    },
  })
  app.delete('/api/account/sessions', {
    config: signedIn,
    schema: { tags, summary: 'Sign me out everywhere but here', response: { 200: shape.sessionsEnded } },
    handler: async (request) => ({ ended: await endOwnSessions(caller(request), 'others') }),
  })
  app.delete('/api/account/sessions/:session_id', {
    config: signedIn,
    schema: { tags, summary: 'End one of my sessions', params: shape.sessionId, response: { 200: shape.sessionsEnded } },
    handler: async (request) => {
      const { session_id } = parseInput(shape.sessionId, request.params)
      return { ended: await endOwnSessions(caller(request), { id: session_id }) }
    },
  })
  app.delete('/api/account/providers/:provider', {
    config: signedIn,
    schema: { tags, summary: 'Forget who I am at a provider', params: shape.providerId, response: { 200: shape.done } },
    handler: async (request) => unlinkProvider(caller(request), parseInput(shape.providerId, request.params)),
  })
}

async function accountOf(ctx: Context): Promise<shape.Account> {
  const person = onlyPerson(ctx)
  const { session } = ctx
  if (!session) throw new Error('a person came without a session')
  const freshUntil = Temporal.Instant.from(session.startedAt).add({ minutes: freshMinutes }).toString()
  return {
    ...{ id: person.id, email: person.name, roles: [...person.roles] },
    session: { id: session.id, started_at: session.startedAt, expires_at: session.expiresAt, fresh_until: freshUntil },
    ...(await waysOf(ctx.ledger, person.id)),
  }
}

function passwordRoutes(app: FastifyInstance, caller: Caller): void {
  app.put('/api/account/password', {
    config: signedIn,
    schema: {
      ...{ tags, summary: 'Set my password', body: shape.newPassword, response: { 200: shape.recoveryCodes } },
      description:
        'The first one needs an app for codes (POST /api/account/totp) and brings recovery codes; a later one ends all other sessions.',
    },
    handler: async (request) => setPassword(caller(request), request.body),
  })
  app.delete('/api/account/password', {
    config: signedIn,
    schema: { tags, summary: 'Remove my password with its codes', response: { 200: shape.done } },
    handler: async (request) => removePassword(caller(request), {}),
  })
  app.post('/api/account/totp', {
    config: signedIn,
    schema: { tags, summary: 'Begin to set up an app for codes', response: { 200: shape.totpSetup } },
    handler: async (request) => {
      const ctx = caller(request)
      demandRecentSignIn(ctx)
      return newTotp(ctx.ledger, onlyPerson(ctx))
    },
  })
  app.put('/api/account/totp', {
    config: signedIn,
    schema: { tags, summary: 'Put another app for codes in place of the one there is', body: shape.newTotp, response: { 200: shape.done } },
    handler: async (request) => setTotp(caller(request), request.body),
  })
  app.post('/api/account/recovery-codes', {
    config: signedIn,
    schema: { tags, summary: 'Make new recovery codes in place of the old ones', response: { 200: shape.recoveryCodes } },
    handler: async (request) => renewRecoveryCodes(caller(request), {}),
  })
}

function passkeyRoutes(app: FastifyInstance, ledger: Ledger, caller: Caller): void {
  const siteOf = (request: FastifyRequest) => demandSite(originOf(ledger.config, request))
  app.post('/api/account/passkeys/options', {
    config: signedIn,
    schema: { tags, summary: 'Begin to add a passkey', response: { 200: shape.passkeyOptions } },
    handler: async (request) => newPasskeyOptions(caller(request), siteOf(request)),
  })
  app.post('/api/account/passkeys', {
    config: signedIn,
    schema: { tags, summary: 'Add the passkey that the browser has made', body: shape.newPasskey, response: { 200: shape.passkeyAdded } },
    handler: async (request) => addPasskey(caller(request), { ...parseInput(shape.newPasskey, request.body), site: siteOf(request) }),
  })
  app.patch('/api/account/passkeys/:passkey_id', {
    config: signedIn,
    schema: {
      ...{
        tags,
        summary: 'Call a passkey something else',
        params: shape.passkeyId,
        body: shape.passkeyRename,
        response: { 200: shape.done },
      },
    },
    handler: async (request) =>
      renamePasskey(caller(request), { ...parseInput(shape.passkeyId, request.params), ...parseInput(shape.passkeyRename, request.body) }),
  })
  app.delete('/api/account/passkeys/:passkey_id', {
    config: signedIn,
    schema: { tags, summary: 'Remove a passkey', params: shape.passkeyId, response: { 200: shape.done } },
    handler: async (request) => removePasskey(caller(request), parseInput(shape.passkeyId, request.params)),
  })
}

const manages = { access: 'people:manage' } as const

function memberRoutes(app: FastifyInstance, caller: Caller): void {
  app.get('/api/members/:member_id/sessions', {
    config: manages,
    schema: { tags: ['Members'], summary: 'Where a member is signed in', params: shape.memberId, response: { 200: shape.sessionList } },
    handler: async (request) => ({ data: await memberSessions(caller(request), request.params) }),
  })
  app.delete('/api/members/:member_id/sessions', {
    config: manages,
    schema: { tags: ['Members'], summary: 'Sign a member out everywhere', params: shape.memberId, response: { 200: shape.sessionsEnded } },
    handler: async (request) => ({ ended: await endMemberSessions(caller(request), parseInput(shape.memberId, request.params)) }),
  })
  const one = shape.memberId.extend(shape.sessionId.shape)
  app.delete('/api/members/:member_id/sessions/:session_id', {
    config: manages,
    schema: { tags: ['Members'], summary: 'End one session of a member', params: one, response: { 200: shape.sessionsEnded } },
    handler: async (request) => ({ ended: await endMemberSessions(caller(request), parseInput(one, request.params)) }),
  })
}
