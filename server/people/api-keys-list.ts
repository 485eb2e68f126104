import type { KeyView } from '../../contract/admin.ts'
import { demand } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { type ApiKey, listKeys } from './api-keys.ts'
import { workspaceNumbered } from './standing.ts'

/** Every key with its state, the newest first; whoever is bound to a workspace sees those that are for it. */
export async function keyViews(ctx: Context): Promise<KeyView[]> {
  await demand(ctx, 'access', 'keys.list', 'keys:manage')
  const { ledger, actor } = ctx
  const own = await workspaceNumbered(ledger, actor.workspace)
  const now = ledger.clock.now().epochMilliseconds
  const seen = (await listKeys(ledger)).filter(({ workspace_id }) => actor.workspace === null || workspace_id === own?.id)
  return seen.map((key) => viewOf(key, now)).reverse()
}

function viewOf({ maker_kind, maker_id, maker_name, scopes, networks, ...key }: ApiKey, now: number): KeyView {
  const isMade = maker_kind !== null && maker_id !== null && maker_name !== null
  return {
    ...key,
    scopes: [...scopes],
    networks: [...networks],
    maker: isMade ? { kind: maker_kind, id: maker_id, name: maker_name } : null,
    state: key.revoked_at !== null ? 'revoked' : key.expires_at !== null && Date.parse(key.expires_at) <= now ? 'ended' : 'live',
  }
}
