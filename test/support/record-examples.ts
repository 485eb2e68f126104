import type { RecordKind } from '../../contract/records.ts'

/**
 * Every kind with the fields it needs and with every field it may have, as a source would write them; the full ones also carry a
 * field that nobody knows. Ids are short: a test that stores them uses a workspace of its own.
 */
export const minimal: Record<RecordKind, object> = {
  person: { id: 'p1' },
  group: { id: 'g1', name: 'Legal' },
  conversation: { id: 'c1', person_id: 'p1' },
  message: { id: 'm1', conversation_id: 'c1', role: 'user' },
  file: { id: 'file-1' },
  gpt: { id: 'g-1', name: 'Contract reader' },
  project: { id: 'pr1', name: 'Merger' },
  memory: { id: 'me1', person_id: 'p1' },
  canvas: { id: 'ca1', person_id: 'p1' },
  automation: { id: 'a1', person_id: 'p1' },
  recording: { id: 'r1', person_id: 'p1' },
  share: { id: 's1', of: { kind: 'conversation', id: 'c1' } },
  feedback: { id: 'f1' },
  comparison: { id: 'co1' },
  agent: { id: 'ag1' },
  plugin: { id: 'pl1' },
  codex_task: { id: 'ct1' },
  skill: { id: 'sk1', name: 'minutes' },
  connector: { id: 'cn1', name: 'drive' },
  coding_session: { id: 'cs1', person_id: 'p1', started_at: '2024-05-01T08:00:00Z' },
  activity: { id: 'ac1', type: 'user_signed_in', occurred_at: '2024-05-01T08:00:00Z', actor: { kind: 'user' } },
  survey: { id: 'su1', name: 'Impact', questions: [] },
  survey_response: { id: 'sr1', survey_id: 'su1', answers: [] },
  credit: { id: 'cr1', person_id: 'p1', day: '2024-05-01', credits: 1.25 },
  deletion: { of: { kind: 'memory', id: 'me1' }, deleted_at: '2024-05-02T08:00:00Z' },
  seats: { id: 'se1', day: '2024-05-01', purchased: 300 },
}

const t1 = '2024-05-01T08:00:00Z'
const t2 = '2024-05-02T09:30:00.123456Z'
const t3 = '2024-05-03T12:00:00+02:00'
const unknown = { x_unknown: { list: [1, 2.5, null, { deep: '…' }], '': true } }
const asset = {
  owner_id: 'p2',
  description: 'What it does',
  url: 'https://example.com/a',
  created_at: t1,
  updated_at: t2,
  deleted_at: null,
}
const sharing = { visibility: 'workspace', recipients: [{ id: 'p1', can_write: false }] }
const task = { name: 'Name', title: 'Title', person_id: 'p2', created_at: t1, updated_at: t2, data: { steps: [1, 2] }, ...unknown }

