import { z } from 'zod'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { itemId, noted, workspaceId } from './openai-parameters.ts'

/** What the provider lists and no record holds: an empty list in the right shape. */
export const codexEnvironments = question({
  action: 'codex_environments.list',
  scope: 'compliance:read',
  input: z.object({ workspace_id: workspaceId }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  ask: async () => ({ ids: [], result: { object: 'list' as const, data: [], last_id: null, has_more: false, cursor: null } }),
})

export const codexEnvironment = question({
  action: 'codex_environments.read',
  scope: 'compliance:read',
  input: z.object({ workspace_id: workspaceId, item_id: itemId('id') }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  ask: async () => {
    throw new Refusal('not_found', 'there is no such environment')
  },
})
