import type pg from 'pg'
import type { z } from 'zod'
import type { Scope } from '../../contract/people.ts'
import { Refusal } from '../platform/refusal.ts'
import { recordAccess, type Trace, traceEntry } from './access-log.ts'
import { aboutNobody, takeNumbers, takeTurn, writeEntries } from './append.ts'
import { allows, type Context, type Workspace } from './context.ts'
import { transaction } from './writer.ts'

export interface Command<I extends z.ZodType, R> {
  /** `noun.verb`. */
  readonly action: string
  readonly scope: Scope
  readonly input: I
  /** Writes, and says what it wrote about. Runs inside the transaction that also holds the entry. */
  run(
    tx: pg.ClientBase,
    ctx: Context,
    input: z.output<I>,
  ): Promise<{ ids: string[]; workspace: Workspace | null; query?: Trace['query']; result: R }>
}

/** Every change goes through here: permission, validation, one transaction, one entry in the log. A denied one leaves its entry too. */
export function command<I extends z.ZodType, R>(spec: Command<I, R>) {
  return async (ctx: Context, raw: z.input<I>): Promise<R> => {
    await demand(ctx, 'change', spec.action, spec.scope)
    const input = parseInput(spec.input, raw)
    const { organization, database } = ctx.ledger
    return transaction(database.writes, async (tx) => {
      const { ids, workspace, query, result } = await spec.run(tx, ctx, input)
      const entry = traceEntry(ctx, 'change', { action: spec.action, workspace, ids, outcome: 'allowed', ...(query ? { query } : {}) })
      await takeTurn(tx, organization.number)
      const head = await takeNumbers(tx, organization.number, 1, 0)
      await writeEntries(tx, organization.number, head, [aboutNobody(entry)])
      return result
    })
  }
}

/** Refuses, and records the refusal, unless the actor holds the scope. */
export async function demand(
  ctx: Context,
  kind: 'access' | 'change',
  action: string,
  scope: Scope,
  workspace: Workspace | null = null,
): Promise<void> {
  if (allows(ctx.actor, scope)) return
  const trace: Trace = { action, workspace, outcome: 'denied', reason: `needs ${scope}` }
  if (kind === 'access') await recordAccess(ctx, trace)
  else await ctx.ledger.writer.record([traceEntry(ctx, kind, trace)])
  throw new Refusal('forbidden', `this needs the scope ${scope}`)
}

/** Validates, and says every mistake in one sentence for people. */
export function parseInput<I extends z.ZodType>(shape: I, raw: unknown): z.output<I> {
  const parsed = shape.safeParse(raw)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'input'}: ${issue.message}`)
  throw new Refusal('bad_request', problems.join('; '), { param: first?.path.map(String).join('.') ?? 'input' })
}
