import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { type AssetKind, isForeign, recipientsOf } from './asset-sharing.ts'
import { findHeld, type Held, heldBySource, sourceKey } from './held-items.ts'
import { present } from './openai-conversations.ts'
import { userObject } from './openai-objects.ts'
import { cursor, itemId, limit, noted, workspaceId } from './openai-parameters.ts'

export const sharedUsersQuery = z.object({ after: cursor, limit: limit(200, 1000) })

/** GET …/gpts/{id}/shared_users: the people it is shared with, in the order of their ids, as users of the workspace. */
export function sharedUsersQuestion(kind: AssetKind, live: (ctx: Context, item: Held) => Promise<Held | null>) {
  return question({
    action: `${kind}s.shared_users`,
    scope: 'compliance:read',
    input: sharedUsersQuery.extend({ workspace_id: workspaceId, asset_id: itemId('id') }),
    workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
    query: noted,
    async ask(ctx, input, workspace) {
      const its = present(workspace)
      const item = await live(ctx, await findHeld(ctx, its.number, kind, input.asset_id))
      // Whom others share theirs with is not public.
      if (!item || isForeign(item.record)) throw new Refusal('not_found', `there is no such ${kind}`)
      const rest = (await sharedUsers(ctx, its.number, item)).filter(({ id }) => input.after === null || id > input.after)
      const data = rest.slice(0, input.limit)
      const page = { object: 'list' as const, data, last_id: data.at(-1)?.id ?? null, has_more: rest.length > data.length }
      return { ids: data.map(({ id }) => id), result: page }
    },
  })
}

/** Somebody of whom no record has arrived is shown with what the sharing itself says. */
async function sharedUsers(ctx: Context, workspace: number, item: Held) {
  const recipients = recipientsOf(item.record)
  const people = await heldBySource(
    ctx,
    workspace,
    'person',
    recipients.map(({ id }) => id),
  )
  const users = recipients.map(({ id, email }) => {
    const person = people.get(sourceKey(item.source, id))
    return userObject(person?.id ?? id, person?.record ?? { email }, person?.first_at ?? item.valid_at)
  })
  return [...new Map(users.map((user) => [user.id, user])).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
