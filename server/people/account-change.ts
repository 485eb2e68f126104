import type pg from 'pg'
import type { z } from 'zod'
import { type Trace, traceEntry } from '../ledger/access-log.ts'
import { parseInput } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'
import { Refusal } from '../platform/refusal.ts'
import { appendOwn, type Person } from './session.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { takeAccount } from './sign-in-ways.ts'

interface AccountChange<I extends z.ZodType, P, R> {
  /** `noun.verb`. */
  readonly action: string
  readonly input: I
  /** What takes its time, such as a hash, before the transaction begins. */
  prepare(ctx: Context, person: Person, input: z.output<I>): Promise<P>
  run(tx: pg.ClientBase, ctx: Context, person: Person, prepared: P): Promise<{ ids?: string[]; query?: Trace['query']; result: R }>
}

/**
 * A change to one's own ways in: it needs no scope but a sign-in a short while ago. Otherwise like a command: validation, one
 * transaction that holds the account, one entry, and an entry of what was refused.
 */
export function accountChange<I extends z.ZodType, P, R>(spec: AccountChange<I, P, R>) {
  return async (ctx: Context, raw: unknown): Promise<R> => {
    try {
      const person = onlyPerson(ctx)
      demandRecentSignIn(ctx)
      const prepared = await spec.prepare(ctx, person, parseInput(spec.input, raw))
      return await transaction(ctx.ledger.database.writes, async (tx) => {
        await takeAccount(tx, ctx.ledger, person.id)
        await demandSession(tx, ctx)
        const { ids = [], query, result } = await spec.run(tx, ctx, person, prepared)
        const trace = {
          action: spec.action,
          workspace: null,
          ids: [person.id, ...ids],
          outcome: 'allowed' as const,
          ...(query ? { query } : {}),
        }
        await appendOwn(tx, ctx.ledger, traceEntry(ctx, 'change', trace))
        return result
      })
    } catch (error) {
      if (error instanceof Refusal) await recordRefused(ctx, spec.action, error)
      throw error
    }
  }
}

/** A session that was ended while its request waited changes nothing any more: whoever ended it may have had a reason. */
async function demandSession(tx: pg.ClientBase, { ledger, session }: Context): Promise<void> {
  const { rowCount } = await tx.query('select from session where organization_id = $1 and id = $2', [
    ledger.organization.number,
    session?.id ?? null,
  ])
  if (rowCount !== 1) throw new Refusal('unauthenticated', 'this session has ended: sign in again')
}

/** An account is a person's: keys and operators have none. */
export function onlyPerson({ actor }: Context): Person {
  if (actor.kind === 'person') return actor
  throw new Refusal('forbidden', 'this is for people: a key has no account')
}

async function recordRefused(ctx: Context, action: string, { code }: Refusal): Promise<void> {
  if (code === 'bad_request') return
  await ctx.ledger.writer.record([
    traceEntry(ctx, 'change', { action, workspace: null, outcome: 'denied', reason: code.replaceAll('_', ' ') }),
  ])
}
