import { z } from 'zod'
import { question } from '../ledger/question.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { present } from './openai-conversations.ts'
import { userObject } from './openai-objects.ts'
import { cursor, limit, workspaceId } from './openai-parameters.ts'

export const usersQuery = z.object({ after: cursor, limit: limit(200, 1000) })

interface UserRow extends SealedRow {
  id: string
  first_seen_at: number
}

/** GET /v1/compliance/workspaces/{workspace_id}/users: the people of the record in the order of their ids; who is only invited is not listed. */
export const users = question({
  action: 'users.list',
  scope: 'compliance:read',
  input: usersQuery.extend({ workspace_id: workspaceId }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: (input) => input,
  async ask(ctx, input, workspace) {
    const { database, organization } = ctx.ledger
    const rows = await rowsOf<UserRow>(
      database,
      'users',
      `select coalesce(i.wire_id, i.id) as id, ${sealedColumns}, extract(epoch from (
          select f.received_at from version v join log f on f.organization_id = v.organization_id and f.seq = v.seq
          where v.organization_id = i.organization_id and v.item = i.number order by v.seq limit 1))::float8 as first_seen_at
       from item i
       join person_version p on p.organization_id = i.organization_id and p.person = i.number and p.seq = i.seq
       join log l on l.organization_id = i.organization_id and l.seq = i.seq
       left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
       where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'person' and i.seq is not null and i.purged_at is null
         and coalesce(i.wire_id, i.id) collate "C" > $3 and p.status is distinct from 'pending'
       order by coalesce(i.wire_id, i.id) collate "C" limit $4`,
      [organization.number, present(workspace).number, input.after ?? '', input.limit + 1],
    )
    const shown = rows.slice(0, input.limit)
    const data = shown.map((row) => userObject(row.id, openRow(organization, row) ?? {}, row.first_seen_at))
    return {
      ids: shown.map(({ id }) => id),
      result: { object: 'list' as const, data, last_id: shown.at(-1)?.id ?? null, has_more: rows.length > shown.length },
    }
  },
})
