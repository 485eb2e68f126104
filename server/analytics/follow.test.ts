import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { expect, test } from 'vitest'
import { randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { somebody } from '../../test/support/admin.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import {
  factLines,
  type Names,
  plainDays,
  plainSums,
  storedDays,
  storedFacts,
  storedSessions,
  storedSums,
} from '../../test/support/facts.ts'
import { plainFacts, type Sent } from '../../test/support/plain-facts.ts'
import { randomHistory, shuffled } from '../../test/support/random-history.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import { seed } from '../../test/support/seed.ts'
import { factsOf } from './conversation-facts.ts'
import { type ConversationHistory, stateAt } from './conversation-facts-history.ts'
import { Follower } from './follow.ts'
import { withTurn } from './follow-position.ts'
import { readHistories } from './follow-read.ts'
import { rebuildFacts } from './rebuild.ts'
import { factsStatus } from './status.ts'

const daybook = openTestApp()

const follow = () => new Follower(daybook.ledger).catchUp()

async function namesOf(place: Place): Promise<Names> {
  const items = await daybook.rows<{ number: number; id: string }>('select number, id from item where workspace_id = $1', [place.number])
  const messages = await daybook.rows<{ first_seq: number; id: string }>('select first_seq, id from message where workspace_id = $1', [
    place.number,
  ])
  const byNumber = new Map(items.map(({ number, id }) => [number, id]))
  const bySeq = new Map(messages.map(({ first_seq, id }) => [first_seq, id]))
  return { item: (number) => (number === 0 ? '' : (byNumber.get(number) ?? '?')), message: (number) => bySeq.get(number) ?? '?' }
}

/** Sends in batches of any size and follows now and then, so that every fact is made, taken back and made again somewhere. */
async function sendAndFollow(place: Place, records: readonly Sent[], random: () => number): Promise<void> {
  for (let at = 0; at < records.length; ) {
    const size = wholeBetween(random, 1, 60)
    await daybook.take(place.ingest, records.slice(at, at + size))
    at += size
    if (random() < 0.6) await follow()
  }
  await follow()
}

test.each([1, 2, 3, 4])(
  `facts equal a plain count of what was sent, whatever the order it came in (history %i, seed ${seed})`,
  async (n) => {
    const random = randomFrom(seed + n)
    const place = await daybook.place()
    const sent = randomHistory(random, 60)
    // What is said twice changes nothing; what is said early or late ends the same.
    const arrived = shuffled(random, [...sent, ...sent.slice(0, 50)])
    await sendAndFollow(place, arrived, random)
    const names = await namesOf(place)
    const { facts } = daybook.ledger
    const plain = plainFacts(arrived)
    const stored = await storedFacts(facts, place.number, names)
    expect(byName(stored)).toEqual(byName(plain.facts))
    expect(inOrder(await storedSessions(facts, place.number, names))).toEqual(inOrder(plain.sessions))
    expect(await storedDays(facts, place.number, names)).toEqual(plainDays(plain.facts))
    expect(await storedSums(facts, place.number, names)).toEqual(plainSums(plain.facts))
  },
)

test('records that change while they are being read end as if they had not', async () => {
  const place = await daybook.place()
  const random = randomFrom(seed)
  const sent = randomHistory(random, 30)
  const followers = [new Follower(daybook.ledger), new Follower(daybook.ledger)]
  let isSending = true
  // The second one, as on another machine, takes turns with the first; neither rests.
  const following = followers.map(async (follower) => {
    while (isSending) await follower.catchUp()
  })
  const records = shuffled(random, sent)
  for (let at = 0; at < records.length; at += 5) await daybook.take(place.ingest, records.slice(at, at + 5))
  isSending = false
  await Promise.all(following)
  await follow()
  const stored = await storedFacts(daybook.ledger.facts, place.number, await namesOf(place))
  expect(byName(stored)).toEqual(byName(plainFacts(records).facts))
  const followed = await factLines(daybook.ledger.facts)
  await rebuildFacts(daybook.ledger)
  expect(await factLines(daybook.ledger.facts)).toEqual(followed)
})

