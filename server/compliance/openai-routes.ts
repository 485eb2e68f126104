import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Context, Ledger } from '../ledger/context.ts'
import { authenticateFirst } from '../people/authenticate.ts'
import { Refusal } from '../platform/refusal.ts'
import { flatConversations, flatQuery } from './flat-form.ts'
import { conversationMessages, conversations, conversationsQuery, messagesQuery } from './openai-conversations.ts'
import { sendOpenAiError } from './openai-errors.ts'
import { conversationId, workspaceId } from './openai-parameters.ts'
import { conversationList, errorShape, messageList, userList } from './openai-schemas.ts'
import { users, usersQuery } from './openai-users.ts'

const workspaceParams = z.object({ workspace_id: workspaceId })
const conversationParams = workspaceParams.extend({ conversation_id: conversationId })
const errors = { 400: errorShape, 401: errorShape, 403: errorShape, 404: errorShape }

/** What a provider surface never does: take a browser's session. A key must be sent with every request. */
const keysOnly = { sessions: false }

/** The description of a route; the question behind it checks its input with the same schema. */
const about = (summary: string, description: string, querystring: z.ZodType, params: z.ZodType | null, reply: z.ZodType) => ({
  config: { access: 'compliance:read' },
  schema: {
    tags: ['OpenAI-compatible export'],
    summary,
    description,
    querystring,
    ...(params ? { params } : {}),
    response: { 200: reply, ...errors },
  },
})

export async function openAiRoutes(app: FastifyInstance, ledger: Ledger): Promise<void> {
  app.setErrorHandler(sendOpenAiError)
  app.setNotFoundHandler((request, reply) => sendOpenAiError(new Refusal('not_found', 'there is nothing at this address'), request, reply))
  const caller = authenticateFirst(app, ledger, keysOnly)
  app.addContentTypeParser(['application/json', 'application/x-www-form-urlencoded'], { parseAs: 'string' }, (_request, body, done) =>
    done(null, looseBody(String(body))),
  )

  const ask =
    (run: (ctx: Context, input: unknown) => Promise<unknown>, inputOf: (request: FastifyRequest) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const result = await run(caller(request), inputOf(request))
      return sendJson(reply, result)
    }
  const parameters = (request: FastifyRequest) => ({ ...asObject(request.query), ...asObject(request.params) })
  const base = '/compliance/workspaces/:workspace_id'

  app.get(`${base}/users`, {
    ...about('List users', 'In the order of their ids.', usersQuery, workspaceParams, userList),
    handler: ask(users, parameters),
  })
  app.get(`${base}/conversations`, {
    ...about(
      'List conversations',
      'Whole conversations, the one last updated longest ago first. One that changes while it is read comes again.',
      conversationsQuery,
      workspaceParams,
      conversationList,
    ),
    handler: ask(conversations, parameters),
  })
  app.get(`${base}/conversations/:conversation_id/messages`, {
    ...about('List messages', "One conversation's messages in the order of their arrival.", messagesQuery, conversationParams, messageList),
    handler: ask(conversationMessages, parameters),
  })
  const flat = about(
    'Find conversations',
    'The flat form: by person, date range or conversation; same objects, order and cursor.',
    flatQuery,
    null,
    conversationList,
  )
  app.get('/compliance/conversations', { ...flat, handler: ask(flatConversations, parameters) })
  const { querystring: body, ...flatSchema } = flat.schema
  app.post('/compliance/conversations', {
    ...flat,
    schema: { ...flatSchema, body },
    handler: ask(flatConversations, (request) => asObject(request.body ?? {})),
  })
}

/** JSON, also where curl's default content type says it is a form; a real form is taken as well. */
function looseBody(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    if (/^\s*[[{]/.test(text)) throw new Refusal('bad_request', 'the body is not a JSON object')
    const form = new URLSearchParams(text)
    return Object.fromEntries(
      [...new Set(form.keys())].map((name) => [name, form.getAll(name).length > 1 ? form.getAll(name) : form.get(name)]),
    )
  }
}

function asObject(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('bad_request', 'the body is not a JSON object')
  return value
}

/** A generator is sent as it comes, so that a page never has to fit into memory. */
export function sendJson(reply: FastifyReply, result: unknown): FastifyReply {
  reply.type('application/json; charset=utf-8').serializer((body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body)))
  return reply.send(isStream(result) ? Readable.from(result, { objectMode: false, highWaterMark: 1_048_576 }) : result)
}

export function isStream(value: unknown): value is AsyncGenerator<string> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
