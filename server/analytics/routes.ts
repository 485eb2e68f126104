import type { FastifyInstance, FastifyReply } from 'fastify'
import type { z } from 'zod'
import { analyticsReply, metricList, reconciliationReply } from '../../contract/analytics.ts'
import { dimensions, metrics } from '../../contract/metrics.ts'
import { recordAccess } from '../ledger/access-log.ts'
import { demand, parseInput } from '../ledger/command.ts'
import type { Context, Ledger, Workspace } from '../ledger/context.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { answerQuery, strictAnalyticsQuery } from './query-answer.ts'
import { reconcile, strictReconciliationQuery } from './reconcile.ts'
import { listOfStep, stepList, stepQuery } from './reconcile-list.ts'

const needed = 'analytics:read'
const tags = ['Analytics']

/** The counts, for keys and for signed-in readers. Counts are no content: what is recorded is who was turned away. */
export async function analyticsRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: true })

  app.get('/api/analytics/query', {
    config: { access: needed },
    schema: {
      tags,
      summary: 'Count messages, people and more',
      description:
        'Metrics by none, one or two dimensions, in a range, narrowed by filters, compared with another range. Days are UTC, weeks begin on Sunday; days without activity are rows with zeros. docs/metrics.md explains every metric.',
      querystring: strictAnalyticsQuery,
      response: { 200: analyticsReply },
    },
    handler: async (request, reply) => {
      const { workspace, input } = await admitted(caller(request), 'analytics.query', strictAnalyticsQuery, request.query)
      return fresh(reply, await answerQuery(caller(request), workspace, input))
    },
  })

  app.get('/api/analytics/metrics', {
    config: { access: needed },
    schema: { tags, summary: 'List metrics and dimensions', response: { 200: metricList } },
    handler: async (request) => {
      await demand(caller(request), 'access', 'analytics.metrics', needed)
      return catalogue
    },
  })

  app.get('/api/analytics/reconciliation', {
    config: { access: needed },
    schema: {
      tags,
      summary: 'Reconcile a number with the record',
      description:
        'From what the compliance API returns for the range, step by step, to what is counted: messages, conversations, people or uses.',
      querystring: strictReconciliationQuery,
      response: { 200: reconciliationReply },
    },
    handler: async (request, reply) => {
      const { workspace, input } = await admitted(caller(request), 'analytics.reconcile', strictReconciliationQuery, request.query)
      return fresh(reply, await reconcile(caller(request), workspace, input))
    },
  })

  app.get('/api/analytics/reconciliation/messages', {
    config: { access: 'compliance:read' },
    schema: {
      tags,
      summary: 'List what stands behind a reconciliation step',
      description: 'Ids of messages, conversations or people, as the compliance API has them, in the order of their arrival.',
      querystring: stepQuery,
      response: { 200: stepList },
    },
    handler: (request) => listOfStep(caller(request), request.query),
  })
}

/** Who may ask, what is asked, and of which workspace; who is turned away leaves an entry. */
async function admitted<I extends z.ZodType<{ workspace_id: string }>>(
  ctx: Context,
  action: string,
  shape: I,
  query: unknown,
): Promise<{ workspace: Workspace; input: z.output<I> }> {
  await demand(ctx, 'access', action, needed)
  const input = parseInput(shape, query)
  try {
    return { workspace: await workspaceOf(ctx, input.workspace_id), input }
  } catch (error) {
    if (error instanceof Refusal) {
      const query = { workspace_id: input.workspace_id.slice(0, 100) }
      await recordAccess(ctx, { action, workspace: null, query, outcome: 'denied', reason: error.code })
    }
    throw error
  }
}

/** How fresh it is stands in a header as well, for clients that only look there. */
function fresh<R extends { data_through: string | null }>(reply: FastifyReply, result: R): R {
  reply.header('x-data-through', result.data_through ?? 'none')
  return result
}

const catalogue: z.output<typeof metricList> = {
  metrics: Object.entries(metrics).map(([id, metric]) => ({ id, ...metric })),
  dimensions: Object.entries(dimensions).map(([id, { label }]) => ({ id, label })),
}
