import type pg from 'pg'
import type { Context, Ledger } from '../ledger/context.ts'

/** Stands for the organization where a workspace's number would. */
export const wholeOrganization = 0

/** Writes down who changed a setting last, in the transaction that changes it. */
export async function noteSettings(
  tx: pg.ClientBase,
  { ledger, actor }: Context,
  workspace: number,
  names: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into setting_change (organization_id, workspace_id, name, changed_at, changed_by, changed_by_name)
     select $1, $2, name, $4, $5, $6 from unnest($3::text[]) name
     on conflict (organization_id, workspace_id, name) do update
       set changed_at = excluded.changed_at, changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name`,
    [ledger.organization.number, workspace, names, ledger.clock.now().toString(), actor.id, actor.name],
  )
}

export interface LastChange {
  readonly changed_at: string
  readonly changed_by: { readonly id: string; readonly name: string }
}

/** Who changed what last; a setting that nobody changed is not in it. */
export async function lastChanges(ledger: Ledger): Promise<(workspace: number, name: string) => LastChange | null> {
  const rows = await ledger.database.reader
    .selectFrom('setting_change')
    .selectAll()
    .where('organization_id', '=', ledger.organization.number)
    .execute()
  const changes = new Map(
    rows.map(({ workspace_id, name, changed_at, changed_by, changed_by_name }) => [
      `${workspace_id} ${name}`,
      { changed_at, changed_by: { id: changed_by, name: changed_by_name } },
    ]),
  )
  return (workspace, name) => changes.get(`${workspace} ${name}`) ?? null
}
