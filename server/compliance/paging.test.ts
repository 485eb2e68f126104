import { describe, expect, test } from 'vitest'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { type ConversationReader, readConversations } from '../../test/support/conversation-reader.ts'
import { conversation, message, uuid } from '../../test/support/records.ts'
import { forgetOldPositions } from './page-position.ts'

const daybook = openTestApp()

const owners = ['user-1', 'user-2', 'user-3']

/** One thing that a writer was told is stored, and when it was told. */
type Written = { conversation: string; at: number } & ({ title: string } | { message: string })

/** A workspace with conversations, and everything that was ever written to it. */
class Scene {
  readonly place: Place
  readonly ownerOf = new Map<string, string>()
  readonly journal: Written[] = []
  /** Conversations of the beginning that nobody touched since. */
  readonly still = new Set<string>()
  #turn = 0

  constructor(place: Place) {
    this.place = place
  }

  get url(): string {
    return `/v1/compliance/workspaces/${this.place.id}/conversations`
  }

  async begin(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => uuid())
    await this.#write(ids.flatMap((id) => [this.#titled(id), this.#message(id)]))
    for (const id of ids) this.still.add(id)
    return ids
  }

  /** A message to a conversation, a new title for one, or a new one with its first message, in turn. */
  async change(id: string): Promise<void> {
    const turn = this.#turn++ % 3
    const target = turn === 2 ? uuid() : id
    this.still.delete(target)
    await this.#write(
      turn === 0 ? [this.#message(target)] : turn === 1 ? [this.#titled(target)] : [this.#titled(target), this.#message(target)],
    )
  }

  /** The conversation is changed, so that it moves to the end of the list. */
  async move(id: string): Promise<void> {
    this.still.delete(id)
    await this.#write([this.#turn++ % 2 === 0 ? this.#message(id) : this.#titled(id)])
  }

  any(): string {
    const ids = [...this.ownerOf.keys()]
    return ids[Math.floor(Math.random() * ids.length)] ?? ''
  }

  #titled(id: string) {
    if (!this.ownerOf.has(id)) this.ownerOf.set(id, owners[this.ownerOf.size % owners.length] ?? '')
    return conversation(id, this.ownerOf.get(id) ?? '', { title: `Title ${uuid()}` })
  }

  #message(id: string) {
    return message(uuid(), id, { content: null })
  }

  async #write(records: { kind: string; id: string }[]): Promise<void> {
    expect((await daybook.take(this.place.ingest, records)).rejected).toEqual([])
    const at = performance.now()
    for (const record of records) {
      if ('title' in record) this.journal.push({ conversation: record.id, at, title: String(record.title) })
      else if ('conversation_id' in record) this.journal.push({ conversation: String(record.conversation_id), at, message: record.id })
    }
  }

  /** What of all that was stored before a reader asked for its last page it never saw. */
  missedBy(reader: ConversationReader, wanted: (id: string) => boolean): Written[] {
    const titles = new Map<string, string[]>()
    for (const one of this.journal) if ('title' in one) titles.set(one.conversation, [...(titles.get(one.conversation) ?? []), one.title])
    return this.journal.filter((one) => {
      if (!wanted(one.conversation) || one.at >= reader.lastAsked) return false
      if ('message' in one) return !reader.messages.has(one.message)
      const order = titles.get(one.conversation) ?? []
      return order.indexOf(reader.lastTitle.get(one.conversation) ?? '') < order.indexOf(one.title)
    })
  }

  /** What a reader saw that nobody wrote, or that it did not ask for. */
  inventedFor(reader: ConversationReader, wanted: (id: string) => boolean): string[] {
    const written = new Set(this.journal.map((one) => ('message' in one ? one.message : one.title)))
    return [
      ...[...reader.messages].filter((id) => !written.has(id)),
      ...[...reader.lastTitle].flatMap(([id, title]) => (title !== null && written.has(title) && wanted(id) ? [] : [id])),
    ]
  }

  /** What nobody touched comes once and never again. */
  repeatedFor(reader: ConversationReader): string[] {
    return [...this.still].filter((id) => (reader.timesSeen.get(id) ?? 0) > 1)
  }
}

