import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { tooFarBehind } from './analytics/follow-readiness.ts'
import type { Ledger } from './ledger/context.ts'
import { contextOf } from './people/authenticate.ts'
import { registry, waitingBytes } from './platform/metrics.ts'
import { Refusal } from './platform/refusal.ts'

const status = z.object({ status: z.string() })

/** For the machines that watch this one. */
export async function healthRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  app.get('/healthz', {
    config: { access: 'open' },
    logLevel: 'warn',
    schema: { tags: ['Operation'], summary: 'The process is alive', response: { 200: status } },
    handler: async () => ({ status: 'ok' }),
  })
  app.get('/readyz', {
    config: { access: 'open' },
    logLevel: 'warn',
    schema: { tags: ['Operation'], summary: 'The stores answer, and the counts follow the record', response: { 200: status } },
    handler: async () => {
      try {
        await ledger.database.reads.query('select 1')
      } catch (cause) {
        throw Object.assign(new Refusal('overloaded', 'the ledger does not answer', { retryAfter: 2 }), { cause })
      }
      await ledger.facts.ping()
      const behind = await tooFarBehind(ledger)
      if (behind !== null) throw new Refusal('overloaded', `the counts are ${behind} seconds behind the record`, { retryAfter: 5 })
      return { status: 'ready' }
    },
  })
  app.get('/metrics', {
    config: { access: 'open' },
    logLevel: 'warn',
    schema: { tags: ['Operation'], summary: 'Prometheus metrics, on the loopback address or with any key', response: { 200: z.string() } },
    handler: async (request, reply) => {
      if (!isLoopback(request.ip)) await contextOf(ledger, request, { sessions: false })
      waitingBytes.set(ledger.writer.waitingBytes)
      return reply
        .type(registry.contentType)
        .serializer(String)
        .send(await registry.metrics())
    },
  })
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
