import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { stoppedClock } from '../platform/clock.ts'
import { spanOf } from './file-ranges.ts'

const clock = stoppedClock('2026-11-21T10:00:00Z')
const daybook = openTestApp({ clock })
const bytes = randomBytes(200_000)

interface Shelf extends Place {
  chat: string
  path: string
}

/** A workspace with a conversation of two files; only the first one's bytes are here. */
async function shelf(more: object = {}, payload: Buffer = bytes): Promise<Shelf> {
  const place = await daybook.place()
  const chat = uuid()
  await daybook.take(place.ingest, [
    person('user-1'),
    person('user-2'),
    conversation(chat, 'user-1'),
    message(uuid(), chat, { file_ids: ['file-1', 'file-2'] }),
    {
      kind: 'file',
      id: 'file-1',
      name: 'plän "a".pdf',
      mime_type: 'application/pdf',
      conversation_id: chat,
      created_at: '2024-05-01T08:00:00Z',
      ...more,
    },
    { kind: 'file', id: 'file-2', name: 'b.pdf', created_at: '2024-05-01T08:00:00Z' },
  ])
  await upload(place, 'file-1', payload)
  return { ...place, chat, path: `/v1/compliance/workspaces/${place.id}` }
}

async function upload(place: Place, id: string, payload: Buffer): Promise<void> {
  const answer = await daybook.inject({ method: 'PUT', url: `/api/intake/files/${id}/bytes`, key: place.ingest, payload })
  expect(answer.statusCode, answer.body).toBe(200)
}

const file = (at: Shelf, rest: string) => daybook.get(`${at.path}/users/${rest}`, at.read)
const linkOf = async (at: Shelf, rest = 'user-1/files/file-1') => String((await file(at, rest)).headers.location)
const follow = (url: string, headers: Record<string, string> = {}) => daybook.inject({ method: 'GET', url, headers })
const codeOf = (answer: { json(): { error: { code: string } } }) => answer.json().error.code

async function listed(at: Shelf, query = ''): Promise<Record<string, unknown>[]> {
  return (await daybook.get(`${at.path}/conversations${query}`, at.read)).json().data[0].messages.data[0].files.data
}