/** Writers that go on until they are told to stop, one batch after the other. */
function startWriters(scene: Scene, count: number): { stop(): Promise<void> } {
  let stopped = false
  const running = Array.from({ length: count }, async () => {
    while (!stopped) await scene.change(scene.any())
  })
  return {
    async stop() {
      stopped = true
      await Promise.all(running)
    },
  }
}

const nothing = async () => undefined
const everything = () => true

describe('while writers add, change and move conversations, the last one of every page among them', () => {
  test('three readers with one key miss nothing, see nothing invented and come to an end', async () => {
    const scene = new Scene(await daybook.place())
    const early = await scene.begin(260)
    const since = (await clock()) + 0.000001
    await scene.begin(260)
    const untouchedEarly = () => early.filter((id) => scene.still.has(id))
    let pages = 0
    const writers = startWriters(scene, 2)
    const between = async (lastId: string) => {
      pages++
      // Everybody gets to the end once the writers rest; until then the end runs away.
      if (pages < 200) await scene.move(lastId)
      else await writers.stop()
    }
    const walk = (first: string, next = first) =>
      readConversations(daybook, { url: scene.url, key: scene.place.read, first, next, between, most: 600 })
    const [all, recent, dropping, some] = await Promise.all([
      walk('limit=7'),
      walk(`since_timestamp=${since}&limit=7`),
      walk(`since_timestamp=${since}&limit=6`, 'limit=6'),
      walk('users=user-1&users=user-2&limit=7'),
    ])
    await writers.stop()
    const ofSome = (id: string) => scene.ownerOf.get(id) !== 'user-3'
    const ofRecent = (id: string) => !untouchedEarly().includes(id)

    expect(pages).toBeGreaterThanOrEqual(200)
    expect(scene.journal.length).toBeGreaterThan(4 * 260 + 200)
    expect(scene.still.size).toBeGreaterThan(50)
    for (const [name, reader, wanted] of [
      ['all', all, everything],
      ['since_timestamp on every page', recent, ofRecent],
      ['since_timestamp on the first page', dropping, ofRecent],
      ['users', some, ofSome],
    ] as const) {
      expect(scene.missedBy(reader, wanted), name).toEqual([])
      expect(scene.inventedFor(reader, wanted), name).toEqual([])
      expect(scene.repeatedFor(reader), name).toEqual([])
      expect(
        [...scene.still].filter((id) => wanted(id) && !reader.timesSeen.has(id)),
        name,
      ).toEqual([])
    }
  })

  test('and the test would notice: without the remembered positions the same reader misses much', async () => {
    const scene = new Scene(await daybook.place())
    await scene.begin(100)
    let pages = 0
    const reader = await readConversations(daybook, {
      ...{ url: scene.url, key: scene.place.read, first: 'limit=7', next: 'limit=7', most: 100 },
      async between(lastId) {
        if (pages++ < 10) await scene.move(lastId)
        await daybook.ledger.database.writes.query('delete from page_position')
      },
    })
    expect(scene.missedBy(reader, everything).length).toBeGreaterThan(50)
  })

  test('the flat form misses nothing either', async () => {
    const scene = new Scene(await daybook.place())
    await scene.begin(90)
    let pages = 0
    const writers = startWriters(scene, 1)
    const reader = await readConversations(daybook, {
      ...{
        url: '/v1/compliance/conversations',
        key: scene.place.read,
        first: 'user_ids=user-1,user-3&limit=4',
        next: 'user_ids=user-3,user-1&limit=4',
      },
      most: 300,
      async between(lastId) {
        if (pages++ < 30) await scene.move(lastId)
        else await writers.stop()
      },
    })
    await writers.stop()
    const wanted = (id: string) => scene.ownerOf.get(id) !== 'user-2'
    expect(pages).toBeGreaterThan(15)
    expect(scene.missedBy(reader, wanted)).toEqual([])
    expect(scene.inventedFor(reader, wanted)).toEqual([])
  })

  const clock = async () =>
    (await daybook.rows<{ at: number }>('select extract(epoch from committed_at)::float8 as at from ledger_head'))[0]?.at ?? 0
})

