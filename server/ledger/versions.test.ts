import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, userId, uuid } from '../../test/support/records.ts'
import { microseconds } from './times.ts'

const daybook = openTestApp()

const titleOf = async (place: Place, id: string) => {
  const list = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
  return list.json().data.find((one: { id: string }) => one.id === id)?.title
}

const textsOf = async (place: Place, conversationId: string) => {
  const list = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations/${conversationId}/messages`, place.read)
  return list.json().data.map((one: { content: { value: string } }) => one.content.value)
}

const counts = (accepted: number, updated: number, duplicates: number) => ({ accepted, updated, duplicates, rejected: [] })

describe('a conversation with updated_at', () => {
  const said = (id: string, title: string, day: number) =>
    conversation(id, 'user-1', { title, updated_at: `2024-05-${String(day).padStart(2, '0')}T00:00:00Z` })

  test('shows its newest version, in whatever order the versions come', async () => {
    const place = await daybook.place()
    const id = uuid()
    expect(await daybook.take(place.ingest, [said(id, 'fifth', 5)])).toMatchObject(counts(1, 0, 0))
    expect(await daybook.take(place.ingest, [said(id, 'seventh', 7)])).toMatchObject(counts(0, 1, 0))
    expect(await daybook.take(place.ingest, [said(id, 'third', 3), said(id, 'sixth', 6)])).toMatchObject(counts(0, 2, 0))
    expect(await titleOf(place, id)).toBe('seventh')
    const all = [5, 7, 3, 6].map((day, i) => said(id, ['fifth', 'seventh', 'third', 'sixth'][i] ?? '', day))
    expect(await daybook.take(place.ingest, all)).toMatchObject(counts(0, 0, 4))
    expect((await daybook.records(place.read, 'conversation')).map(({ title }) => title)).toEqual(['fifth', 'seventh', 'third', 'sixth'])
  })

  test('cannot say two things at one time, now or then', async () => {
    const place = await daybook.place()
    const id = uuid()
    await daybook.take(place.ingest, [said(id, 'a', 1), said(id, 'b', 2)])
    const { rejected } = await daybook.take(place.ingest, [said(id, 'other', 2), said(id, 'other', 1), said(id, 'c', 3)])
    expect(rejected).toMatchObject([
      { line: 1, id, code: 'conflict' },
      { line: 2, id, code: 'conflict' },
    ])
    expect(await titleOf(place, id)).toBe('c')
  })

  test('keeps versions that are a microsecond apart', async () => {
    const place = await daybook.place()
    const id = uuid()
    const at = (micro: string, title: string) => conversation(id, 'user-1', { title, updated_at: `2024-05-01T00:00:00.${micro}Z` })
    await daybook.take(place.ingest, [at('123457', 'later')])
    expect(await daybook.take(place.ingest, [at('123456', 'earlier')])).toMatchObject(counts(0, 1, 0))
    expect(await titleOf(place, id)).toBe('later')
    expect((await daybook.take(place.ingest, [at('1234565', 'rounds to the earlier')])).rejected).toMatchObject([{ code: 'conflict' }])
  })
})

describe('without updated_at', () => {
  test('another payload is a new version, the same one is known', async () => {
    const place = await daybook.place()
    const id = uuid()
    const said = (title: string) => conversation(id, 'user-1', { title })
    expect(await daybook.take(place.ingest, [said('a'), said('a'), said('b')])).toMatchObject(counts(1, 1, 1))
    expect(await titleOf(place, id)).toBe('b')
    expect(await daybook.take(place.ingest, [said('a')])).toMatchObject(counts(0, 1, 0))
    expect(await titleOf(place, id)).toBe('a')
  })

  test('the order of fields and the way a number is written make no other payload', async () => {
    const place = await daybook.place()
    const one = '{"kind":"person","id":"p1","x":{"a":1.0,"b":[1e2]},"name":"\\u0041da"}'
    const same = '{ "name": "Ada", "x": {"b": [100], "a": 1}, "id": "p1", "kind": "person" }'
    expect(await daybook.take(place.ingest, [one, same])).toMatchObject(counts(1, 0, 1))
  })

  test('naming the workspace and the source that would be taken anyway makes none either', async () => {
    const place = await daybook.place()
    const one = person(userId())
    expect(await daybook.take(place.ingest, [one, { ...one, workspace_id: place.id, source: 'api' }])).toMatchObject(counts(1, 0, 1))
  })
})

describe('a message', () => {
  test('that was edited keeps its place among the others and shows its newest text', async () => {
    const place = await daybook.place()
    const chat = uuid()
    const [first, second] = [uuid(), uuid()]
    const said = (id: string, text: string, day: number) =>
      message(id, chat, { content: [{ type: 'text', text }], updated_at: `2024-05-0${day}T00:00:00Z` })
    await daybook.take(place.ingest, [said(first, 'a', 3), said(second, 'b', 3)])
    expect(await daybook.take(place.ingest, [said(first, 'a, edited', 4)])).toMatchObject(counts(0, 1, 0))
    expect(await textsOf(place, chat)).toEqual(['a, edited', 'b'])
    expect(await daybook.take(place.ingest, [said(first, 'a, before', 1)])).toMatchObject(counts(0, 1, 0))
    expect(await textsOf(place, chat)).toEqual(['a, edited', 'b'])
    const again = [said(first, 'a', 3), said(first, 'a, before', 1), said(first, 'a, edited', 4)]
    expect(await daybook.take(place.ingest, again)).toMatchObject(counts(0, 0, 3))
    const { rejected } = await daybook.take(place.ingest, [said(first, 'x', 4), said(first, 'x', 3), said(first, 'x', 1)])
    expect(rejected.map(({ code }) => code)).toEqual(['conflict', 'conflict', 'conflict'])
  })

  test('that moves in time moves the bounds of its conversation with it', async () => {
    const place = await daybook.place()
    const chat = uuid()
    const [first, last] = [uuid(), uuid()]
    const at = (id: string, hour: number, version: number) =>
      message(id, chat, { created_at: `2024-05-01T${hour}:00:00Z`, updated_at: `2024-06-0${version}T00:00:00Z` })
    await daybook.take(place.ingest, [at(first, 10, 1), at(last, 20, 1)])
    await daybook.take(place.ingest, [at(last, 15, 2)])
    const list = await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations`, place.read)
    const seconds = (hour: number) => Date.UTC(2024, 4, 1, hour) / 1000
    expect(list.json().data).toMatchObject([{ id: chat, created_at: seconds(10), last_active_at: seconds(15) }])
  })
})

