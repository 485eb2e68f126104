import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from '../platform/http.ts'
import type { RefusalCode } from '../platform/refusal.ts'

/** Type and code of an error in the shape of the provider's platform; the wire reference leaves the compliance surface's own open. */
const typeOf: Partial<Record<RefusalCode, string>> = {
  unauthenticated: 'authentication_error',
  forbidden: 'permission_error',
  not_found: 'not_found_error',
  too_many: 'rate_limit_error',
  overloaded: 'server_error',
}

const codeOf: Partial<Record<RefusalCode, string>> = {
  unauthenticated: 'invalid_api_key',
  forbidden: 'insufficient_permissions',
  too_many: 'rate_limit_exceeded',
}

/** `error` is an object: there are clients that read `error.message`. */
export function sendOpenAiError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error, request)
  if (refusal?.detail.retryAfter !== undefined) reply.header('retry-after', Math.ceil(refusal.detail.retryAfter))
  return reply
    .code(refusal?.status ?? 500)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({
      error: {
        message: refusal?.message ?? `something went wrong on our side; the log has the cause under the request id ${request.id}`,
        type: refusal ? (typeOf[refusal.code] ?? 'invalid_request_error') : 'server_error',
        param: refusal?.detail.param ?? null,
        code: refusal ? (codeOf[refusal.code] ?? refusal.code) : 'internal_error',
      },
    })
}
