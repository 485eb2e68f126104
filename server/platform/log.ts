import { type DestinationStream, type LogFn, type Logger, pino } from 'pino'
import type { Config } from './config.ts'

export type Log = Logger

/** Paths that may hold a secret or content, wherever a request or an error is logged. Tested: a planted secret never comes out. */
const secretNames = [
  'authorization',
  'cookie',
  'key',
  'secret',
  'token',
  'password',
  'body',
  'payload',
  'parameters',
  'detail',
  'where',
  'query',
  'values',
]
const redact = { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[hidden]' }

/** JSON lines on standard error, so that standard output stays for what a command prints. */
export function openLog(config: Config, destination: DestinationStream = pino.destination({ fd: 2, sync: false })): Log {
  return pino(
    {
      level: config.log,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact,
      serializers: { err: plainError },
      // pino makes the message of whatever stands under this key the line's own; so nothing stands there.
      errorKey: 'never',
      hooks: { logMethod: withoutMessage },
    },
    destination,
  )
}

/** An error logged by itself becomes one under `err`, where it is serialized without its message. */
function withoutMessage(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, ...rest]: unknown[] = args
  method.apply(this, (first instanceof Error ? [{ err: first }, ...rest] : args) as Parameters<LogFn>)
}

/**
 * An error as its type, code and place. The message of a Refusal or a database error may name an id or a value, so only the stack's
 * frames are kept, not its first line.
 */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return {
    type: error.name,
    code,
    at: frames.slice(0, 8).map((line) => line.trim()),
    cause: error.cause === undefined ? undefined : plainError(error.cause),
  }
}
