import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { type OidcProvider, readProviders } from './oidc-config.ts'
import { type RateLimits, rateLimits } from './rate-limits.ts'
import { OperatorError } from './refusal.ts'

/** Everything the installation can be told from outside, frozen at start. `docs/operate.md` lists it for operators. */
export interface Config {
  /** Absolute path of the data directory. */
  readonly data: string
  readonly host: string
  readonly port: number
  /** Public origin as people and connectors see it; null: made of host and port. */
  readonly url: string | null
  readonly log: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null
  /** null: the embedded facts engine. */
  readonly clickhouseUrl: string | null
  /** Absolute path of the blob folder. */
  readonly blobs: string
  /** Absolute path; the default lies in the data directory, and `masterKeyIsDefault` says so. */
  readonly masterKeyFile: string
  readonly masterKeyIsDefault: boolean
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly trustProxy: boolean | string
  readonly region: string | null
  readonly sessions: {
    /** A session ends after so many minutes without a request. */
    readonly idleMinutes: number
    /** It ends after so many hours whatever happens; for whoever sees more than their own counts after 12 at most. */
    readonly longestHours: number
  }
  /** Whom people may sign in with, in the order of the sign-in page. */
  readonly providers: readonly OidcProvider[]
  /** null: no limits. */
  readonly rateLimits: RateLimits | null
  /** How the provider-compatible surface lists whom a GPT or project is shared with: as its specification says, or in a list object. */
  readonly recipients: 'array' | 'list'
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Names that are settled in the operator's contract. Those without a reader yet take effect with the capability they belong to. */
const knownNames = new Set(
  `DATA HOST PORT URL ROLE LOG BLOBS MASTER_KEY_FILE TLS_CERT TLS_KEY TRUST_PROXY REGION ANALYTICS_PROFILE RATE_LIMITS SESSION_IDLE SESSION_HOURS RECIPIENTS`
    .split(' ')
    .map((name) => `DAYBOOK_${name}`),
)

const blank = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(type: T) => z.preprocess(blank, type.optional())

const environment = z.object({
  DAYBOOK_DATA: optional(z.string()),
  DAYBOOK_HOST: optional(z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address')),
  DAYBOOK_PORT: optional(z.coerce.number('must be a whole number from 0 to 65535').int().min(0).max(65535)),
  DAYBOOK_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an origin such as https://daybook.example.com' })),
  DAYBOOK_LOG: optional(z.enum(['silent', 'error', 'warn', 'info', 'debug'], 'must be one of silent, error, warn, info, debug')),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user:password@host:5432/database' })),
  CLICKHOUSE_URL: optional(z.url({ protocol: /^https?$/, error: 'must look like https://user:password@host:8443/database' })),
  DAYBOOK_BLOBS: optional(z.string().regex(/^(?!\w+:\/\/)/, 'must be a folder: this version keeps file bytes in a folder only')),
  DAYBOOK_MASTER_KEY_FILE: optional(z.string()),
  DAYBOOK_TLS_CERT: optional(z.string()),
  DAYBOOK_TLS_KEY: optional(z.string()),
  DAYBOOK_TRUST_PROXY: optional(z.string()),
  DAYBOOK_REGION: optional(z.string().max(64, 'must have at most 64 characters')),
  DAYBOOK_SESSION_IDLE: optional(z.coerce.number('must be minutes from 5 to 720').int().min(5).max(720)),
  DAYBOOK_SESSION_HOURS: optional(z.coerce.number('must be hours from 1 to 168').int().min(1).max(168)),
  DAYBOOK_RECIPIENTS: optional(z.enum(['array', 'list'], 'must be array or list')),
  DAYBOOK_RATE_LIMITS: z.preprocess((value) => blank(value) ?? 'on', rateLimits),
})

/** Reads the environment over a `.env` file in the working directory; throws one error that names every mistake. */
export function readConfig(env: NodeJS.ProcessEnv, folder: string, defaultData = 'data'): Config {
  const file = resolve(folder, '.env')
  const merged = { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...env }
  const parsed = environment.safeParse(merged)
  const issues = parsed.error?.issues ?? []
  // What is wrong by itself says nothing about what goes with it; everything else is still looked at together.
  const wrong = new Set(issues.map((issue) => issue.path[0]))
  const sound = Object.fromEntries(Object.entries(merged).filter(([name, value]) => value !== '' && !wrong.has(name)))
  const providers = readProviders(merged, folder)
  const mistakes = [
    ...Object.keys(merged)
      .filter((name) => name.startsWith('DAYBOOK_') && !knownNames.has(name))
      .map((name) => `${name}: no such setting`),
    ...issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...pairMistakes(sound, folder),
    ...providers.mistakes,
  ]
  if (mistakes.length > 0 || !parsed.success)
    throw new OperatorError(`the configuration has mistakes:\n${mistakes.map((m) => `  ${m}`).join('\n')}`)
  return Object.freeze({ ...freeze(parsed.data, folder, defaultData), providers: providers.found })
}

function pairMistakes(env: NodeJS.ProcessEnv, folder: string): string[] {
  const mistakes: string[] = []
  if ((env.DAYBOOK_TLS_CERT === undefined) !== (env.DAYBOOK_TLS_KEY === undefined)) {
    mistakes.push('DAYBOOK_TLS_CERT, DAYBOOK_TLS_KEY: set both or neither')
  }
  for (const name of ['DAYBOOK_TLS_CERT', 'DAYBOOK_TLS_KEY', 'DAYBOOK_MASTER_KEY_FILE'] as const) {
    const path = env[name]
    if (path !== undefined && !existsSync(resolve(folder, path))) mistakes.push(`${name}: there is no file ${path}`)
  }
  const beyond = !loopback.has(env.DAYBOOK_HOST ?? '127.0.0.1')
  if (beyond && env.DAYBOOK_TLS_CERT === undefined && !trusted(env.DAYBOOK_TRUST_PROXY)) {
    mistakes.push(
      'DAYBOOK_HOST: an address beyond loopback needs DAYBOOK_TLS_CERT and DAYBOOK_TLS_KEY, or DAYBOOK_TRUST_PROXY behind a proxy that speaks TLS',
    )
  }
  return mistakes
}

function trusted(value: string | undefined): boolean | string {
  if (value === undefined || /^(0|no|off|false)$/i.test(value)) return false
  return /^(1|yes|on|true)$/i.test(value) ? true : value
}

function freeze(env: z.infer<typeof environment>, folder: string, defaultData: string): Omit<Config, 'providers'> {
  const data = resolve(folder, env.DAYBOOK_DATA ?? defaultData)
  const cert = env.DAYBOOK_TLS_CERT
  const key = env.DAYBOOK_TLS_KEY
  return Object.freeze({
    data,
    host: env.DAYBOOK_HOST ?? '127.0.0.1',
    port: env.DAYBOOK_PORT ?? 8484,
    url: env.DAYBOOK_URL?.replace(/\/+$/, '') ?? null,
    log: env.DAYBOOK_LOG ?? 'info',
    databaseUrl: env.DATABASE_URL ?? null,
    clickhouseUrl: env.CLICKHOUSE_URL ?? null,
    blobs: resolve(folder, env.DAYBOOK_BLOBS ?? resolve(data, 'blobs')),
    masterKeyFile: resolve(folder, env.DAYBOOK_MASTER_KEY_FILE ?? resolve(data, 'master.key')),
    masterKeyIsDefault: env.DAYBOOK_MASTER_KEY_FILE === undefined,
    tls: cert !== undefined && key !== undefined ? Object.freeze({ cert: resolve(folder, cert), key: resolve(folder, key) }) : null,
    trustProxy: trusted(env.DAYBOOK_TRUST_PROXY),
    region: env.DAYBOOK_REGION ?? null,
    sessions: Object.freeze({ idleMinutes: env.DAYBOOK_SESSION_IDLE ?? 30, longestHours: env.DAYBOOK_SESSION_HOURS ?? 12 }),
    rateLimits: env.DAYBOOK_RATE_LIMITS && Object.freeze(env.DAYBOOK_RATE_LIMITS),
    recipients: env.DAYBOOK_RECIPIENTS ?? 'array',
  })
}
