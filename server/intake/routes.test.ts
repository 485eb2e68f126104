import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ndjson, openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, userId, uuid } from '../../test/support/records.ts'

const daybook = openTestApp()

const problem = (status: number, code: string) => ({ status, code, type: 'about:blank', request_id: expect.any(String) })

describe('a batch', () => {
  test('may be gzip', async () => {
    const place = await daybook.place()
    const body = gzipSync(ndjson([person(userId()), person(userId())]))
    const answer = await daybook.send(place.ingest, [], {})
    expect(answer.json()).toMatchObject({ accepted: 0 })
    const zipped = await daybook.inject({
      ...{ method: 'POST', url: '/api/intake/records', key: place.ingest, payload: body },
      headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'content-encoding': 'gzip' },
    })
    expect(zipped.json()).toMatchObject({ accepted: 2, rejected: [] })
  })

  test('that is no gzip, or of another encoding, is refused whole', async () => {
    const place = await daybook.place()
    const send = (payload: Buffer, encoding: string) =>
      daybook.inject({
        ...{ method: 'POST', url: '/api/intake/records', key: place.ingest, payload },
        headers: { 'content-type': 'application/x-ndjson', 'content-encoding': encoding },
      })
    expect((await send(Buffer.from('no gzip'), 'gzip')).json()).toMatchObject(problem(400, 'bad_request'))
    expect((await send(gzipSync(ndjson([person(userId())])).subarray(0, -9), 'gzip')).json()).toMatchObject(problem(400, 'bad_request'))
    expect((await send(Buffer.from('x'), 'br')).json()).toMatchObject(problem(415, 'wrong_type'))
    expect(await daybook.records(place.read, 'person')).toEqual([])
  })

  test('of more than 10 MB is refused whole, packed or not', async () => {
    const place = await daybook.place()
    const line = JSON.stringify(message('m', 'c', { content: [{ type: 'text', text: 'x'.repeat(900_000) }] }))
    const body = ndjson(Array.from({ length: 12 }, () => line))
    expect((await daybook.send(place.ingest, [body])).json()).toMatchObject(problem(413, 'too_large'))
    const zipped = await daybook.send(place.ingest, [gzipSync(body)], { 'content-encoding': 'gzip' })
    expect(zipped.json()).toMatchObject(problem(413, 'too_large'))
    expect(await daybook.records(place.read, 'message')).toEqual([])
  })

  test('of 5,000 records is taken, one of 5,001 is refused whole', async () => {
    const place = await daybook.place()
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ kind: 'person', id: `p${i}` }))
    expect((await daybook.send(place.ingest, many(5001))).json()).toMatchObject(problem(413, 'too_large'))
    expect(await daybook.take(place.ingest, many(5000))).toMatchObject({ accepted: 5000 })
  })

  test.each(['application/json', 'text/plain', 'application/octet-stream', ''])('of type "%s" is refused', async (type) => {
    const place = await daybook.place()
    expect((await daybook.send(place.ingest, [person(userId())], { 'content-type': type })).json()).toMatchObject(
      problem(415, 'wrong_type'),
    )
  })

  test('without a key is refused before anything is looked at, whatever it is', async () => {
    for (const type of ['application/x-ndjson', 'application/json', 'text/plain']) {
      const answer = await daybook.inject({ method: 'POST', url: '/api/intake/records', payload: '{', headers: { 'content-type': type } })
      expect(answer.json(), type).toMatchObject(problem(401, 'unauthenticated'))
    }
    expect((await daybook.inject({ method: 'POST', url: '/api/intake/records' })).json()).toMatchObject(problem(401, 'unauthenticated'))
    expect((await daybook.send('dbk_ing_made_up', ['{'])).statusCode).toBe(401)
  })

  test('brings nothing under the name of what Daybook writes itself', async () => {
    const place = await daybook.place()
    const reply = await daybook.take(place.ingest, [person(userId()), { ...person(userId()), source: 'daybook' }])
    expect(reply).toMatchObject({ accepted: 1, rejected: [{ line: 2, code: 'bad_field', message: expect.stringMatching(/^source: /) }] })
    const url = '/api/intake/files/a/bytes?source=daybook'
    const bytes = await daybook.inject({ method: 'PUT', url, key: place.ingest, payload: 'x' })
    expect(bytes.json()).toMatchObject(problem(400, 'bad_request'))
  })

  test('of a key that may not write is refused, and the attempt is on record', async () => {
    const place = await daybook.place()
    const answer = await daybook.send(place.read, [person(userId())])
    expect(answer.json()).toMatchObject({ ...problem(403, 'forbidden'), detail: expect.stringContaining('ingest:write') })
    const entries = await daybook.entries('records.write')
    expect(entries.at(-1)).toMatchObject({
      kind: 'change',
      outcome: 'denied',
      request_id: answer.json().request_id,
      actor: { kind: 'key' },
    })
    expect(await daybook.records(place.read, 'person')).toEqual([])
  })

  test('gets into no workspace but that of its key', async () => {
    const place = await daybook.place()
    const other = await daybook.place()
    const reply = await daybook.take(place.ingest, [
      { ...person('a'), workspace_id: other.id },
      { ...person('b'), workspace_id: place.id.toUpperCase() },
      person('c'),
    ])
    expect(reply).toMatchObject({ accepted: 2, rejected: [{ line: 1, id: 'a', code: 'wrong_workspace' }] })
    expect(await daybook.records(other.read, 'person')).toEqual([])
    expect((await daybook.records(place.read, 'person')).map(({ id, workspace_id }) => [id, workspace_id])).toEqual([
      ['b', place.id],
      ['c', place.id],
    ])
  })
})

