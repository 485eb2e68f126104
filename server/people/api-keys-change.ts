import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { rotation } from '../../contract/admin.ts'
import { providerScopes, type Scope, scope, scopes, scopesOf } from '../../contract/people.ts'
import { command } from '../ledger/command.ts'
import { allows, type Context, type Workspace } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { isRangeWithin, networkOf } from './api-key-networks.ts'
import { kindOf, newKeyText } from './api-key-text.ts'
import { hashOfKey } from './api-keys.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { findMember, takeMembersAs, workspaceNumbered } from './standing.ts'

const longestDays = 3650

/** Our own name of a scope, or the provider's for the same thing. */
const anyScope = z.string().transform((text, issues): Scope => {
  const known = scope.safeParse(Object.hasOwn(providerScopes, text) ? providerScopes[text] : text)
  if (known.success) return known.data
  issues.addIssue({ code: 'custom', message: `${text} is not a scope; there are ${scopes.join(', ')}` })
  return z.NEVER
})

const lifetime = z.number().positive().max(longestDays, `a key may live ${longestDays} days at most`).nullable()

export const createKey = command({
  action: 'key.create',
  scope: 'keys:manage',
  input: z.object({
    name: z.string().min(1).max(200),
    scopes: z.array(anyScope).min(1, 'at least one scope is needed'),
    workspace: z.object({ number: z.int(), id: z.string(), name: z.string() }).nullable(),
    expiresInDays: lifetime.default(90),
    networks: z.array(z.string()).default([]),
  }),
  async run(tx, before, { name, scopes: wanted, workspace, expiresInDays, networks }) {
    // In one turn with who is shut out: their keys are counted then, and none is made behind that.
    const ctx = await takeMembersAs(tx, before, 'keys:manage')
    const granted = [...new Set(wanted)]
    const ranges = [...new Set(networks.map(networkOf))]
    await checkMayMake(tx, ctx, { scopes: granted, workspace, networks: ranges })
    demandRecentSignIn(ctx)
    const made = await insertKey(tx, ctx, { name, scopes: granted, workspace, expiresInDays, networks: ranges, follows: null })
    const query = { scopes: granted, networks: ranges, expires_at: made.expires_at }
    return { ids: [made.id], workspace, query, result: made }
  },
})

/** A new key in place of another, with the same scopes, workspace and networks; the old one works on for the overlap and then ends. */
export const rotateKey = command({
  action: 'key.rotate',
  scope: 'keys:manage',
  input: rotation.extend({ id: z.uuid('is not the id of a key') }),
  async run(tx, before, { id, overlap_hours, expires_in_days }) {
    const ctx = await takeMembersAs(tx, before, 'keys:manage')
    const { ledger } = ctx
    const old = await demandKey(tx, ctx, id)
    const now = ledger.clock.now()
    const ends = now.add({ seconds: Math.round(overlap_hours * 3600) }).toString()
    if (old.revoked_at !== null || (old.expires_at !== null && Date.parse(old.expires_at) <= now.epochMilliseconds))
      throw new Refusal('conflict', 'this key has ended: make a new one')
    const workspace = await workspaceNumbered(ledger, old.workspace_id)
    await checkMayMake(tx, ctx, { scopes: old.scopes, workspace, networks: old.networks })
    demandRecentSignIn(ctx)
    const { name, scopes: granted, networks } = old
    const made = await insertKey(tx, ctx, { name, scopes: granted, workspace, expiresInDays: expires_in_days, networks, follows: id })
    const { rows } = await tx.query<{ expires_at: string }>(
      'update api_key set expires_at = least(expires_at, $3) where organization_id = $1 and id = $2 returning expires_at',
      [ledger.organization.number, id, ends],
    )
    const replaces = { id, expires_at: rows[0]?.expires_at ?? ends }
    const query = { scopes: granted, expires_at: made.expires_at, replaced: id, replaced_ends_at: replaces.expires_at }
    return { ids: [made.id, id], workspace, query, result: { ...made, replaces } }
  },
})

