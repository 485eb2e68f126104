import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { approvalActions, denial, newApproval } from '../../contract/admin.ts'
import { command, type Done } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { demandBeneficiary, giveRecordRole, roleGrant } from './record-roles.ts'
import { isSamePerson } from './second-person.ts'
import type { Person } from './session.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { findMember, type MemberRow, takeMembersAs, workspaceNumbered } from './standing.ts'

/** A request for a second person's agreement is good for this long. */
const lifetime = Temporal.Duration.from({ minutes: 60 })

/** What can be asked for: the input it takes, whether it can be done at all, and doing it. What a second person agrees to runs through here. */
const effects = {
  'role.grant': {
    input: roleGrant,
    action: 'member.grant-record-role',
    check: demandBeneficiary,
    run: giveRecordRole,
  },
} as const satisfies Record<(typeof approvalActions)[number], object>

const idOnly = z.object({ id: z.uuid() })

/** Asks for a second person's agreement. Nothing changes before they give it. */
export const requestApproval = command({
  action: 'approval.request',
  scope: 'people:manage',
  input: newApproval,
  async run(tx, ctx, { action, purpose, ...input }) {
    const { ledger } = ctx
    const organization = ledger.organization.number
    const actor = demandPerson(ctx)
    const asking = await takeMembersAs(tx, ctx, 'people:manage')
    const beneficiary = await effects[action].check(tx, asking, input)
    const id = randomUUID()
    const now = ledger.clock.now()
    const expires_at = now.add(lifetime).toString()
    await tx.query(
      `insert into approval (organization_id, id, action, input, workspace_id, requester, beneficiary, purpose, requested_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[organization, id, action, JSON.stringify(input), beneficiary.workspace, actor.id, beneficiary.id],
        ...[purpose, now.toString(), expires_at],
      ],
    )
    const workspace = await workspaceNumbered(ledger, beneficiary.workspace)
    const query = { asked: action, role: input.role, member_id: beneficiary.id, purpose }
    return { ids: [id], workspace, query, result: { id, expires_at } }
  },
})

/** Agrees as the second person. The entry of the agreement stands before that of its effect, and both or neither come to be. */
export const approve = command({
  action: 'approval.approve',
  scope: 'people:manage',
  input: idOnly,
  async run(tx, before, { id }) {
    const ctx = await takeMembersAs(tx, before, 'people:manage')
    const open = await openApproval(tx, ctx, id)
    const actor = demandPerson(ctx)
    if (!actor.roles.includes('owner')) throw new Refusal('forbidden', 'an owner agrees to this')
    demandRecentSignIn(ctx)
    await demandSecondPerson(tx, ctx, open)
    await demandStillOwed(tx, ctx, open)
    await decide(tx, ctx, open, { state: 'approved', note: null })
    const effect = effects[open.action]
    const input = effect.input.parse(JSON.parse(open.input))
    const asking: Context = { ...ctx, actor: { ...actor, id: open.requester } }
    const { workspace } = await effect.check(tx, asking, input)
    if (workspace !== open.workspace_id)
      throw new Refusal('conflict', 'since this was asked for, the member was given another reach: it has to be asked for anew')
    const then = { action: effect.action, run: (inner: pg.ClientBase) => withOrigin(effect.run(inner, ctx, input), open) }
    return { ...(await about(ctx, open)), result: { id }, then }
  },
})

/** Says no, with a reason that the requester reads. */
export const denyApproval = command({
  action: 'approval.deny',
  scope: 'people:manage',
  input: denial.extend({ id: z.uuid() }),
  async run(tx, before, { id, note }) {
    const ctx = await takeMembersAs(tx, before, 'people:manage')
    const open = await openApproval(tx, ctx, id)
    const actor = demandPerson(ctx)
    if (!actor.roles.includes('owner')) throw new Refusal('forbidden', 'an owner denies this')
    if (actor.id === open.requester) throw new Refusal('forbidden', 'it is your own request: withdraw it')
    await decide(tx, ctx, open, { state: 'denied', note })
    const done = await about(ctx, open)
    return { ...done, query: { ...done.query, note }, result: { id } }
  },
})

/** Takes one's own request back. */
export const withdrawApproval = command({
  action: 'approval.withdraw',
  scope: 'people:manage',
  input: idOnly,
  async run(tx, before, { id }) {
    const ctx = await takeMembersAs(tx, before, 'people:manage')
    const open = await openApproval(tx, ctx, id)
    if (demandPerson(ctx).id !== open.requester) throw new Refusal('forbidden', 'a request is withdrawn by whoever made it')
    await decide(tx, ctx, open, { state: 'withdrawn', note: null })
    return { ...(await about(ctx, open)), result: { id } }
  },
})

interface Open {
  readonly id: string
  readonly action: (typeof approvalActions)[number]
  readonly input: string
  readonly workspace_id: number | null
  readonly requester: string
  readonly beneficiary: string | null
}

async function openApproval(tx: pg.ClientBase, { ledger, actor }: Context, id: string): Promise<Open> {
  const { rows } = await tx.query<Omit<Open, 'action'> & { action: string; state: string; expires_at: string }>(
    'select id, action, input, workspace_id, requester, beneficiary, state, expires_at from approval where organization_id = $1 and id = $2 for update',
    [ledger.organization.number, id],
  )
  const [row] = rows
  if (!row || (actor.workspace !== null && row.workspace_id !== actor.workspace)) throw new Refusal('not_found', 'there is no such request')
  if (row.state !== 'open') throw new Refusal('conflict', `this request is not open any more: it was ${row.state}`)
  if (Date.parse(row.expires_at) <= ledger.clock.now().epochMilliseconds)
    throw new Refusal('gone', 'this request has expired: it has to be made again')
  return { ...row, action: z.enum(approvalActions).parse(row.action) }
}

function demandPerson({ actor }: Context): Person {
  if (actor.kind !== 'person') throw new Refusal('forbidden', 'this is for people who are signed in')
  return actor
}

/** The second person is another one than who asks and than who gains, with whichever of their accounts. */
async function demandSecondPerson(tx: pg.ClientBase, { ledger, actor }: Context, { requester, beneficiary }: Open): Promise<void> {
  if (await isSamePerson(tx, ledger, actor.id, requester))
    throw new Refusal('forbidden', 'the second person has to be another one than who asks')
  if (beneficiary !== null && (await isSamePerson(tx, ledger, actor.id, beneficiary)))
    throw new Refusal('forbidden', 'the second person has to be another one than who gains')
}

/** Whoever asked must still be somebody who may ask. */
async function demandStillOwed(tx: pg.ClientBase, { ledger }: Context, { requester, workspace_id }: Open): Promise<void> {
  const found = await findMember(tx, ledger.organization.number, requester)
  if (!found?.active || !mayAsk(found, workspace_id)) throw new Refusal('conflict', 'whoever asked for this may not ask for it any more')
}

const mayAsk = ({ roles, workspace }: MemberRow, asked: number | null) =>
  roles.some((role) => role === 'owner' || role === 'admin') && (workspace === null || workspace === asked)

async function decide(
  tx: pg.ClientBase,
  { ledger, actor }: Context,
  { id }: Open,
  { state, note }: { state: 'approved' | 'denied' | 'withdrawn'; note: string | null },
): Promise<void> {
  await tx.query('update approval set state = $3, decided_by = $4, decided_at = $5, note = $6 where organization_id = $1 and id = $2', [
    ledger.organization.number,
    id,
    state,
    actor.id,
    ledger.clock.now().toString(),
    note,
  ])
}

async function about({ ledger }: Context, { id, action, workspace_id, requester, beneficiary }: Open): Promise<Done> {
  return {
    ids: [id],
    workspace: await workspaceNumbered(ledger, workspace_id),
    query: { asked: action, requester, member_id: beneficiary },
  }
}

/** The effect's entry says which agreement it stands on. */
async function withOrigin(done: Promise<Done>, { id, requester }: Open): Promise<Done> {
  const { query, ...rest } = await done
  return { ...rest, query: { ...query, approval_id: id, requested_by: requester } }
}