describe('the bytes of a file', () => {
  const incoming = () => readdirSync(join(daybook.data, 'blobs', 'incoming'))
  const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

  function put(place: Place, id: string, bytes: Buffer, more: { query?: string; headers?: Record<string, string>; key?: string } = {}) {
    const url = `/api/intake/files/${encodeURIComponent(id)}/bytes${more.query ?? ''}`
    return daybook.inject({ method: 'PUT', url, key: more.key ?? place.ingest, payload: bytes, headers: { ...more.headers } })
  }

  /** What is stored for a file, opened again past every route. */
  async function stored(place: Place, id: string): Promise<{ source: string; bytes: Buffer }[]> {
    const rows = await daybook.rows<{ source: string; address: string; salt: Buffer }>(
      `select i.source, f.address, s.salt from item i join file_bytes f on f.organization_id = i.organization_id and f.item = i.number
       join salts.blob s on s.organization_id = f.organization_id and s.address = f.address
       where i.workspace_id = $1 and i.kind = 'file' and i.id = $2 order by f.seq`,
      [place.number, id],
    )
    const { blobs, organization } = daybook.ledger
    return Promise.all(
      rows.map(async ({ source, address, salt }) => ({ source, bytes: await buffer(blobs.read(organization.keys, address, salt)) })),
    )
  }

  test('are stored, said in the log, and come back', async () => {
    const place = await daybook.place()
    const bytes = randomBytes(200_000)
    const answer = await put(place, 'file-1', bytes, { headers: { 'content-type': 'application/pdf' } })
    expect(answer.json()).toEqual({ id: 'file-1', size: 200_000, sha256: digestOf(bytes), duplicate: false, seq: expect.any(Number) })
    expect(await stored(place, 'file-1')).toEqual([{ source: 'api', bytes }])
    expect(await daybook.records(place.read, 'file_bytes')).toMatchObject([
      { id: 'file-1', size: 200_000, sha256: digestOf(bytes), seq: answer.json().seq },
    ])
    expect(incoming()).toEqual([])
  })

  test('may have any type, none, or be none at all', async () => {
    const place = await daybook.place()
    for (const type of ['application/json', 'multipart/form-data', 'text/plain', 'x-private/nonsense']) {
      const bytes = Buffer.from(`{ not json: ${type}`)
      expect((await put(place, type, bytes, { headers: { 'content-type': type } })).statusCode, type).toBe(200)
      expect((await stored(place, type))[0]?.bytes).toEqual(bytes)
    }
    expect((await put(place, 'untyped', Buffer.from('x'))).statusCode).toBe(200)
    expect((await put(place, '漢'.repeat(512), Buffer.from('x'))).statusCode).toBe(200)
    expect((await put(place, 'empty', Buffer.alloc(0))).json()).toMatchObject({ size: 0, sha256: digestOf(Buffer.alloc(0)) })
    expect((await stored(place, 'empty'))[0]?.bytes).toEqual(Buffer.alloc(0))
  })

  test('that come again change nothing; other bytes are a new version; equal bytes of two files lie once', async () => {
    const place = await daybook.place()
    const [one, two] = [randomBytes(1000), randomBytes(1000)]
    const first = await put(place, 'a', one)
    expect((await put(place, 'a', one)).json()).toMatchObject({ duplicate: true, seq: null, sha256: digestOf(one) })
    expect((await put(place, 'a', two)).json()).toMatchObject({ duplicate: false })
    expect((await put(place, 'b', one)).json()).toMatchObject({ duplicate: false })
    expect((await stored(place, 'a')).map(({ bytes }) => digestOf(bytes))).toEqual([digestOf(one), digestOf(two)])
    const blobs = await daybook.rows('select address from blob b join file_bytes using (organization_id, address) where b.size = 1000')
    expect(new Set(blobs.map((row) => JSON.stringify(row))).size).toBe(2)
    expect(first.json().seq).toBeLessThan((await daybook.records(place.read, 'file_bytes')).at(-1)?.seq ?? 0)
    expect(incoming()).toEqual([])
  })

  test('of two sources under one id stay apart', async () => {
    const place = await daybook.place()
    await put(place, 'a', Buffer.from('one'), { query: '?source=chatgpt' })
    await put(place, 'a', Buffer.from('two'), { query: '?source=claude' })
    expect((await stored(place, 'a')).map(({ source, bytes }) => [source, String(bytes)])).toEqual([
      ['chatgpt', 'one'],
      ['claude', 'two'],
    ])
  })

  test('with the digest that was sent are kept, with another nothing is', async () => {
    const place = await daybook.place()
    const bytes = randomBytes(70_000)
    const digest = (text: string) => ({ headers: { 'content-digest': text } })
    const right = `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
    const wrong = `sha-256=:${createHash('sha256').update('other').digest('base64')}:`
    expect((await put(place, 'a', bytes, digest(wrong))).json()).toMatchObject(problem(422, 'unprocessable'))
    expect((await put(place, 'a', bytes, digest('md5=:abc:'))).json()).toMatchObject(problem(400, 'bad_request'))
    expect(await stored(place, 'a')).toEqual([])
    expect(incoming()).toEqual([])
    expect((await put(place, 'a', bytes, digest(`sha-512=:AAAA:, ${right}`))).statusCode).toBe(200)
  })

  test('over 512 MB are refused before they are read, and leave nothing behind', async () => {
    const place = await daybook.place()
    const answer = await put(place, 'a', Buffer.from('x'), { headers: { 'content-length': String(512 * 1_048_576 + 1) } })
    expect(answer.json()).toMatchObject(problem(413, 'too_large'))
    expect(await stored(place, 'a')).toEqual([])
    expect(incoming()).toEqual([])
  })

  test('are not taken packed: they would be kept so, as another file than it is', async () => {
    const place = await daybook.place()
    const packed = await put(place, 'a', gzipSync('the file'), { headers: { 'content-encoding': 'gzip' } })
    expect(packed.json()).toMatchObject(problem(415, 'wrong_type'))
    expect(await stored(place, 'a')).toEqual([])
    expect((await put(place, 'a', Buffer.from('the file'), { headers: { 'content-encoding': 'identity' } })).statusCode).toBe(200)
  })

  test('of an upload that breaks off leave nothing behind', async () => {
    const place = await daybook.place()
    await daybook.app.listen({ host: '127.0.0.1', port: 0 })
    const address = daybook.app.server.address()
    const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
    const head = ['PUT /api/intake/files/a/bytes HTTP/1.1', 'Host: x', `Authorization: Bearer ${place.ingest}`, 'Content-Length: 900000']
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    socket.write(randomBytes(300_000))
    for (let waited = 0; incoming().length === 0 && waited < 5000; waited += 20) await sleep(20)
    expect(incoming()).toHaveLength(1)
    socket.destroy()
    for (let waited = 0; incoming().length > 0 && waited < 5000; waited += 20) await sleep(20)
    expect(incoming()).toEqual([])
    expect(await stored(place, 'a')).toEqual([])
  })

  test('move their conversation in the list of last updates, for it shows them now', async () => {
    const place = await daybook.place()
    const owner = userId()
    const [older, newer] = [uuid(), uuid()]
    const file = { kind: 'file', id: 'file-1', name: 'a.pdf', conversation_id: older }
    await daybook.take(place.ingest, [conversation(older, owner), conversation(newer, owner), file, message(uuid(), newer)])
    const order = async () => {
      const list = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
      return list.json().data.map(({ id }: { id: string }) => id)
    }
    expect(await order()).toEqual([older, newer])
    await put(place, 'file-1', randomBytes(10))
    expect(await order()).toEqual([newer, older])
  })

  test('need a key that may write, and a workspace it may write to', async () => {
    const place = await daybook.place()
    const other = await daybook.place()
    const everywhere = await daybook.key(['ingest:write'])
    const url = '/api/intake/files/a/bytes'
    expect((await daybook.inject({ method: 'PUT', url, payload: 'x' })).json()).toMatchObject(problem(401, 'unauthenticated'))
    expect((await put(place, 'a', Buffer.from('x'), { key: place.read })).json()).toMatchObject(problem(403, 'forbidden'))
    expect((await daybook.entries('file-bytes.write')).at(-1)).toMatchObject({ kind: 'change', outcome: 'denied' })
    const foreign = await put(place, 'a', Buffer.from('x'), { query: `?workspace_id=${other.id}` })
    expect(foreign.json()).toMatchObject(problem(404, 'not_found'))
    expect((await put(place, 'a', Buffer.from('x'), { key: everywhere })).json()).toMatchObject(problem(400, 'bad_request'))
    expect((await put(place, 'a', Buffer.from('x'), { key: everywhere, query: `?workspace_id=${place.id}` })).statusCode).toBe(200)
    expect((await put(place, 'x'.repeat(513), Buffer.from('x'))).statusCode).toBe(400)
    expect((await put(place, 'a\0b', Buffer.from('x'))).statusCode).toBe(400)
    expect((await put(place, 'a', Buffer.from('x'), { query: '?source=Not%20A%20Source' })).statusCode).toBe(400)
    expect(incoming()).toEqual([])
  })
})
