import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { rawRecords, recordsQuery } from './raw-records.ts'

/** Raw reads for a data lake: what was sent, byte for byte in canonical form, with its place in the sequence. */
export async function recordRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: false })
  app.get('/api/records', {
    config: { access: 'compliance:read' },
    schema: {
      tags: ['Records'],
      summary: 'Read stored records',
      description:
        'NDJSON in commit order: each stored record with `seq`, `received_at` and, where it named a time ahead of our clock, `ahead`. Continue with after_seq = the last seq. The record of reading this list stands in it too and comes with the next record that follows.',
      querystring: recordsQuery,
      response: { 200: z.string().describe('application/x-ndjson') },
    },
    handler: async (request, reply) => {
      const lines = await rawRecords(caller(request), request.query)
      reply.type('application/x-ndjson; charset=utf-8').serializer(String)
      return reply.send(Readable.from(lines, { objectMode: false, highWaterMark: 1_048_576 }))
    },
  })
}
