import { expect, test } from 'vitest'
import { pick, randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { reconciledMetrics } from '../../contract/analytics.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { factLines } from '../../test/support/facts.ts'
import { purgeNow } from '../../test/support/purging.ts'
import { shuffled } from '../../test/support/random-history.ts'
import { chance, type Random, randomRecords } from '../../test/support/random-records.ts'
import { seed } from '../../test/support/seed.ts'
import { Follower } from './follow.ts'
import { rebuildFacts } from './rebuild.ts'

const daybook = openTestApp()
const follow = () => new Follower(daybook.ledger).catchUp()

/** What the same things have in both stores: whose a message counts as, and whether it is deleted. */
async function bothStores(place: Place) {
  const inLedger = await daybook.rows<{ conversation: number; message: number; person: number; deleted: boolean }>(
    `select m.conversation, m.first_seq as message, m.deleted_at is not null or i.deleted_at is not null as deleted,
       coalesce(case when l.remains::json->>'role' = 'user' then m.person end, c.person, 0) as person
     from message m join conversation c on c.organization_id = m.organization_id and c.number = m.conversation
     join item i on i.organization_id = m.organization_id and i.number = m.conversation
     join log l on l.organization_id = m.organization_id and l.seq = m.seq where m.workspace_id = $1 order by 1, 2`,
    [place.number],
  )
  const { rows } = await daybook.ledger.facts.query<{ conversation: number; message: number; person: number; deleted: number }>(
    `select conversation, message, any(person) as person, any(deleted) as deleted from (
       select * except (sign), sum(sign) as copies from message_fact where workspace = ${place.number} group by all having copies != 0)
     group by conversation, message order by conversation, message`,
  )
  const plain = (some: readonly object[]) =>
    some.map((row) =>
      Object.entries(row)
        .toSorted()
        .map(([name, value]) => `${name} ${Number(value)}`)
        .join(' '),
    )
  return { ledger: plain(inLedger), facts: plain(rows) }
}

async function purgeAny(place: Place, random: Random): Promise<void> {
  const messages = await daybook.rows<{ conversation: number; first_seq: number }>(
    `select m.conversation, m.first_seq from message m join conversation c on c.organization_id = m.organization_id and c.number = m.conversation
     where m.workspace_id = $1 and m.purged_at is null and c.purged_at is null and m.seq is not null order by 1, 2`,
    [place.number],
  )
  if (messages.length === 0) return
  const { conversation, first_seq: firstSeq } = pick(random, messages)
  await purgeNow(daybook.ledger, [
    { workspace: place, ...(chance(random, 0.7) ? { message: { conversation, firstSeq } } : { item: conversation }) },
  ])
}

test.each([1, 2])(
  `whatever was said and erased in whatever order, both stores say the same of it (history %i, seed ${seed})`,
  async (n) => {
    const random = randomFrom(seed * 777 + n)
    const place = await daybook.place()
    const sent = shuffled(random, randomRecords(random, 300))
    for (let at = 0; at < sent.length; ) {
      const batch = sent.slice(at, at + wholeBetween(random, 1, 25))
      at += batch.length
      await daybook.take(place.ingest, batch)
      if (chance(random, 0.5)) await follow()
      if (chance(random, 0.3)) await purgeAny(place, random)
    }
    await follow()
    const { ledger, facts } = await bothStores(place)
    expect(facts).toEqual(ledger)
    expect(facts.length).toBeGreaterThan(10)
    const key = await daybook.key(['analytics:read'], place)
    for (const metric of reconciledMetrics) {
      const parameters = new URLSearchParams({ workspace_id: place.id, metric, range: '2024-03' })
      const answer = await daybook.get(`/api/analytics/reconciliation?${parameters}`, key)
      expect(answer.json(), answer.body).toMatchObject({ adds_up: true })
    }
    const followed = await factLines(daybook.ledger.facts)
    await rebuildFacts(daybook.ledger)
    expect(await factLines(daybook.ledger.facts)).toEqual(followed)
  },
)
