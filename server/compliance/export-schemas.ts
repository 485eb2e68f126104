import { z } from 'zod'
import { list } from './openai-schemas.ts'

/** Everything of the OpenAI-compatible surface but users, conversations, GPTs and projects. Times are Unix seconds unless said otherwise. */

const entry = z.object({
  object: z.literal('compliance.workspace.user.memory.context.entry'),
  id: z.string(),
  content: z.string(),
  updated_at: z.number(),
})
const context = z.object({
  object: z.literal('compliance.workspace.user.memory.context'),
  id: z.string(),
  memory_entries: z.array(entry),
})
export const memoryShape = z.object({
  object: z.literal('compliance.workspace.user.memory'),
  id: z.string().describe('User id'),
  memory_contexts: z.array(context),
})

export const canvasIdShape = z.object({ id: z.string() })
const comment = z.object({ type: z.literal('comment'), id: z.string(), start: z.int(), end: z.int(), content: z.string() })
const canvasVersion = z.object({
  content: z.string(),
  updated_at: z.iso.datetime().describe('ISO 8601: the one time that is no number'),
  version: z.int(),
  name: z.string().nullable(),
  comments: z.array(comment),
})
export const canvasShape = z.object({
  textdoc_id: z.string(),
  textdoc_type: z.string(),
  version_contents: z.object({
    object: z.literal('list'),
    data: z.array(canvasVersion),
    last_version: z.int().nullable(),
    has_more: z.boolean(),
  }),
})

const made = { created_at: z.number(), updated_at: z.number() }

export const automationShape = z.object({
  object: z.literal('compliance.workspace.user.automation'),
  id: z.string(),
  user_id: z.string().nullable(),
  title: z.string().nullable(),
  prompt: z.string().nullable(),
  schedule: z.string().nullable().describe('As the source writes it: cron or RRULE as a rule'),
  is_enabled: z.boolean(),
  ...made,
})

export const recordingShape = z.object({
  object: z.literal('compliance.workspace.user.recording'),
  id: z.string(),
  user_id: z.string().nullable(),
  title: z.string().nullable(),
  created_at: z.number(),
  duration: z.number().nullable().describe('Seconds'),
})
export const transcriptShape = z.object({
  object: z.literal('compliance.workspace.user.recording.transcript'),
  id: z.string(),
  transcript: z.unknown().describe('As the source gave it: text, or a list of pieces'),
  summary: z.string().nullable().optional().describe('With include_summary=true'),
})

/** A list of the later endpoints: both ways of going on. */
export const cursorList = <T extends z.ZodType>(item: T) =>
  list(item).extend({ cursor: z.string().nullable().describe('The cursor for the next page; null on the last one') })

export const codexTaskShape = z.object({ id: z.string(), title: z.string().nullable(), created_by_id: z.string().nullable(), ...made })
export const workShape = z.object({ id: z.string(), name: z.string().nullable(), created_by_id: z.string().nullable(), ...made })
export const skillShape = workShape.extend({
  display_name: z.string().nullable(),
  description: z.string().nullable(),
  share_status: z.string().nullable(),
  url: z.string().nullable(),
  publisher: z.string().nullable(),
  scopes: z.array(z.string()),
})

export const libraryFileShape = z.object({
  id: z.string(),
  name: z.string().nullable(),
  mime_type: z.string().nullable(),
  state: z.enum(['active', 'trashed']),
  created_at: z.number(),
  trashed_at: z.number().nullable(),
  is_project: z.boolean(),
})
export const oneLibraryFileShape = libraryFileShape.extend({ download_url: z.string().nullable() })

export const inviteShape = z.object({
  object: z.literal('compliance.workspace.invite'),
  id: z.string(),
  email: z.string().nullable(),
  role: z.enum(['account-owner', 'account-admin', 'analytics-viewer', 'standard-user']),
  created_at: z.number().nullable(),
  expires_at: z.number().nullable(),
})