test('a record that changes between two questions about it is not missed by both', async () => {
  const place = await daybook.place()
  const version = (n: number) => message('m-moving', 'c-moving', { person_id: 'user-1', updated_at: `2024-06-01T00:00:${10 + n}Z` })
  const { last_seq: to } = await daybook.take(place.ingest, [version(0)])
  const conversations = await daybook.rows<{ conversation: number }>("select conversation from message where id = 'm-moving'")
  const numbers = conversations.map(({ conversation }) => conversation)
  const { reads } = daybook.ledger.database
  const quiet = await readHistories(reads, daybook.ledger.organization.number, numbers, to)
  let changes = 0
  // The pool as it is, with a change that is committed after each question.
  const busy: typeof reads = Object.assign(Object.create(reads), {
    query: async (question: pg.QueryConfig) => {
      const answer = await reads.query(question)
      await daybook.take(place.ingest, [version(++changes)])
      return answer
    },
  })
  const states = (histories: readonly ConversationHistory[]) => histories.map((history) => factsOf(stateAt(history, to)))
  expect(states(await readHistories(busy, daybook.ledger.organization.number, numbers, to))).toEqual(states(quiet))
  expect(changes).toBe(4)
})

const byName = <Fact extends { message: string }>(facts: readonly Fact[]) => Object.fromEntries(facts.map((fact) => [fact.message, fact]))
const inOrder = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort()

test('a rebuild comes to the same rows as following did', async () => {
  const place = await daybook.place()
  const random = randomFrom(seed)
  await sendAndFollow(place, shuffled(random, randomHistory(random, 40)), random)
  await daybook.take(place.ingest, [codingSession({ commits: 2 }), codingSession({ id: 'code-2', commits: 1 })])
  await follow()
  await daybook.take(place.ingest, [codingSession({ commits: 3, updated_at: '2024-06-02T00:00:00Z' })])
  await follow()
  const followed = await factLines(daybook.ledger.facts)
  expect(followed.coding_fact).toHaveLength(2)
  await rebuildFacts(daybook.ledger)
  expect(await factLines(daybook.ledger.facts)).toEqual(followed)
  await daybook.take(place.ingest, [message('after', 'c-after', { person_id: 'user-1' })])
  await follow()
  expect((await factsStatus(daybook.ledger)).lag_seconds).toBe(0)
  const again = await factLines(daybook.ledger.facts)
  expect(again.message_fact).toHaveLength((followed.message_fact?.length ?? 0) + 1)
})

function codingSession(more: object) {
  return { kind: 'coding_session', id: 'code-1', person_id: 'user-1', started_at: '2024-06-01T10:00:00Z', surface: 'cli', ...more }
}

test('the same batch done twice, as after a crash before the cursor moved, counts once', async () => {
  const place = await daybook.place()
  const before = await factsStatus(daybook.ledger)
  await daybook.take(place.ingest, [conversation('c-twice', 'user-1'), message('m-twice', 'c-twice', { person_id: 'user-1' })])
  await follow()
  const once = await factLines(daybook.ledger.facts)
  const { cursor } = await factsStatus(daybook.ledger)
  await daybook.rows(
    'update facts_follow set cursor = $1, plan_to = $2, message_rows = message_rows - 1, session_rows = session_rows - 1',
    [before.cursor, cursor],
  )
  await follow()
  expect(await factLines(daybook.ledger.facts)).toEqual(once)
})

