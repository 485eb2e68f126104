import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { linesOf, openTestApp, type Place } from '../../test/support/app.ts'
import { exported, ids } from '../../test/support/export-records.ts'
import { receiptOf } from '../../test/support/purging.ts'
import { listDeadLetters } from '../intake/dead-letters.ts'
import { deleteEndpoints } from './delete-endpoints.ts'
import { endpoints } from './export-endpoints.ts'

const daybook = openTestApp()

const base = ({ id }: { id: string }) => `/v1/compliance/workspaces/${id}`
const marker = () => `marker${randomBytes(16).toString('hex')}`
const error = (code: string) => ({ error: { message: expect.any(String), type: expect.any(String), param: null, code } })

interface Case {
  readonly path: string
  /** Below the workspace. */
  readonly url: string
  readonly object: string
  readonly id: string
  /** The records that go: their kinds and ids. */
  readonly gone: readonly string[]
  /** Reads that find it before, and 404 after. */
  readonly reads: readonly string[]
}

const { user, conversation, file, gpt, canvas, recording, codex_task, library_file, agent, skill } = ids
const of = `/users/${user}`
const workspaceObject = (name: string) => `compliance.workspace.${name}`
/** One of everything that can be deleted, in the order of the table of addresses. */
const cases: readonly Case[] = [
  {
    ...{ path: '/conversations/:conversation_id', url: `/conversations/${conversation}`, id: conversation },
    ...{ object: workspaceObject('conversation'), gone: [`conversation ${conversation}`, 'said in it'] },
    reads: [`/conversations/${conversation}/messages`, `/gpt_files/${file}`],
  },
  {
    ...{ path: '/users/:user_id/conversations/:conversation_id', url: `${of}/conversations/${conversation}`, id: conversation },
    ...{ object: workspaceObject('conversation'), gone: [`conversation ${conversation}`, 'said in it'] },
    reads: [`/conversations/${conversation}/messages`],
  },
  {
    ...{ path: '/users/:user_id/files/:file_id', url: `${of}/files/${file}`, id: file, gone: [`file ${file}`] },
    ...{ object: workspaceObject('conversation.message.file'), reads: [`${of}/files/${file}`, `/project_files/${file}`] },
  },
  ...(['gpt', 'project'] as const).flatMap((kind): Case[] => [
    {
      ...{
        path: `/${kind}s/:asset_id`,
        url: `/${kind}s/${ids[kind]}`,
        id: ids[kind],
        gone: [`${kind} ${ids[kind]}`],
        object: workspaceObject(kind),
      },
      reads: ['', '/configs', '/shared_users'].map((more) => `/${kind}s/${ids[kind]}${more}`),
    },
    {
      ...{ path: `/${kind}s/:asset_id/files/:file_id`, url: `/${kind}s/${ids[kind]}/files/${file}`, id: file, gone: [`file ${file}`] },
      ...{ object: workspaceObject(`${kind}.file`), reads: [`/${kind}_files/${file}`] },
    },
  ]),
  {
    ...{ path: '/users/:user_id/memory_contexts/:memory_context_id/memories/:memory_id', reads: [], gone: ['memory'] },
    ...{ url: `${of}/memory_contexts/context-1/memories/memory-1`, id: 'memory-1' },
    object: workspaceObject('user.memory.context.entry'),
  },
  {
    ...{ path: '/users/:user_id/canvas/:textdoc_id', url: `${of}/canvas/${canvas}`, id: canvas, gone: ['canvas'] },
    ...{ object: workspaceObject('user.canvas'), reads: [`${of}/canvas/${canvas}`] },
  },
  {
    ...{ path: '/users/:user_id/automations/:automation_id', url: `${of}/automations/automation-1`, id: 'automation-1' },
    ...{ object: workspaceObject('user.automation'), gone: ['automation'], reads: [] },
  },
  {
    ...{ path: '/users/:user_id/recordings/:recording_id', url: `${of}/recordings/${recording}`, id: recording, gone: ['recording'] },
    ...{ object: workspaceObject('user.recording'), reads: [`${of}/recordings/${recording}/transcript`, `/recordings/${recording}`] },
  },
  {
    ...{ path: '/recordings/:recording_id', url: `/recordings/${recording}`, id: recording, gone: ['recording'] },
    ...{ object: workspaceObject('user.recording'), reads: [`/recordings/${recording}`] },
  },
  {
    ...{ path: '/users/:user_id/library_files/:file_id', url: `${of}/library_files/${library_file}`, id: library_file },
    ...{ object: workspaceObject('user.library_file'), gone: [`file ${library_file}`], reads: [`${of}/library_files/${library_file}`] },
  },
  ...([['codex_task', codex_task, ''] as const, ['agent', agent, ''] as const, ['skill', skill, '/export'] as const] as const).map(
    ([kind, id, read]): Case => ({
      ...{ path: `/${kind}s/:item_id`, url: `/${kind}s/${id}`, id, object: workspaceObject(kind), gone: [kind] },
      reads: [`/${kind}s/${id}${read}`],
    }),
  ),
]

