import type { Context } from '../ledger/context.ts'
import type { JsonObject } from '../ledger/json.ts'
import { fileObject } from './file-objects.ts'
import { fileKey, loadHeldFiles } from './files-held.ts'
import type { FileLookup, Loaded, LoadedMessage } from './loaded.ts'
import type { FileFormat } from './openai-common.ts'
import type { Owner } from './people-named.ts'

const none: FileLookup = () => []

/** How files are shown: in which form, and under which origin their links lead here. */
export interface FileForm {
  readonly format: FileFormat
  readonly origin: string
}

/** The files that the messages of some conversations name. Most conversations have none. */
export async function loadFiles(
  ctx: Context,
  chunk: readonly Loaded[],
  form: FileForm,
  owners: ReadonlyMap<number, Owner>,
): Promise<FileLookup> {
  const ids = chunk.flatMap(({ messages }) => messages.flatMap(({ record }) => fileIds(record)))
  if (ids.length === 0) return none
  const workspaces = chunk.map(({ row }) => row.workspace_id)
  const files = await loadHeldFiles(ctx, workspaces, ids)
  return ({ row }: Loaded, { record }: LoadedMessage) => {
    const userId = (row.person === null ? undefined : owners.get(row.person))?.id ?? null
    const view = { format: form.format, place: { origin: form.origin, workspace: row.workspace_id } }
    return fileIds(record).map((id) => {
      const file = files.get(fileKey(row.workspace_id, String(record.source), id))
      return fileObject(ctx, view, { holder: 'conversation.message', id, file, userId })
    })
  }
}

/** The ids of the files that a record holds. */
export function fileIds(record: JsonObject): string[] {
  return Array.isArray(record.file_ids) ? record.file_ids.filter((id) => typeof id === 'string') : []
}
