import { Temporal } from 'temporal-polyfill'
import { type Api, apiScopes, apis, type Scope, scope } from '../../contract/people.ts'
import { traceEntry } from '../ledger/access-log.ts'
import type { Actor, Ledger } from '../ledger/context.ts'
import { hmac } from '../platform/crypto.ts'
import type { MasterKey } from '../platform/master-key.ts'
import { Refusal } from '../platform/refusal.ts'
import { isWithin } from './api-key-networks.ts'
import { looksLikeKey } from './api-key-text.ts'
import { listWorkspaces } from './workspaces.ts'

/** A key as it may be shown: everything but its text, which is shown once, when it is made. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly last_four: string
  readonly scopes: readonly Scope[]
  readonly workspace_id: string | null
  readonly networks: readonly string[]
  readonly maker_kind: string | null
  readonly maker_id: string | null
  readonly maker_name: string | null
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly flagged_at: string | null
  readonly rotated_from: string | null
  readonly last_used_at: string | null
  readonly last_used_address: string | null
  readonly last_used_route: string | null
}

export async function listKeys(ledger: Ledger): Promise<ApiKey[]> {
  const workspaces = new Map((await listWorkspaces(ledger)).map(({ number, id }) => [number, id]))
  const rows = await ledger.database.reader
    .selectFrom('api_key')
    .select(['id', 'name', 'kind', 'last_four', 'scopes', 'workspace_id', 'networks', 'maker_kind', 'maker_id', 'maker_name'])
    .select(['created_at', 'expires_at', 'revoked_at', 'flagged_at', 'rotated_from'])
    .select(['last_used_at', 'last_used_address', 'last_used_route'])
    .where('organization_id', '=', ledger.organization.number)
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    ...row,
    scopes: row.scopes.flatMap(known),
    workspace_id: row.workspace_id === null ? null : (workspaces.get(row.workspace_id) ?? null),
  }))
}

export function hashOfKey(master: MasterKey, text: string): Buffer {
  return hmac(master.pepper, 'api-key\0', text)
}

const known = (text: string): Scope[] => {
  const parsed = scope.safeParse(text)
  return parsed.success ? [parsed.data] : []
}

/** From where a key is used, and for what: a route as it is written down, never an address with ids in it. */
export interface KeyUse {
  readonly address: string | null
  readonly route: string
  readonly requestId: string
}

/** Last use is written at most once a minute and key: it answers "is it still in use", not "when exactly". */
const lastUseEvery = Temporal.Duration.from({ minutes: 1 })

/**
 * Who a key is. Unknown, revoked and expired keys, and those that come from outside their networks, are told apart by nobody: one look-up
 * each, then the same words. That a good key was tried from outside is an entry, which the caller does not wait for.
 */
export async function actorOfKey(ledger: Ledger, text: string, use: KeyUse): Promise<Actor> {
  return actorOf(ledger, looksLikeKey(text) ? await findKey(ledger, 'k.key_hash', hashOfKey(ledger.master, text)) : undefined, use)
}

/** The key that a signed link was made for, as it is now: a link ends with its key and reads no more than it. */
export async function actorOfKeyId(ledger: Ledger, id: string, use: KeyUse): Promise<Actor> {
  return actorOf(ledger, await findKey(ledger, 'k.id', id), use)
}

async function actorOf(ledger: Ledger, row: Awaited<ReturnType<typeof findKey>>, use: KeyUse): Promise<Actor> {
  const now = ledger.clock.now()
  const alive =
    row && row.revoked_at === null && (row.expires_at === null || Temporal.Instant.compare(Temporal.Instant.from(row.expires_at), now) > 0)
  if (!alive) throw new Refusal('unauthenticated', wrongKey)
  const actor: Actor = {
    kind: 'key',
    id: row.id,
    name: row.name,
    scopes: new Set(row.scopes.flatMap(known)),
    workspace: row.workspace_id,
    ...switchedOff({ compliance: row.compliance_api, analytics: row.analytics_api }),
  }
  if (!isWithin(row.networks, use.address)) {
    noteForeign(ledger, actor, use)
    throw new Refusal('unauthenticated', wrongKey)
  }
  if (row.last_used_at === null || Temporal.Instant.compare(Temporal.Instant.from(row.last_used_at).add(lastUseEvery), now) < 0)
    await noteUse(ledger, row.id, use)
  return actor
}

const wrongKey = 'the API key is missing, unknown, expired or revoked, or it may not be used from here'

function switchedOff(on: Record<Api, boolean>): { switchedOff?: ReadonlySet<Scope> } {
  const off = apis.filter((api) => !on[api])
  return off.length === 0 ? {} : { switchedOff: new Set(off.flatMap((api) => apiScopes[api])) }
}

function findKey(ledger: Ledger, column: 'k.key_hash' | 'k.id', value: Buffer | string) {
  return ledger.database.reader
    .selectFrom('api_key as k')
    .innerJoin('organization as o', 'o.organization_id', 'k.organization_id')
    .select(['k.id', 'k.name', 'k.scopes', 'k.workspace_id', 'k.expires_at', 'k.revoked_at', 'k.last_used_at', 'k.networks'])
    .select(['o.compliance_api', 'o.analytics_api'])
    .where('k.organization_id', '=', ledger.organization.number)
    .where(column, '=', value)
    .executeTakeFirst()
}

async function noteUse(ledger: Ledger, id: string, { address, route }: KeyUse): Promise<void> {
  await ledger.database.writes.query(
    'update api_key set last_used_at = $3, last_used_address = $4, last_used_route = $5 where organization_id = $1 and id = $2',
    [ledger.organization.number, id, ledger.clock.now().toString(), address, route],
  )
}

/** When a key was last seen outside its networks, in this process: an entry a minute says as much as a flood of them. */
const seenOutside = new Map<string, number>()

function noteForeign(ledger: Ledger, actor: Actor, { address, route, requestId }: KeyUse): void {
  const now = ledger.clock.now().epochMilliseconds
  if (now - (seenOutside.get(actor.id) ?? Number.NEGATIVE_INFINITY) < 60_000) return
  seenOutside.set(actor.id, now)
  const trace = {
    action: 'key.use',
    workspace: null,
    ids: [actor.id],
    query: { route },
    outcome: 'denied',
    reason: 'outside its networks',
  } as const
  const entry = traceEntry({ ledger, actor, requestId, address }, 'access', trace)
  ledger.writer.record([entry]).catch((err: unknown) => ledger.log.error({ event: 'key-outside', err }))
}
