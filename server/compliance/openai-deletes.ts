import { z } from 'zod'
import type { Scope } from '../../contract/people.ts'
import { command } from '../ledger/command.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { purge, takePurgeTurn } from '../ledger/purge.ts'
import { removeReleasedBlobs } from '../ledger/released-blobs.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { findConversation } from './conversation-list.ts'
import { fileIds } from './conversation-parts.ts'
import { fileKey, loadHeldFiles } from './files-held.ts'
import { findHeld, type Held, heldAt, numberOf, versionSeqs } from './held-items.ts'
import { demandPerson } from './held-questions.ts'
import { textOrNull } from './openai-common.ts'
import { demandConversation, demandOwner, findFile, userFileQuery } from './openai-files.ts'
import { conversationId, fileId, itemId, noted, userId, workspaceId } from './openai-parameters.ts'

/** The provider's three fields. */
export const deletionShape = z.object({
  deleted: z.literal(true),
  object: z.string().describe('The kind of object that was deleted'),
  id: z.string(),
})

export interface Deleted {
  readonly receipt: string
  readonly shown: z.output<typeof deletionShape>
}

interface Deletion<I extends z.ZodType> {
  readonly action: string
  /** As the provider calls the object. */
  readonly object: string
  readonly input: I
  /** The item number of what is named; throws `not_found` for what is not there. */
  find(ctx: Context, asked: z.output<I>, workspace: Workspace): Promise<number>
}

const scope: Scope = 'compliance:delete'

/**
 * A DELETE of one item. What it names is looked up before the turn is taken, since who holds the turn must wait for nobody, and looked at
 * again in it.
 */
function deletion<I extends z.ZodType<{ workspace_id: string }>>({ action, object, input, find }: Deletion<I>) {
  const run = command({
    action,
    scope,
    input,
    async run(tx, ctx, asked): Promise<{ ids: string[]; workspace: Workspace; query: ReturnType<typeof noted>; result: Deleted }> {
      const workspace = await workspaceOf(ctx, asked.workspace_id)
      const item = await find(ctx, asked, workspace)
      await takePurgeTurn(tx, ctx.ledger)
      const { kind, id: actor } = ctx.actor
      const why = { reason: 'api' as const, actor: { kind, id: actor }, requestId: ctx.requestId }
      const [gone] = await purge(tx, ctx.ledger, [{ workspace, item }], why)
      if (!gone) throw new Error('nothing was purged')
      const { receipt, id } = gone
      return { ids: [id], workspace, query: { ...noted(asked), receipt }, result: { receipt, shown: { deleted: true, object, id } } }
    },
  })
  return async (ctx: Context, raw: unknown): Promise<Deleted> => {
    const deleted = await inTurn(() => run(ctx, raw as z.input<I>)) // the command checks what it is
    // What could not be removed now can be read by nobody, and is removed with the next deletion or start.
    await removeReleasedBlobs(ctx.ledger).catch((err: unknown) => ctx.ledger.log.error({ event: 'released-blobs', err }))
    return deleted
  }
}

/** One at a time: each holds a connection while it waits for the index and the turn, and the writer needs one as well. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = before.catch(() => undefined).then(work)
  before = mine
  return mine
}

let before: Promise<unknown> = Promise.resolve()

const here = { workspace_id: workspaceId }
const notThere = (what: string) => new Refusal('not_found', `there is no such ${what}`)

async function conversationNumber(ctx: Context, id: string, workspace: Workspace): Promise<number> {
  const number = await findConversation(ctx, [workspace.number], id)
  if (number === null) throw notThere('conversation')
  return number
}

/** DELETE …/conversations/{id}. */
export const deleteConversation = deletion({
  action: 'conversation.delete',
  object: 'compliance.workspace.conversation',
  input: z.object({ ...here, conversation_id: conversationId }),
  find: (ctx, { conversation_id }, workspace) => conversationNumber(ctx, conversation_id, workspace),
})

/** DELETE …/users/{user_id}/conversations/{id}. */
export const deleteUserConversation = deletion({
  action: 'conversation.delete',
  object: 'compliance.workspace.conversation',
  input: z.object({ ...here, user_id: userId, conversation_id: conversationId }),
  async find(ctx, { user_id, conversation_id }, workspace) {
    const person = await demandPerson(ctx, workspace, user_id)
    const number = await conversationNumber(ctx, conversation_id, workspace)
    const row = await ctx.ledger.database.reader
      .selectFrom('conversation')
      .select('person')
      .where('organization_id', '=', ctx.ledger.organization.number)
      .where('number', '=', number)
      .executeTakeFirst()
    if (row?.person !== person) throw notThere('conversation')
    return number
  },
})

/** DELETE …/users/{user_id}/files/{file_id}: messages stay as they are and go on naming it. */
export const deleteUserFile = deletion({
  action: 'file.delete',
  object: 'compliance.workspace.conversation.message.file',
  input: z.object({ ...here, user_id: userId, file_id: fileId, ...userFileQuery.shape }),
  async find(ctx, { user_id, file_id, conversation_id }, workspace) {
    const file = await findFile(ctx, workspace, file_id)
    await demandOwner(ctx, workspace, file, user_id)
    await demandConversation(ctx, workspace, file, conversation_id)
    return file.number
  },
})