test('rows that the engine noted and then lost, killed between the two, come again', async () => {
  const place = await daybook.place()
  const before = await factsStatus(daybook.ledger)
  await daybook.take(place.ingest, [conversation('c-lost', 'user-1'), message('m-lost', 'c-lost', { person_id: 'user-1' })])
  await follow()
  const whole = await factLines(daybook.ledger.facts)
  const { cursor, rows } = await factsStatus(daybook.ledger)
  for (const table of ['message_fact', 'session_fact', 'person_day', 'conversation_day', 'used_day'])
    await daybook.ledger.facts.command(`alter table ${table} delete where workspace = ${place.number} settings mutations_sync = 1`)
  await daybook.rows('update facts_follow set cursor = $1, plan_to = $2, message_rows = $3, session_rows = $4', [
    before.cursor,
    cursor,
    rows.messages - 1,
    rows.sessions - 1,
  ])
  await follow()
  expect(await factLines(daybook.ledger.facts)).toEqual(whole)
  expect(daybook.logs).not.toContain('"event":"facts-rebuild"')
})

test('facts that are gone, or are those of another ledger, are made anew without being asked for', async () => {
  const before = await factLines(daybook.ledger.facts)
  await daybook.ledger.facts.command('truncate table message_fact')
  await follow()
  expect(await factLines(daybook.ledger.facts)).toEqual(before)
  await daybook.stop()
  rmSync(join(daybook.data, 'facts'), { recursive: true })
  await daybook.start()
  await follow()
  expect(await factLines(daybook.ledger.facts)).toEqual(before)
})

test('a rebuild that was killed while the tables changed places is finished by whoever comes next', async () => {
  const { facts, database } = daybook.ledger
  const before = await factLines(facts)
  const { rows, cursor, data_through } = await factsStatus(daybook.ledger)
  const id = crypto.randomUUID()
  // As the new tables stand when they are complete; two of the six have changed places already.
  for (const table of ['message_fact', 'session_fact', 'person_day', 'conversation_day', 'used_day', 'coding_fact']) {
    await facts.command(`create table ${table}_new as ${table} comment 'rebuild ${id}'`)
    await facts.command(`insert into ${table}_new select * from ${table}`)
  }
  const values = [id, cursor, data_through, rows.messages, rows.sessions, rows.coding]
  await database.writes.query('insert into facts_rebuild select organization_id, $1, $2, $3, $4, $5, $6 from organization', values)
  await facts.command('exchange tables message_fact and message_fact_new')
  await facts.command('exchange tables session_fact and session_fact_new')
  await follow()
  expect(await factLines(facts)).toEqual(before)
  expect((await facts.query("select name from system.tables where name like '%_new'")).rows).toEqual([])
})

test('a data directory of the version before is filled up when it is opened, and counted on from there', async () => {
  const before = await factLines(daybook.ledger.facts)
  await asTheVersionBefore()
  await daybook.stop()
  await daybook.start()
  await daybook.ledger.facts.start()
  expect(await factLines(daybook.ledger.facts)).toEqual(before)
  const logged = daybook.logs.length
  const place = await daybook.place()
  await daybook.take(place.ingest, [message('m-newer', 'c-newer', { person_id: 'user-1' })])
  await follow()
  expect(await factLines(daybook.ledger.facts)).not.toEqual(before)
  expect(daybook.logs.slice(logged)).not.toContain('"event":"facts-rebuild"')
  const followed = await factLines(daybook.ledger.facts)
  await rebuildFacts(daybook.ledger)
  expect(await factLines(daybook.ledger.facts)).toEqual(followed)
})

/** It knew neither of the two newer roll-ups. */
async function asTheVersionBefore(): Promise<void> {
  for (const table of ['conversation_day', 'used_day']) await daybook.ledger.facts.command(`drop table ${table} sync`)
  await daybook.ledger.facts.command('alter table facts_step delete where number = 2 settings mutations_sync = 1')
}

