import type pg from 'pg'
import { type Role, scopesOf } from '../../contract/people.ts'
import type { Ledger } from '../ledger/context.ts'
import { openFinding } from './findings.ts'

interface Maker {
  readonly id: string
  readonly workspace: number | null
  /** What they may still do; none when they have left. */
  readonly roles: readonly Role[]
  readonly left: boolean
}

/**
 * Marks the live keys whose maker has left or lost what the key can do, takes the mark from those whose maker can do it again, and opens a finding for each: a connector that stopped in the
 * middle of the night would be worse than a key that somebody looks at in the morning. Returns the ids of those it marked.
 */
export async function flagKeysOf(tx: pg.ClientBase, ledger: Ledger, { id, workspace, roles, left }: Maker): Promise<string[]> {
  const held = [...scopesOf(roles)]
  await tx.query(
    `update api_key set flagged_at = null
     where organization_id = $1 and maker_kind = 'person' and maker_id = $2 and flagged_at is not null and scopes <@ $3::text[]`,
    [ledger.organization.number, id, held],
  )
  const { rows } = await tx.query<{ id: string }>(
    `update api_key set flagged_at = $3
     where organization_id = $1 and maker_kind = 'person' and maker_id = $2 and revoked_at is null and flagged_at is null
       and (expires_at is null or expires_at > $3) and not scopes <@ $4::text[]
     returning id`,
    [ledger.organization.number, id, ledger.clock.now().toString(), held],
  )
  for (const key of rows)
    await openFinding(tx, ledger, {
      kind: left ? 'key-of-deactivated-member' : 'key-beyond-its-maker',
      severity: left ? 'low' : 'medium',
      subject: { kind: 'key', id: key.id },
      workspace,
      causedBy: id,
      reason: null,
    })
  return rows.map((row) => row.id)
}
