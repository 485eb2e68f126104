import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { findInFiles, spellingsOf } from '../../test/support/search-files.ts'
import { listDeadLetters } from '../intake/dead-letters.ts'
import { operatorContext } from '../people/operator.ts'
import { createWorkspace } from '../people/workspaces.ts'

const daybook = openTestApp()
const newMarker = () => `marker${randomBytes(12).toString('hex')}`

/** One for each place where content may stand, so that a leak says what it is of. */
const planted = {
  text: newMarker(),
  edited: newMarker(),
  title: newMarker(),
  fileName: newMarker(),
  fileBytes: newMarker(),
  email: newMarker(),
  memory: newMarker(),
  unknownField: newMarker(),
  long: newMarker(),
  refusedByUs: newMarker(),
  refusedByTheStore: newMarker(),
}
const [chat, textId] = [uuid(), uuid()]
let place: Place

const said = (value: string, day: number) =>
  message(textId, chat, { content: [{ type: 'text', text: value }], file_ids: ['file-1'], updated_at: `2024-05-0${day}T00:00:00Z` })

beforeAll(async () => {
  place = await daybook.place()
  const { rejected } = await daybook.take(place.ingest, [
    person('user-1', { email: `${planted.email}@example.com`, name: planted.email }),
    conversation(chat, 'user-1', { title: `About ${planted.title}` }),
    said(`What is ${planted.text}?`, 1),
    message(uuid(), chat, { content: [{ type: 'text', text: `${planted.long} `.repeat(500) }], x_unknown: { a: [planted.unknownField] } }),
    { kind: 'file', id: 'file-1', name: `${planted.fileName}.pdf`, conversation_id: chat },
    { kind: 'memory', id: 'm-1', person_id: 'user-1', content: planted.memory },
    { ...message('m-2', chat, { content: [{ type: 'text', text: planted.refusedByUs }] }), role: 'robot' },
    person('user-2', { name: planted.refusedByTheStore, created_at: '2024-05-01T00:00:00+16:00' }),
  ])
  expect(rejected.map(({ line }) => line)).toEqual([7, 8])
  await daybook.take(place.ingest, [said(planted.edited, 2)])
  const upload = { method: 'PUT', url: '/api/intake/files/file-1/bytes', key: place.ingest } as const
  await daybook.inject({ ...upload, payload: `${planted.fileBytes} `.repeat(5000) })
})

const get = (path: string) => daybook.get(path, place.read)
const list = () => get(`/v1/compliance/workspaces/${place.id}/conversations`)

async function fileBytes(): Promise<string> {
  const [row] = await daybook.rows<{ address: string; salt: Buffer | null }>(
    `select f.address, s.salt from file_bytes f join item i on i.number = f.item left join salts.blob s on s.address = f.address where i.id = 'file-1'`,
  )
  if (!row?.salt) return ''
  return text(daybook.ledger.blobs.read(daybook.ledger.organization.keys, row.address, row.salt))
}

async function everythingReadable(): Promise<string> {
  const pages = [list(), get(`/v1/compliance/conversations`), get('/api/records'), get(`/v1/compliance/workspaces/${place.id}/users`)]
  const bodies = await Promise.all(pages.map(async (answer) => (await answer).body))
  return [...bodies, await fileBytes()].join('\n')
}

test('what was written is read back through the API', async () => {
  const body = await everythingReadable()
  for (const [what, marker] of Object.entries(planted)) if (!what.startsWith('refused')) expect(body.includes(marker), what).toBe(true)
  expect((await list()).body).toContain(planted.edited)
  expect(await listDeadLetters(daybook.ledger, {})).toHaveLength(2)
})

describe('nowhere else', () => {
  test('not in the logs, at their most talkative', () => {
    for (const [what, marker] of Object.entries(planted))
      for (const spelling of spellingsOf(marker)) expect(daybook.logs.includes(spelling.toString()), what).toBe(false)
    expect(daybook.logs).toContain('"event":"request"')
  })

  test('not in any byte of the data directory, in any spelling; a text that does lie there is found', async () => {
    const visible = newMarker()
    await createWorkspace(operatorContext(daybook.ledger), { name: visible })
    await daybook.stop()
    const found = findInFiles(daybook.data, [visible, ...Object.values(planted)])
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((place) => !place.endsWith(visible))).toEqual([])
    await daybook.start()
    expect((await list()).body).toContain(planted.edited)
  })
})

describe('with its salt deleted', () => {
  test('nothing of it is read again, also after a restart; what stands beside it is', async () => {
    const seqOf = async (kind: string) => (await daybook.records(place.read, kind)).map(({ seq }) => seq)
    const kept = (await daybook.records(place.read, 'person')).length
    const gone = [...(await seqOf('conversation')), ...(await seqOf('message')), ...(await seqOf('file')), ...(await seqOf('memory'))]
    await daybook.ledger.database.writes.query('delete from salts.log where seq = any($1::bigint[])', [gone])
    await daybook.ledger.database.writes.query('delete from salts.blob')
    for (const restart of [false, true]) {
      if (restart) await daybook.stop()
      if (restart) await daybook.start()
      const body = await everythingReadable()
      for (const [what, marker] of Object.entries(planted)) expect(body.includes(marker), what).toBe(what === 'email')
      const [shown] = (await list()).json().data
      expect(shown).toMatchObject({ id: chat, title: null, user_email: `${planted.email}@example.com` })
      expect(shown.messages.data).toEqual([])
      expect((await daybook.records(place.read)).filter(({ erased }) => erased).map(({ seq }) => seq)).toEqual(gone.sort((a, b) => a - b))
    }
    expect((await daybook.records(place.read, 'person')).length).toBe(kept)
  })

  test('its sealed payload may lie there still: it is the salt that was needed', async () => {
    const rows = await daybook.rows<{ n: number }>(
      'select count(*) as n from log l where l.payload is not null and not exists (select from salts.log s where s.seq = l.seq)',
    )
    expect(rows[0]?.n).toBeGreaterThan(4)
    const answer = await get(`/v1/compliance/workspaces/${place.id}/conversations/${chat}/messages`)
    expect(answer.json()).toEqual({ object: 'list', data: [], last_id: null, has_more: false })
  })
})
