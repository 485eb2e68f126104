import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { factLines } from '../../test/support/facts.ts'
import { conversation, message } from '../../test/support/records.ts'
import { Follower } from './follow.ts'
import { Chunks, type Span } from './follow-chunks.ts'
import { FactsThread } from './follow-thread.ts'
import { rebuildFacts } from './rebuild.ts'
import { factsStatus } from './status.ts'

const daybook = openTestApp()

const records = Array.from({ length: 40 }, (_, n) => [
  conversation(`c-${n}`, 'user-1'),
  message(`m-${n}`, `c-${n}`, { person_id: 'user-1' }),
  message(`a-${n}`, `c-${n}`, { role: 'assistant', model: 'gpt-4o', tools: ['web'], parent_id: `m-${n}` }),
]).flat()

test('a thread makes the chunks that are made in the foreground, batch after batch', async () => {
  const place = await daybook.place()
  const { last_seq: after } = await daybook.take(place.ingest, records)
  const { database, organization } = daybook.ledger
  const rows = await daybook.rows<{ conversation: number }>('select distinct conversation from message order by conversation')
  const conversations = rows.map((row) => row.conversation)
  const spans: Span[] = [0, after - 10].map((before) => ({ organization: organization.number, conversations, before, after }))
  const thread = new FactsThread(database.connection, 16)
  try {
    for (const span of spans) {
      const plain = new Chunks(database.reads)
      expect(await thread.add(span)).toEqual(await plain.add(span))
      expect(textOf(await thread.rest())).toEqual(textOf(await plain.rest()))
    }
  } finally {
    await thread.end()
  }
})

const textOf = (chunk: Awaited<ReturnType<Chunks['rest']>>) =>
  Object.entries(chunk).map(([table, { pieces, count }]) => [table, count, Buffer.concat(pieces).toString()])

test('a thread that fails says so, then and whenever it is asked again', async () => {
  const thread = new FactsThread({ host: '/nowhere' }, 16)
  await expect(thread.add({ organization: 1, conversations: [1], before: 0, after: 1 })).rejects.toThrow()
  await expect(thread.rest()).rejects.toThrow()
  await thread.end()
})

test('a follower in the background comes to the same facts as a rebuild, also when its thread cannot work for a while', async () => {
  const place = await daybook.place()
  const { ledger } = daybook
  const working = ledger.database.connection
  const database = { ...ledger.database, connection: { host: '/nowhere' } }
  const follower = new Follower({ ...ledger, database })
  follower.start()
  await daybook.take(place.ingest, records)
  await expect.poll(() => daybook.logs, { timeout: 10_000 }).toContain('"event":"facts-follow"')
  database.connection = { ...working } as typeof database.connection
  await expect.poll(async () => (await factsStatus(ledger)).lag_seconds, { timeout: 20_000 }).toBe(0)
  await follower.stop()
  const followed = await factLines(ledger.facts)
  expect(followed.message_fact?.length).toBeGreaterThanOrEqual(80)
  await rebuildFacts(ledger)
  expect(await factLines(ledger.facts)).toEqual(followed)
})
