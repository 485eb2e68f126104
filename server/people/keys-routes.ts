import type { FastifyInstance } from 'fastify'
import * as shape from '../../contract/admin.ts'
import { demand, parseInput } from '../ledger/command.ts'
import { type Caller, runCommand } from './admin-route.ts'
import { createKey, revokeKey, rotateKey } from './api-keys-change.ts'
import { keyViews } from './api-keys-list.ts'
import { reachOf } from './standing.ts'

const tags = ['API keys']
const config = { access: 'keys:manage' } as const

/** What programs come in with. */
export function keyRoutes(app: FastifyInstance, caller: Caller): void {
  app.get('/api/keys', {
    config,
    schema: { tags, summary: 'List API keys', description: 'The newest first; never their text.', response: { 200: shape.keyList } },
    handler: async (request) => ({ data: await keyViews(caller(request)) }),
  })
  app.post('/api/keys', {
    config,
    schema: {
      tags,
      summary: 'Make an API key',
      description:
        'Its text is in this reply and never shown again. Nobody makes a key with scopes they lack; scopes of a key never change.',
      body: shape.newKey,
      response: { 200: shape.madeKey },
    },
    handler: async (request) => {
      const ctx = caller(request)
      await demand(ctx, 'change', 'key.create', 'keys:manage')
      const { workspace_id, expires_in_days, ...input } = parseInput(shape.newKey, request.body)
      return createKey(ctx, { ...input, workspace: await reachOf(ctx, workspace_id), expiresInDays: expires_in_days })
    },
  })
  app.post('/api/keys/:id/rotate', {
    config,
    schema: {
      tags,
      summary: 'Rotate an API key',
      description: 'A new key with the same scopes, workspace and networks; the old one works on for the overlap.',
      params: shape.idParams,
      body: shape.rotation,
      response: { 200: shape.rotatedKey },
    },
    handler: async (request) => runCommand(rotateKey, caller(request), request),
  })
  app.post('/api/keys/:id/revoke', {
    config,
    schema: {
      tags,
      summary: 'Revoke an API key',
      description: 'At once, on every node.',
      params: shape.idParams,
      response: { 200: shape.done },
    },
    handler: async (request) => runCommand(revokeKey, caller(request), request),
  })
}
