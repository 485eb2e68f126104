import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import {
  assetDeletes,
  type Deleted,
  deleteAutomation,
  deleteCanvas,
  deleteConversation,
  deleteLibraryFile,
  deleteMemory,
  deleteRecording,
  deleteUserConversation,
  deleteUserFile,
  deleteUserRecording,
  workDelete,
} from './openai-deletes.ts'
import { userFileQuery } from './openai-files.ts'

/** One DELETE of the export, below `/v1/compliance/workspaces/{workspace_id}`. */
export interface DeleteEndpoint {
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly query: z.ZodObject
  run(ctx: Context, input: unknown): Promise<Deleted>
}

const nothing = z.object({})
const forGood = 'For good, in every version. The receipt of it is named in the header `Daybook-Receipt`.'

function one(path: string, what: string, run: DeleteEndpoint['run'], more: { about?: string; query?: z.ZodObject } = {}): DeleteEndpoint {
  const description = more.about === undefined ? forGood : `${forGood} ${more.about}`
  return { path, summary: `Delete ${what}`, description, query: more.query ?? nothing, run }
}

const withIt = 'With its messages, its files, links to it and feedback on it.'

function assets(kind: 'gpt' | 'project', name: string): DeleteEndpoint[] {
  const { asset, file } = assetDeletes(kind)
  return [
    one(`/${kind}s/:asset_id`, `a ${name}`, asset, { about: `Conversations with it stay, and files that another one has.` }),
    one(`/${kind}s/:asset_id/files/:file_id`, `a file of a ${name}`, file, {
      about: 'An empty file named "(Removed by your admin)" stands in its place wherever it was.',
    }),
  ]
}

/** Everything that is deleted one by one. */
export const deleteEndpoints: readonly DeleteEndpoint[] = [
  one('/conversations/:conversation_id', 'a conversation', deleteConversation, { about: withIt }),
  one('/users/:user_id/conversations/:conversation_id', "somebody's conversation", deleteUserConversation, { about: withIt }),
  one('/users/:user_id/files/:file_id', 'a file of a conversation', deleteUserFile, {
    about: 'Messages go on naming it, as a file without bytes.',
    query: userFileQuery,
  }),
  ...assets('gpt', 'GPT'),
  ...assets('project', 'project'),
  one('/users/:user_id/memory_contexts/:memory_context_id/memories/:memory_id', 'a memory', deleteMemory),
  one('/users/:user_id/canvas/:textdoc_id', 'a canvas', deleteCanvas),
  one('/users/:user_id/automations/:automation_id', 'an automation', deleteAutomation),
  one('/users/:user_id/recordings/:recording_id', "somebody's recording", deleteUserRecording),
  one('/recordings/:recording_id', 'a recording', deleteRecording),
  one('/users/:user_id/library_files/:file_id', 'a file of a library', deleteLibraryFile),
  one('/codex_tasks/:item_id', 'a coding task', workDelete('codex_task')),
  one('/agents/:item_id', 'an agent', workDelete('agent')),
  one('/skills/:item_id', 'a skill', workDelete('skill')),
]
