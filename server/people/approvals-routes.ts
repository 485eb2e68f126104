import type { FastifyInstance } from 'fastify'
import * as shape from '../../contract/admin.ts'
import { type Caller, runCommand } from './admin-route.ts'
import { approve, denyApproval, requestApproval, withdrawApproval } from './approvals.ts'
import { listApprovals } from './approvals-list.ts'
import { breakGlass, endBreakGlass, listBreakGlass } from './break-glass.ts'
import { closeFinding, listFindings } from './findings.ts'

const config = { access: 'people:manage' } as const
const params = shape.idParams

/** What takes a second person: asking, agreeing, saying no. */
export function approvalRoutes(app: FastifyInstance, caller: Caller): void {
  const tags = ['Approvals']
  app.get('/api/approvals', {
    config,
    schema: {
      tags,
      summary: 'List requests for agreement',
      description: 'The newest first.',
      querystring: shape.approvalQuery,
      response: { 200: shape.approvalList },
    },
    handler: async (request) => ({ data: await listApprovals(caller(request), request.query) }),
  })
  app.post('/api/approvals', {
    config,
    schema: {
      tags,
      summary: "Ask for a second person's agreement",
      description: 'To give a member a role of the record. An owner who is neither who asks nor who gains agrees within an hour.',
      body: shape.newApproval,
      response: { 200: shape.approvalAsked },
    },
    handler: async (request) => runCommand(requestApproval, caller(request), request),
  })
  app.post('/api/approvals/:id/approve', {
    config,
    schema: {
      tags,
      summary: 'Agree as the second person',
      description: 'What was asked for happens at once.',
      params,
      response: { 200: shape.done },
    },
    handler: async (request) => runCommand(approve, caller(request), request),
  })
  app.post('/api/approvals/:id/deny', {
    config,
    schema: {
      tags,
      summary: 'Say no to a request',
      description: 'With a reason.',
      params,
      body: shape.denial,
      response: { 200: shape.done },
    },
    handler: async (request) => runCommand(denyApproval, caller(request), request),
  })
  app.post('/api/approvals/:id/withdraw', {
    config,
    schema: { tags, summary: 'Take your request back', description: 'For whoever made it.', params, response: { 200: shape.done } },
    handler: async (request) => runCommand(withdrawApproval, caller(request), request),
  })
}

/** Roles of the record that owners took alone, and what waits to be looked at. */
export function reviewRoutes(app: FastifyInstance, caller: Caller): void {
  const tags = ['Break-glass and findings']
  app.get('/api/break-glass', {
    config,
    schema: {
      tags,
      summary: 'List when the glass was broken',
      description: 'The newest first, with where each review stands.',
      response: { 200: shape.breakGlassList },
    },
    handler: async (request) => ({ data: await listBreakGlass(caller(request)) }),
  })
  app.post('/api/break-glass', {
    config,
    schema: {
      tags,
      summary: 'Take a role of the record for an hour',
      description: 'For owners, when it cannot wait. All owners learn of it, and a review stays open until somebody else closes it.',
      body: shape.newBreakGlass,
      response: { 200: shape.brokenGlass },
    },
    handler: async (request) => runCommand(breakGlass, caller(request), request),
  })
  app.post('/api/break-glass/:id/end', {
    config,
    schema: { tags, summary: 'Give the role back early', description: 'The review stays open.', params, response: { 200: shape.done } },
    handler: async (request) => runCommand(endBreakGlass, caller(request), request),
  })
  app.get('/api/findings', {
    config: { access: 'directory:read' },
    schema: {
      tags,
      summary: 'List findings',
      description: 'What somebody has to look at, the newest first.',
      querystring: shape.findingQuery,
      response: { 200: shape.findingList },
    },
    handler: async (request) => ({ data: await listFindings(caller(request), request.query) }),
  })
  app.post('/api/findings/:id/close', {
    config: { access: 'findings:manage' },
    schema: {
      tags,
      summary: 'Close a finding',
      description: 'By somebody else than whose act it is about.',
      params,
      body: shape.closure,
      response: { 200: shape.done },
    },
    handler: async (request) => runCommand(closeFinding, caller(request), request),
  })
}
