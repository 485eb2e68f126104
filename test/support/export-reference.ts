/**
 * The OpenAI-compatible export as its wire reference has it, written down a second time: fields, types, nullability, constants, limits.
 * The conformance test holds the server to it; nothing here is taken from the server's own schemas.
 */

/** `'string'`, `'number'`, `'integer'`, `'boolean'`, `'text time'`, each also with `|null`; `'=…'` one of the words that follow. */
export type Shape = string | readonly [Shape] | { readonly [field: string]: Shape }

const list = (item: Shape): Shape => ({ object: '=list', data: [item], last_id: 'string|null', has_more: 'boolean' })

const user = {
  ...{ object: '=compliance.workspace.user', id: 'string', email: 'string|null', name: 'string|null', created_at: 'number' },
  ...{ role: '=account-owner,account-admin,standard-user,analytics-viewer', status: '=active,inactive' },
}

const file = (holder: string) => ({
  ...{ object: `=compliance.workspace.${holder}.file`, id: 'string', name: 'string|null' },
  ...{ created_at: 'number|null', download_url: 'string|null' },
})

const said = 'compliance.workspace.conversation'
const message = {
  ...{ object: `=${said}.message`, id: 'string', parent_id: 'string|null', created_at: 'number|null' },
  ...{ gpt_id: 'string|null', project_id: 'string|null' },
  author: { object: `=${said}.message.author`, role: '=user,assistant,system,tool', tool_name: 'string|null' },
  'content?null': {
    ...{ object: `=${said}.message.content`, type: 'string', value: 'string' },
    annotations: [{ type: '=url_citation', urls: ['string'] }],
  },
  files: list(file('conversation.message')),
} as const
const conversation = {
  ...{ object: `=${said}`, id: 'string', workspace_id: 'string', user_id: 'string', user_email: 'string|null' },
  ...{ created_at: 'number', last_active_at: 'number', title: 'string|null', messages: list(message) },
}

/** Absent for somebody else's public one: the fields whose name ends in `?`. */
function asset(kind: 'gpt' | 'project'): { whole: Shape; configuration: Shape } {
  const object = (name: string) => `=compliance.workspace.${kind}${name}`
  const permissions = { object: object('.permissions'), can_read: 'boolean', can_view_config: 'boolean', can_write: 'boolean' }
  const tool = {
    ...{ type: 'string', created_at: 'number', 'action_domain?': 'string', 'action_openapi_raw?': 'string' },
    ...{ 'action_privacy_policy_url?': 'string', ...(kind === 'gpt' ? { 'auth_type?': 'string' } : {}) },
  }
  const configuration: Shape = {
    ...{ object: object('.configuration'), id: 'string', name: 'string', description: 'string' },
    categories: ['string'],
    conversation_starters: ['string'],
    ...{ 'created_at?': 'number', 'instructions?': 'string', tools: list(tool), 'files?': list(file(kind)) },
    ...(kind === 'gpt' ? { 'version_author?null': { object: object('.version_author'), id: 'string', email: 'string' } } : {}),
  }
  const recipient = { object: object('.shared_user'), id: 'string', email: 'string|null', permissions }
  const visibility = '=invite-only,workspace-with-link,workspace,anyone-with-link,gpt-store'
  return {
    configuration,
    whole: {
      ...{ object: object(''), id: 'string', 'created_at?': 'number', 'owner_id?': 'string', 'owner_email?': 'string|null' },
      ...{ builder_name: 'string', latest_config: list(configuration) },
      'sharing?': { object: object('.sharing'), visibility, permissions, recipients: [recipient] },
    },
  }
}

