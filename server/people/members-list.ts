import type { MemberView } from '../../contract/admin.ts'
import { role } from '../../contract/people.ts'
import { demand } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { listMembers } from './members.ts'

/** Everybody who signs in to Daybook, with what they may do; whoever is bound to a workspace sees its people. */
export async function memberViews(ctx: Context): Promise<MemberView[]> {
  await demand(ctx, 'access', 'members.list', 'directory:read')
  const { ledger, actor } = ctx
  const [members, taken, keys] = await Promise.all([listMembers(ledger, actor.workspace), rolesTaken(ctx), liveKeys(ctx)])
  return members.map(({ roles, deactivated_at, ...member }) => ({
    ...member,
    roles: [...roles],
    break_glass: taken.flatMap((one) => (one.member_id === member.id ? [{ role: role.parse(one.role), expires_at: one.expires_at }] : [])),
    state: deactivated_at === null ? 'active' : 'deactivated',
    deactivated_at,
    live_keys: keys.get(member.id) ?? 0,
  }))
}

function rolesTaken({ ledger }: Context) {
  return ledger.database.reader
    .selectFrom('break_glass')
    .select(['member_id', 'role', 'expires_at'])
    .where('organization_id', '=', ledger.organization.number)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', ledger.clock.now().toString())
    .execute()
}

/** How many keys of each member let somebody in today. */
async function liveKeys({ ledger }: Context): Promise<Map<string, number>> {
  const { rows } = await ledger.database.reads.query<{ maker_id: string; keys: number }>(
    `select maker_id, count(*) as keys from api_key
     where organization_id = $1 and maker_kind = 'person' and revoked_at is null and (expires_at is null or expires_at > $2) group by maker_id`,
    [ledger.organization.number, ledger.clock.now().toString()],
  )
  return new Map(rows.map(({ maker_id, keys }) => [maker_id, keys]))
}
