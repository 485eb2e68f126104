import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as shape from '../../contract/admin.ts'
import type { Ledger } from '../ledger/context.ts'
import { type Caller, runCommand } from './admin-route.ts'
import { invite, listInvitations, resendInvitation, withdrawInvitation } from './invitations.ts'
import { originOf } from './same-origin.ts'

const tags = ['Members']
const config = { access: 'people:manage' } as const

/** Letting people in by a link of their own. */
export function invitationRoutes(app: FastifyInstance, ledger: Ledger, caller: Caller): void {
  const here = (request: FastifyRequest) => ({ origin: originOf(ledger.config, request) })
  app.get('/api/invitations', {
    config,
    schema: { tags, summary: 'List invitations', description: 'The newest first.', response: { 200: shape.invitationList } },
    handler: async (request) => ({ data: await listInvitations(caller(request)) }),
  })
  app.post('/api/invitations', {
    config,
    schema: {
      tags,
      summary: 'Invite somebody',
      description: 'The link is shown this once: who opens it and agrees becomes a member. Nobody invites above their own level.',
      body: shape.newInvitation,
      response: { 200: shape.invitationLink },
    },
    handler: async (request) => runCommand(invite, caller(request), request, here(request)),
  })
  app.post('/api/invitations/:id/resend', {
    config,
    schema: {
      tags,
      summary: 'Make a new link for an invitation',
      description: 'The link before is dead; the new one works for as long again.',
      params: shape.idParams,
      response: { 200: shape.invitationLink },
    },
    handler: async (request) => runCommand(resendInvitation, caller(request), request, here(request)),
  })
  app.delete('/api/invitations/:id', {
    config,
    schema: {
      tags,
      summary: 'Withdraw an invitation',
      description: 'Its link is dead.',
      params: shape.idParams,
      response: { 200: shape.done },
    },
    handler: async (request) => runCommand(withdrawInvitation, caller(request), request),
  })
}
