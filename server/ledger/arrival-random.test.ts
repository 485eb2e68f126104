import { expect, test } from 'vitest'
import { pick, randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { at, PlainConversations } from '../../test/support/plain-conversations.ts'
import { purgeNow } from '../../test/support/purging.ts'
import { shuffled } from '../../test/support/random-history.ts'
import { chance, type Random, randomRecords } from '../../test/support/random-records.ts'
import { seed } from '../../test/support/seed.ts'

const daybook = openTestApp()

/** Everything the current records say, with places in the log in the stead of its numbers. */
async function current(place: Place) {
  const seqs = await daybook.rows<{ seq: number }>("select seq from log where workspace_id = $1 and source <> 'daybook' order by seq", [
    place.number,
  ])
  const order = new Map(seqs.map(({ seq }, i) => [seq, i]))
  const names = new Map(
    (
      await daybook.rows<{ number: number; name: string }>(
        "select number, kind || ' ' || source || ' ' || id as name from item where workspace_id = $1",
        [place.number],
      )
    ).map(({ number, name }) => [number, name]),
  )
  const plain = (rows: readonly Record<string, unknown>[]) =>
    rows
      .map((row) =>
        JSON.stringify(
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              /seq|position/.test(name)
                ? (order.get(value as number) ?? value)
                : /^(number|item|person|conversation)$/.test(name)
                  ? (names.get(value as number) ?? value)
                  : value,
            ]),
          ),
        ),
      )
      .sort()
  return {
    items: plain(
      await daybook.rows(
        'select number, seq, updated_at, created_at, deleted_at, person, conversation from item where workspace_id = $1 order by number',
        [place.number],
      ),
    ),
    conversations: plain(
      await daybook.rows(
        'select number, person, position, created_at, first_message_at, last_active_at from conversation where workspace_id = $1',
        [place.number],
      ),
    ),
    messages: plain(
      await daybook.rows(
        'select conversation, first_seq, seq, id, updated_at, created_at, deleted_at, person, repeated_id from message where workspace_id = $1',
        [place.number],
      ),
    ),
    versions: plain(
      await daybook.rows('select v.item, v.seq, v.updated_at from version v join item i on i.number = v.item where i.workspace_id = $1', [
        place.number,
      ]),
    ),
  }
}

test.each([1, 2, 3, 4])(`the current records are the same whatever the batches were (history %i, seed ${seed})`, async (n) => {
  const random = randomFrom(seed * 100 + n)
  const sent = shuffled(random, randomRecords(random, 150))
  const [one, several, all] = [await daybook.place(), await daybook.place(), await daybook.place()]
  const outcomes = new Map<Place, unknown[]>()
  for (const [place, size] of [
    [one, () => 1],
    [several, () => wholeBetween(random, 2, 30)],
    [all, () => sent.length],
  ] as const) {
    const rejected: unknown[] = []
    for (let at = 0; at < sent.length; ) {
      const batch = sent.slice(at, at + size())
      const reply = await daybook.take(place.ingest, batch)
      for (const { line, code } of reply.rejected) rejected.push([at + line, code])
      at += batch.length
    }
    outcomes.set(place, rejected)
  }
  const expected = await current(one)
  expect(outcomes.get(several)).toEqual(outcomes.get(one))
  expect(outcomes.get(all)).toEqual(outcomes.get(one))
  expect(await current(several)).toEqual(expected)
  expect(await current(all)).toEqual(expected)
})

/** The same of the database. */
async function conversationRows(place: Place, places: ReadonlyMap<number, number>) {
  const rows = await daybook.rows<{
    number: number
    name: string
    person: string | null
    position: number
    purged: boolean
    [time: string]: unknown
  }>(
    `select c.number, i.source || ' ' || i.id as name, p.id as person, c.position, c.first_message_at, c.last_active_at, c.purged_at is not null as purged,
       c.changed_at = l.received_at as on_time
     from conversation c join item i on i.organization_id = c.organization_id and i.number = c.number
     left join item p on p.organization_id = c.organization_id and p.number = c.person
     join log l on l.organization_id = c.organization_id and l.seq = c.position where c.workspace_id = $1`,
    [place.number],
  )
  const messages = await daybook.rows<{
    conversation: number
    id: string
    seq: number | null
    person: string | null
    purged: boolean
    [time: string]: unknown
  }>(
    `select m.conversation, m.id, m.seq, m.created_at, m.deleted_at, p.id as person, m.purged_at is not null as purged
     from message m left join item p on p.organization_id = m.organization_id and p.number = m.person
     where m.workspace_id = $1 order by m.first_seq`,
    [place.number],
  )
  expect(rows.filter(({ on_time }) => !on_time)).toEqual([])
  return rows.map(({ number, name, person, position, purged, first_message_at, last_active_at }) => ({
    ...{ name, person, moved: places.get(position), first: at(first_message_at), last: at(last_active_at), purged },
    messages: messages
      .filter(({ conversation }) => conversation === number)
      .map(({ id, seq, created_at, deleted_at, person: writer, purged: gone }) => ({
        ...{
          id,
          purged: gone,
          current: seq === null ? null : (places.get(seq) ?? -1),
          created_at: at(created_at),
          person: writer,
          deleted_at: at(deleted_at),
        },
      })),
  }))
}

test.each([1, 2, 3])(`conversations are what was said of them, whatever is erased meanwhile (history %i, seed ${seed})`, async (n) => {
  const random = randomFrom(seed * 1000 + n)
  const place = await daybook.place()
  const plain = new PlainConversations()
  const places = new Map<number, number>()
  const sent = shuffled(random, randomRecords(random, 150)).map((one, i) => ({ ...one, x_place: i }))
  for (const [i, one] of sent.entries()) {
    const reply = await daybook.take(place.ingest, [one])
    if (reply.accepted + reply.updated === 1) {
      places.set(reply.last_seq, i)
      plain.take(one, i)
    }
    if (!chance(random, 0.1)) continue
    const purged = await purgeAny(place, random)
    if (!purged) continue
    places.set(purged.seq, i + 0.5)
    plain.purge(purged.conversation, purged.message, i + 0.5)
  }
  const byName = (rows: { name: string }[]) => rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  expect(byName(await conversationRows(place, places))).toEqual(byName(plain.rows()))
})

async function purgeAny(place: Place, random: Random) {
  const chats = await daybook.rows<{ number: number; name: string }>(
    `select c.number, i.source || ' ' || i.id as name from conversation c join item i using (organization_id, number)
     where c.workspace_id = $1 and c.purged_at is null order by c.number`,
    [place.number],
  )
  if (chats.length === 0) return null
  const chat = pick(random, chats)
  const messages = await daybook.rows<{ first_seq: number; id: string }>(
    'select first_seq, id from message where conversation = $1 and purged_at is null and seq is not null order by first_seq',
    [chat.number],
  )
  const message = messages.length > 0 && chance(random, 0.7) ? pick(random, messages) : null
  const target = message ? { message: { conversation: chat.number, firstSeq: message.first_seq } } : { item: chat.number }
  const [purged] = await purgeNow(daybook.ledger, [{ workspace: place, ...target }])
  const [receipt] = await daybook.rows<{ seq: number }>('select seq from receipt where id = $1', [purged?.receipt])
  return { seq: receipt?.seq ?? 0, conversation: chat.name, message: message?.id ?? null }
}
