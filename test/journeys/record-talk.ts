import { intakeReply } from '../../contract/records.ts'
import { hostileParts } from '../support/hostile.ts'
import type { Demo } from './demo.ts'

/** A conversation with all that a conversation can have, and one of three thousand messages that mean harm. */

export const talk = '22222222-2222-4222-8222-222222222222'
export const hostile = '11111111-1111-4111-8111-111111111111'
export const hostileMessages = 3000

const source = 'chatgpt'
const said = (id: string, parent_id: string | null, role: string, more: object = {}) => ({
  ...{ kind: 'message', id, conversation_id: talk, parent_id, role, created_at: '2026-11-02T09:00:00Z' },
  ...{ content: [{ type: 'text', text: `Words of ${id}` }], ...more },
})
const head = (title: string, more: object = {}) => ({
  kind: 'conversation',
  id: talk,
  person_id: 'user-ada',
  title,
  gpt_id: 'g-x',
  ...more,
})

const parts = [
  { type: 'thinking', text: 'short, then' },
  { type: 'text', text: 'The third draft' },
  { type: 'tool_use', id: 't1', name: 'web.search', input: { q: 'prices' } },
  { type: 'citation', urls: ['https://cited.example/prices'] },
]

const first: readonly object[] = [
  { kind: 'person', id: 'user-ada', email: 'ada@example.com', name: 'Ada Lovelace' },
  { kind: 'gpt', id: 'g-x', name: 'Contract helper' },
  head('Plan of the offer', { created_at: '2026-11-01T08:00:00Z' }),
  said('rules', null, 'system', { hidden: true, injected: true }),
  said('asked', 'rules', 'user', {
    person_id: 'user-ada',
    file_ids: ['figures'],
    content: [{ type: 'text', text: 'Draft the offer, see https://intranet.example/offer?id=12.' }],
  }),
  said('draft-1', 'asked', 'assistant'),
  said('draft-2', 'asked', 'assistant'),
  said('draft-3', 'asked', 'assistant', { model: 'gpt-5', content: parts, tools: ['web.search'] }),
  said('found', 'draft-3', 'tool', { tool_name: 'web', hidden: true }),
  said('thanks', 'found', 'user', { person_id: 'user-ada' }),
  said('regret', 'thanks', 'assistant'),
  { kind: 'file', id: 'figures', name: 'figures 2026.txt', mime_type: 'text/plain', conversation_id: talk },
]

const later: readonly object[] = [
  said('thanks', 'found', 'user', { person_id: 'user-ada', content: [{ type: 'text', text: 'Thanks, edited' }] }),
  head('Offer, final', { created_at: '2026-11-01T08:00:00Z', updated_at: '2026-11-05T08:00:00Z' }),
  { kind: 'deletion', of: { kind: 'message', id: 'regret', conversation_id: talk }, deleted_at: '2026-11-06T08:00:00Z' },
]

const roles = ['user', 'assistant', 'tool', 'system']

export async function sendRecords(demo: Demo, records: readonly object[]): Promise<void> {
  const answer = await fetch(`${demo.url}/api/intake/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.keys.ingest}`, 'content-type': 'application/x-ndjson' },
    body: records.map((record) => JSON.stringify({ workspace_id: demo.workspaces[0]?.id, source, ...record })).join('\n'),
  })
  const { rejected } = intakeReply.parse(await answer.json())
  if (rejected.length > 0) throw new Error(`a record was refused: ${JSON.stringify(rejected[0])}`)
}

export async function sendTalk(demo: Demo): Promise<void> {
  await sendRecords(demo, first)
  await sendRecords(demo, later)
  const url = `${demo.url}/api/intake/files/figures/bytes?source=${source}&workspace_id=${demo.workspaces[0]?.id}`
  await fetch(url, { method: 'PUT', headers: { authorization: `Bearer ${demo.keys.ingest}` }, body: 'one, two' })
}

export async function sendHostile(demo: Demo): Promise<void> {
  await sendRecords(demo, [
    { kind: 'person', id: 'user-mallory', email: 'mallory@example.com', name: '<img src=x onerror=window.__touched=1>\u202EMallory' },
    { kind: 'conversation', id: hostile, person_id: 'user-mallory', title: '<script>window.__touched=1</script>\u202Eeltit' },
  ])
  const message = (n: number) => ({
    ...{ kind: 'message', id: `h${n}`, conversation_id: hostile, parent_id: n > 0 ? `h${n - 1}` : null, role: roles[n % 4] },
    ...{ tool_name: n % 4 === 2 ? '<b>tool</b>' : null, created_at: '2024-05-01T08:00:00Z', content: hostileParts(n) },
  })
  for (let from = 0; from < hostileMessages; from += 500)
    await sendRecords(
      demo,
      Array.from({ length: 500 }, (_, n) => message(from + n)),
    )
}
