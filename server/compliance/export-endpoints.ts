import { z } from 'zod'
import type { Context } from '../ledger/context.ts'
import { assetShape, configShape } from './asset-schemas.ts'
import {
  automationShape,
  canvasIdShape,
  canvasShape,
  codexTaskShape,
  cursorList,
  inviteShape,
  libraryFileShape,
  memoryShape,
  oneLibraryFileShape,
  recordingShape,
  skillShape,
  transcriptShape,
  workShape,
} from './export-schemas.ts'
import { assetQuery, assetQuestions, assetsQuery } from './openai-assets.ts'
import { canvas, canvases, canvasesQuery, canvasQuery } from './openai-canvases.ts'
import { conversationMessages, conversations, conversationsQuery, messagesQuery } from './openai-conversations.ts'
import { assetFile, userFile, userFileQuery } from './openai-files.ts'
import { invites, invitesQuery } from './openai-invites.ts'
import { libraryFiles, libraryQuery, oneLibraryFile } from './openai-library.ts'
import { memories, memoriesQuery, userMemories, userMemoriesQuery } from './openai-memories.ts'
import { codexEnvironment, codexEnvironments } from './openai-nothing.ts'
import { recording, recordings, recordingsQuery, transcript, transcriptQuery, userRecordings } from './openai-recordings.ts'
import { conversationList, list, messageList, userList } from './openai-schemas.ts'
import { sharedUsersQuery } from './openai-shared-users.ts'
import {
  agents,
  agentsQuery,
  automations,
  automationsQuery,
  codexTasks,
  codexTasksQuery,
  plugins,
  pluginsQuery,
  skills,
  userAutomations,
} from './openai-tasks.ts'
import { users, usersQuery } from './openai-users.ts'

/** One address of the export, below `/v1/compliance/workspaces/{workspace_id}`. */
export interface Endpoint {
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly query: z.ZodObject
  /** What the reply looks like; `link`: a 307 to the bytes of a file. */
  readonly reply: z.ZodType | 'link'
  ask(ctx: Context, input: unknown): Promise<unknown>
}

const nothing = z.object({})

function endpoint(path: string, summary: string, more: Omit<Endpoint, 'path' | 'summary'>): Endpoint {
  return { path, summary, ...more }
}

const heard = 'In the order in which Daybook first heard of them.'
const unknownThere = 'Its fields at the provider are known in part only.'

const talk: readonly Endpoint[] = [
  endpoint('/users', 'List users', { description: 'In the order of their ids.', query: usersQuery, reply: userList, ask: users }),
  endpoint('/conversations', 'List conversations', {
    description: 'Whole conversations, the one last updated longest ago first. One that changes while it is read comes again.',
    query: conversationsQuery,
    reply: conversationList,
    ask: conversations,
  }),
  endpoint('/conversations/:conversation_id/messages', 'List messages', {
    description: "One conversation's messages in the order of their arrival.",
    query: messagesQuery,
    reply: messageList,
    ask: conversationMessages,
  }),
  endpoint('/users/:user_id/files/:file_id', 'Get the bytes of a file of a conversation', {
    description: 'A link that works without a header for one hour. 410 when the bytes are not here.',
    query: userFileQuery,
    reply: 'link',
    ask: userFile,
  }),
]

function assetEndpoints(kind: 'gpt' | 'project', name: string): Endpoint[] {
  const { all, one, configs, sharedUsers } = assetQuestions(kind)
  return [
    endpoint(`/${kind}s`, `List ${name}s`, {
      description: `Those of the workspace that are in use: no drafts, no deleted ones, none of others. ${heard}`,
      query: assetsQuery,
      reply: list(assetShape(kind)),
      ask: all,
    }),
    endpoint(`/${kind}s/:asset_id`, `Get a ${name}`, {
      description: "Of somebody else's public one only the public fields.",
      query: assetQuery,
      reply: assetShape(kind),
      ask: one,
    }),
    endpoint(`/${kind}s/:asset_id/configs`, `List the configurations of a ${name}`, {
      description: 'Every version that was in use, the newest first.',
      query: assetsQuery,
      reply: list(configShape(kind)),
      ask: configs,
    }),
    endpoint(`/${kind}s/:asset_id/shared_users`, `List whom a ${name} is shared with`, {
      description: 'In the order of their ids.',
      query: sharedUsersQuery,
      reply: userList,
      ask: sharedUsers,
    }),
    endpoint(`/${kind}_files/:file_id`, `Get the bytes of a file of a ${name}`, {
      description: 'A link that works without a header for one hour. 410 when the bytes are not here.',
      query: nothing,
      reply: 'link',
      ask: assetFile,
    }),
  ]
}

