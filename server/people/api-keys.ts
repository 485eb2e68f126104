import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { providerScopes, type Scope, scope, scopes } from '../../contract/people.ts'
import { command } from '../ledger/command.ts'
import { type Actor, allows, type Ledger } from '../ledger/context.ts'
import { hmac } from '../platform/crypto.ts'
import type { MasterKey } from '../platform/master-key.ts'
import { Refusal } from '../platform/refusal.ts'
import { kindOf, looksLikeKey, newKeyText } from './api-key-text.ts'
import { listWorkspaces } from './workspaces.ts'

/** A key as it may be shown: everything but its text, which is shown once, when it is made. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly last_four: string
  readonly scopes: readonly Scope[]
  readonly workspace_id: string | null
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly last_used_at: string | null
}

const longestDays = 3650

/** Our own name of a scope, or the provider's for the same thing. */
const anyScope = z.string().transform((text, issues): Scope => {
  const known = scope.safeParse(Object.hasOwn(providerScopes, text) ? providerScopes[text] : text)
  if (known.success) return known.data
  issues.addIssue({ code: 'custom', message: `${text} is not a scope; there are ${scopes.join(', ')}` })
  return z.NEVER
})

export const createKey = command({
  action: 'key.create',
  scope: 'keys:manage',
  input: z.object({
    name: z.string().min(1).max(200),
    scopes: z.array(anyScope).min(1, 'at least one scope is needed'),
    workspace: z.object({ number: z.int(), id: z.string(), name: z.string() }).nullable(),
    expiresInDays: z.number().positive().max(longestDays, `a key may live ${longestDays} days at most`).nullable(),
  }),
  async run(tx, ctx, { name, scopes: wanted, workspace, expiresInDays }) {
    const granted = [...new Set(wanted)]
    const beyond = ctx.actor.kind === 'operator' ? [] : granted.filter((one) => !allows(ctx.actor, one))
    if (beyond.length > 0) throw new Refusal('forbidden', `a key cannot have scopes its maker lacks: ${beyond.join(', ')}`)
    const kind = kindOf(granted)
    const text = newKeyText(kind)
    const id = randomUUID()
    const expiresAt =
      expiresInDays === null
        ? null
        : ctx.ledger.clock
            .now()
            .add({ seconds: Math.round(expiresInDays * 86_400) })
            .toString()
    await tx.query(
      `insert into api_key (organization_id, id, workspace_id, name, kind, last_four, key_hash, scopes, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ctx.ledger.organization.number,
        id,
        workspace?.number ?? null,
        name,
        kind,
        text.slice(-4),
        hashOf(ctx.ledger.master, text),
        granted,
        expiresAt,
      ],
    )
    return {
      ids: [id],
      workspace,
      query: { scopes: granted },
      result: { id, key: text, name, scopes: granted, workspace_id: workspace?.id ?? null, expires_at: expiresAt },
    }
  },
})

export const revokeKey = command({
  action: 'key.revoke',
  scope: 'keys:manage',
  input: z.object({ id: z.uuid('is not the id of a key') }),
  async run(tx, ctx, { id }) {
    const { rowCount } = await tx.query('update api_key set revoked_at = coalesce(revoked_at, $3) where organization_id = $1 and id = $2', [
      ctx.ledger.organization.number,
      id,
      ctx.ledger.clock.now().toString(),
    ])
    if (rowCount === 0) throw new Refusal('not_found', 'there is no such key')
    return { ids: [id], workspace: null, result: { id } }
  },
})

export async function listKeys(ledger: Ledger): Promise<ApiKey[]> {
  const workspaces = new Map((await listWorkspaces(ledger)).map(({ number, id }) => [number, id]))
  const rows = await ledger.database.reader
    .selectFrom('api_key')
    .select(['id', 'name', 'kind', 'last_four', 'scopes', 'workspace_id', 'created_at', 'expires_at', 'revoked_at', 'last_used_at'])
    .where('organization_id', '=', ledger.organization.number)
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    ...row,
    scopes: row.scopes.flatMap(known),
    workspace_id: row.workspace_id === null ? null : (workspaces.get(row.workspace_id) ?? null),
  }))
}

function hashOf(master: MasterKey, text: string): Buffer {
  return hmac(master.pepper, 'api-key\0', text)
}

const known = (text: string): Scope[] => {
  const parsed = scope.safeParse(text)
  return parsed.success ? [parsed.data] : []
}

/** Last use is written at most once a minute and key: it answers "is it still in use", not "when exactly". */
const lastUseEvery = Temporal.Duration.from({ minutes: 1 })

/** Who a key is. Unknown, revoked and expired ones are told apart by nobody. */
export async function actorOfKey(ledger: Ledger, text: string): Promise<Actor> {
  const row = looksLikeKey(text) ? await findKey(ledger, text) : undefined
  const now = ledger.clock.now()
  const valid =
    row && row.revoked_at === null && (row.expires_at === null || Temporal.Instant.compare(Temporal.Instant.from(row.expires_at), now) > 0)
  if (!valid) throw new Refusal('unauthenticated', 'the API key is missing, unknown, expired or revoked')
  if (row.last_used_at === null || Temporal.Instant.compare(Temporal.Instant.from(row.last_used_at).add(lastUseEvery), now) < 0)
    await noteUse(ledger, row.id)
  return { kind: 'key', id: row.id, name: row.name, scopes: new Set(row.scopes.flatMap(known)), workspace: row.workspace_id }
}

function findKey(ledger: Ledger, text: string) {
  return ledger.database.reader
    .selectFrom('api_key')
    .select(['id', 'name', 'scopes', 'workspace_id', 'expires_at', 'revoked_at', 'last_used_at'])
    .where('organization_id', '=', ledger.organization.number)
    .where('key_hash', '=', hashOf(ledger.master, text))
    .executeTakeFirst()
}

async function noteUse(ledger: Ledger, id: string): Promise<void> {
  await ledger.database.writes.query('update api_key set last_used_at = $3 where organization_id = $1 and id = $2', [
    ledger.organization.number,
    id,
    ledger.clock.now().toString(),
  ])
}
