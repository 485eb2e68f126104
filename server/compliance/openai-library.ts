import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import { linkTo } from './file-links.ts'
import { loadFilesByNumber } from './files-held.ts'
import type { Held } from './held-items.ts'
import { itemQuestion, listQuestion } from './held-questions.ts'
import { secondsOr, textOrNull } from './openai-common.ts'
import { cursor, fileId, laterCursor, limit, origin, userId, workspaceId } from './openai-parameters.ts'

export const libraryQuery = z.object({ cursor: laterCursor, after: cursor, limit: limit(200, 200) })

const isKept = ({ record }: Held) => record.origin === 'library'

/** GET …/users/{user_id}/library_files: what somebody keeps in their library, also what they threw away and can still be read. */
export const libraryFiles = listQuestion({
  action: 'library_files.list',
  kind: 'file',
  input: libraryQuery.extend({ workspace_id: workspaceId, user_id: userId }),
  choose: async (_ctx, items) => items.filter(isKept),
  build: (_ctx, items) => items.map(libraryFile),
})

/** GET …/users/{user_id}/library_files/{id}: the same object, and where its bytes are. */
export const oneLibraryFile = itemQuestion({
  action: 'library_files.read',
  kind: 'file',
  input: z.object({ workspace_id: workspaceId, user_id: userId, file_id: fileId, origin }),
  id: ({ file_id }) => file_id,
  choose: async (_ctx, item) => (isKept(item) ? item : null),
  async build(ctx, items, { workspace, asked }) {
    const links = await linksTo(ctx, items, { workspace: workspace.number, origin: asked.origin })
    return items.map((item) => ({ ...libraryFile(item), download_url: links(item) }))
  },
})

function libraryFile(item: Held) {
  const { record } = item
  return {
    id: item.id,
    name: textOrNull(record.name),
    mime_type: textOrNull(record.mime_type),
    state: item.deleted_at === null ? 'active' : 'trashed',
    created_at: secondsOr(record.created_at, item.first_at),
    trashed_at: item.deleted_at,
    is_project: textOrNull(record.project_id) !== null,
  }
}

async function linksTo(ctx: Context, items: readonly Held[], place: { workspace: number; origin: string }) {
  const files = await loadFilesByNumber(
    ctx,
    place.workspace,
    items.map(({ number }) => number),
  )
  return ({ number }: Held) => (files.get(number)?.address == null ? null : linkTo(ctx, place, number))
}
