import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

/** A provider of OpenID Connect that people may sign in with. */
export interface OidcProvider {
  /** Stands in addresses, and in the record. */
  readonly id: string
  /** Stands on its button. */
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  /** null: a public client. */
  readonly clientSecret: string | null
  readonly scopes: readonly string[]
  /** Its e-mail addresses count as verified although it does not say so. */
  readonly trustsEmail: boolean
  /** Whoever it knows may come in, also somebody nobody has invited. */
  readonly joins: boolean
  readonly groupsClaim: string
  /** Group → role. Only the roles that stand here are given and taken by it. */
  readonly roles: Readonly<Record<string, ClaimedRole>>
}

/** What a claim may give: never ownership, never a role that opens the record. Those are given by people. */
export const claimedRoles = ['admin', 'analytics_viewer', 'member'] as const
export type ClaimedRole = (typeof claimedRoles)[number]

const https = (text: string) => URL.canParse(text) && new URL(text).protocol === 'https:'
const local = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?(\/|$)/
const issuer = z.string().refine((text) => https(text) || local.test(text), {
  error: 'must be an https:// address; http:// goes no further than this machine',
})

const provider = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must consist of a-z, 0-9 and -'),
    name: z.string().min(1).max(60),
    issuer,
    client_id: z.string().min(1),
    client_secret: z.string().min(1).nullable().default(null),
    scopes: z.array(z.string().regex(/^[\x21-\x7e]+$/)).default(['openid', 'email', 'profile']),
    trusts_email: z.boolean().default(false),
    joins: z.boolean().default(false),
    groups_claim: z.string().min(1).default('groups'),
    roles: z.record(z.string(), z.enum(claimedRoles, `must be one of ${claimedRoles.join(', ')}`)).default({}),
  })
  .transform(
    ({ id, name, issuer, scopes, joins, roles, ...one }): OidcProvider =>
      Object.freeze({
        ...{ id, name, issuer, joins, roles: Object.freeze(roles) },
        clientId: one.client_id,
        clientSecret: one.client_secret,
        scopes: Object.freeze([...new Set(['openid', ...scopes])]),
        trustsEmail: one.trusts_email,
        groupsClaim: one.groups_claim,
      }),
  )

/** The provider of `OIDC_ISSUER` first, then those of the file that `OIDC_PROVIDERS_FILE` names; every mistake as a line. */
export function readProviders(env: NodeJS.ProcessEnv, folder: string): { found: readonly OidcProvider[]; mistakes: string[] } {
  const mistakes: string[] = []
  const found = [...fromVariables(env, mistakes), ...fromFile(env.OIDC_PROVIDERS_FILE, folder, mistakes)]
  const twice = found.find(({ id }, at) => found.findIndex((other) => other.id === id) !== at)
  if (twice) mistakes.push(`OIDC_PROVIDERS_FILE: two providers have the id ${twice.id}`)
  return { found: Object.freeze(found), mistakes }
}

const variables = { OIDC_ISSUER: 'issuer', OIDC_CLIENT_ID: 'client_id', OIDC_CLIENT_SECRET: 'client_secret', OIDC_NAME: 'name' } as const

function fromVariables(env: NodeJS.ProcessEnv, mistakes: string[]): OidcProvider[] {
  const given = Object.entries(variables).filter(([name]) => env[name] !== undefined && env[name] !== '')
  if (given.length === 0) return []
  const names = given.map(([name]) => name)
  if (!names.includes('OIDC_ISSUER') || !names.includes('OIDC_CLIENT_ID')) {
    mistakes.push('OIDC_ISSUER, OIDC_CLIENT_ID: set both or neither')
    return []
  }
  const parsed = provider.safeParse({
    id: 'sso',
    name: 'single sign-on',
    ...Object.fromEntries(given.map(([name, key]) => [key, env[name]])),
  })
  const nameOf = (key: unknown) => Object.entries(variables).find(([, one]) => one === key)?.[0] ?? 'OIDC_ISSUER'
  mistakes.push(...(parsed.error?.issues ?? []).map(({ path, message }) => `${nameOf(path[0])}: ${message}`))
  return parsed.success ? [parsed.data] : []
}

function fromFile(path: string | undefined, folder: string, mistakes: string[]): OidcProvider[] {
  if (path === undefined || path === '') return []
  const file = resolve(folder, path)
  if (!existsSync(file)) mistakes.push(`OIDC_PROVIDERS_FILE: there is no file ${path}`)
  else {
    const parsed = z.array(provider).safeParse(jsonOf(file))
    if (parsed.success) return parsed.data
    mistakes.push(
      ...parsed.error.issues.map((issue) => `OIDC_PROVIDERS_FILE: ${issue.path.map(String).join('.') || 'the list'}: ${issue.message}`),
    )
  }
  return []
}

/** undefined where it is not JSON: the shape refuses that in words. */
function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
