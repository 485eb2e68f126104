import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import * as client from 'openid-client'
import type { Ledger } from '../ledger/context.ts'
import { systemClock } from '../platform/clock.ts'
import type { OidcProvider } from '../platform/oidc-config.ts'
import { Refusal } from '../platform/refusal.ts'

/** How far a provider's clock may be from ours. */
export const clockToleranceSeconds = 60

/** A provider that does not answer within this time is down, as far as somebody at the door is concerned. */
const timeoutSeconds = 8

/** What a provider says about itself is asked anew after an hour: it moves its endpoints rarely. */
const keptFor = 3_600_000

interface Known {
  readonly metadata: client.ServerMetadata
  /** For tokens that come by themselves. Asked again when a key is not among them, at most every ten seconds. */
  readonly keys: JWTVerifyGetKey
  readonly until: number
}

const known = new WeakMap<OidcProvider, Known>()

/** The provider of an id in an address. */
export function providerOf({ config }: Ledger, id: string): OidcProvider {
  const found = config.providers.find((one) => one.id === id)
  if (!found) throw new Refusal('not_found', 'there is no such provider')
  return found
}

/** What a provider says about itself. It is asked when somebody wants it and not before, so a provider that is down harms nobody else. */
export async function knownProvider(ledger: Ledger, provider: OidcProvider): Promise<Known> {
  const now = ledger.clock.now().epochMilliseconds
  const before = known.get(provider)
  if (before && before.until > now) return before
  try {
    const metadata = (await discover(provider)).serverMetadata()
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri ?? provider.issuer), {
      cooldownDuration: 10_000,
      timeoutDuration: timeoutSeconds * 1000,
    })
    const found = { metadata, keys, until: now + keptFor }
    known.set(provider, found)
    return found
  } catch (cause) {
    throw Object.assign(unreachable(provider), { cause })
  }
}

export function unreachable({ name }: OidcProvider): Refusal {
  return new Refusal('overloaded', `${name} does not answer at the moment: try again, or come in another way`, { retryAfter: 10 })
}

/**
 * The client for one sign-in. It is made anew each time, so that the provider's keys are too: a key that it has withdrawn signs nobody
 * in from that moment on, and a new one does at once.
 */
export async function clientFor(ledger: Ledger, provider: OidcProvider): Promise<client.Configuration> {
  const { metadata } = await knownProvider(ledger, provider)
  const configuration = new client.Configuration(metadata, provider.clientId, {
    ...(provider.clientSecret === null ? {} : { client_secret: provider.clientSecret }),
    [client.clockTolerance]: clockToleranceSeconds,
    [client.clockSkew]: skewOf(ledger),
  })
  settle(configuration, provider)
  // A token that comes straight from the provider need not be checked by its signature; ours is, all the same.
  client.enableNonRepudiationChecks(configuration)
  return configuration
}

function discover(provider: OidcProvider): Promise<client.Configuration> {
  const execute = isLocal(provider) ? [client.allowInsecureRequests] : []
  return client.discovery(new URL(provider.issuer), provider.clientId, undefined, client.None(), { execute, timeout: timeoutSeconds })
}

function settle(configuration: client.Configuration, provider: OidcProvider): void {
  configuration.timeout = timeoutSeconds
  if (isLocal(provider)) client.allowInsecureRequests(configuration)
}

/** The configuration lets http:// through for this machine alone. */
const isLocal = ({ issuer }: OidcProvider) => issuer.startsWith('http://')

/** The library has a clock of its own; this is how far ours is from it, in seconds. */
function skewOf({ clock }: Ledger): number {
  return Math.round((clock.now().epochMilliseconds - systemClock.now().epochMilliseconds) / 1000)
}
