import { apiSwitch } from '../../contract/admin.ts'
import type { Api } from '../../contract/people.ts'
import { command } from '../ledger/command.ts'
import type { Ledger } from '../ledger/context.ts'
import { demandPrimaryOwner } from './members-change.ts'
import { demandRecentSignIn } from './session-fresh.ts'
import { noteSettings, wholeOrganization } from './setting-changes.ts'

/** The setting that stands for an API's switch. */
export const switchOf = { compliance: 'compliance_api', analytics: 'analytics_api' } as const satisfies Record<Api, string>

/** Turns an API on or off for every key of the organization, at once on every node. People who are signed in are not its concern. */
export const switchApi = command({
  action: 'api.switch',
  scope: 'settings:manage',
  input: apiSwitch,
  async run(tx, ctx, { api, on }) {
    const { ledger } = ctx
    await demandPrimaryOwner(tx, ctx)
    demandRecentSignIn(ctx)
    const { rows } = await tx.query<{ compliance: boolean; analytics: boolean; before: boolean }>(
      `update organization o set compliance_api = case when $2 = 'compliance' then $3 else o.compliance_api end,
         analytics_api = case when $2 = 'analytics' then $3 else o.analytics_api end
       from organization b where o.organization_id = $1 and b.organization_id = o.organization_id
       returning o.compliance_api as compliance, o.analytics_api as analytics,
         case when $2 = 'compliance' then b.compliance_api else b.analytics_api end as before`,
      [ledger.organization.number, api, on],
    )
    const [row] = rows
    if (!row) throw new Error('the organization is gone')
    await noteSettings(tx, ctx, wholeOrganization, [switchOf[api]])
    const { before, ...result } = row
    return { ids: [ledger.organization.id], workspace: null, query: { api, on, before }, result }
  },
})

/** Which APIs are on. */
export async function readSwitches(ledger: Ledger): Promise<Record<Api, boolean>> {
  const row = await ledger.database.reader
    .selectFrom('organization')
    .select(['compliance_api', 'analytics_api'])
    .where('organization_id', '=', ledger.organization.number)
    .executeTakeFirstOrThrow()
  return { compliance: row.compliance_api, analytics: row.analytics_api }
}
