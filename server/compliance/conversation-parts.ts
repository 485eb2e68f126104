import type { Context } from '../ledger/context.ts'
import type { JsonObject } from '../ledger/json.ts'
import { rowsOf } from '../ledger/read.ts'
import type { AssetKind } from './asset-sharing.ts'
import { fileObject } from './file-objects.ts'
import { fileKey, loadHeldFiles } from './files-held.ts'
import type { FileLookup, Loaded, LoadedMessage } from './loaded.ts'
import { type FileFormat, textOrNull } from './openai-common.ts'
import { loadParents, type ParentLookup } from './parents-named.ts'
import type { Owner } from './people-named.ts'

const none: FileLookup = () => []

/** What messages only name, as it stands on the wire. */
export interface Named {
  readonly files: FileLookup
  readonly assets: AssetLookup
  readonly parents: ParentLookup
}

/** The id on the wire of a GPT or project that a record names by the id it has at its source. */
export type AssetLookup = (loaded: Loaded, record: JsonObject | null, kind: AssetKind) => string | null

export async function loadNamed(
  ctx: Context,
  chunk: readonly Loaded[],
  form: FileForm,
  owners: ReadonlyMap<number, Owner>,
): Promise<Named> {
  const [files, assets, parents] = await Promise.all([loadFiles(ctx, chunk, form, owners), loadAssets(ctx, chunk), loadParents(ctx, chunk)])
  return { files, assets, parents }
}

const idIn = (record: JsonObject | null, kind: AssetKind) => textOrNull(record?.[`${kind}_id`])

/** Nearly all are called what their source calls them: only the others are looked up. */
async function loadAssets(ctx: Context, chunk: readonly Loaded[]): Promise<AssetLookup> {
  const ids = new Set<string>()
  for (const { record, messages } of chunk)
    for (const one of [record, ...messages.map((message) => message.record)])
      for (const kind of assetKinds) {
        const id = idIn(one, kind)
        if (id !== null) ids.add(id)
      }
  if (ids.size === 0) return (_loaded, record, kind) => idIn(record, kind)
  const rows = await rowsOf<{ kind: string; workspace_id: number; source: string; id: string; wire_id: string }>(
    ctx.ledger.database,
    'assets called otherwise',
    `select kind, workspace_id, source, id, wire_id from item
     where organization_id = $1 and workspace_id = any($2::integer[]) and kind = any($3::text[]) and id = any($4::text[]) and wire_id is not null`,
    [ctx.ledger.organization.number, [...new Set(chunk.map(({ row }) => row.workspace_id))], assetKinds, [...ids]],
  )
  const called = new Map(rows.map(({ kind, workspace_id, source, id, wire_id }) => [assetKey(kind, workspace_id, source, id), wire_id]))
  return ({ row }, record, kind) => {
    const id = idIn(record, kind)
    return id === null ? null : (called.get(assetKey(kind, row.workspace_id, record?.source, id)) ?? id)
  }
}

const assetKinds: readonly AssetKind[] = ['gpt', 'project']
const assetKey = (...parts: unknown[]) => parts.join('\0')

/** How files are shown: in which form, and under which origin their links lead here. */
export interface FileForm {
  readonly format: FileFormat
  readonly origin: string
}

/** The files that the messages of some conversations name. Most conversations have none. */
async function loadFiles(ctx: Context, chunk: readonly Loaded[], form: FileForm, owners: ReadonlyMap<number, Owner>): Promise<FileLookup> {
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
