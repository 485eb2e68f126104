import type { Context } from '../ledger/context.ts'
import { epochSeconds } from '../ledger/times.ts'
import { type LinkPlace, linkTo } from './file-links.ts'
import type { HeldFile } from './files-held.ts'
import { type FileFormat, type FileHolder, type FileObject, textOrNull } from './openai-common.ts'

/** Where files are shown: which links lead to them, and in which of the two forms. */
export interface FileView {
  readonly place: LinkPlace
  readonly format: FileFormat
}

interface Told {
  readonly holder: FileHolder
  /** What the holder calls it; the id of a file that nothing is known of. */
  readonly id: string
  readonly file: HeldFile | undefined
  /** Wire id of the person whose conversation holds it. */
  readonly userId?: string | null
}

/** What the provider calls a file that an admin took out of a GPT or project. */
const removed = '(Removed by your admin)'

/** A file in the provider's form. Without bytes it is what the provider calls expired: `created_at` and `download_url` are null. */
export function fileObject(ctx: Context, { place, format }: FileView, { holder, id, file, userId }: Told): FileObject {
  const emptied = file?.purged && holder !== 'conversation.message' ? removed : null
  const named = { id: file?.id ?? id, name: textOrNull(file?.record?.name) ?? emptied }
  if (format === 'id')
    return {
      object: `compliance.workspace.${holder}.file_info`,
      ...named,
      ...(holder === 'conversation.message' ? { user_id: userId ?? null } : {}),
    }
  const created = textOrNull(file?.record?.created_at)
  const readable = file?.address != null
  return {
    object: `compliance.workspace.${holder}.file`,
    ...named,
    created_at: readable && created !== null ? epochSeconds(created) : null,
    download_url: readable ? linkTo(ctx, place, file.number) : null,
  }
}
