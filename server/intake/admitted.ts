import type { z } from 'zod'
import type { Scope } from '../../contract/people.ts'
import { recordAccess } from '../ledger/access-log.ts'
import { demand, parseInput } from '../ledger/command.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'

/** Who may ask, and what is asked. What is answered is no content, so only who was turned away leaves an entry. */
export async function admitted<I extends z.ZodType>(
  ctx: Context,
  action: string,
  scopes: readonly Scope[],
  shape: I,
  query: unknown,
): Promise<z.output<I>> {
  await demand(ctx, 'access', action, scopes)
  return parseInput(shape, query)
}

/** The same where a workspace is asked about; knocking at a foreign one is seen. */
export async function admittedTo<I extends z.ZodType<{ workspace_id: string }>>(
  ctx: Context,
  action: string,
  scopes: readonly Scope[],
  shape: I,
  query: unknown,
): Promise<{ workspace: Workspace; input: z.output<I> }> {
  const input = await admitted(ctx, action, scopes, shape, query)
  try {
    return { workspace: await workspaceOf(ctx, input.workspace_id), input }
  } catch (error) {
    if (error instanceof Refusal) {
      const asked = { workspace_id: input.workspace_id.slice(0, 100) }
      await recordAccess(ctx, { action, workspace: null, query: asked, outcome: 'denied', reason: error.code })
    }
    throw error
  }
}
