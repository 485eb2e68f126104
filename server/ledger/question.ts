import type { z } from 'zod'
import type { Scope } from '../../contract/people.ts'
import { Refusal } from '../platform/refusal.ts'
import { recordAccess, type Trace } from './access-log.ts'
import { demand, parseInput } from './command.ts'
import type { Context, Workspace } from './context.ts'

export interface Answer<R> {
  /** Ids of everything that the result gives away. */
  readonly ids: readonly string[]
  /** May hold a stream that has not started: it starts once the entry is committed. */
  readonly result: R
}

export interface Question<I extends z.ZodType, R> {
  readonly action: string
  /** Several: any of them is enough. */
  readonly scope: Scope | readonly Scope[]
  readonly input: I
  /** The workspace asked about; throws `not_found` for one the actor may not see. null: the organization. */
  workspace(ctx: Context, input: z.output<I>): Promise<Workspace | null>
  /** Parameters worth recording; never content. */
  query?(input: z.output<I>): Trace['query']
  /** What is searched for, if anything is. */
  words?(input: z.output<I>): string
  ask(ctx: Context, input: z.output<I>, workspace: Workspace | null): Promise<Answer<R>>
}

/** Every read of content goes through here: permission, workspace, the read, and its entry in the log before anything leaves. */
export function question<I extends z.ZodType, R>(spec: Question<I, R>) {
  return async (ctx: Context, raw: unknown): Promise<R> => {
    await demand(ctx, 'access', spec.action, spec.scope)
    const input = parseInput(spec.input, raw)
    const asked = { query: spec.query?.(input) ?? {}, ...(spec.words ? { words: spec.words(input) } : {}) }
    const { workspace, answer } = await attempt(ctx, spec, input, asked)
    await recordAccess(ctx, { action: spec.action, workspace, ...asked, ids: answer.ids, outcome: 'allowed' })
    return answer.result
  }
}

/** What is not there for this actor is recorded as denied: knocking at foreign doors must be seen. */
async function attempt<I extends z.ZodType, R>(
  ctx: Context,
  spec: Question<I, R>,
  input: z.output<I>,
  asked: Pick<Trace, 'query' | 'words'>,
): Promise<{ workspace: Workspace | null; answer: Answer<R> }> {
  let workspace: Workspace | null = null
  try {
    workspace = await spec.workspace(ctx, input)
    return { workspace, answer: await spec.ask(ctx, input, workspace) }
  } catch (error) {
    if (error instanceof Refusal) {
      await recordAccess(ctx, { action: spec.action, workspace, ...asked, outcome: 'denied', reason: error.code })
    }
    throw error
  }
}
