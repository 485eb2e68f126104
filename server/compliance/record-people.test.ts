import { expect, test } from 'vitest'
import { type PeopleReply, peopleLimit, peopleReply } from '../../contract/record.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { member, signIn } from '../../test/support/people.ts'
import { entries, post } from '../../test/support/record-pages.ts'
import { message, person, uuid } from '../../test/support/records.ts'

const daybook = openTestApp()

async function find(place: Pick<Place, 'id' | 'read'>, text: string): Promise<PeopleReply> {
  const answer = await post(daybook, 'people', { key: place.read, body: { workspace_id: place.id, text } })
  expect(answer.statusCode, answer.body).toBe(200)
  return peopleReply.parse(answer.json())
}

const ids = async (place: Place, text: string) => (await find(place, text)).data.map(({ id }) => id)

test('people are found by id, by address and by words of their name, now or before', async () => {
  const place = await daybook.place()
  await daybook.take(place.ingest, [
    person('user-ada', { email: 'ada@example.com', name: 'Ada Lovelace', updated_at: '2024-01-01T00:00:00Z' }),
    person('user-ida', { email: 'ada.byron@example.com', name: 'Ida ADA Öz' }),
    person('ada', { email: 'third@example.org', name: 'Somebody' }),
    message(uuid(), uuid(), { person_id: 'user-quiet' }),
  ])
  await daybook.take(place.ingest, [
    person('user-ada', { email: 'ada@new.example.com', name: 'Ada King', updated_at: '2024-02-01T00:00:00Z' }),
  ])
  const somebody = (await find(place, 'third@example.org')).data
  expect(somebody).toEqual([{ id: expect.stringMatching(/^user-/), email: 'third@example.org', name: 'Somebody' }])
  const third = somebody[0]?.id ?? ''

  expect(await find(place, 'ADA@Example.com')).toEqual({
    data: [{ id: 'user-ada', email: 'ada@new.example.com', name: 'Ada King' }],
    has_more: false,
  })
  expect(await ids(place, '  lovelace ada ')).toEqual(['user-ada'])
  expect(await ids(place, 'king')).toEqual(['user-ada'])
  expect(await ids(place, 'öz')).toEqual(['user-ida'])
  // An id at its source is one as well, and is meant before everybody with such a name.
  expect(await ids(place, 'ada')).toEqual([third])
  expect(await ids(place, third)).toEqual([third])
  expect(await ids(place, 'example.com')).toEqual(['user-ada', 'user-ida'])
  // Whose words begin with it come first; a piece of an id is none.
  expect(await ids(place, 'l')).toEqual(['user-ada', 'user-ida', third])
  expect(await ids(place, 'user-i')).toEqual([])
  // Known by nothing but what they wrote.
  expect((await find(place, 'user-quiet')).data).toEqual([{ id: 'user-quiet', email: null, name: null }])
  expect(await ids(place, 'ada nobody')).toEqual([])
  const [found] = (await entries(daybook, place, { person_id: 'user-quiet' })).data
  expect(found?.kind).toBe('message')
})

test('of many people as many are shown as fit, and those of another workspace never', async () => {
  const [place, other] = [await daybook.place(), await daybook.place()]
  const many = Array.from({ length: 2100 }, (_, n) =>
    person(`user-m${n}`, { email: `m${n}@example.com`, name: n < 30 ? 'Kim Few' : 'Kim' }),
  )
  for (let at = 0; at < many.length; at += 500) await daybook.take(place.ingest, many.slice(at, at + 500))
  await daybook.take(other.ingest, [person('user-other', { email: 'kim@example.com', name: 'Kim Few' })])
  const few = await find(place, 'kim few')
  expect([few.data.length, few.has_more]).toEqual([peopleLimit, true])
  for (const n of [0, 999, 1000, 2099]) expect(await ids(place, `m${n}@example.com`)).toEqual([`user-m${n}`])
  expect(await ids(other, 'kim')).toEqual(['user-other'])
  const foreign = await post(daybook, 'people', { key: place.read, body: { workspace_id: other.id, text: 'kim' } })
  expect(foreign.statusCode).toBe(404)
})

test('whoever asks leaves an entry with the ids and without the words, or is refused', async () => {
  const place = await daybook.place()
  await daybook.take(place.ingest, [person('user-1', { email: 'planted@example.com', name: 'Planted Name' })])
  await find(place, 'Planted Name')
  const [last] = (await daybook.entries('record.people')).slice(-1)
  expect(last).toMatchObject({ outcome: 'allowed', ids: ['user-1'], count: 1 })
  expect(JSON.stringify(last?.query)).not.toMatch(/planted/i)
  expect(daybook.logs).not.toMatch(/planted/i)
  const ask = (more: object) => post(daybook, 'people', { body: { workspace_id: place.id, text: 'x' }, ...more })
  expect((await ask({ key: await daybook.key(['analytics:read'], place) })).statusCode).toBe(403)
  const viewer = await member(daybook, ['analytics_viewer'])
  expect((await ask({ cookie: await signIn(daybook, viewer.id) })).statusCode).toBe(403)
  for (const text of ['', '   ', 'x'.repeat(201)])
    expect((await ask({ key: place.read, body: { workspace_id: place.id, text } })).json().param).toBe('text')
})
