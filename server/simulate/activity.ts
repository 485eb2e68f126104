import type { JsonObject } from '../intake/found.ts'
import { timeText } from './calendar.ts'
import { tagged } from './ids.ts'
import { at, type Person } from './people.ts'
import type { Random } from './random.ts'

/** Where somebody is: addresses of the ranges that are kept for documentation, by network. */
export interface Network {
  readonly prefix: string
  readonly asn: number
  readonly country: string
}

export const office: Network = { prefix: '203.0.113', asn: 64_500, country: 'NO' }
export const home: Network = { prefix: '198.51.100', asn: 64_501, country: 'NO' }
export const abroad: Network = { prefix: '192.0.2', asn: 64_510, country: 'SG' }

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
] as const

/** One thing that somebody did, in the words of the provider's activity feed. */
export interface Deed {
  readonly type: string
  readonly at: number
  /** Null: somebody who is not signed in, or the directory. */
  readonly by: Person | null
  readonly actor?: JsonObject
  readonly network?: Network
  readonly target?: { kind: string; id: string }
  readonly outcome?: 'failure'
  readonly data?: JsonObject
}

export function activityRecord(random: Random, deed: Deed): JsonObject {
  const { type, by, target, outcome, data } = deed
  return {
    kind: 'activity',
    id: tagged(random, 'activity_'),
    source: by?.source ?? 'chatgpt',
    type,
    occurred_at: timeText(deed.at),
    actor: deed.actor ?? (by ? userActor(random, by, deed.at, deed.network ?? (random.int(4) > 0 ? office : home)) : directoryActor),
    ...(target ? { target } : {}),
    outcome: outcome ?? 'success',
    ...(data ? { data } : {}),
  }
}

function userActor(random: Random, person: Person, second: number, network: Network): JsonObject {
  const { asn, country, prefix } = network
  const browser = agents[person.place % agents.length]
  const ip = `${prefix}.${1 + (network === office ? random.int(6) : person.place % 250)}`
  return { kind: 'user', id: person.id, email: at(person.emails, second), ip, user_agent: browser, asn, country }
}

/** Somebody before the door: the address that was tried is all that is known. */
export function stranger(random: Random, email: string, network: Network): JsonObject {
  const { asn, country, prefix } = network
  return {
    kind: 'unauthenticated',
    email,
    ip: `${prefix}.${1 + random.int(250)}`,
    user_agent: agents[random.int(agents.length)],
    asn,
    country,
  }
}

const directoryActor: JsonObject = { kind: 'scim', id: 'directory-sync' }
