import { z } from 'zod'
import { isObject, type JsonObject } from '../ledger/json.ts'
import { question } from '../ledger/question.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { epochSeconds } from '../ledger/times.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { textOrNull } from './openai-common.ts'
import { present } from './openai-conversations.ts'
import { sourceRole } from './openai-objects.ts'
import { cursor, limit, noted, workspaceId } from './openai-parameters.ts'

export const invitesQuery = z.object({ after: cursor, limit: limit(200, 1000) })

/** GET …/invites: who was invited to the provider's workspace and has not come yet, in the order of their ids. */
export const invites = question({
  action: 'invites.list',
  scope: 'compliance:read',
  input: invitesQuery.extend({ workspace_id: workspaceId }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const { database, organization } = ctx.ledger
    const rows = await rowsOf<SealedRow & { id: string }>(
      database,
      'invites',
      `select coalesce(i.wire_id, i.id) as id, ${sealedColumns} from item i
       join person_version p on p.organization_id = i.organization_id and p.person = i.number and p.seq = i.seq and p.status = 'pending'
       join log l on l.organization_id = i.organization_id and l.seq = i.seq and l.payload is not null
       join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
       where i.organization_id = $1 and i.workspace_id = $2 and i.kind = 'person' and i.seq is not null
         and coalesce(i.wire_id, i.id) collate "C" > $3
       order by coalesce(i.wire_id, i.id) collate "C" limit $4`,
      [organization.number, present(workspace).number, input.after ?? '', input.limit + 1],
    )
    const shown = rows.slice(0, input.limit)
    const data = shown.map((row) => inviteObject(row.id, openRow(organization, row) ?? {}))
    return {
      ids: shown.map(({ id }) => id),
      result: { object: 'list' as const, data, last_id: shown.at(-1)?.id ?? null, has_more: rows.length > shown.length },
    }
  },
})

/** The newest invitation of somebody. */
function inviteObject(id: string, { email, role, invitations }: JsonObject) {
  const last = Array.isArray(invitations) ? invitations.filter(isObject).at(-1) : undefined
  const time = (value: unknown) => (typeof value === 'string' ? epochSeconds(value) : null)
  return {
    object: 'compliance.workspace.invite',
    id,
    email: textOrNull(email),
    role: sourceRole(role),
    created_at: time(last?.sent_at),
    expires_at: time(last?.expires_at),
  }
}