describe('a walk', () => {
  const walk = (scene: Scene, first: string, next: string, between: (lastId: string) => Promise<void> = nothing) =>
    readConversations(daybook, { url: scene.url, key: scene.place.read, first, next, between, most: 100 })

  test('comes to an end though the conversation a page ended with moves every time', async () => {
    const scene = new Scene(await daybook.place())
    await scene.begin(6)
    let moves = 0
    const reader = await walk(scene, 'limit=1', 'limit=1', async (lastId) => {
      if (moves++ < 20) await scene.move(lastId)
    })
    expect(scene.missedBy(reader, everything)).toEqual([])
  })

  test('ends, and misses nothing, where an earlier one of the same key began elsewhere', async () => {
    const scene = new Scene(await daybook.place())
    const ids = await scene.begin(6)
    await walk(scene, 'limit=1', 'limit=1')
    for (const id of ids.slice(0, 3)) await scene.move(id)
    const reader = await walk(scene, 'since_timestamp=0&limit=1', 'limit=1')
    expect(reader.pages).toBeLessThan(20)
    expect(scene.missedBy(reader, everything)).toEqual([])
  })

  test('loses nothing to another with the same key and parameters that was handed the same conversation later', async () => {
    const scene = new Scene(await daybook.place())
    const ids = await scene.begin(20)
    const page = async (query: string) => (await daybook.get(`${scene.url}?${query}`, scene.place.read)).json()
    const shown = (reply: { data: { id: string }[] }) => reply.data.map(({ id }) => id)
    const moved = (await page('limit=7')).last_id
    await scene.move(moved)
    expect(shown(await page(`limit=7&after=${ids.at(-1)}`))).toEqual([moved])
    // Whichever of the two asks first, each gets at least what it has not seen.
    const once = await page(`limit=7&after=${moved}`)
    const twice = await page(`limit=7&after=${moved}`)
    expect(shown(once)).toEqual(ids.slice(7, 14))
    expect(shown(twice)).toEqual(ids.slice(7, 14))
    expect(shown(await page(`limit=7&after=${moved}`))).toEqual([])
  })

  test('may be taken up again at any of its pages, however often', async () => {
    const scene = new Scene(await daybook.place())
    await scene.begin(10)
    const [first] = [await daybook.get(`${scene.url}?limit=3`, scene.place.read)]
    const { last_id } = first.json()
    const next = () => daybook.get(`${scene.url}?limit=3&after=${last_id}`, scene.place.read)
    const before = (await next()).json()
    await scene.move(last_id)
    expect((await next()).json()).toEqual(before)
    expect((await next()).json()).toEqual(before)
  })

  test('is remembered for seven days', async () => {
    const scene = new Scene(await daybook.place())
    const ids = await scene.begin(3)
    await daybook.get(`${scene.url}?limit=1`, scene.place.read)
    await scene.move(ids[0] ?? '')
    const aged = (days: number) =>
      daybook.ledger.database.writes.query(`update page_position set handed_out_at = now() - $1 * interval '1 day' where last_id = $2`, [
        days,
        ids[0],
      ])
    const rest = async () => (await daybook.get(`${scene.url}?limit=1&after=${ids[0]}`, scene.place.read)).json().data.length
    await aged(6.9)
    await forgetOldPositions(daybook)
    expect(await rest()).toBe(1)
    await aged(7.1)
    await forgetOldPositions(daybook)
    expect(await rest()).toBe(0)
  })

  test('of another key is another walk', async () => {
    const scene = new Scene(await daybook.place())
    const ids = await scene.begin(4)
    const second = await daybook.key(['compliance:read'], scene.place)
    await daybook.get(`${scene.url}?limit=2`, scene.place.read)
    await scene.move(ids[1] ?? '')
    const after = async (key: string) =>
      (await daybook.get(`${scene.url}?limit=9&after=${ids[1]}`, key)).json().data.map(({ id }: { id: string }) => id)
    expect(await after(second)).toEqual([])
    const again = await daybook.get(`${scene.url}?limit=2&after=${ids[1]}`, scene.place.read)
    expect(again.json().data.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[3]])
  })
})
