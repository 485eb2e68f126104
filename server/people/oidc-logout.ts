import { decodeJwt, errors, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { z } from 'zod'
import { traceEntry } from '../ledger/access-log.ts'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import type { OidcProvider } from '../platform/oidc-config.ts'
import { Refusal } from '../platform/refusal.ts'
import { timesToRecord } from './lockout.ts'
import { clientFor, clockToleranceSeconds, knownProvider } from './oidc-providers.ts'
import { spend } from './sealed-step.ts'
import { appendOwn, type Visit } from './session.ts'
import { contextFor, type MemberRow, nobody, personOfRow } from './sign-in-begin.ts'

/** Where a browser signs out at the provider itself; null: it offers no such thing. */
export async function signOutAddress(
  ledger: Ledger,
  provider: OidcProvider,
  { origin, idToken }: { origin: string; idToken: string | null },
): Promise<string | null> {
  const configuration = await clientFor(ledger, provider)
  if (configuration.serverMetadata().end_session_endpoint === undefined) return null
  const hint = idToken === null ? {} : { id_token_hint: idToken }
  return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: `${origin}/`, ...hint }).href
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/** OpenID Connect Back-Channel Logout 1.0, 2.4. What else it holds is not looked at. */
const logoutToken = z
  .object({
    jti: z.string().min(1).max(500),
    iat: z.number(),
    exp: z.number().optional(),
    sub: z.string().min(1).optional(),
    sid: z.string().min(1).optional(),
    events: z.object({ [logoutEvent]: z.object({}) }),
    nonce: z.never('a logout token has no nonce').optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, 'neither a subject nor a session')
type LogoutToken = z.output<typeof logoutToken>

/** Tokens without an end of their own count for so long; a provider sends them at once. */
const longestSeconds = 10 * 60

/** A provider says that somebody signed out there: their sessions here end with it. Returns how many. */
export async function logOutByProvider(ledger: Ledger, provider: OidcProvider, visit: Visit, text: string): Promise<number> {
  try {
    const token = await checked(ledger, provider, text)
    return await endSessionsOf(ledger, provider, visit, token)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'bad_request') await recordRefused(ledger, provider, visit, error.message)
    throw error
  }
}

async function checked(ledger: Ledger, provider: OidcProvider, text: string): Promise<LogoutToken> {
  const now = ledger.clock.now().epochMilliseconds
  try {
    // What is not even addressed to us costs nobody a request.
    if (decodeJwt(text).iss !== provider.issuer) throw new Refusal('bad_request', 'the token is of another issuer')
    const { keys, metadata } = await knownProvider(ledger, provider)
    const { payload, protectedHeader } = await jwtVerify(text, keys, {
      ...{ issuer: metadata.issuer, audience: provider.clientId, clockTolerance: clockToleranceSeconds, maxTokenAge: longestSeconds },
      ...{
        currentDate: new Date(now),
        algorithms: metadata.id_token_signing_alg_values_supported?.filter((alg) => alg !== 'none' && !alg.startsWith('HS')) ?? ['RS256'],
      },
    })
    if (protectedHeader.typ !== undefined && !/^(application\/)?(logout\+jwt|jwt)$/i.test(protectedHeader.typ)) {
      throw new Refusal('bad_request', 'the token is of another type')
    }
    return logoutToken.parse(payload)
  } catch (error) {
    throw refusalFor(error)
  }
}

function refusalFor(error: unknown): unknown {
  if (error instanceof errors.JWKSTimeout) return new Refusal('overloaded', 'the keys of the provider cannot be read', { retryAfter: 10 })
  if (error instanceof errors.JWTClaimValidationFailed) return new Refusal('bad_request', `the token has a wrong claim: ${error.claim}`)
  if (error instanceof errors.JOSEError) return new Refusal('bad_request', 'the token cannot be verified')
  if (error instanceof z.ZodError) return new Refusal('bad_request', 'the token is no logout token')
  return error
}

async function endSessionsOf(ledger: Ledger, provider: OidcProvider, visit: Visit, token: LogoutToken): Promise<number> {
  const { jti, iat, sub = null, sid = null } = token
  const until = ((token.exp ?? iat + longestSeconds) + clockToleranceSeconds) * 1000
  return transaction(ledger.database.writes, async (tx) => {
    const fresh = await spend(tx, ledger, `logout\0${provider.issuer}\0${jti}`, Math.max(until, ledger.clock.now().epochMilliseconds))
    if (!fresh) throw new Refusal('bad_request', 'the token was used already')
    const { rows } = await tx.query<MemberRow & { session: string }>(
      `delete from session s using member m
       where s.organization_id = $1 and s.provider = $2 and ($3::text is null or s.subject = $3) and ($4::text is null or s.provider_session = $4)
         and m.organization_id = s.organization_id and m.id = s.member_id
       returning m.id, m.email, m.roles, m.workspace_id, s.id as session`,
      [ledger.organization.number, provider.id, sub, sid],
    )
    for (const row of rows) {
      const query = { way: 'provider', provider: provider.id, sessions: 1 }
      const trace = { action: 'session.end', workspace: null, ids: [row.id, row.session], query, outcome: 'allowed' as const }
      await appendOwn(tx, ledger, traceEntry(contextFor(ledger, visit, personOfRow(row)), 'change', trace))
    }
    return rows.length
  })
}

async function recordRefused(ledger: Ledger, provider: OidcProvider, visit: Visit, reason: string): Promise<void> {
  const times = await timesToRecord(ledger, 'logout', visit.address)
  if (times === null) return
  const query = { way: 'provider', provider: provider.id, times }
  const trace = { action: 'session.end', workspace: null, query, outcome: 'denied' as const, reason }
  await ledger.writer.record([traceEntry(contextFor(ledger, visit, nobody), 'change', trace)])
}
