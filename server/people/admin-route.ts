import type { FastifyRequest } from 'fastify'
import type { Context } from '../ledger/context.ts'

/** Finds the context of a request that was authenticated. */
export type Caller = (request: FastifyRequest) => Context

/** Runs a command on what a request says: its body, and what its path names. */
export function runCommand<I, R>(
  command: (ctx: Context, raw: I) => Promise<R>,
  ctx: Context,
  request: FastifyRequest,
  more: object = {},
): Promise<R> {
  const said: unknown = { ...fieldsOf(request.body), ...fieldsOf(request.params), ...more }
  // A command checks its input with its schema before it looks at it: what is said here is unknown to it until then.
  return command(ctx, said as I)
}

/** A body that is missing or is no object has no fields; the schema says which it needs. */
function fieldsOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
