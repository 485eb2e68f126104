import type { Context } from '../ledger/context.ts'
import type { JsonObject } from '../ledger/json.ts'
import { openRow, rowsOf, type SealedRow, sealedColumns } from '../ledger/read.ts'
import { epochSeconds } from '../ledger/times.ts'
import type { Listed } from './conversation-list.ts'
import type { FileFormat, FileLookup, Loaded, LoadedMessage } from './loaded.ts'
import { type FileObject, textOrNull } from './openai-objects.ts'

/** Whose conversation it is. The e-mail address is in the sealed record of the person. */
export interface Owner {
  readonly id: string
  readonly email: string | null
}

/** The people of a page; one who is only referred to has an id and no address. */
export async function loadOwners(ctx: Context, rows: readonly Listed[]): Promise<Map<number, Owner>> {
  const people = [...new Set(rows.flatMap(({ person }) => (person === null ? [] : [person])))]
  if (people.length === 0) return new Map()
  const { database, organization } = ctx.ledger
  const found = await rowsOf<{ number: number; id: string } & SealedRow>(
    database,
    'owners',
    `select i.number, coalesce(i.wire_id, i.id) as id, ${sealedColumns} from item i
     left join log l on l.organization_id = i.organization_id and l.seq = i.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where i.organization_id = $1 and i.number = any($2::bigint[])`,
    [organization.number, people],
  )
  return new Map(found.map((row) => [row.number, { id: row.id, email: textOrNull(openRow(organization, row)?.email) }]))
}

interface FileRow extends SealedRow {
  workspace_id: number
  source: string
  id: string
}

const none: FileLookup = () => []

/** The files that the messages of some conversations name, by workspace, source and id. Most conversations have none. */
export async function loadFiles(
  ctx: Context,
  chunk: readonly Loaded[],
  format: FileFormat,
  owners: ReadonlyMap<number, Owner>,
): Promise<FileLookup> {
  const ids = [...new Set(chunk.flatMap(({ messages }) => messages.flatMap(({ record }) => fileIds(record))))]
  if (ids.length === 0) return none
  const { database, organization } = ctx.ledger
  const rows = await rowsOf<FileRow>(
    database,
    'message files',
    `select i.workspace_id, i.source, i.id, ${sealedColumns} from item i join log l on l.organization_id = i.organization_id and l.seq = i.seq
     left join salts.log s on s.organization_id = l.organization_id and s.seq = l.seq
     where i.organization_id = $1 and i.workspace_id = any($2::integer[]) and i.kind = 'file' and i.id = any($3::text[])`,
    [organization.number, [...new Set(chunk.map(({ row }) => row.workspace_id))], ids],
  )
  const records = new Map(rows.map((row) => [`${row.workspace_id}\0${row.source}\0${row.id}`, openRow(organization, row)]))
  return ({ row }: Loaded, { record }: LoadedMessage) => {
    const owner = row.person === null ? undefined : owners.get(row.person)
    return fileIds(record).map((id) =>
      fileObject(id, records.get(`${row.workspace_id}\0${String(record.source)}\0${id}`) ?? null, format, owner),
    )
  }
}

function fileIds(record: JsonObject): string[] {
  return Array.isArray(record.file_ids) ? record.file_ids.filter((id) => typeof id === 'string') : []
}

/** `download_url` is null until files are served; `created_at` and `name` are null for a file whose record has not arrived. */
function fileObject(id: string, record: JsonObject | null, format: FileFormat, owner: Owner | undefined): FileObject {
  const name = textOrNull(record?.name)
  if (format === 'id') return { object: 'compliance.workspace.conversation.message.file_info', id, name, user_id: owner?.id ?? null }
  const created = textOrNull(record?.created_at)
  return {
    object: 'compliance.workspace.conversation.message.file',
    id,
    name,
    created_at: created === null ? null : epochSeconds(created),
    download_url: null,
  }
}
