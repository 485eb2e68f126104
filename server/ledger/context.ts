import { type Role, roleScopes, type Scope } from '../../contract/people.ts'
import type { Blobs } from '../platform/blobs.ts'
import type { Facts } from '../platform/clickhouse.ts'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { MasterKey } from '../platform/master-key.ts'
import type { RequestWindows } from '../platform/request-windows.ts'
import type { Organization } from './organization.ts'
import type { Writer } from './writer.ts'

/**
 * Who is acting. An operator is someone with a shell on the machine: manages everything, reads no content. `switchedOff` are scopes
 * that a key has and cannot use, because their API is off.
 */
export type Actor =
  | { kind: 'key'; id: string; name: string; scopes: ReadonlySet<Scope>; workspace: number | null; switchedOff?: ReadonlySet<Scope> }
  | { kind: 'person'; id: string; name: string; roles: readonly Role[]; workspace: number | null }
  | { kind: 'operator'; id: string; name: string; workspace: null }

/** One organization's ledger with what it stands on: the same for every request of it. */
export interface Ledger {
  readonly organization: Organization
  readonly writer: Writer
  readonly blobs: Blobs
  /** The counts, derived from the log by a follower. */
  readonly facts: Facts
  readonly database: Database
  readonly master: MasterKey
  /** How much of its quotas each caller has used. */
  readonly windows: RequestWindows
  readonly clock: Clock
  readonly config: Config
  readonly log: Log
}

export interface Workspace {
  readonly number: number
  readonly id: string
  readonly name: string
}

/** The session a person came by. */
export interface Session {
  readonly id: string
  /** When its owner proved who they are. */
  readonly startedAt: string
  readonly expiresAt: string
}

/** One request: who asks, from where, and what about. It can only read; changes go through `command`. */
export interface Context {
  readonly ledger: Ledger
  readonly actor: Actor
  readonly requestId: string
  readonly address: string | null
  /** What the caller's program calls itself; absent where there is none. */
  readonly userAgent?: string | undefined
  /** Only where a person came by one. */
  readonly session?: Session
}

const operatorScopes: ReadonlySet<Scope> = new Set<Scope>([
  'ingest:write',
  'keys:manage',
  'people:manage',
  'settings:manage',
  'directory:read',
  'integrity:read',
])

export function allows(actor: Actor, scope: Scope): boolean {
  if (actor.kind === 'key') return actor.scopes.has(scope) && !actor.switchedOff?.has(scope)
  return actor.kind === 'person' ? actor.roles.some((role) => roleScopes[role].includes(scope)) : operatorScopes.has(scope)
}
