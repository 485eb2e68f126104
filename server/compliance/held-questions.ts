import type { z } from 'zod'
import type { RecordKind } from '../../contract/records.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { findHeld, type Held, listHeld, numberOf } from './held-items.ts'
import { present } from './openai-conversations.ts'
import { noted } from './openai-parameters.ts'

/** What a list is asked for. `user_id` stands in the address where it is somebody's, `cursor` is how later endpoints call `after`. */
export interface ListAsked {
  workspace_id: string
  user_id?: string
  after: string | null
  cursor?: string | null
  limit: number
  origin?: string
  since_timestamp?: number | null
}

/** Items as the provider shows them; together, so that what they refer to is fetched once a page. */
type Builder<A> = (ctx: Context, items: readonly Held[], about: { workspace: Workspace; asked: A }) => object[] | Promise<object[]>

interface ListSpec<I extends z.ZodType<ListAsked>> {
  readonly action: string
  readonly kind: RecordKind
  readonly input: I
  choose?(ctx: Context, items: readonly Held[]): Promise<readonly Held[]>
  readonly build: Builder<z.output<I>>
}

/** The question behind a list of one kind: of the workspace, or of one person of it. `cursor` is there for those who go on with it. */
export function listQuestion<I extends z.ZodType<ListAsked>>({ action, kind, input, choose, build }: ListSpec<I>) {
  return question({
    action,
    scope: 'compliance:read',
    input,
    workspace: (ctx, asked) => workspaceOf(ctx, asked.workspace_id),
    query: (asked) => noted(asked),
    async ask(ctx, asked, workspace) {
      const its = present(workspace)
      const { items, hasMore } = await listHeld(ctx, {
        workspace: its.number,
        kind,
        person: asked.user_id === undefined ? null : await demandPerson(ctx, its, asked.user_id),
        since: asked.since_timestamp ?? null,
        after: asked.after ?? asked.cursor ?? null,
        limit: asked.limit,
        ...(choose ? { choose: (some) => choose(ctx, some) } : {}),
      })
      const last = items.at(-1)?.id ?? null
      const page = { object: 'list', data: await build(ctx, items, { workspace: its, asked }), last_id: last, has_more: hasMore }
      return { ids: items.map(({ id }) => id), result: 'cursor' in asked ? { ...page, cursor: hasMore ? last : null } : page }
    },
  })
}

interface OneAsked {
  workspace_id: string
  user_id?: string
  origin?: string
}

interface OneSpec<I extends z.ZodType<OneAsked>> {
  readonly action: string
  readonly kind: RecordKind
  readonly input: I
  /** Which of its fields names the item. */
  id(asked: z.output<I>): string
  /** In which version it is shown; null: not at all. */
  choose?(ctx: Context, item: Held): Promise<Held | null>
  readonly build: Builder<z.output<I>>
}

/** The question behind one item, by its id and, where it is somebody's, theirs. */
export function itemQuestion<I extends z.ZodType<OneAsked>>({ action, kind, input, id, choose, build }: OneSpec<I>) {
  return question({
    action,
    scope: 'compliance:read',
    input,
    workspace: (ctx, asked) => workspaceOf(ctx, asked.workspace_id),
    query: (asked) => noted(asked),
    async ask(ctx, asked, workspace) {
      const its = present(workspace)
      const found = await findHeld(ctx, its.number, kind, id(asked))
      if (asked.user_id !== undefined && found.person !== (await demandPerson(ctx, its, asked.user_id))) throw notHere(kind)
      const item = choose ? await choose(ctx, found) : found
      const [shown] = item ? await build(ctx, [item], { workspace: its, asked }) : []
      if (!item || !shown) throw notHere(kind)
      return { ids: [item.id], result: shown }
    },
  })
}

const notHere = (kind: string) => new Refusal('not_found', `there is no such ${kind.replaceAll('_', ' ')}`)

export async function demandPerson(ctx: Context, workspace: Workspace, id: string): Promise<number> {
  const number = await numberOf(ctx, workspace.number, 'person', id)
  if (number === null) throw new Refusal('not_found', 'there is no such user')
  return number
}
