import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import {
  deadLetterPage,
  deadLetterSummary,
  deadLettersQuery,
  letterScopes,
  replayInput,
  replayReply,
  replayScopes,
  sourceScopes,
  sourcesQuery,
} from '../../contract/sources.ts'
import { anyOf, demand, parseInput } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import type { authenticateFirst } from '../people/authenticate.ts'
import { admittedTo } from './admitted.ts'
import { letterParams, readLetterBytes, summarizeDeadLetters } from './dead-letter-reading.ts'
import { listDeadLetters } from './dead-letters.ts'
import { replayLetters } from './replay.ts'

export interface LetterRoutes {
  readonly ledger: Ledger
  readonly caller: ReturnType<typeof authenticateFirst>
}

const tags = ['Dead letters']

/** What was refused: to count, to list, to read, to send again. */
export async function letterRoutes(app: FastifyInstance, routes: LetterRoutes): Promise<void> {
  listRoutes(app, routes)
  bytesRoute(app, routes)
  replayRoute(app, routes)
}

function listRoutes(app: FastifyInstance, { ledger, caller }: LetterRoutes): void {
  app.get('/api/dead-letters', {
    config: { access: anyOf(letterScopes) },
    schema: {
      tags,
      summary: 'List what was refused and waits to be replayed',
      description: 'Each with its reason and its place in what was sent; never what is in it.',
      querystring: deadLettersQuery,
      response: { 200: deadLetterPage },
    },
    handler: async (request) => {
      const ctx = caller(request)
      const { workspace, input } = await admittedTo(ctx, 'dead-letters.list', letterScopes, deadLettersQuery, request.query)
      const { source, via, code, after, limit } = input
      const orNowhere = ctx.actor.workspace === null
      const found = await listDeadLetters(ledger, { workspace: workspace.number, orNowhere, source, via, code, after, limit: limit + 1 })
      const data = found.slice(0, limit)
      return { data, next_after: found.length > limit ? (data.at(-1)?.number ?? null) : null }
    },
  })

  app.get('/api/dead-letters/summary', {
    config: { access: anyOf(sourceScopes) },
    schema: {
      tags,
      summary: 'Count what was refused, by reason and source',
      querystring: sourcesQuery,
      response: { 200: deadLetterSummary },
    },
    handler: async (request) => {
      const ctx = caller(request)
      const { workspace } = await admittedTo(ctx, 'dead-letters.summary', sourceScopes, sourcesQuery, request.query)
      return summarizeDeadLetters(ledger, workspace.number, { orNowhere: ctx.actor.workspace === null })
    },
  })
}

function bytesRoute(app: FastifyInstance, { caller }: LetterRoutes): void {
  app.get('/api/dead-letters/:number/bytes', {
    config: { access: 'compliance:read' },
    schema: {
      tags,
      summary: 'Read a refused record as it was sent',
      description: 'Content: every reading is an entry in the access record.',
      params: letterParams,
      response: { 200: z.string().describe('application/octet-stream') },
    },
    handler: async (request, reply) => {
      const bytes = await readLetterBytes(caller(request), request.params)
      const { number } = letterParams.parse(request.params)
      return reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="dead-letter-${number}.txt"`)
        .header('x-content-type-options', 'nosniff')
        .send(bytes)
    },
  })
}

function replayRoute(app: FastifyInstance, { caller }: LetterRoutes): void {
  app.post('/api/dead-letters/replay', {
    config: { access: anyOf(replayScopes) },
    schema: {
      tags,
      summary: 'Send what was refused through the intake again',
      description:
        'A hundred at a time, in the order they came; what is taken is a dead letter no more. Every request is an entry in the record.',
      body: replayInput,
      response: { 200: replayReply },
    },
    handler: async (request) => {
      const ctx = caller(request)
      await demand(ctx, 'change', 'dead-letters.replay', replayScopes)
      return replayLetters(ctx, parseInput(replayInput, request.body))
    },
  })
}
