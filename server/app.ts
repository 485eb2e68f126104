import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { analyticsRoutes } from './analytics/routes.ts'
import { factsStatus } from './analytics/status.ts'
import { fileDownloads } from './compliance/file-downloads.ts'
import { sendOpenAiError } from './compliance/openai-errors.ts'
import { openAiRoutes } from './compliance/openai-routes.ts'
import { receiptRoutes } from './compliance/receipt-routes.ts'
import { recordPageRoutes } from './compliance/record-page-routes.ts'
import { recordRoutes } from './compliance/record-routes.ts'
import { searchRoutes } from './compliance/search-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { intakeRoutes } from './intake/routes.ts'
import { sourceRoutes } from './intake/source-routes.ts'
import type { Ledger } from './ledger/context.ts'
import { invitationPages } from './pages/invitation-page.ts'
import { pageRoutes } from './pages/routes.ts'
import { accountRoutes } from './people/account-routes.ts'
import { peopleRoutes } from './people/routes.ts'
import { createHttp } from './platform/http.ts'

/** The whole server, in reading order: edge, description, then each domain's routes. */
export async function buildApp(ledger: Ledger): Promise<FastifyInstance> {
  const app = await createHttp(ledger.config, ledger.log, { '/v1/': sendOpenAiError })
  await describeApi(app)
  await app.register(healthRoutes, ledger)
  await app.register(peopleRoutes, ledger)
  await app.register(intakeRoutes, ledger)
  await app.register(sourceRoutes, { ledger, counted: factsStatus })
  await app.register(recordRoutes, ledger)
  await app.register(recordPageRoutes, ledger)
  await app.register(receiptRoutes, ledger)
  await app.register(searchRoutes, ledger)
  await app.register(analyticsRoutes, ledger)
  await app.register(accountRoutes, ledger)
  await app.register((surface) => openAiRoutes(surface, ledger), { prefix: '/v1' })
  await app.register((surface) => fileDownloads(surface, ledger), { prefix: '/v1' })
  await app.register((pages) => invitationPages(pages, ledger))
  await app.register((pages) => pageRoutes(pages, ledger))
  return app
}

/** OpenAPI of the schemas that the routes themselves use, at /api/docs (page) and /api/docs/json. */
async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Daybook',
        version: '0.1.0',
        description: 'The record of every AI chat a company runs. Send an API key as `Authorization: Bearer dbk_…`.',
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: true })
}