/** DELETE …/gpts/{id} and …/gpts/{id}/files/{file_id}, or the same of projects. */
export function assetDeletes(kind: 'gpt' | 'project') {
  const asset_id = itemId('id')
  return {
    asset: deletion({
      action: `${kind}.delete`,
      object: `compliance.workspace.${kind}`,
      input: z.object({ ...here, asset_id }),
      find: async (ctx, asked, workspace) => (await findHeld(ctx, workspace.number, kind, asked.asset_id)).number,
    }),
    file: deletion({
      action: `${kind}-file.delete`,
      object: `compliance.workspace.${kind}.file`,
      input: z.object({ ...here, asset_id, file_id: fileId }),
      async find(ctx, asked, workspace) {
        const asset = await findHeld(ctx, workspace.number, kind, asked.asset_id)
        const file = await findFile(ctx, workspace, asked.file_id)
        const holder = textOrNull(file.record?.[`${kind}_id`])
        const isIts = holder !== null && (await numberOf(ctx, workspace.number, kind, holder)) === asset.number
        if (!isIts && !(await namesFile(ctx, workspace, asset, file.number))) throw notThere('file')
        return file.number
      },
    }),
  }
}

/** Whether any version of a GPT or project has the file. */
async function namesFile(ctx: Context, workspace: Workspace, asset: Held, file: number): Promise<boolean> {
  const named = new Set<string>()
  for await (const { record } of heldAt(ctx, asset.number, await versionSeqs(ctx, asset.number)))
    for (const id of fileIds(record)) named.add(id)
  const files = await loadHeldFiles(ctx, [workspace.number], [...named])
  return [...named].some((id) => files.get(fileKey(workspace.number, asset.source, id))?.number === file)
}

/** What is somebody's own and named below them. */
async function ownNumber(ctx: Context, workspace: Workspace, kind: string, { user_id, id }: { user_id: string; id: string }) {
  return (await ownItem(ctx, workspace, kind, { user_id, id })).number
}

async function ownItem(ctx: Context, workspace: Workspace, kind: string, { user_id, id }: { user_id: string; id: string }): Promise<Held> {
  const person = await demandPerson(ctx, workspace, user_id)
  const item = await findHeld(ctx, workspace.number, kind, id)
  if (item.person !== person) throw notThere(kind.replaceAll('_', ' '))
  return item
}

/** DELETE …/users/{user_id}/memory_contexts/{memory_context_id}/memories/{memory_id}. */
export const deleteMemory = deletion({
  action: 'memory.delete',
  object: 'compliance.workspace.user.memory.context.entry',
  input: z.object({ ...here, user_id: userId, memory_context_id: itemId('memory_context_id'), memory_id: itemId('memory_id') }),
  async find(ctx, { user_id, memory_context_id, memory_id }, workspace) {
    const memory = await ownItem(ctx, workspace, 'memory', { user_id, id: memory_id })
    const isOwners = (await numberOf(ctx, workspace.number, 'person', memory_context_id)) === memory.person
    if (memory.record.context_id !== memory_context_id && !isOwners) throw notThere('memory')
    return memory.number
  },
})

/** DELETE …/users/{user_id}/canvas/{textdoc_id}. */
export const deleteCanvas = deletion({
  action: 'canvas.delete',
  object: 'compliance.workspace.user.canvas',
  input: z.object({ ...here, user_id: userId, textdoc_id: itemId('textdoc_id') }),
  find: (ctx, { user_id, textdoc_id }, workspace) => ownNumber(ctx, workspace, 'canvas', { user_id, id: textdoc_id }),
})

/** DELETE …/users/{user_id}/automations/{automation_id}. */
export const deleteAutomation = deletion({
  action: 'automation.delete',
  object: 'compliance.workspace.user.automation',
  input: z.object({ ...here, user_id: userId, automation_id: itemId('automation_id') }),
  find: (ctx, { user_id, automation_id }, workspace) => ownNumber(ctx, workspace, 'automation', { user_id, id: automation_id }),
})

const recording = { action: 'recording.delete', object: 'compliance.workspace.user.recording' }

/** DELETE …/users/{user_id}/recordings/{recording_id}. */
export const deleteUserRecording = deletion({
  ...recording,
  input: z.object({ ...here, user_id: userId, recording_id: itemId('id') }),
  find: (ctx, { user_id, recording_id }, workspace) => ownNumber(ctx, workspace, 'recording', { user_id, id: recording_id }),
})

/** DELETE …/recordings/{recording_id}. */
export const deleteRecording = deletion({
  ...recording,
  input: z.object({ ...here, recording_id: itemId('id') }),
  find: async (ctx, { recording_id }, workspace) => (await findHeld(ctx, workspace.number, 'recording', recording_id)).number,
})

/** DELETE …/users/{user_id}/library_files/{file_id}. */
export const deleteLibraryFile = deletion({
  action: 'library-file.delete',
  object: 'compliance.workspace.user.library_file',
  input: z.object({ ...here, user_id: userId, file_id: fileId }),
  async find(ctx, { user_id, file_id }, workspace) {
    const file = await ownItem(ctx, workspace, 'file', { user_id, id: file_id })
    if (file.record.origin !== 'library') throw notThere('library file')
    return file.number
  },
})

/** DELETE …/codex_tasks/{id}, …/agents/{id}, …/skills/{id}. */
export function workDelete(kind: 'codex_task' | 'agent' | 'skill') {
  return deletion({
    action: `${kind.replaceAll('_', '-')}.delete`,
    object: `compliance.workspace.${kind}`,
    input: z.object({ ...here, item_id: itemId('id') }),
    find: async (ctx, { item_id }, workspace) => (await findHeld(ctx, workspace.number, kind, item_id)).number,
  })
}
