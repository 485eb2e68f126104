import type pg from 'pg'
import { z } from 'zod'
import { memberId, type SessionShown, sessionId, ways } from '../../contract/account.ts'
import { traceEntry } from '../ledger/access-log.ts'
import { command } from '../ledger/command.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { transaction } from '../ledger/writer.ts'
import { Refusal } from '../platform/refusal.ts'
import { onlyPerson } from './account-change.ts'
import { checkMayTouch } from './grants.ts'
import { appendOwn } from './session.ts'
import { demandMember } from './standing.ts'

const way = z.enum(ways).catch('link')

/** The live sessions of a member, the one used last first. */
export async function sessionsOf({ ledger, session }: Context, member: string): Promise<SessionShown[]> {
  const now = ledger.clock.now()
  const rows = await ledger.database.reader
    .selectFrom('session')
    .select(['id', 'way', 'provider', 'device', 'address', 'created_at', 'seen_at', 'expires_at'])
    .where('organization_id', '=', ledger.organization.number)
    .where('member_id', '=', member)
    .where('expires_at', '>', now.toString())
    .where('seen_at', '>', now.subtract({ minutes: ledger.config.sessions.idleMinutes }).toString())
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(({ created_at, device, ...row }) => ({
    ...row,
    way: way.parse(row.way),
    device: device ?? 'an unknown device',
    current: row.id === session?.id,
    started_at: created_at,
  }))
}

/** Ends one of one's own sessions, or all but the one that asks. Getting rid of a thief must be easy: no new sign-in is asked for. */
export async function endOwnSessions(ctx: Context, which: { id: string } | 'others'): Promise<number> {
  const { ledger } = ctx
  const person = onlyPerson(ctx)
  return transaction(ledger.database.writes, async (tx) => {
    const ids = await remove(tx, ledger, person.id, which === 'others' ? { except: ctx.session?.id ?? null } : { only: which.id })
    if (ids.length === 0 && which !== 'others') throw new Refusal('not_found', 'there is no such session')
    const trace = { action: 'session.end', workspace: null, ids: [person.id, ...ids], outcome: 'allowed' as const }
    await appendOwn(tx, ledger, traceEntry(ctx, 'change', { ...trace, query: { sessions: ids.length } }))
    return ids.length
  })
}

/** The live sessions of a member, for whoever manages people. */
export const memberSessions = question({
  action: 'sessions.list',
  scope: 'people:manage',
  input: memberId,
  workspace: async () => null,
  async ask(ctx, { member_id }) {
    const { ledger, actor } = ctx
    let member = ledger.database.reader
      .selectFrom('member')
      .select('id')
      .where('organization_id', '=', ledger.organization.number)
      .where('id', '=', member_id)
    if (actor.workspace !== null) member = member.where('workspace_id', '=', actor.workspace)
    if (!(await member.executeTakeFirst())) throw new Refusal('not_found', 'there is no such member')
    return { ids: [member_id], result: await sessionsOf(ctx, member_id) }
  },
})

/** Ends a member's sessions, all or one, for whoever manages people. */
export const endMemberSessions = command({
  action: 'session.end',
  scope: 'people:manage',
  input: memberId.extend({ session_id: sessionId.shape.session_id.optional() }),
  async run(tx, ctx, { member_id, session_id }) {
    const { ledger } = ctx
    const member = await demandMember(tx, ctx, member_id)
    if (member.id !== ctx.actor.id) checkMayTouch(ctx.actor, { before: member, after: member })
    const ids = await remove(tx, ledger, member.id, session_id === undefined ? { except: null } : { only: session_id })
    if (ids.length === 0 && session_id !== undefined) throw new Refusal('not_found', 'there is no such session')
    return { ids: [member.id, ...ids], workspace: null, query: { sessions: ids.length }, result: ids.length }
  },
})

async function remove(
  tx: pg.ClientBase,
  ledger: Ledger,
  member: string,
  which: { only: string } | { except: string | null },
): Promise<string[]> {
  const [condition, id] = 'only' in which ? ['id = $3', which.only] : ['id is distinct from $3', which.except]
  const { rows } = await tx.query<{ id: string }>(
    `delete from session where organization_id = $1 and member_id = $2 and ${condition} returning id`,
    [ledger.organization.number, member, id],
  )
  return rows.map((row) => row.id)
}
