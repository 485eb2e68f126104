import type { FastifyInstance } from 'fastify'
import { firstRunQuery, firstRunReply, sourceScopes, sourcesQuery, sourcesReply } from '../../contract/sources.ts'
import { anyOf } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { listWorkspaces } from '../people/workspaces.ts'
import { admitted, admittedTo } from './admitted.ts'
import { firstRun } from './first-run.ts'
import { letterRoutes } from './letter-routes.ts'
import { type Counted, sourcesOf } from './sources-status.ts'

export interface SourceRoutes {
  readonly ledger: Ledger
  /** How far the counts are, which intake does not know of itself. */
  readonly counted: (ledger: Ledger) => Promise<Counted>
}

/** What came from where, what was refused, and how far a new installation is. */
export async function sourceRoutes(app: FastifyInstance, { ledger, counted }: SourceRoutes): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: true })

  app.get('/api/sources', {
    config: { access: anyOf(sourceScopes) },
    schema: {
      tags: ['Sources'],
      summary: 'Each source with what came from it',
      description:
        'Records taken, updated, known already and refused, by source and kind, when the last arrived and how old the newest is; and how far the counts have come. Counts only.',
      querystring: sourcesQuery,
      response: { 200: sourcesReply },
    },
    handler: async (request) => {
      const ctx = caller(request)
      const { workspace } = await admittedTo(ctx, 'sources.list', sourceScopes, sourcesQuery, request.query)
      return sourcesOf(ledger, workspace.number, { whole: ctx.actor.workspace === null, counted: await counted(ledger) })
    },
  })

  app.get('/api/first-run', {
    config: { access: anyOf(sourceScopes) },
    schema: {
      tags: ['Sources'],
      summary: 'How far a new installation has come',
      querystring: firstRunQuery,
      response: { 200: firstRunReply },
    },
    handler: async (request) => {
      const ctx = caller(request)
      const { workspace_id } = await admitted(ctx, 'first-run.read', sourceScopes, firstRunQuery, request.query)
      const named = workspace_id === undefined ? null : await admittedTo(ctx, 'first-run.read', sourceScopes, sourcesQuery, request.query)
      const [first] = (await listWorkspaces(ledger)).filter(({ number }) => ctx.actor.workspace === null || ctx.actor.workspace === number)
      return firstRun(ctx, named?.workspace ?? first ?? null, await counted(ledger))
    },
  })
  await app.register(letterRoutes, { ledger, caller })
}
