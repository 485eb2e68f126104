import { type ConversationReply, conversationInput, type ShownConversation } from '../../contract/record.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import type { JsonObject } from '../ledger/json.ts'
import { question } from '../ledger/question.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { findConversation } from './conversation-list.ts'
import { heldBySource, sourceKey } from './held-items.ts'
import { textOrNull } from './openai-common.ts'
import { present } from './openai-conversations.ts'
import { loadPeople } from './people-named.ts'
import { erasuresOf, unknownErasure } from './record-erasures.ts'
import { loadMessages } from './record-messages.ts'
import { showMessages } from './record-shown.ts'

/** POST /api/record/conversation: a conversation with all that the record has of it, its messages page by page. */
export const recordConversation = question({
  action: 'record.conversation',
  scope: 'compliance:read',
  input: conversationInput,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: ({ conversation_id, cursor, purpose }) => ({ conversation_id, cursor: cursor ?? null, purpose }),
  async ask(ctx, { conversation_id, cursor }, workspace): Promise<{ ids: string[]; result: ConversationReply }> {
    const its = present(workspace)
    const number = await findConversation(ctx, [its.number], conversation_id)
    const row = number === null ? undefined : await headRow(ctx, number)
    if (!row) throw new Refusal('not_found', 'there is no such conversation')
    const [conversation, page] = await Promise.all([headOf(ctx, its, row), loadMessages(ctx, row.number, cursor ?? 0)])
    const messages = await showMessages(ctx, { workspace: its, number: row.number, source: row.source }, page.messages)
    return { ids: [conversation.id, ...messages.map(({ id }) => id)], result: { conversation, messages, cursor: page.cursor } }
  },
})

interface HeadRow {
  readonly number: number
  readonly id: string
  readonly source_id: string
  readonly source: string
  readonly deleted_at: string | null
  readonly person: number | null
  readonly created_at: string | null
  readonly last_active_at: string | null
  readonly messages: number
}

async function headRow(ctx: Context, number: number): Promise<HeadRow | undefined> {
  const [row] = await rowsOf<HeadRow>(
    ctx.ledger.database,
    'record conversation',
    `select i.number, coalesce(i.wire_id, i.id) as id, i.id as source_id, i.source, i.deleted_at, c.person, coalesce(c.created_at, c.first_message_at) as created_at, c.last_active_at,
       (select count(*) from message m where m.organization_id = i.organization_id and m.conversation = i.number) as messages
     from item i left join conversation c on c.organization_id = i.organization_id and c.number = i.number
     where i.organization_id = $1 and i.number = $2`,
    [ctx.ledger.organization.number, number],
  )
  return row
}

interface HeadVersion extends SealedRow {
  readonly seq: number
  readonly recorded_at: string
  readonly updated_at: string | null
  readonly newest: boolean
}

async function headOf(ctx: Context, workspace: Workspace, row: HeadRow): Promise<ShownConversation> {
  const { database, organization } = ctx.ledger
  const found = await rowsOf<HeadVersion>(
    database,
    'record conversation versions',
    `select v.seq, l.received_at as recorded_at, v.updated_at, v.seq = i.seq as newest, ${sealedColumns} from version v
     join item i on i.organization_id = v.organization_id and i.number = v.item
     join log l on l.organization_id = v.organization_id and l.seq = v.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where v.organization_id = $1 and v.item = $2 order by v.seq`,
    [organization.number, row.number],
  )
  const versions = found.map(({ commitment, payload, salt, ...version }) => ({
    ...version,
    record: openRow(organization, { commitment, payload, salt }),
  }))
  const newest = versions.find((version) => version.newest)
  const record = newest?.record ?? null
  const [people, gpt, project, erasures] = await Promise.all([
    loadPeople(ctx, [row.person]),
    namedItem(ctx, workspace, row.source, 'gpt', record?.gpt_id),
    namedItem(ctx, workspace, row.source, 'project', record?.project_id),
    newest && !newest.record
      ? erasuresOf(ctx, [{ seq: newest.seq, kind: 'conversation', number: row.number, conversation: row.number }])
      : null,
  ])
  const { number: _, person, ...rest } = row
  return {
    ...rest,
    title: textOrNull(record?.title),
    owner: (person === null ? undefined : people.get(person)) ?? null,
    gpt,
    project,
    model: textOrNull(record?.default_model),
    erased: newest && erasures ? (erasures.get(newest.seq) ?? unknownErasure) : null,
    versions: versions.map(({ record: said, ...version }) => ({ ...version, ...titleOf(said) })),
  }
}

const titleOf = (said: JsonObject | null) => ({
  erased: said === null,
  title: textOrNull(said?.title),
  deleted_at: textOrNull(said?.deleted_at),
})

async function namedItem(ctx: Context, { number }: Workspace, source: string, kind: 'gpt' | 'project', id: unknown) {
  if (typeof id !== 'string') return null
  const item = (await heldBySource(ctx, number, kind, [id])).get(sourceKey(source, id))
  return { id: item?.id ?? id, name: textOrNull(item?.record.name) }
}