const memory = {
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
const canvas = {
  ...{ textdoc_id: 'string', textdoc_type: 'string' },
  version_contents: { object: '=list', data: [version], last_version: 'integer|null', has_more: 'boolean' },
} as const

/** What the reference says of the later resources is the least there is: more fields may stand beside these. */
const automation = { id: 'string', title: 'string', schedule: 'string', is_enabled: 'boolean', prompt: 'string' }
const task = { id: 'string', title: 'string', created_by_id: 'string', created_at: 'number', updated_at: 'number' }
const libraryFile = {
  ...{ id: 'string', name: 'string', mime_type: 'string', state: 'string', created_at: 'number' },
  ...{ trashed_at: 'number|null', is_project: 'boolean' },
}
const cursorList = (item: Shape): Shape => ({ data: [item], has_more: 'boolean', cursor: 'string|null', last_id: 'string|null' })

export interface Reference {
  readonly get: string
  /** null: a 307 with `Location`. */
  readonly shape: Shape | null
  /** Other fields may stand beside those of the shape. */
  readonly open?: true
  /** Page sizes where it is a list in pages; null: the reference does not say. */
  readonly pages?: { readonly usual: number | null; readonly most: number | null }
  /** What the reference leaves unknown, and what is done here. */
  readonly unknown?: string
}

const gpt = asset('gpt')
const project = asset('project')

const assetRows = (kind: 'gpt' | 'project', { whole, configuration }: { whole: Shape; configuration: Shape }): Reference[] => [
  {
    get: `/${kind}s`,
    shape: list(whole),
    pages: { usual: 20, most: null },
    unknown: 'the largest limit: 100; the order: as first heard of',
  },
  { get: `/${kind}s/{${kind}}`, shape: whole },
  { get: `/${kind}s/{${kind}}/configs`, shape: list(configuration), pages: { usual: 20, most: null }, unknown: 'the largest limit: 100' },
  {
    get: `/${kind}s/{${kind}}/shared_users`,
    shape: list(user),
    pages: { usual: null, most: null },
    unknown: 'it has no limit: 200 unless told',
  },
  { get: `/${kind}_files/{file}`, shape: null },
]

export const reference: readonly Reference[] = [
  { get: '/users', shape: list(user), pages: { usual: 200, most: null }, unknown: 'the largest limit: 1000' },
  { get: '/users/{user}/files/{file}', shape: null },
  { get: '/conversations', shape: list(conversation), pages: { usual: 500, most: 500 } },
  {
    ...{ get: '/conversations/{conversation}/messages', shape: list(message), pages: { usual: null, most: null } },
    unknown: 'whether the provider has it; limits: 500',
  },
  ...assetRows('gpt', gpt),
  ...assetRows('project', project),
  { get: '/memories', shape: list(memory), pages: { usual: 200, most: 200 } },
  { get: '/users/{user}/memories', shape: list(memory) },
  { get: '/users/{user}/canvases', shape: list({ id: 'string' }), pages: { usual: 30, most: 30 } },
  { get: '/users/{user}/canvas/{canvas}', shape: canvas },
  {
    ...{ get: '/users/{user}/automations', shape: list(automation), open: true, pages: { usual: null, most: null } },
    unknown: 'types of the fields, constants, limits: 200',
  },
  {
    ...{ get: '/automations', shape: list(automation), open: true, pages: { usual: null, most: null } },
    unknown: 'whether the provider has it; as above',
  },
  {
    ...{ get: '/users/{user}/recordings', shape: list({ id: 'string' }), open: true, pages: { usual: null, most: null } },
    unknown: 'every field but the id; limits: 200',
  },
  {
    get: '/recordings',
    shape: list({ id: 'string' }),
    open: true,
    pages: { usual: null, most: null },
    unknown: 'whether the provider has it; as above',
  },
  { get: '/recordings/{recording}', shape: { id: 'string' }, open: true, unknown: 'whether the provider has it; every field' },
  { get: '/users/{user}/recordings/{recording}/transcript?include_summary=true', shape: {}, open: true, unknown: 'every field' },
  {
    get: '/codex_tasks',
    shape: cursorList(task),
    open: true,
    pages: { usual: 30, most: 30 },
    unknown: 'whether times are numbers, as elsewhere',
  },
  { get: '/codex_tasks/{codex_task}', shape: task, open: true, unknown: 'its fields: those of the list' },
  { get: '/codex_environments', shape: cursorList({}), open: true, unknown: 'every field; no record holds one: always empty' },
  {
    ...{ get: '/users/{user}/library_files', shape: cursorList(libraryFile), open: true, pages: { usual: 200, most: null } },
    unknown: 'the words of state: active, trashed; the largest limit: 200',
  },
  {
    get: '/users/{user}/library_files/{library_file}',
    shape: libraryFile,
    open: true,
    unknown: 'whether it is the object or the bytes: the object, with download_url',
  },
  { get: '/agents', shape: list({}), open: true, pages: { usual: null, most: null }, unknown: 'every field; limits: 100' },
  { get: '/agents/{agent}', shape: {}, open: true, unknown: 'every field' },
  { get: '/plugins', shape: cursorList({}), open: true, pages: { usual: null, most: 100 }, unknown: 'every field' },
  { get: '/plugins/{plugin}', shape: {}, open: true, unknown: 'every field' },
  {
    get: '/skills',
    shape: list({}),
    open: true,
    pages: { usual: null, most: null },
    unknown: 'whether the provider has it; every field; limits: 100',
  },
  { get: '/skills/{skill}/export', shape: {}, open: true, unknown: 'every field; it may be an archive there' },
  { get: '/invites', shape: list({}), open: true, pages: { usual: null, most: null }, unknown: 'every field; limits: 200' },
]