test('everything that can be deleted is deleted below', () => {
  expect(cases.map(({ path }) => path)).toEqual(deleteEndpoints.map(({ path }) => path))
})

interface Desk extends Place {
  readonly remove: string
}

/** One record of everything; those that go carry a mark wherever they may hold a text. */
async function desk(goes: (record: Sent) => boolean, mark: string): Promise<Desk> {
  const place = await daybook.place()
  const sent = exported.map((record) => (goes(Object(record)) ? marked(Object(record), mark) : record))
  expect((await daybook.take(place.ingest, sent)).rejected).toEqual([])
  for (const id of [file, library_file]) await putBytes(place, id, goes({ kind: 'file', id }) ? mark : `bytes of ${id}`)
  return { ...place, remove: await daybook.key(['compliance:delete'], place) }
}

const putBytes = (place: Place, id: string, payload: string) =>
  daybook.inject({ method: 'PUT', url: `/api/intake/files/${id}/bytes`, key: place.ingest, payload })

function marked(record: Record<string, unknown>, mark: string): object {
  const texts = ['title', 'name', 'description', 'instructions', 'prompt', 'summary', 'display_name']
  const said = Object.fromEntries(texts.filter((field) => typeof record[field] === 'string').map((field) => [field, `About ${mark}`]))
  const content = record.kind === 'message' ? [{ type: 'text', text: `Said ${mark}` }] : `Kept ${mark}`
  return { ...record, ...said, ...('content' in record ? { content } : {}), x_note: mark }
}

interface Sent {
  readonly kind: string
  readonly id: string
  readonly conversation_id?: string
}

const goesWith =
  ({ gone }: Case) =>
  ({ kind, id, conversation_id: said }: Sent) =>
    gone.includes(kind) ||
    gone.includes(`${kind} ${id}`) ||
    (gone.includes('said in it') && (said === conversation || (kind === 'file' && id === file)))

const del = (place: Desk, url: string, more: object = {}) =>
  daybook.inject({ method: 'DELETE', url: base(place) + url, key: place.remove, ...more })

/** Everything that can be read of a workspace, as one text: every address of the export, the flat form, the raw records, every file. */
async function everything(place: Place): Promise<string> {
  const known: Record<string, string> = { ...ids, asset_id: gpt, textdoc_id: canvas, recording_id: recording, user_id: user }
  const filled = (path: string) =>
    path.replace(/:(\w+)/g, (_, name: string) => {
      const kind = /^\/(\w+?)s?\//.exec(path)?.[1] ?? ''
      return name === 'item_id' || name === 'asset_id' ? (known[kind] ?? '') : (known[name] ?? known[name.replace(/_id$/, '')] ?? '')
    })
  const urls = [
    ...endpoints.map(({ path }) => base(place) + filled(path)),
    `${base(place)}${of}/files/${library_file}`,
    '/v1/compliance/conversations',
  ]
  const bodies = await Promise.all(
    [...urls, '/api/records?limit=10000'].map(async (url) => {
      const answer = await daybook.get(url, place.read)
      if (answer.statusCode !== 307) return answer.body
      return (await daybook.inject({ method: 'GET', url: String(answer.headers.location) })).body
    }),
  )
  return bodies.join('\n')
}

