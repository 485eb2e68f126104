import type { FastifyInstance } from 'fastify'
import * as shape from '../../contract/admin.ts'
import { type Caller, runCommand } from './admin-route.ts'
import { changeRoles, transferPrimaryOwner } from './members-change.ts'
import { deactivateMember, reactivateMember, removeMember } from './members-leave.ts'
import { memberViews } from './members-list.ts'
import { grantAlone } from './record-roles.ts'

const tags = ['Members']
const config = { access: 'people:manage' } as const
const params = shape.idParams

/** Who signs in to Daybook, and what they may do. */
export function memberRoutes(app: FastifyInstance, caller: Caller): void {
  app.get('/api/members', {
    config: { access: 'directory:read' },
    schema: {
      tags,
      summary: 'List members',
      description: 'In the order they came, with their roles.',
      response: { 200: shape.memberList },
    },
    handler: async (request) => ({ data: await memberViews(caller(request)) }),
  })
  app.put('/api/members/:id/roles', {
    config,
    schema: {
      tags,
      summary: "Change a member's roles",
      description:
        'Nobody changes their own, nor gives or takes a role above theirs. A role of the record can be taken here; it is given by two people, with POST /api/approvals.',
      params,
      body: shape.rolesChange,
      response: { 200: shape.memberDone },
    },
    handler: async (request) => runCommand(changeRoles, caller(request), request),
  })
  app.post('/api/members/:id/record-roles', {
    config,
    schema: {
      tags,
      summary: 'Grant a role of the record alone',
      description: 'For the only owner of an organization, where nobody could be the second person. It leaves a finding.',
      params,
      body: shape.soleGrant,
      response: { 200: shape.soleGranted },
    },
    handler: async (request) => runCommand(grantAlone, caller(request), request),
  })
  app.post('/api/members/:id/primary-owner', {
    config,
    schema: {
      tags,
      summary: 'Hand over to another primary owner',
      description: 'For the primary owner. The next one has to be an active owner of the whole organization.',
      params,
      response: { 200: shape.done },
    },
    handler: async (request) => runCommand(transferPrimaryOwner, caller(request), request),
  })
  leavingRoutes(app, caller)
}

function leavingRoutes(app: FastifyInstance, caller: Caller): void {
  app.post('/api/members/:id/deactivate', {
    config,
    schema: {
      tags,
      summary: 'Deactivate a member',
      description: 'Their sessions end at once; what they did stays, and no count changes.',
      params,
      body: shape.deactivation,
      response: { 200: shape.deactivated },
    },
    handler: async (request) => runCommand(deactivateMember, caller(request), request),
  })
  app.post('/api/members/:id/reactivate', {
    config,
    schema: {
      tags,
      summary: 'Let a member in again',
      description: 'Without the roles of the record they had: those take a second person again.',
      params,
      response: { 200: shape.memberDone },
    },
    handler: async (request) => runCommand(reactivateMember, caller(request), request),
  })
  app.delete('/api/members/:id', {
    config,
    schema: {
      tags,
      summary: 'Remove a member',
      description: 'With every way they had of coming in. What they did stays.',
      params,
      body: shape.deactivation,
      response: { 200: shape.deactivated },
    },
    handler: async (request) => runCommand(removeMember, caller(request), request),
  })
}
