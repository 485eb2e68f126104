import { z } from 'zod'

/** Replies of the OpenAI-compatible surface, for the API description and the conformance tests. Times are Unix seconds. */

export const list = <T extends z.ZodType>(item: T) =>
  z.object({
    object: z.literal('list'),
    data: z.array(item),
    last_id: z.string().nullable().describe('id of the last element; the cursor for the next page'),
    has_more: z.boolean().describe('The only sign that there is more: a page may be shorter than asked for'),
  })

const userShape = z.object({
  object: z.literal('compliance.workspace.user'),
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  created_at: z.number(),
  role: z.enum(['account-owner', 'account-admin', 'analytics-viewer', 'standard-user']),
  status: z.enum(['active', 'inactive']),
})

/** A file in either of its forms, by what holds it. Both `created_at` and `download_url` are null when its bytes are not here. */
export const fileShape = (holder: 'conversation.message' | 'gpt' | 'project') =>
  z.union([
    z.object({
      object: z.literal(`compliance.workspace.${holder}.file`),
      id: z.string(),
      name: z.string().nullable(),
      created_at: z.number().nullable(),
      download_url: z.string().nullable().describe('Works without a header for one hour; null when the bytes are not here'),
    }),
    z.object({
      object: z.literal(`compliance.workspace.${holder}.file_info`),
      id: z.string(),
      name: z.string().nullable(),
      ...(holder === 'conversation.message' ? { user_id: z.string().nullable() } : {}),
    }),
  ])

const messageShape = z.object({
  object: z.literal('compliance.workspace.conversation.message'),
  id: z.string(),
  parent_id: z.string().nullable().describe('null for the root'),
  created_at: z.number().nullable().describe('null for records of the system that have no time'),
  gpt_id: z.string().nullable(),
  project_id: z.string().nullable(),
  author: z.object({
    object: z.literal('compliance.workspace.conversation.message.author'),
    role: z.enum(['user', 'assistant', 'system', 'tool']),
    tool_name: z.string().nullable(),
  }),
  content: z
    .object({
      object: z.literal('compliance.workspace.conversation.message.content'),
      type: z.string(),
      value: z.string(),
      annotations: z.array(z.object({ type: z.literal('url_citation'), urls: z.array(z.string()) })),
    })
    .nullable(),
  files: list(fileShape('conversation.message')),
})

const conversationShape = z.object({
  object: z.literal('compliance.workspace.conversation'),
  id: z.string(),
  workspace_id: z.string(),
  user_id: z.string().nullable().describe('null while only messages of the conversation have arrived'),
  user_email: z.string().nullable(),
  created_at: z.number(),
  last_active_at: z.number(),
  title: z.string().nullable(),
  messages: list(messageShape),
})

export const userList = list(userShape)
export const messageList = list(messageShape)
export const conversationList = list(conversationShape)
export const errorShape = z.object({
  error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string().nullable() }),
})
