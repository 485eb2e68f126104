import type { FastifyInstance } from 'fastify'
import { receipt, receiptPage, receiptsQuery } from '../../contract/receipts.ts'
import { anyOf } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { listReceipts, readReceipt, receiptParams, receiptScopes } from './receipts.ts'

const tags = ['Receipts']

/** What was deleted from the record: when, by whom, and which places of the log it leaves empty. */
export async function receiptRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  const caller = authenticateFirst(app, ledger, { sessions: true })
  app.get('/api/receipts', {
    config: { access: anyOf(receiptScopes) },
    schema: {
      tags,
      summary: 'List the receipts of deletions',
      description: 'In the order in which they were made; continue with after = next. Never what was deleted.',
      querystring: receiptsQuery,
      response: { 200: receiptPage },
    },
    handler: (request) => listReceipts(caller(request), request.query),
  })
  app.get('/api/receipts/:id', {
    config: { access: anyOf(receiptScopes) },
    schema: {
      tags,
      summary: 'Read the receipt of a deletion',
      description: 'With every entry of the log whose content is gone and the commitment that stays in its place.',
      params: receiptParams,
      response: { 200: receipt },
    },
    handler: (request) => readReceipt(caller(request), request.params),
  })
}
