import type { ShownFile, ShownMessage } from '../../contract/record.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import { isObject, type JsonObject } from '../ledger/json.ts'
import { rowsOf } from '../ledger/read.ts'
import { fileIds } from './conversation-parts.ts'
import { linkTo } from './file-links.ts'
import { fileKey, type HeldFile, loadHeldFiles } from './files-held.ts'
import { textOrNull } from './openai-common.ts'
import { loadPeople } from './people-named.ts'
import { erasuresOf, unknownErasure } from './record-erasures.ts'
import type { OpenedMessage, OpenedVersion } from './record-messages.ts'

interface Where {
  readonly workspace: Workspace
  /** Item number of the conversation. */
  readonly number: number
  readonly source: string
}

/** Messages as a reader of the record sees them: with their files, whoever wrote them, and what became of them. */
export async function showMessages(ctx: Context, where: Where, messages: readonly OpenedMessage[]): Promise<ShownMessage[]> {
  const gone = messages.flatMap(({ first_seq, seq, size }) =>
    seq !== null && size === null ? [{ seq, kind: 'message', number: first_seq, conversation: where.number }] : [],
  )
  const [parents, files, people, erasures] = await Promise.all([
    parentsOf(ctx, where, messages),
    loadHeldFiles(
      ctx,
      [where.workspace.number],
      messages.flatMap(({ record }) => filesNamed(record)),
    ),
    loadPeople(
      ctx,
      messages.map(({ person }) => person),
    ),
    erasuresOf(ctx, gone),
  ])
  return messages.map((message) => {
    const { record } = message
    const parent = parentIn(message)
    return {
      id: messageWireId(where.number, message.id, message.repeated_id),
      source_id: message.id,
      seq: message.seq,
      parent_id: parent === null ? null : (parents.get(parent) ?? messageWireId(where.number, parent, false)),
      parent_known: parent !== null && parents.has(parent),
      person: (message.person === null ? undefined : people.get(message.person)) ?? null,
      ...saidOf(message),
      created_at: message.occurred_at,
      received_at: message.received_at,
      deleted_at: message.deleted_at,
      erased: message.seq === null || message.size !== null ? null : (erasures.get(message.seq) ?? unknownErasure),
      content: contentOf(record),
      files: filesNamed(record).map((id) => shownFile(ctx, where, id, files)),
      versions: message.versions.map((version) => shownVersion(version, message.seq)),
    }
  })
}

/** What may be counted stays when the rest is erased: the role, the model, the tools. */
function saidOf({ record, remains }: OpenedMessage) {
  const left = remainsOf(remains)
  return {
    role: textOrNull(record?.role) ?? textOrNull(left.role) ?? 'unknown',
    tool_name: textOrNull(record?.tool_name) ?? textOrNull(left.tool),
    model: textOrNull(record?.model) ?? textOrNull(left.model),
    hidden: (record?.hidden ?? left.hidden) === true,
    injected: (record?.injected ?? left.injected) === true,
    tools: namesOf(record?.tools ?? left.tools),
  }
}

function remainsOf(remains: string | null): JsonObject {
  const left: unknown = remains === null ? null : JSON.parse(remains)
  return isObject(left) ? left : {}
}

function namesOf(tools: unknown): string[] {
  const all = Array.isArray(tools) ? tools : []
  return all.flatMap((tool) => textOrNull(isObject(tool) ? tool.name : tool) ?? [])
}

const parentIn = ({ record, remains }: OpenedMessage) => textOrNull(record?.parent_id) ?? textOrNull(remainsOf(remains).parent)

/** Ids on the wire of the messages that these answer, as far as the record has them. */
async function parentsOf(ctx: Context, { workspace, number }: Where, messages: readonly OpenedMessage[]): Promise<Map<string, string>> {
  const wanted = [...new Set(messages.flatMap((message) => parentIn(message) ?? []))]
  const rows = await rowsOf<{ id: string; repeated_id: boolean }>(
    ctx.ledger.database,
    'record parents',
    'select id, repeated_id from message where organization_id = $1 and workspace_id = $2 and id = any($3::text[]) and conversation = $4',
    [ctx.ledger.organization.number, workspace.number, wanted.filter((id) => id.isWellFormed() && !id.includes('\0')), number],
  )
  return new Map(rows.map(({ id, repeated_id }) => [id, messageWireId(number, id, repeated_id)]))
}

const contentOf = (record: JsonObject | null) => (Array.isArray(record?.content) ? record.content : null)

/** The files that a message names, beside its text and in it. */
function filesNamed(record: JsonObject | null): string[] {
  if (!record) return []
  const parts = (contentOf(record) ?? []).flatMap((part) => (isObject(part) && typeof part.file_id === 'string' ? part.file_id : []))
  return [...new Set([...fileIds(record), ...parts])]
}

function shownFile(ctx: Context, { workspace, source }: Where, id: string, files: ReadonlyMap<string, HeldFile>): ShownFile {
  const file = files.get(fileKey(workspace.number, source, id))
  const size = file?.record?.size
  return {
    id: file?.id ?? id,
    name: textOrNull(file?.record?.name),
    mime_type: textOrNull(file?.record?.mime_type),
    size: file?.size ?? (typeof size === 'number' ? size : null),
    erased: file?.purged === true,
    // Within the origin that the page is looked at, whatever this server is called elsewhere.
    link: file?.address == null ? null : linkTo(ctx, { origin: '', workspace: workspace.number }, file.number),
  }
}

function shownVersion({ seq, recorded_at, updated_at, erased, record }: OpenedVersion, newest: number | null) {
  return { seq, recorded_at, updated_at, erased, newest: seq === newest, content: contentOf(record), left_out: !erased && record === null }
}