describe('versions as of a day', () => {
  test('hold from when their source says, else from their creation, else from their arrival', async () => {
    const place = await daybook.place()
    await daybook.take(place.ingest, [
      { kind: 'gpt', id: 'g-1', name: 'One', created_at: '2024-01-01T00:00:00Z' },
      { kind: 'gpt', id: 'g-1', name: 'Two', created_at: '2024-01-01T00:00:00Z', updated_at: '2024-03-01T00:00:00Z' },
      { kind: 'gpt', id: 'g-2', name: 'None' },
    ])
    const rows = await daybook.rows<{ id: string; valid_from: string; received_at: string }>(
      `select i.id, v.valid_from, l.received_at from version v join item i on i.number = v.item join log l on l.seq = v.seq
       where i.workspace_id = $1 order by v.seq`,
      [place.number],
    )
    expect(rows.map(({ id, valid_from }) => [id, valid_from])).toEqual([
      ['g-1', '2024-01-01T00:00:00Z'],
      ['g-1', '2024-03-01T00:00:00Z'],
      ['g-2', rows[2]?.received_at],
    ])
  })

  test('of a person say the role, the status and the seat; those of a group say its members', async () => {
    const place = await daybook.place()
    const id = userId()
    await daybook.take(place.ingest, [
      person(id, { role: 'admin', seat: true, updated_at: '2024-01-01T00:00:00Z' }),
      person(id, { role: 'member', status: 'deleted', seat: null, updated_at: '2024-02-01T00:00:00Z' }),
      { kind: 'group', id: 'g', name: 'Legal', member_ids: [id, 'user-x', id], updated_at: '2024-01-01T00:00:00Z' },
      { kind: 'group', id: 'g', name: 'Legal', member_ids: ['user-x'], updated_at: '2024-02-01T00:00:00Z' },
    ])
    const people = await daybook.rows(
      'select p.role, p.status, p.seat from person_version p join item i on i.number = p.person where i.workspace_id = $1 order by p.seq',
      [place.number],
    )
    expect(people).toEqual([
      { role: 'admin', status: 'enabled', seat: true },
      { role: 'member', status: 'deleted', seat: null },
    ])
    const members = await daybook.rows<{ id: string; seq: number }>(
      'select p.id, m.seq from group_member m join item p on p.number = m.person where p.workspace_id = $1 order by m.seq, p.id',
      [place.number],
    )
    expect(members.map((row) => row.id)).toEqual([id, 'user-x', 'user-x'].sort())
    expect(new Set(members.map(({ seq }) => seq)).size).toBe(2)
  })
})

test('times are compared as the database keeps them, to the last rounding', async () => {
  const fraction = fc.stringMatching(/^\d{1,9}$/)
  const second = fc.integer({ min: -2_000_000_000, max: 4_102_444_800 })
  const zone = fc.constantFrom('Z', '+00:00', '+05:30', '-11:00', '+14:00')
  const times = fc.sample(
    fc.tuple(second, fraction, zone).map(([at, digits, offset]) => `${new Date(at * 1000).toISOString().slice(0, 19)}.${digits}${offset}`),
    2000,
  )
  times.push('2024-05-01T12:00:00.1234565Z', '1969-12-31T23:59:59.9999995Z', '2024-05-01T12:00:00.9999999Z', '2024-05-01T12:00Z')
  const rows = await daybook.rows<{ us: number }>(
    `select (extract(epoch from t::timestamptz) * 1000000)::bigint as us from unnest($1::text[]) with ordinality as t (t, n) order by n`,
    [times],
  )
  expect(times.map(microseconds)).toEqual(rows.map(({ us }) => us))
})
