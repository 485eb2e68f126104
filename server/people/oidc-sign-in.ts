import * as client from 'openid-client'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import type { OidcProvider } from '../platform/oidc-config.ts'
import { Refusal } from '../platform/refusal.ts'
import { timesToRecord } from './lockout.ts'
import { Failed } from './oidc-failed.ts'
import { type Claims, claimsOf, memberFor } from './oidc-identity.ts'
import { clientFor, clockToleranceSeconds, unreachable } from './oidc-providers.ts'
import { openStep, sealStep, spend } from './sealed-step.ts'
import type { ProviderSession, Visit } from './session.ts'
import { begin, recordDenied, type SignedIn } from './sign-in-begin.ts'

const purpose = 'provider-sign-in'
const minutes = 10
const about = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  again: z.boolean(),
})

export interface Departure {
  /** Where the browser goes. */
  readonly url: string
  /** What its cookie keeps until it comes back: who else comes back with this state is not the one who left. */
  readonly cookie: string
}

/** Sends somebody to a provider: authorization code with PKCE, a state and a nonce. `again` asks for their proof even if they are signed in there. */
export async function departTo(
  ledger: Ledger,
  provider: OidcProvider,
  { origin, next, again }: { origin: string; next: string; again: boolean },
): Promise<Departure> {
  const configuration = await clientFor(ledger, provider)
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(configuration, {
    ...{ redirect_uri: returnAddress(origin, provider), scope: provider.scopes.join(' '), state, nonce },
    ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    ...(again ? { prompt: 'login', max_age: '0' } : {}),
  })
  return { url: url.href, cookie: sealStep(ledger, purpose, minutes, { provider: provider.id, state, nonce, verifier, next, again }) }
}

/** The address that is registered at the provider, letter by letter. */
export const returnAddress = (origin: string, { id }: OidcProvider) => `${origin}/sign-in/with/${id}/callback`

/** Somebody comes back from a provider. Every attempt that fails is recorded with its reason; the visitor learns what they can do about it. */
export async function arriveFrom(
  ledger: Ledger,
  provider: OidcProvider,
  visit: Visit,
  { cookie, origin, query }: { cookie: string | null; origin: string; query: URLSearchParams },
): Promise<SignedIn & { next: string }> {
  const step = cookie === null ? null : openStep(ledger, purpose, cookie, about)
  try {
    if (!step) throw new Failed('no sign-in under way')
    if (step.about.provider !== provider.id) throw new Failed('another provider was asked')
    if (!(await spend(ledger.database.writes, ledger, step.id, step.until))) throw new Failed('used state')
    const url = new URL(`${returnAddress(origin, provider)}?${query}`)
    const { claims, session } = await exchange(ledger, provider, url, step.about)
    return { ...(await letIn(ledger, provider, visit, claims, session)), next: step.about.next }
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    const times = await timesToRecord(ledger, 'provider', visit.address)
    if (times !== null) await recordDenied(ledger, visit, { person: null, attempt: attemptOf(provider), reason: error.message, times })
    throw Object.assign(new Refusal(error.code, error.words), error.cause === undefined ? {} : { cause: error.cause })
  }
}

const attemptOf = ({ id }: OidcProvider) => ({ way: 'provider', provider: id }) as const

async function exchange(
  ledger: Ledger,
  provider: OidcProvider,
  url: URL,
  { state, nonce, verifier, again }: z.output<typeof about>,
): Promise<{ claims: Claims; session: ProviderSession }> {
  const configuration = await clientFor(ledger, provider)
  try {
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
    })
    const idToken = tokens.claims()
    if (!idToken || tokens.id_token === undefined) throw new Failed('no id token')
    if (again) checkProvenNow(ledger, provider, idToken)
    const claims = await claimsOf(configuration, provider, idToken, tokens.access_token)
    const { sid } = idToken
    const session = {
      provider: provider.id,
      subject: claims.subject,
      session: typeof sid === 'string' ? sid : null,
      idToken: tokens.id_token,
    }
    return { claims, session }
  } catch (error) {
    throw failureOf(provider, error)
  }
}

/** Whoever had to prove themselves again did so there a moment ago. A provider that does not say when is taken at its word. */
function checkProvenNow({ clock }: Ledger, provider: OidcProvider, { auth_time }: client.IDToken): void {
  const oldest = clock.now().epochMilliseconds / 1000 - minutes * 60 - clockToleranceSeconds
  if (typeof auth_time !== 'number' || auth_time >= oldest) return
  throw new Failed('not signed in again there', `${provider.name} did not ask you who you are: sign out there, then begin again`)
}

/** What the library refuses, in our words; what it cannot reach is the provider being down. */
function failureOf(provider: OidcProvider, error: unknown): Error {
  if (error instanceof Failed || error instanceof Refusal) return error
  if (error instanceof client.AuthorizationResponseError) {
    return new Failed(`the provider says ${plain(error.error)}`, `${provider.name} did not let you in: begin again, or ask who runs it`)
  }
  if (error instanceof client.ResponseBodyError) {
    return new Failed(`the provider refuses the code: ${plain(error.error)}`)
  }
  const reason = reasonOf(error)
  if (reason !== null)
    return new Failed(reason, `what ${provider.name} sent cannot be trusted: begin again, and tell who runs this server if it stays so`)
  return Object.assign(unreachable(provider), { cause: error })
}

const reasons: Record<string, string> = {
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'wrong claim',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'not valid at this time',
  OAUTH_INVALID_RESPONSE: 'wrong response',
  OAUTH_KEY_SELECTION_FAILED: 'unknown signing key',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'wrong answer',
}
const away = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'])

/** In the record: `wrong claim: nonce`. The innermost error knows which one; its name is no content, its value stays out. null: it is down. */
function reasonOf(error: unknown): string | null {
  const coded = chainOf(error).findLast((one) => 'code' in one && String(one.code).startsWith('OAUTH_'))
  if (!coded || !('code' in coded) || away.has(String(coded.code))) return null
  const claim =
    z.object({ claim: z.string() }).safeParse(coded.cause).data?.claim ?? /"([\w-]+)"|(signature)/.exec(coded.message)?.slice(1).join('')
  const words = reasons[String(coded.code)] ?? 'wrong token'
  return claim ? `${words}: ${plain(claim)}` : words
}

function chainOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...chainOf(error.cause)] : []
}

const plain = (text: string) => text.replaceAll(/[^\w -]/g, '').slice(0, 60)

async function letIn(ledger: Ledger, provider: OidcProvider, visit: Visit, claims: Claims, session: ProviderSession): Promise<SignedIn> {
  return transaction(ledger.database.writes, async (tx) => {
    const person = await memberFor(tx, ledger, provider, visit, claims)
    return begin(tx, ledger, visit, { person, attempt: attemptOf(provider), provider: session })
  })
}
