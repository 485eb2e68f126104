import { z } from 'zod'
import { type ApprovalView, approvalActions, approvalQuery, approvalStates } from '../../contract/admin.ts'
import { role } from '../../contract/people.ts'
import { demand, parseInput } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { listWorkspaces } from './workspaces.ts'

interface Row {
  id: string
  action: string
  input: string
  workspace_id: number | null
  requester: string
  requester_email: string | null
  beneficiary: string | null
  beneficiary_email: string | null
  purpose: string
  state: string
  requested_at: string
  expires_at: string
  decided_by: string | null
  decided_by_email: string | null
  decided_at: string | null
  note: string | null
}

/** What was asked of second persons, the newest first; whoever is bound to a workspace sees what is about it. */
export async function listApprovals(ctx: Context, raw: unknown): Promise<ApprovalView[]> {
  await demand(ctx, 'access', 'approvals.list', 'people:manage')
  const { state } = parseInput(approvalQuery, raw)
  const { ledger, actor } = ctx
  const { rows } = await ledger.database.reads.query<Row>(
    `select a.*, case when a.state = 'open' and a.expires_at <= $3 then 'expired' else a.state end as state,
       r.email as requester_email, b.email as beneficiary_email, d.email as decided_by_email
     from approval a
     left join member r on r.organization_id = a.organization_id and r.id = a.requester
     left join member b on b.organization_id = a.organization_id and b.id = a.beneficiary
     left join member d on d.organization_id = a.organization_id and d.id = a.decided_by
     where a.organization_id = $1 and ($2::integer is null or a.workspace_id = $2)
     order by a.requested_at desc, a.id limit 1000`,
    [ledger.organization.number, actor.workspace, ledger.clock.now().toString()],
  )
  const workspaces = new Map((await listWorkspaces(ledger)).map(({ number, id }) => [number, id]))
  const views = rows.map((row) => viewOf(row, ctx, workspaces.get(row.workspace_id ?? 0) ?? null))
  return views.filter((view) => state === undefined || view.state === state)
}

const input = z.object({ role: role.optional() })

/** `may_approve` goes by ids; whether it is one person with two accounts is looked at when they approve. */
function viewOf(row: Row, { actor }: Context, workspace: string | null): ApprovalView {
  const { id, purpose, requested_at, expires_at, decided_at, note } = row
  const state = z.enum(approvalStates).parse(row.state)
  const someoneElse = actor.id !== row.requester && actor.id !== row.beneficiary
  return {
    id,
    action: z.enum(approvalActions).parse(row.action),
    role: input.parse(JSON.parse(row.input)).role ?? null,
    workspace_id: workspace,
    requester: { id: row.requester, email: row.requester_email },
    beneficiary: row.beneficiary === null ? null : { id: row.beneficiary, email: row.beneficiary_email },
    purpose,
    state,
    requested_at,
    expires_at,
    decided_by: row.decided_by === null ? null : { id: row.decided_by, email: row.decided_by_email },
    decided_at,
    note,
    may_approve: state === 'open' && someoneElse && actor.kind === 'person' && actor.roles.includes('owner'),
  }
}