export const full: Record<RecordKind, object> = {
  person: {
    ...{ id: 'p2', email: 'ada@example.com', email_verified: true, directory_id: 'dir-7', name: 'Ada', role: 'analytics_viewer' },
    ...{ status: 'enabled', seat: true, department: 'Research', onboarding_role: 'engineer', created_at: t1, deleted_at: null },
    ...{ invitations: [{ sent_at: t1, expires_at: t2, accepted_at: null }], former_emails: ['a@example.com'], updated_at: t2, ...unknown },
  },
  group: { id: 'g2', name: 'Sales', origin: 'directory', parent_ids: ['g1'], member_ids: ['p1', 'p2', 'p1'], updated_at: t2, ...unknown },
  conversation: {
    ...{ id: 'c2', person_id: 'p2', title: 'A title', created_at: t1, updated_at: t2, default_model: 'gpt-4o', gpt_id: 'g-2' },
    ...{ project_id: 'pr2', temporary: false, pinned: true, mode: 'voice', deleted_at: t3, ...unknown },
  },
  message: {
    ...{ id: 'm2', conversation_id: 'c2', role: 'assistant', parent_id: 'm1', person_id: null, created_at: null, updated_at: t2 },
    ...{ model: 'gpt-4o', tool_name: 'python', hidden: false, injected: false, file_ids: ['file-2'], gpt_id: 'g-2', project_id: 'pr2' },
    content: [
      { type: 'text', text: 'Hello' },
      { type: 'code', language: 'python', text: 'print(1)' },
      { type: 'image', file_id: 'file-2', width: 100 },
      { type: 'thinking', text: 'Hm' },
      { type: 'tool_use', id: 't1', name: 'search', input: { q: 'x' } },
      { type: 'tool_result', tool_use_id: 't1', name: 'search', content: ['a'], is_error: false },
      { type: 'citation', urls: ['https://example.com/1'] },
      { type: 'raw', value: { anything: [1] } },
    ],
    ...{ tools: ['search'], skills: ['minutes'], connectors: [{ name: 'drive', url: 'https://example.com', access: 'read' }] },
    ...{ client: 'web', tokens: { input: 10, output: 20, cached: 5 }, ...unknown },
  },
  file: {
    ...{ id: 'file-2', name: 'a.pdf', mime_type: 'application/pdf', size: 12, sha256: 'ab'.repeat(32), person_id: 'p2' },
    ...{ conversation_id: 'c2', message_id: 'm2', gpt_id: 'g-2', project_id: 'pr2', origin: 'upload', created_at: t1, updated_at: t2 },
    ...unknown,
  },
  gpt: {
    ...{ id: 'g-2', name: 'Helper', ...asset, builder_name: 'Ada', config_type: 'live', instructions: 'Be brief', categories: ['writing'] },
    ...{ conversation_starters: ['Hi'], tools: ['browser'], file_ids: ['file-2'], sharing, ...unknown },
  },
  project: {
    id: 'pr2',
    name: 'Launch',
    ...asset,
    config_type: 'draft',
    instructions: 'Plan',
    tools: [],
    file_ids: [],
    sharing,
    ...unknown,
  },
  memory: { id: 'me2', person_id: 'p2', content: 'Likes tea', context_id: 'x', updated_at: t2, deleted_at: null, ...unknown },
  canvas: {
    ...{ id: 'ca2', person_id: 'p2', version: 3, name: 'Draft', type: 'document', content: 'Text', comments: [{ text: 'Good' }] },
    ...{ conversation_id: 'c2', updated_at: t2, deleted_at: null, ...unknown },
  },
  automation: {
    ...{ id: 'a2', person_id: 'p2', title: 'Daily', prompt: 'News', schedule: 'RRULE:FREQ=DAILY', enabled: true, created_at: t1 },
    ...{ updated_at: t2, conversation_id: 'c2', deleted_at: null, ...unknown },
  },
  recording: {
    ...{ id: 'r2', person_id: 'p2', title: 'Standup', created_at: t1, duration_s: 61.5, transcript: [{ at: 0, text: 'Hi' }] },
    ...{ summary: 'Short', deleted_at: null, ...unknown },
  },
  share: {
    ...{ id: 's2', of: { kind: 'conversation', id: 'c2' }, person_id: 'p2', audience: 'anyone', url: 'https://example.com/s' },
    ...{ created_at: t1, deleted_at: t2, ...unknown },
  },
  feedback: { id: 'f2', message_id: 'm2', person_id: 'p2', rating: 'thumbs_down', content: 'Wrong', created_at: t1, ...unknown },
  comparison: { id: 'co2', message_id: 'm2', person_id: 'p2', rating: { left: 1 }, content: { a: 'A' }, created_at: t1, ...unknown },
  agent: { id: 'ag2', ...task },
  plugin: { id: 'pl2', ...task },
  codex_task: { id: 'ct2', ...task },
  skill: { id: 'sk2', name: 'minutes', ...asset, display_name: 'Minutes', share_status: 'org', publisher: 'us', scopes: ['a'], ...unknown },
  connector: { id: 'cn2', name: 'drive', ...asset, display_name: 'Drive', share_status: 'org', publisher: 'x', scopes: [], ...unknown },
  coding_session: {
    ...{ id: 'cs2', person_id: 'p2', started_at: t1, ended_at: t2, surface: 'cli', model: 'o3', commits: 1, pull_requests: 0 },
    ...{ lines_added: 10, lines_removed: 2, tool_actions: { edit: { accepted: 3, rejected: 1 }, write: { accepted: 0, rejected: 0 } } },
    ...{ skills: [], connectors: [], tokens: { input: 1, output: 2, cached: 0 }, ...unknown },
  },
  activity: {
    ...{ id: 'ac2', type: 'chat_deleted', occurred_at: t2, outcome: 'success', target: { kind: 'conversation', id: 'c2' } },
    actor: { kind: 'user', id: 'p2', email: 'ada@example.com', ip: '192.0.2.7', user_agent: 'x', key_id: null },
    ...{ data: { reason: 'cleanup', nested: { a: [1] } }, ...unknown },
  },
  survey: {
    ...{ id: 'su2', name: 'Time saved', origin: 'built_in', audience: { groups: ['g1'] }, anonymous: true, opens_at: t1, closes_at: t2 },
    questions: [{ id: 'q1', text: 'Does it help?', answers: [{ id: 'y', text: 'Yes', positive: true }] }],
    ...unknown,
  },
  survey_response: {
    ...{ id: 'sr2', survey_id: 'su2', respondent: 'token-1', answers: [{ question_id: 'q1', answer_id: 'y' }], created_at: t1, ...unknown },
  },
  credit: { id: 'cr2', person_id: 'p2', day: '2024-02-29', credits: 0, ...unknown },
  deletion: {
    ...{ id: 'd2', of: { kind: 'message', id: 'm2', conversation_id: 'c2' }, deleted_at: t2, by: { kind: 'user', id: 'p2' }, ...unknown },
  },
  seats: { id: 'se2', day: '2024-06-01', purchased: 0, ...unknown },
}