const personal: readonly Endpoint[] = [
  endpoint('/memories', 'List memories', {
    description: 'One object per person of whom something is remembered, in the order of their ids.',
    query: memoriesQuery,
    reply: list(memoryShape),
    ask: memories,
  }),
  endpoint('/users/:user_id/memories', "List somebody's memories", {
    description: 'One object, or none.',
    query: userMemoriesQuery,
    reply: list(memoryShape),
    ask: userMemories,
  }),
  endpoint('/users/:user_id/canvases', "List somebody's canvases", {
    description: heard,
    query: canvasesQuery,
    reply: list(canvasIdShape),
    ask: canvases,
  }),
  endpoint('/users/:user_id/canvas/:textdoc_id', 'Get a canvas', {
    description: 'With its versions in ascending order; pages go on with `after` = the last version.',
    query: canvasQuery,
    reply: canvasShape,
    ask: canvas,
  }),
  endpoint('/users/:user_id/automations', "List somebody's automations", {
    description: `${heard} ${unknownThere}`,
    query: automationsQuery,
    reply: list(automationShape),
    ask: userAutomations,
  }),
  endpoint('/automations', 'List automations', {
    description: `${heard} ${unknownThere}`,
    query: automationsQuery,
    reply: list(automationShape),
    ask: automations,
  }),
  endpoint('/users/:user_id/recordings', "List somebody's recordings", {
    description: `${heard} ${unknownThere}`,
    query: recordingsQuery,
    reply: list(recordingShape),
    ask: userRecordings,
  }),
  endpoint('/users/:user_id/recordings/:recording_id/transcript', 'Get the transcript of a recording', {
    description: unknownThere,
    query: transcriptQuery,
    reply: transcriptShape,
    ask: transcript,
  }),
  endpoint('/recordings', 'List recordings', {
    description: `${heard} ${unknownThere}`,
    query: recordingsQuery,
    reply: list(recordingShape),
    ask: recordings,
  }),
  endpoint('/recordings/:recording_id', 'Get a recording', {
    description: unknownThere,
    query: nothing,
    reply: recordingShape,
    ask: recording,
  }),
  endpoint('/users/:user_id/library_files', "List somebody's library", {
    description: `${heard} What was thrown away has the state trashed.`,
    query: libraryQuery,
    reply: cursorList(libraryFileShape),
    ask: libraryFiles,
  }),
  endpoint('/users/:user_id/library_files/:file_id', 'Get a file of a library', {
    description: 'With a link to its bytes.',
    query: nothing,
    reply: oneLibraryFileShape,
    ask: oneLibraryFile,
  }),
]

const work: readonly Endpoint[] = [
  endpoint('/codex_tasks', 'List coding tasks', {
    description: `Pages go on with \`cursor\` or \`after\`. ${heard}`,
    query: codexTasksQuery,
    reply: cursorList(codexTaskShape),
    ask: codexTasks.all,
  }),
  endpoint('/codex_tasks/:item_id', 'Get a coding task', {
    description: unknownThere,
    query: nothing,
    reply: codexTaskShape,
    ask: codexTasks.one,
  }),
  endpoint('/codex_environments', 'List coding environments', {
    description: 'Always empty: no source tells of them.',
    query: nothing,
    reply: cursorList(z.never()),
    ask: codexEnvironments,
  }),
  endpoint('/codex_environments/:item_id', 'Get a coding environment', {
    description: 'Always 404: no source tells of them.',
    query: nothing,
    reply: z.never(),
    ask: codexEnvironment,
  }),
  endpoint('/agents', 'List agents', {
    description: `${heard} ${unknownThere}`,
    query: agentsQuery,
    reply: list(workShape),
    ask: agents.all,
  }),
  endpoint('/agents/:item_id', 'Get an agent', { description: unknownThere, query: nothing, reply: workShape, ask: agents.one }),
  endpoint('/plugins', 'List plugins', {
    description: `Pages go on with \`cursor\` or \`after\`. ${heard}`,
    query: pluginsQuery,
    reply: cursorList(workShape),
    ask: plugins.all,
  }),
  endpoint('/plugins/:item_id', 'Get a plugin', { description: unknownThere, query: nothing, reply: workShape, ask: plugins.one }),
  endpoint('/skills', 'List skills', {
    description: `${heard} ${unknownThere}`,
    query: agentsQuery,
    reply: list(skillShape),
    ask: skills.all,
  }),
  endpoint('/skills/:item_id/export', 'Export a skill', { description: unknownThere, query: nothing, reply: skillShape, ask: skills.one }),
  endpoint('/invites', 'List invites', {
    description: `Who was invited at the source and has not come yet. ${unknownThere}`,
    query: invitesQuery,
    reply: list(inviteShape),
    ask: invites,
  }),
]

/** Everything that is read of one workspace. */
export const endpoints: readonly Endpoint[] = [
  ...talk,
  ...assetEndpoints('gpt', 'GPT'),
  ...assetEndpoints('project', 'project'),
  ...personal,
  ...work,
]
