import { expect, test } from 'vitest'
import { pick, randomFrom, wholeBetween } from '../../bench/support/random.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { factLines } from '../../test/support/facts.ts'
import type { Sent } from '../../test/support/plain-facts.ts'
import { itemTargets, messageTargets, purgeNow, receiptOf } from '../../test/support/purging.ts'
import { randomHistory, shuffled } from '../../test/support/random-history.ts'
import { uuid } from '../../test/support/records.ts'
import { seed } from '../../test/support/seed.ts'
import { Follower } from '../analytics/follow.ts'
import { rebuildFacts } from '../analytics/rebuild.ts'

const daybook = openTestApp()

/** What is there after random purges, worked out from what was sent alone. */
class PlainRecord {
  /** Everything that was taken and not erased since, by its mark. */
  readonly live = new Map<string, Sent>()
  /** What is known of each conversation: its messages, those among them that are only known to be deleted, and itself. */
  readonly #known = new Map<string, Set<string>>()
  readonly purged = new Set<string>()

  take(one: Sent, mark: string): void {
    const known = this.#known.get(conversationOf(one)) ?? new Set()
    this.#known.set(conversationOf(one), known.add(one.kind === 'deletion' ? `message ${one.of.id}` : keyOf(one)))
    if (one.kind !== 'deletion') this.live.set(mark, one)
  }

  purge(one: Sent): void {
    const all = one.kind === 'conversation' ? (this.#known.get(one.id) ?? new Set()) : new Set([keyOf(one)])
    for (const key of [keyOf(one), ...all]) this.purged.add(key)
    for (const [mark, other] of this.live) if (this.purged.has(keyOf(other))) this.live.delete(mark)
  }
}

const keyOf = (one: Sent) => (one.kind === 'deletion' ? '' : `${one.kind} ${one.id}`)

function conversationOf(one: Sent): string {
  if (one.kind === 'deletion') return one.of.conversation_id ?? one.of.id
  return one.kind === 'conversation' ? one.id : one.conversation_id
}

test.each([1, 2])(
  `whatever is erased whenever, what is left is readable, what is gone is accounted for, and no count moves (history %i, seed ${seed})`,
  async (n) => {
    const random = randomFrom(seed + n)
    const place = await daybook.place()
    const plain = new PlainRecord()
    const sent = shuffled(random, randomHistory(random, 25))
    const receipts: string[] = []
    for (let at = 0; at < sent.length; ) {
      const batch = sent.slice(at, at + wholeBetween(random, 1, 60)).map((one) => ({ one, mark: uuid() }))
      at += batch.length
      const lines = batch.map(({ one, mark }) => ({ ...one, x_mark: mark }))
      const refused = new Map((await daybook.take(place.ingest, lines)).rejected.map(({ line, code }) => [line - 1, code]))
      batch.forEach(({ one, mark }, i) => {
        const code = refused.get(i) ?? 'taken'
        // Two versions of one time are a conflict, whatever became of the first.
        expect(code, JSON.stringify(one)).toBe(plain.purged.has(keyOf(one)) ? 'purged' : code === 'conflict' ? code : 'taken')
        if (code === 'taken') plain.take(one, mark)
      })
      if (random() < 0.5) await new Follower(daybook.ledger).catchUp()
      receipts.push(...(await purgeSome(place, random, sent.slice(0, at), plain)))
    }
    const records = (await daybook.records(place.read)).filter(({ kind }) => kind === 'message' || kind === 'conversation')
    const readable = records.filter(({ erased }) => !erased).map(({ x_mark }) => String(x_mark))
    expect(readable.toSorted()).toEqual([...plain.live.keys()].toSorted())
    await checkAccounts(place, receipts)
    await new Follower(daybook.ledger).catchUp()
    const followed = await factLines(daybook.ledger.facts)
    await rebuildFacts(daybook.ledger)
    expect(await factLines(daybook.ledger.facts)).toEqual(followed)
  },
)

/** Each entry has payload and salt, or neither and a receipt with its commitment; every entry one receipt. */
async function checkAccounts(place: Place, receipts: readonly string[]): Promise<void> {
  const rows = await daybook.rows<{ seq: number; kind: string; commitment: Buffer; erased: boolean; salted: boolean }>(
    `select l.seq, l.kind, l.commitment, l.payload is null as erased, s.salt is not null as salted
     from log l left join salts.log s using (organization_id, seq) where l.workspace_id = $1 order by l.seq`,
    [place.number],
  )
  expect(rows.every(({ erased, salted }) => erased !== salted)).toBe(true)
  const gone = rows.flatMap(({ seq, kind, commitment, erased }) =>
    erased ? [{ seq, kind, commitment: commitment.toString('base64') }] : [],
  )
  const accounted = (await Promise.all(receipts.map((id) => receiptOf(daybook, place, id)))).flatMap(({ entries }) => entries)
  expect(accounted.toSorted((a, b) => a.seq - b.seq)).toEqual(gone)
  expect(gone.length).toBeGreaterThan(0)
}

/** Erases a few of what was sent so far; what is not there, or not any more, is refused. */
async function purgeSome(place: Place, random: () => number, sent: readonly Sent[], plain: PlainRecord): Promise<string[]> {
  const receipts: string[] = []
  for (let n = wholeBetween(random, 0, 5); n > 0; n--) {
    const one = pick(random, sent)
    if (one.kind === 'deletion' || (one.kind === 'conversation' && random() < 0.5)) continue
    const targets =
      one.kind === 'conversation'
        ? await itemTargets(daybook, place, 'conversation', [one.id])
        : await messageTargets(daybook, place, [one.id])
    const purged = await purgeNow(daybook.ledger, targets).catch((error: { code?: string }) => {
      expect(error.code).toBe('not_found')
      return []
    })
    receipts.push(...purged.map(({ receipt }) => receipt))
    if (purged.length > 0) plain.purge(one)
  }
  return receipts
}
