import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { closure, type FindingKind, type FindingView, findingKinds, findingQuery, severities } from '../../contract/admin.ts'
import { command, demand, parseInput } from '../ledger/command.ts'
import { allows, type Context, type Ledger } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { isSamePerson } from './second-person.ts'
import { workspaceNumbered } from './standing.ts'
import { listWorkspaces } from './workspaces.ts'

interface NewFinding {
  readonly kind: FindingKind
  readonly severity: (typeof severities)[number]
  readonly subject: { readonly kind: 'member' | 'key'; readonly id: string }
  readonly workspace: number | null
  /** Whose act it was. */
  readonly causedBy: string | null
  readonly reason: string | null
  readonly dueAt?: string
}

/** Opens a finding in the transaction of what it is about. Returns its id. */
export async function openFinding(tx: pg.ClientBase, ledger: Ledger, finding: NewFinding): Promise<string> {
  const id = randomUUID()
  const { kind, severity, subject, workspace, causedBy, reason, dueAt = null } = finding
  await tx.query(
    `insert into finding (organization_id, id, workspace_id, kind, severity, subject_kind, subject_id, caused_by, reason, opened_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ledger.organization.number,
      id,
      workspace,
      kind,
      severity,
      subject.kind,
      subject.id,
      causedBy,
      reason,
      ledger.clock.now().toString(),
      dueAt,
    ],
  )
  return id
}

interface Row {
  id: string
  workspace_id: number | null
  kind: string
  severity: string
  subject_kind: string
  subject_id: string
  caused_by: string | null
  caused_by_email: string | null
  subject_name: string | null
  reason: string | null
  opened_at: string
  due_at: string | null
  closed_at: string | null
  closed_by: string | null
  closed_by_name: string | null
  note: string | null
}

/** What waits to be looked at, the newest first; whoever is bound to a workspace sees what is about it. */
export async function listFindings(ctx: Context, raw: unknown): Promise<FindingView[]> {
  await demand(ctx, 'access', 'findings.list', 'directory:read')
  const { state } = parseInput(findingQuery, raw)
  const { ledger, actor } = ctx
  const { rows } = await ledger.database.reads.query<Row>(
    `select f.*, c.email as caused_by_email, coalesce(m.email, k.name) as subject_name from finding f
     left join member c on c.organization_id = f.organization_id and c.id = f.caused_by
     left join member m on m.organization_id = f.organization_id and f.subject_kind = 'member' and m.id = f.subject_id::uuid
     left join api_key k on k.organization_id = f.organization_id and f.subject_kind = 'key' and k.id = f.subject_id::uuid
     where f.organization_id = $1 and ($2::integer is null or f.workspace_id = $2)
       and ($3 = 'all' or ($3 = 'open') = (f.closed_at is null))
     order by f.opened_at desc, f.id limit 1000`,
    [ledger.organization.number, actor.workspace, state],
  )
  const workspaces = new Map((await listWorkspaces(ledger)).map(({ number, id }) => [number, id]))
  const now = ledger.clock.now().epochMilliseconds
  return rows.map((row) => viewOf(row, { now, actor, workspace: workspaces.get(row.workspace_id ?? 0) ?? null }))
}

const kind = z.enum(findingKinds)
const severity = z.enum(severities)
const subjectKind = z.enum(['member', 'key'])

function viewOf(row: Row, { now, actor, workspace }: { now: number; actor: Context['actor']; workspace: string | null }): FindingView {
  const { id, reason, opened_at, due_at, closed_at, note } = row
  const open = closed_at === null
  return {
    id,
    kind: kind.parse(row.kind),
    severity: severity.parse(row.severity),
    subject: { kind: subjectKind.parse(row.subject_kind), id: row.subject_id, name: row.subject_name },
    workspace_id: workspace,
    caused_by: row.caused_by === null ? null : { id: row.caused_by, email: row.caused_by_email },
    reason,
    state: open ? 'open' : 'closed',
    opened_at,
    due_at,
    overdue: open && due_at !== null && Date.parse(due_at) < now,
    closed_at,
    closed_by: row.closed_by === null ? null : { id: row.closed_by, name: row.closed_by_name ?? '' },
    note,
    may_close: open && allows(actor, 'findings:manage') && actor.kind === 'person' && actor.id !== row.caused_by,
  }
}

/** Closes a finding, with what was found. Nobody closes what they caused, with whichever of their accounts. */
export const closeFinding = command({
  action: 'finding.close',
  scope: 'findings:manage',
  input: closure.extend({ id: z.uuid() }),
  async run(tx, ctx, { id, note }) {
    const { ledger, actor } = ctx
    if (actor.kind !== 'person') throw new Refusal('forbidden', 'a finding is closed by a person who is signed in')
    const { rows } = await tx.query<Pick<Row, 'caused_by' | 'kind' | 'workspace_id' | 'closed_at'>>(
      'select caused_by, kind, workspace_id, closed_at from finding where organization_id = $1 and id = $2 for update',
      [ledger.organization.number, id],
    )
    const [row] = rows
    if (!row || (actor.workspace !== null && row.workspace_id !== actor.workspace))
      throw new Refusal('not_found', 'there is no such finding')
    if (row.closed_at !== null) throw new Refusal('conflict', 'this finding is closed already')
    if (row.caused_by !== null && (await isSamePerson(tx, ledger, actor.id, row.caused_by)))
      throw new Refusal('forbidden', 'a finding is closed by somebody else than whose act it is about')
    await tx.query(
      'update finding set closed_at = $3, closed_by = $4, closed_by_name = $5, note = $6 where organization_id = $1 and id = $2',
      [ledger.organization.number, id, ledger.clock.now().toString(), actor.id, actor.name, note],
    )
    return { ids: [id], workspace: await workspaceNumbered(ledger, row.workspace_id), query: { kind: row.kind, note }, result: { id } }
  },
})
