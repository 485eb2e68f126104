import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { type BreakGlassView, newBreakGlass } from '../../contract/admin.ts'
import { isRecordRole, role } from '../../contract/people.ts'
import { command, demand } from '../ledger/command.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { openFinding } from './findings.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { takeMembersAs, workspaceNumbered } from './standing.ts'

/** How long a role taken alone lasts, and how soon somebody else has to have looked at it. */
const lifetime = Temporal.Duration.from({ minutes: 60 })
const reviewWithin = Temporal.Duration.from({ hours: 72 })

/**
 * An owner takes a role of the record for an hour, alone, because it cannot wait. All owners learn of it at once, and its review stays
 * open until somebody else closes it.
 */
export const breakGlass = command({
  action: 'break-glass.start',
  scope: 'people:manage',
  input: newBreakGlass,
  async run(tx, ctx, { role: wanted, reason }) {
    const { ledger } = ctx
    const organization = ledger.organization.number
    const { actor } = await takeMembersAs(tx, ctx, 'people:manage')
    if (actor.kind !== 'person' || !actor.roles.includes('owner')) throw new Refusal('forbidden', 'only an owner breaks the glass')
    demandRecentSignIn(ctx)
    if (!isRecordRole(wanted)) throw new Refusal('bad_request', `${wanted} is no role of the record`)
    if (actor.roles.includes(wanted)) throw new Refusal('conflict', 'you have this role already')
    const now = ledger.clock.now()
    const started = { id: randomUUID(), role: wanted, expires_at: now.add(lifetime).toString() }
    await tx.query(
      'insert into break_glass (organization_id, id, member_id, role, reason, started_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
      [organization, started.id, actor.id, wanted, reason, now.toString(), started.expires_at],
    )
    const finding_id = await openFinding(tx, ledger, {
      kind: 'break-glass',
      severity: 'high',
      subject: { kind: 'member', id: actor.id },
      workspace: actor.workspace,
      causedBy: actor.id,
      reason,
      dueAt: now.add(reviewWithin).toString(),
    })
    await tx.query('update break_glass set finding_id = $3 where organization_id = $1 and id = $2', [organization, started.id, finding_id])
    ledger.log.warn({ event: 'break-glass', id: started.id, role: wanted, finding_id })
    const workspace = await workspaceNumbered(ledger, actor.workspace)
    return { ids: [started.id, actor.id], workspace, query: { role: wanted, reason, finding_id }, result: { ...started, finding_id } }
  },
})

/** Gives the role back before its hour is over: whoever took it, or another owner. Its review stays open. */
export const endBreakGlass = command({
  action: 'break-glass.end',
  scope: 'people:manage',
  input: z.object({ id: z.uuid() }),
  async run(tx, ctx, { id }) {
    const { ledger, actor } = ctx
    if (actor.kind === 'person' && !actor.roles.includes('owner')) throw new Refusal('forbidden', 'only an owner does this')
    const { rows } = await tx.query<{ member_id: string; role: string }>(
      `update break_glass b set ended_at = $3 from member m
       where b.organization_id = $1 and b.id = $2 and b.ended_at is null and b.expires_at > $3
         and m.organization_id = b.organization_id and m.id = b.member_id and ($4::integer is null or m.workspace_id = $4)
       returning b.member_id, b.role`,
      [ledger.organization.number, id, ledger.clock.now().toString(), actor.workspace],
    )
    const [row] = rows
    if (!row) throw new Refusal('not_found', 'there is no such role that still lasts')
    return { ids: [id, row.member_id], workspace: null, query: { role: row.role }, result: { id } }
  },
})

/** Ends what somebody took for an hour: they are out, or no longer what allowed them to take it. */
export async function endGlassOf(tx: pg.ClientBase, ledger: Ledger, member: string): Promise<void> {
  await tx.query(
    'update break_glass set ended_at = $3 where organization_id = $1 and member_id = $2 and ended_at is null and expires_at > $3',
    [ledger.organization.number, member, ledger.clock.now().toString()],
  )
}

interface Row {
  id: string
  member_id: string
  email: string | null
  role: string
  reason: string
  started_at: string
  expires_at: string
  ended_at: string | null
  finding_id: string | null
  due_at: string | null
  closed_at: string | null
}

/** Every time the glass was broken, the newest first, with where its review stands. */
export async function listBreakGlass(ctx: Context): Promise<BreakGlassView[]> {
  await demand(ctx, 'access', 'break-glass.list', 'people:manage')
  const { ledger, actor } = ctx
  const { rows } = await ledger.database.reads.query<Row>(
    `select b.*, m.email, f.due_at, f.closed_at from break_glass b
     left join member m on m.organization_id = b.organization_id and m.id = b.member_id
     left join finding f on f.organization_id = b.organization_id and f.id = b.finding_id
     where b.organization_id = $1 and ($2::integer is null or f.workspace_id = $2) order by b.started_at desc limit 1000`,
    [ledger.organization.number, actor.workspace],
  )
  const now = ledger.clock.now().epochMilliseconds
  return rows.map(({ id, member_id, email, reason, started_at, expires_at, ended_at, finding_id, due_at, closed_at, ...row }) => ({
    id,
    member: { id: member_id, email },
    role: role.parse(row.role),
    reason,
    started_at,
    expires_at,
    ended_at,
    active: ended_at === null && Date.parse(expires_at) > now,
    review:
      finding_id === null
        ? null
        : { finding_id, due_at, closed_at, overdue: closed_at === null && due_at !== null && Date.parse(due_at) < now },
  }))
}
