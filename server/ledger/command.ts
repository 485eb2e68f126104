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
  /** Several: any of them is enough. */
  readonly scope: Scope | readonly Scope[]
  readonly input: I
  /** Writes, and says what it wrote about. Runs inside the transaction that also holds the entry. */
  run(tx: pg.ClientBase, ctx: Context, input: z.output<I>): Promise<Done & { result: R; then?: FollowUp }>
}

/** What was changed, as its entry says it. */
export interface Done {
  ids: string[]
  workspace: Workspace | null
  query?: Trace['query']
  /** What is searched for, where a search is changed. */
  words?: string
}

/** What a command sets in motion: it runs once the command's own entry is written, in the same transaction, and leaves an entry of its own. */
export interface FollowUp {
  readonly action: string
  run(tx: pg.ClientBase): Promise<Done>
}

/** Every change goes through here: permission, validation, one transaction, one entry in the log. A denied one leaves its entry too. */
export function command<I extends z.ZodType, R>(spec: Command<I, R>) {
  return async (ctx: Context, raw: z.input<I>): Promise<R> => {
    await demand(ctx, 'change', spec.action, spec.scope)
    const input = parseInput(spec.input, raw)
    try {
      return await transaction(ctx.ledger.database.writes, async (tx) => {
        const { result, then, ...changed } = await spec.run(tx, ctx, input)
        await writeEntry(tx, ctx, spec.action, changed)
        if (then) await writeEntry(tx, ctx, then.action, await then.run(tx))
        return result
      })
    } catch (error) {
      if (error instanceof Refusal) await recordRefused(ctx, spec.action, error)
      throw error
    }
  }
}

/** What somebody may not do, or would do to something that is not there for them, is seen; a mistake in the input is nobody's business. */
async function recordRefused(ctx: Context, action: string, { code, message }: Refusal): Promise<void> {
  if (code !== 'forbidden' && code !== 'not_found') return
  const reason = code === 'forbidden' ? message : code
  await ctx.ledger.writer.record([traceEntry(ctx, 'change', { action, workspace: null, outcome: 'denied', reason })])
}

async function writeEntry(tx: pg.ClientBase, ctx: Context, action: string, { ids, workspace, query, words }: Done): Promise<void> {
  const { number } = ctx.ledger.organization
  const said = { ...(query ? { query } : {}), ...(words === undefined ? {} : { words }) }
  const entry = traceEntry(ctx, 'change', { action, workspace, ids, outcome: 'allowed', ...said })
  await takeTurn(tx, number)
  const head = await takeNumbers(tx, number, 1, 0)
  await writeEntries(tx, number, head, [aboutNobody(entry)])
}

/** Refuses, and records the refusal, unless the actor holds the scope, or any of several. */
export async function demand(
  ctx: Context,
  kind: 'access' | 'change',
  action: string,
  scope: Scope | readonly Scope[],
  workspace: Workspace | null = null,
): Promise<void> {
  const enough = [scope].flat()
  if (enough.some((one) => allows(ctx.actor, one))) return
  const { actor } = ctx
  const off = actor.kind === 'key' && enough.some((one) => actor.switchedOff?.has(one) && actor.scopes.has(one))
  const needed = anyOf(enough)
  const trace: Trace = { action, workspace, outcome: 'denied', reason: off ? `the API of ${needed} is off` : `needs ${needed}` }
  if (kind === 'access') await recordAccess(ctx, trace)
  else await ctx.ledger.writer.record([traceEntry(ctx, kind, trace)])
  if (off) throw new Refusal('forbidden', 'this API is switched off for the organization; its primary owner can switch it on')
  throw new Refusal('forbidden', `this needs the scope ${needed}`)
}

/** Scopes of which any is enough, as routes and refusals name them. */
export function anyOf(scopes: readonly Scope[]): string {
  return scopes.join(' or ')
}

/** Validates, and says every mistake in one sentence for people. */
export function parseInput<I extends z.ZodType>(shape: I, raw: unknown): z.output<I> {
  const parsed = shape.safeParse(raw)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'input'}: ${issue.message}`)
  throw new Refusal('bad_request', problems.join('; '), { param: first?.path.map(String).join('.') ?? 'input' })
}
