import { expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { conversation, message, person, uuid } from '../../test/support/records.ts'
import { operatorContext } from '../people/operator.ts'
import { createWorkspace } from '../people/workspaces.ts'
import { bury, buryOnce, type Letter, listDeadLetters } from './dead-letters.ts'
import { replayDeadLetters } from './replay.ts'

const daybook = openTestApp()
const operator = () => operatorContext(daybook.ledger)

const letter = (workspace: number, more: Partial<Letter> = {}): Letter => ({
  workspace,
  via: 'records',
  source: 'api',
  place: 'r.ndjson, line 1',
  recordId: null,
  code: 'bad_json',
  message: 'the line is not a JSON document in UTF-8',
  bytes: Buffer.from('{"kind":'),
  ...more,
})

const waiting = async ({ number }: Place) => listDeadLetters(daybook.ledger, { workspace: number })
const payloads = (numbers: number[]) =>
  daybook.rows<{ kept: boolean; salted: boolean; replayed: boolean }>(
    `select d.payload is not null as kept, s.salt is not null as salted, d.replayed_at is not null as replayed
     from dead_letter d left join salts.dead_letter s using (organization_id, number) where d.number = any($1::bigint[]) order by d.number`,
    [numbers],
  )

test('the list says what was refused, where and why, and nothing of what is in it', async () => {
  const place = await daybook.place()
  const { rejected } = await daybook.take(place.ingest, [person('u'), { kind: 'message', id: 'm', role: 'user', content: 'a secret' }])
  expect(rejected).toHaveLength(1)
  const letters = await waiting(place)
  expect(letters).toMatchObject([{ via: 'http', code: 'bad_field', id: 'm', workspace_id: place.id, replayable: true }])
  expect(JSON.stringify(letters)).not.toContain('a secret')
  const [row] = await daybook.rows<{ payload: Buffer }>('select payload from dead_letter where number = $1', [letters[0]?.number])
  expect(row?.payload.includes('a secret')).toBe(false)
})

test('letters buried by many at once each get a number of their own', async () => {
  const place = await daybook.place()
  const all = await Promise.all(Array.from({ length: 8 }, () => bury(daybook.ledger, [letter(place.number), letter(place.number)])))
  expect(new Set(all.flat()).size).toBe(16)
})

test('the same refusal met again is kept once; another at the same place is another', async () => {
  const place = await daybook.place()
  await buryOnce(daybook.ledger, [letter(place.number)])
  await buryOnce(daybook.ledger, [letter(place.number), letter(place.number, { bytes: Buffer.from('{"other":') })])
  expect(await waiting(place)).toHaveLength(2)
})

test('what can be taken now is taken and leaves nothing behind, what cannot says why', async () => {
  const id = uuid()
  const key = await daybook.key(['ingest:write'])
  const { rejected } = await daybook.take(key, [
    { ...person('u'), workspace_id: id },
    { ...conversation('c', 'u'), workspace_id: id },
    { ...message('m', 'c'), workspace_id: id, role: 'nobody' },
  ])
  expect(rejected.map(({ code }) => code)).toEqual(['wrong_workspace', 'wrong_workspace', 'bad_field'])
  const workspace = await createWorkspace(operator(), { name: 'Late', id })
  const mine = (await listDeadLetters(daybook.ledger, {})).slice(-3).map(({ number }) => number)
  const [one = 0, two = 0, three = 0] = mine
  expect(await replayDeadLetters(operator(), { numbers: mine })).toEqual({
    taken: [one, two],
    refused: [{ number: three, code: 'bad_field', message: expect.stringContaining('role') }],
    unfit: [],
  })
  const read = await daybook.key(['compliance:read'], workspace)
  expect((await daybook.records(read)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['person', 'conversation']))
  const gone = { kept: false, salted: false, replayed: true }
  expect(await payloads(mine)).toEqual([gone, gone, { kept: true, salted: true, replayed: false }])
  expect((await daybook.entries('dead-letters.replay')).some(({ ids }) => JSON.stringify(ids) === JSON.stringify(mine.map(String)))).toBe(
    true,
  )
})

test('a letter that came by a key of one workspace never gets into another', async () => {
  const [own, other] = [await daybook.place(), await daybook.place()]
  await daybook.take(own.ingest, [{ ...person('u'), workspace_id: other.id }])
  const { taken, refused } = await replayDeadLetters(operator(), { workspace: own.number })
  expect(taken).toEqual([])
  expect(refused).toMatchObject([{ code: 'wrong_workspace' }])
  expect(await daybook.records(other.read, 'person')).toEqual([])
})

test('a piece of a source is no record: replaying leaves it with the reason it has', async () => {
  const place = await daybook.place()
  const [number = 0] = await bury(daybook.ledger, [letter(place.number, { via: 'chatgpt-export:raw', code: 'bad_archive', bytes: null })])
  expect(await replayDeadLetters(operator(), { workspace: place.number })).toEqual({ taken: [], refused: [], unfit: [number] })
  expect(await waiting(place)).toMatchObject([{ code: 'bad_archive', replayable: false }])
})

test('a replay takes its letters in the order they came, by the hundred, and only those asked for', async () => {
  const place = await daybook.place()
  const versions = Array.from({ length: 250 }, (_, i) => Buffer.from(JSON.stringify(person('u', { name: `Name ${i}` }))))
  await bury(daybook.ledger, [
    letter(place.number, { code: 'kept' }),
    ...versions.map((bytes) => letter(place.number, { code: 'late', bytes })),
  ])
  const { taken } = await replayDeadLetters(operator(), { workspace: place.number, code: 'late' })
  expect(taken).toHaveLength(250)
  expect((await daybook.records(place.read, 'person')).at(-1)).toMatchObject({ name: 'Name 249', source: 'api' })
  expect(await waiting(place)).toMatchObject([{ code: 'kept' }])
})

test('two replays at the same time send each letter once', async () => {
  const place = await daybook.place()
  const people = Array.from({ length: 50 }, (_, i) => letter(place.number, { bytes: Buffer.from(JSON.stringify(person(`u${i}`))) }))
  await bury(daybook.ledger, people)
  const both = await Promise.all([1, 2].map(() => replayDeadLetters(operator(), { workspace: place.number })))
  expect(both.flatMap(({ taken }) => taken)).toHaveLength(50)
  expect(await daybook.records(place.read, 'person')).toHaveLength(50)
})
