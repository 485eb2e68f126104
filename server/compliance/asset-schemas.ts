import { z } from 'zod'
import { fileShape, list } from './openai-schemas.ts'

/** GPTs and projects as the OpenAI-compatible surface has them. What is optional is absent for somebody else's public GPT. */

type Kind = 'gpt' | 'project'

const permissions = (kind: Kind) =>
  z.object({
    object: z.literal(`compliance.workspace.${kind}.permissions`),
    can_read: z.boolean(),
    can_view_config: z.boolean(),
    can_write: z.boolean(),
  })

const recipient = (kind: Kind) =>
  z.object({
    object: z.literal(`compliance.workspace.${kind}.shared_user`),
    id: z.string(),
    email: z.string().nullable(),
    permissions: permissions(kind),
  })

const sharing = (kind: Kind) =>
  z.object({
    object: z.literal(`compliance.workspace.${kind}.sharing`),
    visibility: z.string().describe("invite-only, workspace-with-link, workspace, anyone-with-link, gpt-store, or a source's own word"),
    permissions: permissions(kind),
    recipients: z
      .union([z.array(recipient(kind)), list(recipient(kind))])
      .describe('A list object where the setting DAYBOOK_RECIPIENTS says so'),
  })

const action = {
  action_domain: z.string().nullable(),
  action_openapi_raw: z.string().nullable(),
  action_privacy_policy_url: z.string().nullable(),
}

const tool = (kind: Kind) =>
  z
    .object({
      type: z.string().describe("code_interpreter, browser, dall-e, memory, custom_action, or a source's own word"),
      created_at: z.number(),
      ...action,
      ...(kind === 'gpt' ? { auth_type: z.string().nullable() } : {}),
    })
    .partial({
      action_domain: true,
      action_openapi_raw: true,
      action_privacy_policy_url: true,
      ...(kind === 'gpt' ? { auth_type: true } : {}),
    })

const author = z.object({ object: z.literal('compliance.workspace.gpt.version_author'), id: z.string(), email: z.string().nullable() })

export const configShape = (kind: Kind) =>
  z.object({
    object: z.literal(`compliance.workspace.${kind}.configuration`),
    id: z.string(),
    name: z.string(),
    description: z.string(),
    categories: z.array(z.string()),
    conversation_starters: z.array(z.string()),
    created_at: z.number().optional(),
    instructions: z.string().optional(),
    ...(kind === 'gpt' ? { version_author: author.nullable() } : {}),
    files: list(fileShape(kind)).optional(),
    tools: list(tool(kind)),
  })

export const assetShape = (kind: Kind) =>
  z.object({
    object: z.literal(`compliance.workspace.${kind}`),
    id: z.string(),
    created_at: z.number().optional(),
    owner_id: z.string().nullable().optional(),
    owner_email: z.string().nullable().optional(),
    builder_name: z.string(),
    sharing: sharing(kind).optional(),
    latest_config: list(configShape(kind)),
  })
