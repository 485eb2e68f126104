import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { originOf } from '../people/same-origin.ts'
import { Refusal } from '../platform/refusal.ts'
import { deleteEndpoints } from './delete-endpoints.ts'
import { type Endpoint, endpoints } from './export-endpoints.ts'
import { flatConversations, flatQuery } from './flat-form.ts'
import { deletionShape } from './openai-deletes.ts'
import { sendOpenAiError } from './openai-errors.ts'
import { pathParameters } from './openai-parameters.ts'
import { conversationList, errorShape } from './openai-schemas.ts'

const errors = { 400: errorShape, 401: errorShape, 403: errorShape, 404: errorShape, 429: errorShape }

/** What a provider surface never does: take a browser's session. A key must be sent with every request. */
const keysOnly = { sessions: false }

const described = { tags: ['OpenAI-compatible export'] }

const pathOf = (path: string) => `/compliance/workspaces/:workspace_id${path}`

/** The description of a route; the question behind it checks its input with the same schemas. */
function about({ path, summary, description, query, reply }: Endpoint) {
  const answer = reply === 'link' ? { 307: z.null().describe('`Location` is where the bytes are'), 410: errorShape } : { 200: reply }
  return {
    config: { access: 'compliance:read' },
    schema: {
      ...described,
      summary,
      description,
      querystring: query,
      params: pathParameters(pathOf(path)),
      response: { ...answer, ...errors },
    },
  }
}

function aboutDelete({ path, summary, description, query }: Pick<Endpoint, 'path' | 'summary' | 'description' | 'query'>) {
  return {
    config: { access: 'compliance:delete' },
    schema: {
      ...described,
      summary,
      description,
      querystring: query,
      params: pathParameters(pathOf(path)),
      response: { 200: deletionShape, ...errors },
    },
  }
}

export async function openAiRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  app.setErrorHandler(sendOpenAiError)
  app.setNotFoundHandler((request, reply) => sendOpenAiError(new Refusal('not_found', 'there is nothing at this address'), request, reply))
  const caller = authenticateFirst(app, ledger, keysOnly)
  app.addContentTypeParser(['application/json', 'application/x-www-form-urlencoded'], { parseAs: 'string' }, (_request, body, done) =>
    done(null, looseBody(String(body))),
  )

  const ask = (run: Endpoint['ask'], inputOf: (request: FastifyRequest) => object) => (request: FastifyRequest) =>
    run(caller(request), { ...inputOf(request), origin: originOf(ledger.config, request) })
  const parameters = (request: FastifyRequest) => ({ ...asObject(request.query), ...asObject(request.params) })

  for (const one of endpoints) {
    const answer = ask(one.ask, parameters)
    const send = one.reply === 'link' ? sendLink : sendJson
    app.get(pathOf(one.path), {
      ...about(one),
      handler: async (request, reply) => send(reply, await answer(request)),
    })
  }
  for (const { path, summary, description, query, run } of deleteEndpoints) {
    app.delete(pathOf(path), {
      ...aboutDelete({ path, summary, description, query }),
      handler: async (request, reply) => {
        const { receipt, shown } = await run(caller(request), parameters(request))
        return sendJson(reply.header('daybook-receipt', receipt), shown)
      },
    })
  }
  const flat = {
    ...described,
    summary: 'Find conversations',
    description: 'The flat form: by person, date range or conversation; same objects, order and cursor.',
    response: { 200: conversationList, ...errors },
  }
  const find = ask(flatConversations, parameters)
  app.get('/compliance/conversations', {
    config: { access: 'compliance:read' },
    schema: { ...flat, querystring: flatQuery },
    handler: async (request, reply) => sendJson(reply, await find(request)),
  })
  const findPosted = ask(flatConversations, (request) => asObject(request.body ?? {}))
  app.post('/compliance/conversations', {
    config: { access: 'compliance:read' },
    schema: { ...flat, body: flatQuery },
    handler: async (request, reply) => sendJson(reply, await findPosted(request)),
  })
}

/** JSON, also where curl's default content type says it is a form; a real form is taken as well. */
function looseBody(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    if (/^\s*[[{]/.test(text)) throw new Refusal('bad_request', 'the body is not a JSON object')
    const values = Map.groupBy(new URLSearchParams(text), ([name]) => name)
    return Object.fromEntries(
      [...values].map(([name, pairs]) => [name, pairs.length > 1 ? pairs.map(([, value]) => value) : pairs[0]?.[1]]),
    )
  }
}

function asObject(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('bad_request', 'the body is not a JSON object')
  return value
}

/** A generator is sent as it comes, so that a page never has to fit into memory. */
function sendJson(reply: FastifyReply, result: unknown): FastifyReply {
  reply.type('application/json; charset=utf-8').serializer((body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body)))
  return reply.send(isStream(result) ? Readable.from(result, { objectMode: false, highWaterMark: 1_048_576 }) : result)
}

/** 307 and not 302: connectors check for it. */
function sendLink(reply: FastifyReply, location: unknown): FastifyReply {
  return reply.code(307).header('location', String(location)).send()
}

function isStream(value: unknown): value is AsyncGenerator<Buffer> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
