import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import helmet from '@fastify/helmet'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { requestSeconds } from './metrics.ts'
import { Refusal } from './refusal.ts'

/** What a route needs before it answers: a scope, any known caller, or nothing. A route that does not say is refused at start. */
declare module 'fastify' {
  interface FastifyContextConfig {
    access?: string
    /** It takes an API key and never the session of a person. */
    keysOnly?: boolean
  }
  interface FastifyInstance {
    routeAccess: RouteAccess
  }
}

/** `GET /api/keys` → the route that says who may call it. */
export type RouteAccess = Map<string, Pick<RouteOptions, 'config'>>

/** Larger than any batch; file bytes are streamed and have a limit of their own. */
const bodyLimit = 10 * 1_048_576

const security = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  crossOriginEmbedderPolicy: false,
  referrerPolicy: { policy: 'no-referrer' as const },
}

/** How a surface words its errors, by the beginning of its addresses. */
export type ErrorShapes = Readonly<Record<string, (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply>>

/** The HTTP server with every limit and timeout written down. Errors become problem details (RFC 9457) unless a surface has its own shape. */
export async function createHttp(config: Config, log: Log, shapes: ErrorShapes = {}): Promise<FastifyInstance> {
  const wordError: ErrorShapes[string] = (error, request, reply) => {
    const [, send] = Object.entries(shapes).find(([start]) => request.raw.url?.startsWith(start)) ?? []
    return send ? send(error, request, reply) : sendProblem(refusalOf(error, request), request, reply)
  }
  const logger: FastifyBaseLogger = log
  const app = fastify({
    loggerInstance: logger,
    // A URL may hold ids of people: what is logged is the route, in `logResponse`.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // An address that cannot be read comes past every hook, and belongs to no surface yet.
    frameworkErrors: (error, request, reply) => void wordError(error, request, reply.headers(edgeHeaders(request))),
    bodyLimit,
    connectionTimeout: 60_000,
    requestTimeout: 15 * 60_000,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 0,
    forceCloseConnections: 'idle',
    // On: the proxy right in front, which says last who asks. What stands before it in the header came from whoever asks.
    trustProxy: config.trustProxy === true ? (_address, hop) => hop === 0 : config.trustProxy,
    // Connectors join URLs carelessly: one slash too many is not an error.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 1024 },
    ...(config.tls
      ? { https: { cert: readFileSync(config.tls.cert), key: readFileSync(config.tls.key), minVersion: 'TLSv1.2' as const } }
      : {}),
  })
  // Input is checked by the question or command itself, with the schema that the route shows: after the caller is known, and what is refused is recorded.
  app.setValidatorCompiler(() => (value: unknown) => ({ value }))
  app.setSerializerCompiler(serializerCompiler)
  await app.register(helmet, { ...security, hsts: config.tls !== null })
  const routeAccess: RouteAccess = new Map()
  app.decorate('routeAccess', routeAccess)
  app.addHook('onRoute', (route) => {
    // The description of the API holds no data; its plugin makes these routes and knows nothing of our rule.
    if (route.url.startsWith('/api/docs')) route.config = { ...route.config, access: 'open' }
    if (route.config?.access === undefined) throw new Error(`the route ${String(route.method)} ${route.url} does not say who may call it`)
    for (const method of [route.method].flat()) routeAccess.set(`${method} ${route.url}`, route)
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(edgeHeaders(request))
  })
  app.addHook('onResponse', async (request, reply) => logResponse(request, reply))
  app.setErrorHandler((error, request, reply) => sendProblem(refusalOf(error, request), request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(new Refusal('not_found', 'there is nothing at this address'), request, reply))
  return app
}

const edgeHeaders = (request: FastifyRequest) => ({ 'x-request-id': request.id, 'cache-control': 'no-store' })

function logResponse(request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url ?? 'unknown'
  const seconds = reply.elapsedTime / 1000
  requestSeconds.observe({ method: request.method, route, status: reply.statusCode }, seconds)
  request.log.info({
    event: 'request',
    request_id: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
  })
}

/** What the caller is told about an error. A defect is logged with its cause and answered with nothing but the request id. */
export function refusalOf(error: unknown, request: FastifyRequest): Refusal | null {
  if (error instanceof Refusal) {
    if (error.cause) request.log.error({ event: 'refused', request_id: request.id, err: error.cause })
    return error
  }
  const refused = fastifyRefusal(error) ?? storeRefusal(error, request)
  if (!refused) request.log.error({ event: 'defect', request_id: request.id, err: error })
  return refused
}

/** Errors of the framework's own, such as a body that is too large; their messages hold nothing of the request. */
function fastifyRefusal(error: unknown): Refusal | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  if (error.statusCode === 413) return new Refusal('too_large', `a request body may have at most ${bodyLimit} bytes`)
  if (error.statusCode === 415) return new Refusal('wrong_type', 'this content type is not taken here')
  if (error.statusCode === 414) return new Refusal('not_found', 'there is nothing at this address')
  return error.statusCode === 400 ? new Refusal('bad_request', 'the request cannot be understood') : null
}

/** SQLSTATE 57P0x: the database is stopping or starting; 53300: it has no connection left. The others are the socket's. */
const storeAway = new Set(['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'])
const storeAwayWords = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** The database is told a text that it cannot hold, which is one with a NUL: content with any is sealed before it gets there. */
const textRefused = '22021'

/** The database is away for a moment, as after a crash: nothing is wrong with the request. */
function storeRefusal(error: unknown, request: FastifyRequest): Refusal | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error ? String(error.code) : ''
  if (code === textRefused) return new Refusal('bad_request', 'a value holds a NUL character, which no id and no name has')
  if (!storeAway.has(code) && !storeAwayWords.test(error.message)) return null
  request.log.warn({ event: 'store-away', request_id: request.id, code })
  return new Refusal('overloaded', 'the ledger does not answer at the moment', { retryAfter: 2 })
}

export function sendProblem(refusal: Refusal | null, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = refusal?.status ?? 500
  if (refusal?.detail.retryAfter !== undefined) reply.header('retry-after', Math.ceil(refusal.detail.retryAfter))
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: 'about:blank',
      title: refusal ? refusal.code.replaceAll('_', ' ') : 'internal error',
      status,
      code: refusal?.code ?? 'internal_error',
      detail: refusal?.message ?? 'something went wrong on our side; the log has the cause under this request id',
      request_id: request.id,
      ...(refusal?.detail.param === undefined ? {} : { param: refusal.detail.param }),
    })
}
