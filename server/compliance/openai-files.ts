import { z } from 'zod'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { linkTo } from './file-links.ts'
import { type HeldFile, loadFilesByNumber } from './files-held.ts'
import { numberOf } from './held-items.ts'
import { textOrNull } from './openai-common.ts'
import { present } from './openai-conversations.ts'
import { conversationId, fileId, noted, origin, userId, workspaceId } from './openai-parameters.ts'

export const userFileQuery = z.object({
  conversation_id: conversationId.min(1).optional().describe('The conversation that holds the file; required for audio and video'),
})

const asked = z.object({ workspace_id: workspaceId, file_id: fileId, origin })

/** GET …/users/{user_id}/files/{file_id}: where the bytes of a file of somebody's conversations are, for an hour. */
export const userFile = question({
  action: 'files.read',
  scope: 'compliance:read',
  input: asked.extend({ user_id: userId, ...userFileQuery.shape }),
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const its = present(workspace)
    const file = await findFile(ctx, its, input.file_id)
    await demandOwner(ctx, its, file, input.user_id)
    await demandConversation(ctx, its, file, input.conversation_id)
    return link(ctx, its, file, input.origin)
  },
})

/** GET …/gpt_files/{file_id} and …/project_files/{file_id}. */
export const assetFile = question({
  action: 'files.read',
  scope: 'compliance:read',
  input: asked,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: noted,
  async ask(ctx, input, workspace) {
    const its = present(workspace)
    return link(ctx, its, await findFile(ctx, its, input.file_id), input.origin)
  },
})

/** A file that something is known of. */
export async function findFile(ctx: Context, workspace: Workspace, id: string): Promise<HeldFile> {
  const number = await numberOf(ctx, workspace.number, 'file', id)
  const file = number === null ? undefined : (await loadFilesByNumber(ctx, workspace.number, [number])).get(number)
  // Only its bytes may have arrived so far, or only its record; with neither it was merely spoken of, or erased.
  if (!file || (file.record === null && file.address === null)) throw new Refusal('not_found', 'there is no such file')
  return file
}

/** Sources do not always say whose a file is; where they do, or where they say it of its conversation, it has to be so. */
export async function demandOwner(ctx: Context, workspace: Workspace, file: HeldFile, user: string): Promise<void> {
  const named = await demandKnown(ctx, workspace, 'person', user)
  const owner = file.person ?? (file.conversation === null ? null : await personOf(ctx, file.conversation))
  if (owner !== null && owner !== named) throw new Refusal('not_found', 'there is no such file')
}

/** Audio and video are asked for with the conversation that holds them. */
export async function demandConversation(ctx: Context, workspace: Workspace, file: HeldFile, id: string | undefined): Promise<void> {
  const isMedia = /^(audio|video)\//i.test(textOrNull(file.record?.mime_type) ?? '')
  if (isMedia && id === undefined)
    throw new Refusal('bad_request', 'conversation_id is needed for audio and video', { param: 'conversation_id' })
  if (id !== undefined) await demandKnown(ctx, workspace, 'conversation', id)
}

async function demandKnown(ctx: Context, workspace: Workspace, kind: 'person' | 'conversation', id: string): Promise<number> {
  const number = await numberOf(ctx, workspace.number, kind, id)
  if (number === null) throw new Refusal('not_found', kind === 'person' ? 'there is no such user' : 'there is no such conversation')
  return number
}

async function personOf(ctx: Context, conversation: number): Promise<number | null> {
  const row = await ctx.ledger.database.reader
    .selectFrom('conversation')
    .select('person')
    .where('organization_id', '=', ctx.ledger.organization.number)
    .where('number', '=', conversation)
    .executeTakeFirst()
  return row?.person ?? null
}

function link(ctx: Context, workspace: Workspace, file: HeldFile, from: string) {
  if (file.address === null) throw new Refusal('gone', 'the bytes of this file are not here, or not any more')
  return { ids: [file.id], result: linkTo(ctx, { origin: from, workspace: workspace.number }, file.number) }
}