describe('a file of a conversation', () => {
  test('has a link to its bytes, and without bytes neither that nor a time', async () => {
    const at = await shelf()
    const [first, second] = await listed(at)
    const object = 'compliance.workspace.conversation.message.file'
    expect(first).toEqual({ object, id: 'file-1', name: 'plän "a".pdf', created_at: 1714550400, download_url: expect.any(String) })
    expect(second).toEqual({ object, id: 'file-2', name: 'b.pdf', created_at: null, download_url: null })
    expect((await follow(String(first?.download_url))).rawPayload.equals(bytes)).toBe(true)
    expect(await listed(at, '?file_format=id')).toEqual([
      { object: `${object}_info`, id: 'file-1', name: 'plän "a".pdf', user_id: 'user-1' },
      { object: `${object}_info`, id: 'file-2', name: 'b.pdf', user_id: 'user-1' },
    ])
  })

  test('comes as an attachment that no browser looks into, under its own name', async () => {
    const at = await shelf()
    const { statusCode, headers, rawPayload } = await follow(await linkOf(at))
    expect([statusCode, rawPayload.equals(bytes)]).toEqual([200, true])
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="pl_n _a_.pdf"; filename*=UTF-8''pl%C3%A4n%20%22a%22.pdf`,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  test.each([
    [
      'a name that would break the header',
      { name: 'a\r\nset-cookie: x=1\u2028"\\;\ud800' },
      /^attachment; filename="[A-Za-z0-9 ._-]+"; filename\*=UTF-8''[\w.%-]+$/,
    ],
    ['a name without end', { name: 'ü'.repeat(100_000) }, /^attachment; filename="_{255}"; filename\*=UTF-8''(%C3%BC){255}$/],
    ['no name', { name: null }, /^attachment; filename="file"; filename\*=UTF-8''file$/],
    ['a type that is none', { mime_type: 'text/html\r\nx: 1' }, /^attachment; /],
  ])('with %s is harmless', async (_, more, disposition) => {
    const at = await shelf(more)
    const { statusCode, headers } = await follow(await linkOf(at))
    expect([statusCode, headers['set-cookie'], headers.x]).toEqual([200, undefined, undefined])
    expect(headers['content-disposition']).toMatch(disposition)
    expect(headers['content-type']).toBe('mime_type' in more ? 'application/octet-stream' : 'application/pdf')
  })

  test('of audio or video is asked for with its conversation', async () => {
    const at = await shelf({ mime_type: 'audio/ogg' })
    const bare = await file(at, 'user-1/files/file-1')
    expect([bare.statusCode, bare.json().error.param]).toEqual([400, 'conversation_id'])
    expect((await file(at, `user-1/files/file-1?conversation_id=${at.chat}`)).statusCode).toBe(307)
    expect((await file(at, `user-1/files/file-1?conversation_id=${uuid()}`)).statusCode).toBe(404)
  })

  test('that is unknown or another person’s is 404; one whose bytes are not here is 410', async () => {
    const at = await shelf()
    for (const rest of ['user-1/files/file-9', 'user-2/files/file-1', 'user-9/files/file-1'])
      expect((await file(at, rest)).statusCode, rest).toBe(404)
    const answer = await file(at, 'user-1/files/file-2')
    expect([answer.statusCode, codeOf(answer)]).toEqual([410, 'gone'])
    for (const kind of ['gpt', 'project']) {
      const status = async (id: string) => (await daybook.get(`${at.path}/${kind}_files/${id}`, at.read)).statusCode
      expect(await Promise.all(['file-1', 'file-2', 'file-9'].map(status))).toEqual([307, 410, 404])
    }
  })

  test('is readable before its record has arrived, and has its newest bytes', async () => {
    const at = await shelf()
    await upload(at, 'file-3', Buffer.from('early'))
    expect((await follow(await linkOf(at, 'user-1/files/file-3'))).body).toBe('early')
    await upload(at, 'file-1', Buffer.from('newer'))
    expect((await follow(await linkOf(at))).body).toBe('newer')
  })
})

describe('a link', () => {
  test('tells nothing of what it leads to', async () => {
    const at = await shelf()
    const link = await linkOf(at)
    expect(link).toMatch(/^http:\/\/localhost(:80)?\/v1\/compliance\/files\/\d+\.\d+\.\d+\.[0-9a-f-]{36}\.[\w-]{43}$/)
    expect(daybook.logs).not.toContain(link.split('/').at(-1))
  })

  test('answers HEAD with the same headers and no bytes', async () => {
    const at = await shelf()
    const { statusCode, headers, rawPayload } = await daybook.inject({ method: 'HEAD', url: await linkOf(at) })
    expect([statusCode, headers['content-length'], rawPayload.length]).toEqual([200, '200000', 0])
    const part = await daybook.inject({ method: 'HEAD', url: await linkOf(at), headers: { range: 'bytes=5-9' } })
    expect([part.statusCode, part.headers['content-length'], part.headers['content-range'], part.rawPayload.length]).toEqual([
      ...[206, '5', 'bytes 5-9/200000', 0],
    ])
  })

  test('lives for one hour', async () => {
    const at = await shelf()
    const link = await linkOf(at)
    clock.move({ minutes: 59, seconds: 59 })
    expect((await follow(link)).statusCode).toBe(200)
    clock.move({ seconds: 1 })
    const late = await follow(link)
    expect([late.statusCode, codeOf(late)]).toEqual([403, 'insufficient_permissions'])
  })

  test('that was changed in any part is refused', async () => {
    const at = await shelf()
    const link = await linkOf(at)
    const start = link.lastIndexOf('/') + 1
    for (let i = start; i < link.length; i++) {
      const changed = link.slice(0, i) + (link[i] === '1' ? '2' : '1') + link.slice(i + 1)
      expect((await follow(changed)).statusCode, String(i)).toBe(403)
    }
    for (const token of ['x', '....', '%00', link.slice(start, -1), `${link.slice(start)}x`])
      expect((await follow(link.slice(0, start) + token)).statusCode, token).toBe(403)
  })

  test('ends with the key that it was made for, and reads no more than it', async () => {
    const at = await shelf()
    const link = await linkOf(at)
    await daybook.ledger.database.writes.query('update api_key set revoked_at = $2 where last_four = $1', [
      at.read.slice(-4),
      clock.now().toString(),
    ])
    expect((await follow(link)).statusCode).toBe(401)
  })

  test('whose bytes are lost, or erased, is 410', async () => {
    const [lost, erased] = [await shelf({}, randomBytes(11)), await shelf({}, randomBytes(10))]
    const [first, second] = [await linkOf(lost), await linkOf(erased)]
    const addresses = await daybook.rows<{ address: string; workspace: string }>(
      'select f.address, w.id as workspace from file_bytes f join item i on i.number = f.item join workspace w using (workspace_id)',
    )
    const addressIn = ({ id }: Place) => addresses.find(({ workspace }) => workspace === id)?.address ?? ''
    await daybook.ledger.database.writes.query('delete from salts.blob where address = $1', [addressIn(erased)])
    const gone = await follow(second)
    expect([gone.statusCode, codeOf(gone)]).toEqual([410, 'gone'])
    expect((await listed(erased))[0]).toMatchObject({ created_at: null, download_url: null })
    const path = join(daybook.data, 'blobs', addressIn(lost).slice(0, 2), addressIn(lost))
    rmSync(path)
    const away = await follow(first)
    expect([away.statusCode, codeOf(away)]).toEqual([410, 'gone'])
  })

  test('that is asked for, and one that is followed, are reads on record', async () => {
    const at = await shelf({}, randomBytes(10))
    await follow(await linkOf(at))
    const about = { kind: 'access', outcome: 'allowed', workspace_id: at.id, ids: ['file-1'], actor: { kind: 'key', name: 'test' } }
    expect((await daybook.entries('files.read')).at(-1)).toMatchObject({ ...about, query: { file_id: 'file-1', user_id: 'user-1' } })
    expect((await daybook.entries('files.download')).at(-1)).toMatchObject(about)
  })
})

describe('a range of bytes', () => {
  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-65535', 0, 65_535],
    ['bytes=65535-65536', 65_535, 65_536],
    ['bytes=65536-131071', 65_536, 131_071],
    ['bytes=100000-', 100_000, 199_999],
    ['bytes=-1', 199_999, 199_999],
    ['bytes=-70000', 130_000, 199_999],
    ['bytes=-999999', 0, 199_999],
    ['bytes=199999-999999', 199_999, 199_999],
  ])('%s', async (range, first, last) => {
    const at = await shelf()
    const answer = await follow(await linkOf(at), { range })
    expect(answer.statusCode).toBe(206)
    expect(answer.headers).toMatchObject({ 'content-range': `bytes ${first}-${last}/200000`, 'content-length': String(last - first + 1) })
    expect(answer.rawPayload.equals(bytes.subarray(first, last + 1))).toBe(true)
  })

  test('that lies beyond the end is 416; several, or what is no range, get the whole', async () => {
    const at = await shelf()
    const link = await linkOf(at)
    for (const range of ['bytes=200000-', 'bytes=-0']) {
      const answer = await follow(link, { range })
      expect([answer.statusCode, answer.headers['content-range']]).toEqual([416, 'bytes */200000'])
    }
    for (const range of ['bytes=0-1,5-6', 'bytes=5-1', 'lines=1-2', 'bytes=-', 'x'])
      expect((await follow(link, { range })).statusCode, range).toBe(200)
  })

  test('goes on only with the bytes that the caller has the beginning of', async () => {
    const at = await shelf()
    const link = await linkOf(at)
    const etag = String((await follow(link)).headers.etag)
    expect((await follow(link, { range: 'bytes=5-9', 'if-range': etag })).statusCode).toBe(206)
    await upload(at, 'file-1', randomBytes(20))
    expect((await follow(link, { range: 'bytes=5-9', 'if-range': etag })).statusCode).toBe(200)
  })

  test('of an empty file is none', async () => {
    const at = await shelf({}, Buffer.alloc(0))
    const link = await linkOf(at)
    expect((await follow(link)).rawPayload.length).toBe(0)
    expect((await follow(link, { range: 'bytes=0-' })).statusCode).toBe(416)
    expect(spanOf('bytes=-5', 0)).toBe('none')
  })
})