export const revokeKey = command({
  action: 'key.revoke',
  scope: 'keys:manage',
  input: z.object({ id: z.uuid('is not the id of a key') }),
  async run(tx, before, { id }) {
    const ctx = await takeMembersAs(tx, before, 'keys:manage')
    const { workspace_id, scopes: granted } = await demandKey(tx, ctx, id)
    await tx.query('update api_key set revoked_at = coalesce(revoked_at, $3) where organization_id = $1 and id = $2', [
      ctx.ledger.organization.number,
      id,
      ctx.ledger.clock.now().toString(),
    ])
    return { ids: [id], workspace: await workspaceNumbered(ctx.ledger, workspace_id), query: { scopes: granted }, result: { id } }
  },
})

/** Nobody makes a key that can what they cannot for good, or reaches where they do not: what is taken for an hour makes no key that outlives it. */
async function checkMayMake(
  tx: pg.ClientBase,
  ctx: Context,
  { scopes: granted, workspace, networks }: Pick<NewKey, 'scopes' | 'workspace' | 'networks'>,
): Promise<void> {
  const { actor, ledger } = ctx
  if (actor.kind === 'operator') return
  const lasting =
    actor.kind === 'person' ? scopesOf((await findMember(tx, ledger.organization.number, actor.id))?.roles ?? []) : actor.scopes
  const beyond = granted.filter((one) => !(allows(actor, one) && lasting.has(one)))
  if (beyond.length > 0) throw new Refusal('forbidden', `a key cannot have scopes its maker lacks: ${beyond.join(', ')}`)
  if (actor.workspace !== null && workspace?.number !== actor.workspace)
    throw new Refusal('forbidden', 'you make keys for your own workspace only')
  if (actor.kind === 'key') checkStaysIn(await demandKey(tx, ctx, actor.id), networks)
}

/** What a key makes is used from where it is used itself: whoever takes one that is bound to a network takes nothing away from there. */
function checkStaysIn(maker: Pick<Found, 'networks'>, networks: readonly string[]): void {
  if (maker.networks.length === 0) return
  if (networks.length === 0 || networks.some((one) => !isRangeWithin(maker.networks, one)))
    throw new Refusal('forbidden', 'a key that is bound to networks makes keys within them only', { param: 'networks' })
}

interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly workspace: Workspace | null
  readonly expiresInDays: number | null
  readonly networks: readonly string[]
  /** The key it takes the place of. */
  readonly follows: string | null
}

async function insertKey(
  tx: pg.ClientBase,
  { ledger, actor }: Context,
  { name, scopes: granted, workspace, expiresInDays, networks, follows }: NewKey,
) {
  if (expiresInDays === null && granted.includes('compliance:delete'))
    throw new Refusal('bad_request', 'a key that deletes has to end: say when', { param: 'expires_in_days' })
  const kind = kindOf(granted)
  const text = newKeyText(kind)
  const id = randomUUID()
  const now = ledger.clock.now()
  const expires_at = expiresInDays === null ? null : now.add({ seconds: Math.round(expiresInDays * 86_400) }).toString()
  await tx.query(
    `insert into api_key (organization_id, id, workspace_id, name, kind, last_four, key_hash, scopes, expires_at, networks, rotated_from,
       maker_kind, maker_id, maker_name, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ...[ledger.organization.number, id, workspace?.number ?? null, name, kind, text.slice(-4), hashOfKey(ledger.master, text)],
      ...[granted, expires_at, networks, follows, actor.kind, actor.id, actor.name, now.toString()],
    ],
  )
  return { id, key: text, name, scopes: [...granted], workspace_id: workspace?.id ?? null, expires_at, networks: [...networks] }
}

interface Found {
  name: string
  scopes: Scope[]
  workspace_id: number | null
  networks: string[]
  expires_at: string | null
  revoked_at: string | null
}

/** A key within the actor's reach; one of another workspace is none. */
async function demandKey(tx: pg.ClientBase, { ledger, actor }: Context, id: string): Promise<Found> {
  const { rows } = await tx.query<Omit<Found, 'scopes'> & { scopes: string[] }>(
    'select name, scopes, workspace_id, networks, expires_at, revoked_at from api_key where organization_id = $1 and id = $2 for update',
    [ledger.organization.number, id],
  )
  const [row] = rows
  if (!row || (actor.workspace !== null && row.workspace_id !== actor.workspace)) throw new Refusal('not_found', 'there is no such key')
  return { ...row, scopes: scopes.filter((one) => row.scopes.includes(one)) }
}