describe.each(cases)('DELETE $path', (one) => {
  test('takes it from every surface at once, with every entry accounted for, and for good', async () => {
    const mark = marker()
    const place = await desk(goesWith(one), mark)
    expect(await everything(place)).toContain(mark)
    const raw = linesOf((await daybook.get('/api/records?limit=10000', place.read)).body)
    const isGone = (line: object) => JSON.stringify(line).includes(mark) || goesWithBytes(one, Object(line))
    const expected = raw.filter(isGone).map(({ seq }) => seq)
    const was = await daybook.rows<{ seq: number; kind: string; commitment: Buffer }>(
      'select seq, kind, commitment from log where seq = any($1::bigint[]) order by seq',
      [expected],
    )
    for (const url of one.reads) expect((await daybook.get(base(place) + url, place.read)).statusCode, url).toBeLessThan(400)

    const answer = await del(place, one.url)
    expect([answer.statusCode, answer.body]).toEqual([200, JSON.stringify({ deleted: true, object: one.object, id: one.id })])
    const after = await everything(place)
    expect(after).not.toContain(mark)
    for (const url of one.reads) {
      const gone = await daybook.get(base(place) + url, place.read)
      expect([gone.statusCode, gone.json()], url).toEqual([404, error('not_found')])
    }
    const receipt = await receiptOf(daybook, place, String(answer.headers['daybook-receipt']))
    expect(receipt.entries).toEqual(was.map((row) => ({ ...row, commitment: row.commitment.toString('base64') })))
    expect(receipt.entries.length).toBeGreaterThan(0)
    expect(await daybook.rows('select from salts.log where seq = any($1::bigint[])', [expected])).toEqual([])

    const again = await del(place, one.url)
    expect([again.statusCode, again.json()]).toEqual([404, error('not_found')])
    const { rejected } = await daybook.take(
      place.ingest,
      exported.map((record) => (goesWith(one)(Object(record)) ? { ...record, x_note: mark } : record)),
    )
    const refused = exported.flatMap((record, i) => (goesWith(one)(Object(record)) ? [{ line: i + 1, code: 'purged' }] : []))
    expect(rejected.map(({ line, code }) => ({ line, code }))).toEqual(refused)
    expect(await everything(place)).not.toContain(mark)
    expect(await listDeadLetters(daybook.ledger, { workspace: place.number })).toEqual([])
  })

  test('is for the scope to delete, in its own workspace, and on record', async () => {
    const place = await desk(() => false, '')
    const other = await daybook.place()
    const status = async (url: string, key: string) => (await daybook.inject({ method: 'DELETE', url, key })).statusCode
    const url = base(place) + one.url
    expect(await status(url, place.read)).toBe(403)
    expect(await status(url, await daybook.key(['ingest:write', 'exports:manage', 'settings:manage'], place))).toBe(403)
    expect(await status(url, await daybook.key(['compliance:delete'], other))).toBe(404)
    expect(await status(base(other) + one.url, await daybook.key(['compliance:delete']))).toBe(404)
    expect(await status(url, await daybook.key(['compliance:delete']))).toBe(200)
    const denied = (await daybook.allEntries()).filter(({ kind, workspace_id }) => kind === 'change' && workspace_id === place.id)
    expect(denied.at(-1)).toMatchObject({ outcome: 'allowed', ids: [one.id], action: expect.stringMatching(/\.delete$/) })
    expect(denied.at(-1)?.query).toMatchObject({ receipt: expect.any(String), workspace_id: place.id })
  })
})

/** The entries that say size and digest of the bytes of a file that goes. */
function goesWithBytes(one: Case, { kind, id }: { kind: string; id: string }): boolean {
  return kind === 'file_bytes' && goesWith(one)({ kind: 'file', id })
}
