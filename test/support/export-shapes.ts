/**
 * The objects of the OpenAI-compatible export as its wire reference has them, written down a second time: fields, types, nullability,
 * constants. Nothing here is taken from the server's own schemas.
 */

/** `'string'`, `'number'`, `'integer'`, `'boolean'`, `'text time'`, each also with `|null`; `'=…'` one of the words that follow. */
export type Shape = string | readonly [Shape] | { readonly [field: string]: Shape }

export const list = (item: Shape): Shape => ({ object: '=list', data: [item], last_id: 'string|null', has_more: 'boolean' })

export const user = {
  ...{ object: '=compliance.workspace.user', id: 'string', email: 'string|null', name: 'string|null', created_at: 'number' },
  ...{ role: '=account-owner,account-admin,standard-user,analytics-viewer', status: '=active,inactive' },
}

/** `url` with a link, `id` in short. */
type Format = 'url' | 'id'

function file(holder: string, format: Format): Shape {
  const object = `=compliance.workspace.${holder}.file${format === 'id' ? '_info' : ''}`
  const named = { object, id: 'string', name: 'string|null' }
  if (format === 'url') return { ...named, created_at: 'number|null', download_url: 'string|null' }
  return holder === 'conversation.message' ? { ...named, user_id: 'string' } : named
}

const said = 'compliance.workspace.conversation'
export const message = (format: Format): Shape => ({
  ...{ object: `=${said}.message`, id: 'string', parent_id: 'string|null', created_at: 'number|null' },
  ...{ gpt_id: 'string|null', project_id: 'string|null' },
  author: { object: `=${said}.message.author`, role: '=user,assistant,system,tool', tool_name: 'string|null' },
  'content?null': {
    ...{ object: `=${said}.message.content`, type: 'string', value: 'string' },
    annotations: [{ type: '=url_citation', urls: ['string'] }],
  },
  files: list(file('conversation.message', format)),
})
export const conversation = (format: Format): Shape => ({
  ...{ object: `=${said}`, id: 'string', workspace_id: 'string', user_id: 'string', user_email: 'string|null' },
  ...{ created_at: 'number', last_active_at: 'number', title: 'string|null', messages: list(message(format)) },
})

/** A GPT or project: of the workspace's own all, of somebody else's public one what is public. */
export function asset(kind: 'gpt' | 'project', format: Format = 'url') {
  const object = (name: string) => `=compliance.workspace.${kind}${name}`
  const permissions = { object: object('.permissions'), can_read: 'boolean', can_view_config: 'boolean', can_write: 'boolean' }
  const tool = {
    ...{ type: '=code_interpreter,browser,dall-e,memory,custom_action', created_at: 'number' },
    ...{ 'action_domain?': 'string|null', 'action_openapi_raw?': 'string|null', 'action_privacy_policy_url?': 'string|null' },
    ...(kind === 'gpt' ? { 'auth_type?': 'string|null' } : {}),
  }
  const publicConfiguration: Shape = {
    ...{ object: object('.configuration'), id: 'string', name: 'string', description: 'string', tools: list(tool) },
    categories: ['string'],
    conversation_starters: ['string'],
    ...(kind === 'gpt' ? { 'version_author?null': { object: object('.version_author'), id: 'string', email: 'string' } } : {}),
  }
  const configuration: Shape = { ...publicConfiguration, created_at: 'number', instructions: 'string', files: list(file(kind, format)) }
  const recipient = { object: object('.shared_user'), id: 'string', email: 'string|null', permissions }
  const visibility = '=invite-only,workspace-with-link,workspace,anyone-with-link,gpt-store'
  const known = { object: object(''), id: 'string', builder_name: 'string' }
  const whole: Shape = {
    ...{ ...known, created_at: 'number', owner_id: 'string', owner_email: 'string|null', latest_config: list(configuration) },
    sharing: { object: object('.sharing'), visibility, permissions, recipients: [recipient] },
  }
  return { whole, configuration, foreign: { ...known, latest_config: list(publicConfiguration) } }
}

export const memory = {
  ...{ object: '=compliance.workspace.user.memory', id: 'string' },
  memory_contexts: [
    {
      ...{ object: '=compliance.workspace.user.memory.context', id: 'string' },
      memory_entries: [
        { object: '=compliance.workspace.user.memory.context.entry', id: 'string', content: 'string', updated_at: 'number' },
      ],
    },
  ],
} as const

const comment = { type: '=comment', id: 'string', start: 'integer', end: 'integer', content: 'string' }
const version = { content: 'string', updated_at: 'text time', version: 'integer', name: 'string|null', comments: [comment] } as const
export const canvas = {
  ...{ textdoc_id: 'string', textdoc_type: 'string' },
  version_contents: { object: '=list', data: [version], last_version: 'integer|null', has_more: 'boolean' },
} as const

/** What the reference says of the later resources is the least there is: more fields may stand beside these. */
export const automation = { id: 'string', title: 'string', schedule: 'string', is_enabled: 'boolean', prompt: 'string' }
export const task = { id: 'string', title: 'string', created_by_id: 'string', created_at: 'number', updated_at: 'number' }
export const libraryFile = {
  ...{ id: 'string', name: 'string', mime_type: 'string', state: 'string', created_at: 'number' },
  ...{ trashed_at: 'number|null', is_project: 'boolean' },
}
export const cursorList = (item: Shape): Shape => ({ data: [item], has_more: 'boolean', cursor: 'string|null', last_id: 'string|null' })
