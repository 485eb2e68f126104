import { uuid } from './records.ts'

/** One record of every kind that the OpenAI-compatible export shows, with every field it can show; as a source would send them. */

export const ids = {
  user: 'user-000001',
  conversation: uuid(),
  file: 'file-000001',
  gpt: 'g-000001',
  project: 'g-p-000001',
  canvas: 'canvas-1',
  recording: 'recording-1',
  codex_task: 'task-1',
  library_file: 'file-000002',
  lost_file: 'file-000003',
  foreign_gpt: 'g-000002',
  foreign_project: 'g-p-000002',
  agent: 'agent-1',
  plugin: 'plugin-1',
  skill: 'skill-1',
} as const

export const [question, reply] = [uuid(), uuid()]
const second = 'user-000002'
const [t1, t2] = ['2024-05-01T08:00:00Z', '2024-05-02T09:30:00.5Z']
const made = { created_at: t1, updated_at: t2 }

const action = {
  ...{ type: 'custom_action', created_at: t1, action_domain: 'api.example.com', action_openapi_raw: '{"openapi":"3.1.0"}' },
  ...{ action_privacy_policy_url: 'https://example.com/privacy', auth_type: 'oauth' },
}
const sharing = { visibility: 'workspace', can_read: true, recipients: [{ id: second, can_write: true }] }
const asset = { owner_id: ids.user, description: 'What it does', ...made, instructions: 'Be brief', builder_name: 'Ada' }
const more = { categories: ['writing'], conversation_starters: ['Hi'], tools: [action, 'browser'], file_ids: [ids.file], sharing }
/** Nobody of the workspace owns it, and everybody may use it. */
const foreign = { ...{ ...asset, ...more, owner_id: null }, sharing: { ...sharing, visibility: 'gpt-store' } }

export const exported: readonly object[] = [
  { kind: 'person', id: ids.user, email: 'ada@example.com', name: 'Ada', role: 'owner', status: 'enabled', ...made },
  { kind: 'person', id: second, email: 'bob@example.com', name: 'Bob', role: 'analytics_viewer', status: 'deleted', ...made },
  {
    ...{ kind: 'person', id: 'user-000003', email: 'eve@example.com', role: 'admin', status: 'pending', updated_at: t2 },
    invitations: [{ sent_at: t1, expires_at: t2, accepted_at: null }],
  },
  {
    kind: 'conversation',
    id: ids.conversation,
    person_id: ids.user,
    title: 'A title',
    created_at: t1,
    gpt_id: ids.gpt,
    project_id: ids.project,
  },
  {
    ...{ kind: 'message', id: question, conversation_id: ids.conversation, role: 'user', created_at: t1, file_ids: [ids.file] },
    content: [
      { type: 'text', text: 'Hello' },
      { type: 'citation', urls: ['https://example.com/1'] },
    ],
  },
  {
    ...{
      kind: 'message',
      id: reply,
      conversation_id: ids.conversation,
      role: 'tool',
      parent_id: question,
      tool_name: 'python',
      created_at: t1,
    },
    content: null,
  },
  {
    ...{ kind: 'file', id: ids.file, name: 'a.pdf', mime_type: 'application/pdf', person_id: ids.user, origin: 'upload', ...made },
    conversation_id: ids.conversation,
  },
  {
    kind: 'file',
    id: ids.library_file,
    name: 'b.md',
    mime_type: 'text/markdown',
    person_id: ids.user,
    origin: 'library',
    ...made,
    deleted_at: t2,
  },
  { kind: 'gpt', id: ids.gpt, name: 'Reader', ...asset, ...more, version_author: { id: ids.user, email: 'ada@example.com' } },
  { kind: 'project', id: ids.project, name: 'Launch', ...asset, ...more },
  { kind: 'file', id: ids.lost_file, name: 'c.pdf', mime_type: 'application/pdf', person_id: ids.user, conversation_id: ids.conversation },
  { kind: 'gpt', id: ids.foreign_gpt, name: 'Theirs', ...foreign, version_author: { id: 'user-theirs', email: 'them@example.com' } },
  { kind: 'project', id: ids.foreign_project, name: 'Theirs', ...foreign },
  { kind: 'memory', id: 'memory-1', person_id: ids.user, content: 'Likes tea', context_id: 'context-1', updated_at: t2 },
  {
    ...{
      kind: 'canvas',
      id: ids.canvas,
      person_id: ids.user,
      version: 3,
      name: 'Draft',
      type: 'document',
      content: 'Text',
      updated_at: t2,
    },
    comments: [{ id: 'comment-1', start: 1, end: 4, content: 'Good' }],
  },
  {
    kind: 'automation',
    id: 'automation-1',
    person_id: ids.user,
    title: 'Daily',
    prompt: 'News',
    schedule: 'RRULE:FREQ=DAILY',
    enabled: true,
    ...made,
  },
  {
    ...{ kind: 'recording', id: ids.recording, person_id: ids.user, title: 'Standup', created_at: t1, duration_s: 61.5 },
    ...{ transcript: [{ at: 0, text: 'Hi' }], summary: 'Short' },
  },
  { kind: 'codex_task', id: ids.codex_task, title: 'Fix it', person_id: ids.user, ...made },
  { kind: 'agent', id: ids.agent, name: 'Runner', person_id: ids.user, ...made },
  { kind: 'plugin', id: ids.plugin, name: 'Sheets', person_id: ids.user, ...made },
  { kind: 'skill', id: ids.skill, name: 'minutes', display_name: 'Minutes', owner_id: ids.user, scopes: ['a'], ...made },
]

