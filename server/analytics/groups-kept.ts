import type { Period } from '../../contract/periods.ts'
import type { Context, Ledger } from '../ledger/context.ts'
import { rowsOf } from '../ledger/read.ts'
import type { Membership } from './groups.ts'
import { membershipAt } from './groups-read.ts'

interface Kept {
  /** What the record knew of people and groups when it was read. */
  readonly state: string
  readonly membership: Promise<Membership>
}

/** As many as a page with its comparison needs, and a few readers more. */
const mostKept = 16
const kept = new WeakMap<Ledger, Map<string, Kept>>()

/** Who belonged where when a period ended: all panels of a page ask the same, so it is kept until the record knows something else. */
export async function membershipOf(ctx: Context, workspace: number, period: Period): Promise<Membership> {
  const all = kept.get(ctx.ledger) ?? new Map<string, Kept>()
  kept.set(ctx.ledger, all)
  const state = await stateOf(ctx, workspace)
  const name = `${workspace} ${period.first} ${period.last}`
  const known = all.get(name)
  const current = known?.state === state ? known : { state, membership: membershipAt(ctx, workspace, period) }
  all.delete(name)
  all.set(name, current)
  for (const oldest of all.keys()) if (all.size > mostKept) all.delete(oldest)
  current.membership.catch(() => all.delete(name))
  return current.membership
}

/** Versions never change, so the newest ones say it; somebody who is only referred to has none and is counted. */
async function stateOf({ ledger: { database, organization } }: Context, workspace: number): Promise<string> {
  const newest = (kind: string) => `(select max(seq) from log where organization_id = $1 and kind = '${kind}') as ${kind}`
  const [row] = await rowsOf(
    database,
    'what is known of people',
    `select ${newest('person')}, ${newest('group')}, ${newest('deletion')}, (select count(*) from item
       where organization_id = $1 and workspace_id = $2 and kind = 'person') as people`,
    [organization.number, workspace],
  )
  return JSON.stringify(row)
}
