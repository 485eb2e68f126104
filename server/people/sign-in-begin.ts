import type pg from 'pg'
import type { Way } from '../../contract/account.ts'
import { type Trace, traceEntry } from '../ledger/access-log.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { appendOwn, type Person, type ProviderSession, startSession, type Visit } from './session.ts'
import { knownRoles } from './standing.ts'

/** How somebody tries to come in, as the entry says it. */
export interface Attempt {
  readonly way: Way
  /** Id of the provider, where one is the way. */
  readonly provider?: string
  /** What was shown besides the password. */
  readonly factor?: 'code' | 'recovery code'
}

export interface SignedIn {
  readonly person: Person
  /** What the cookie carries. */
  readonly session: string
}

/** Stands where an id would, in the entry of a sign-in by somebody nobody knows. */
export const unknownPerson = 'unknown'
export const nobody: Person = { kind: 'person', id: unknownPerson, name: unknownPerson, roles: [], workspace: null }

/** A row of `member`, as far as a sign-in needs it. */
export interface MemberRow {
  id: string
  email: string
  roles: string[]
  workspace_id: number | null
}

export function personOfRow({ id, email, roles, workspace_id }: MemberRow): Person {
  return { kind: 'person', id, name: email, roles: knownRoles(roles), workspace: workspace_id }
}

/** Lets somebody in: the session and the entry about it stand in the transaction of what proved who they are. */
export async function begin(
  tx: pg.ClientBase,
  ledger: Ledger,
  visit: Visit,
  { person, attempt, provider }: { person: Person; attempt: Attempt; provider?: ProviderSession },
): Promise<SignedIn> {
  const session = await startSession(tx, ledger, visit, { person, way: attempt.way, ...(provider ? { provider } : {}) })
  await appendOwn(tx, ledger, startEntry(contextFor(ledger, visit, person), attempt, { outcome: 'allowed', ids: [person.id] }))
  return { person, session }
}

/** Writes down that somebody was not let in. `times` stands for tries that left no entry of their own. */
export async function recordDenied(
  ledger: Ledger,
  visit: Visit,
  { person, attempt, reason, times }: { person: Person | null; attempt: Attempt; reason: string; times?: number },
): Promise<void> {
  const ctx = contextFor(ledger, visit, person ?? nobody)
  await ledger.writer.record([startEntry(ctx, attempt, { outcome: 'denied', reason }, times)])
}

export function contextFor(ledger: Ledger, visit: Visit, actor: Person): Context {
  return { ledger, actor, requestId: visit.requestId, address: visit.address, userAgent: visit.userAgent }
}

function startEntry(ctx: Context, { way, provider, factor }: Attempt, outcome: Pick<Trace, 'outcome' | 'reason' | 'ids'>, times?: number) {
  const query = { way, ...(provider ? { provider } : {}), ...(factor ? { factor } : {}), ...(times === undefined ? {} : { times }) }
  return traceEntry(ctx, 'change', { action: 'session.start', workspace: null, ids: [], query, ...outcome })
}