/** Unix seconds of the two times above. */
export const [at1, at2] = [1714550400, 1714642200.5]

/** The kinds of lists, each with many items: how the i-th record of it looks, and which id its list shows for it. */
export interface Crowd {
  readonly list: string
  record(i: number): object
  readonly more?: readonly object[]
}

const padded = (i: number) => String(i).padStart(6, '0')
const owner = 'user-crowd'

export const crowdUser = owner
export const crowds: readonly (Crowd & { id(i: number): string })[] = [
  { list: '/users', id: (i) => `user-${padded(i)}`, record: (i) => ({ kind: 'person', id: `user-${padded(i)}` }) },
  { list: '/gpts', id: (i) => `g-${i}`, record: (i) => ({ kind: 'gpt', id: `g-${i}`, name: `GPT ${i}` }) },
  { list: '/projects', id: (i) => `g-p-${i}`, record: (i) => ({ kind: 'project', id: `g-p-${i}`, name: `Project ${i}` }) },
  {
    ...{ list: '/memories', id: (i: number) => `user-${padded(i)}` },
    record: (i) => ({ kind: 'memory', id: `memory-${i}`, person_id: `user-${padded(i)}`, content: `${i}` }),
  },
  { list: `/users/${owner}/canvases`, id: (i) => `canvas-${i}`, record: (i) => ({ kind: 'canvas', id: `canvas-${i}`, person_id: owner }) },
  {
    list: `/users/${owner}/automations`,
    id: (i) => `auto-${i}`,
    record: (i) => ({ kind: 'automation', id: `auto-${i}`, person_id: owner }),
  },
  { list: '/automations', id: (i) => `auto-${i}`, record: (i) => ({ kind: 'automation', id: `auto-${i}`, person_id: owner }) },
  { list: `/users/${owner}/recordings`, id: (i) => `rec-${i}`, record: (i) => ({ kind: 'recording', id: `rec-${i}`, person_id: owner }) },
  { list: '/recordings', id: (i) => `rec-${i}`, record: (i) => ({ kind: 'recording', id: `rec-${i}`, person_id: owner }) },
  { list: '/codex_tasks', id: (i) => `task-${i}`, record: (i) => ({ kind: 'codex_task', id: `task-${i}`, title: `Task ${i}` }) },
  {
    ...{ list: `/users/${owner}/library_files`, id: (i: number) => `file-${i}` },
    record: (i) => ({ kind: 'file', id: `file-${i}`, person_id: owner, origin: 'library' }),
  },
  { list: '/agents', id: (i) => `agent-${i}`, record: (i) => ({ kind: 'agent', id: `agent-${i}` }) },
  { list: '/plugins', id: (i) => `plugin-${i}`, record: (i) => ({ kind: 'plugin', id: `plugin-${i}` }) },
  { list: '/skills', id: (i) => `skill-${i}`, record: (i) => ({ kind: 'skill', id: `skill-${i}`, name: `skill ${i}` }) },
  {
    ...{ list: '/invites', id: (i: number) => `user-invited-${padded(i)}` },
    record: (i) => ({ kind: 'person', id: `user-invited-${padded(i)}`, status: 'pending' }),
  },
]