test('a rebuild that the version before left complete takes its place, and the roll-ups it did not know are right', async () => {
  const { facts, database } = daybook.ledger
  const before = await factLines(facts)
  const { rows, cursor, data_through } = await factsStatus(daybook.ledger)
  const id = crypto.randomUUID()
  for (const table of ['message_fact', 'session_fact', 'person_day', 'coding_fact']) {
    await facts.command(`create table ${table}_new as ${table} comment 'rebuild ${id}'`)
    await facts.command(`insert into ${table}_new select * from ${table}`)
  }
  const values = [id, cursor, data_through, rows.messages, rows.sessions, rows.coding]
  await database.writes.query('insert into facts_rebuild select organization_id, $1, $2, $3, $4, $5, $6 from organization', values)
  await facts.command('alter table message_fact delete where workspace > 1 settings mutations_sync = 1')
  await asTheVersionBefore()
  await daybook.stop()
  await daybook.start()
  await follow()
  expect(await factLines(daybook.ledger.facts)).toEqual(before)
})

// The sums stay the same: what is lost in one row is added in another.
test.each([
  ['person_day', 'day + 1 as day'],
  ['conversation_day', 'gpt + 1 as gpt'],
  ['used_day', "'another' as name"],
])('a roll-up %s that is not the one that was written is made anew', async (table, moved) => {
  const { facts } = daybook.ledger
  const before = await factLines(facts)
  await facts.command(`create table kept as ${table}`)
  await facts.command(`insert into kept select * replace (${moved}) from ${table}`)
  await facts.command(`exchange tables kept and ${table}`)
  await facts.command('drop table kept sync')
  expect(await factLines(facts)).not.toEqual(before)
  await follow()
  expect(await factLines(facts)).toEqual(before)
})

test('a rebuild that was killed half-way is in nobody’s way, and one at a time is enough', async () => {
  const { facts } = daybook.ledger
  const before = await factLines(facts)
  await facts.command("create table message_fact_new as message_fact comment 'rebuild half-way'")
  await facts.command('insert into message_fact_new select * from message_fact limit 5')
  await follow()
  expect(await factLines(facts)).toEqual(before)
  const attempts = await Promise.allSettled([rebuildFacts(daybook.ledger), rebuildFacts(daybook.ledger)])
  expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await factLines(facts)).toEqual(before)
  const stopped = rebuildFacts(daybook.ledger, { signal: AbortSignal.abort() })
  await expect(stopped).rejects.toThrow()
  expect((await facts.query("select name from system.tables where name like '%_new'")).rows).toEqual([])
  expect(await factLines(facts)).toEqual(before)
})

test('no word, title, name or address of the record is in the facts', async () => {
  const place = await daybook.place()
  const planted = 'PLANTEDWORD'
  await daybook.take(place.ingest, [
    person('user-secret', { email: `${planted}@example.com`, name: planted, department: planted }),
    conversation('c-secret', 'user-secret', { title: planted }),
    message('m-secret', 'c-secret', { person_id: 'user-secret', content: [{ type: 'text', text: planted }] }),
    { kind: 'file', id: 'f-secret', name: `${planted}.pdf`, conversation_id: 'c-secret' },
    { kind: 'gpt', id: 'g-secret', name: planted, description: planted, instructions: planted },
  ])
  await follow()
  await daybook.stop()
  const folder = join(daybook.data, 'facts')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  await daybook.start()
  // Columns are compressed, but a dictionary's words can be read; what the rows hold is looked at as well.
  expect(texts.some((text) => text.includes('gpt-4o') || text.includes('Search'))).toBe(true)
  expect(texts.filter((text) => text.includes(planted))).toEqual([])
  expect(JSON.stringify(await factLines(daybook.ledger.facts))).not.toContain(planted)
})

test('people are managed while facts are written', async () => {
  const { database, organization } = daybook.ledger
  const [ada, bob] = [await somebody(daybook, ['owner']), await somebody(daybook, ['owner'])]
  const change = () => ada.ask('PUT', `/api/members/${bob.id}/roles`, { roles: ['member'] })
  expect((await withTurn(database.writes, organization.number, true, change))?.result.statusCode).toBe(200)
})
