import { expect, test } from 'vitest'
import { pick, randomFrom, uuidOf, wholeBetween } from '../../bench/support/random.ts'
import { type SearchKind, savedSearch, searchKinds, searchReply } from '../../contract/search.ts'
import { openTestApp, type Place, type StoredRecord } from '../../test/support/app.ts'
import { itemTargets, messageTargets, purgeNow } from '../../test/support/purging.ts'
import { conversation, message, person } from '../../test/support/records.ts'
import { Searching } from '../../test/support/searching.ts'
import { seed } from '../../test/support/seed.ts'
import { Indexer } from './index-follow.ts'
import { rebuildIndex } from './index-rebuild.ts'

const daybook = openTestApp()
const searching = new Searching(daybook)
const random = randomFrom(seed)
const chance = (of: number) => random() < of
const whole = (least: number, most: number) => wholeBetween(random, least, most)

const vocabulary = ['alpha', 'beta', 'gamma', 'delta', 'omega', `${'long'.repeat(16)}one`, `${'long'.repeat(16)}two`]
const people = ['user-1', 'user-2', 'user-3']
const days = ['2024-05-01', '2024-05-02', '2024-05-03', '2024-05-04']
const prose = () => Array.from({ length: whole(1, 7) }, () => pick(random, vocabulary)).join(pick(random, [' ', ', ', '\n', '-']))
const at = () => `${pick(random, days)}T${pick(random, ['00:00:00', '12:30:00', '23:59:59'])}Z`

interface Asked {
  readonly text: string
  readonly kinds?: readonly SearchKind[]
  readonly person_id?: string
  readonly since?: string
  readonly until?: string
}

/** With what its text means: words that follow each other. */
interface Query {
  readonly asked: Asked
  readonly runs: readonly (readonly string[])[]
}

function anyQuery(): Query {
  const runs = Array.from({ length: whole(1, 3) }, () =>
    Array.from({ length: chance(0.6) ? 1 : whole(2, 3) }, () => pick(random, vocabulary)),
  )
  const text = runs.map((run) => (run.length === 1 ? run[0]?.toUpperCase() : `"${run.join(' ')}"`)).join(' ')
  const kinds = searchKinds.filter(() => chance(0.5))
  const asked = {
    text,
    ...(chance(0.3) && kinds.length > 0 ? { kinds } : {}),
    ...(chance(0.3) ? { person_id: pick(random, people) } : {}),
    ...(chance(0.2) ? { since: chance(0.5) ? pick(random, days) : at() } : {}),
    ...(chance(0.2) ? { until: chance(0.5) ? pick(random, days) : at() } : {}),
  }
  return { asked, runs }
}

/** What the record holds, in plain words, and what is done to it. */
class History {
  readonly place: Place
  readonly chats: string[] = []
  readonly messages: { id: string; chat: string }[] = []
  readonly items: { kind: 'memory' | 'canvas' | 'file'; id: string }[] = []
  readonly #bytes = new Map<string, string[]>()
  #version = 0

  constructor(place: Place) {
    this.place = place
  }

  #later = () => `2025-01-01T00:00:00.${String(++this.#version).padStart(6, '0')}Z`

  async step(): Promise<void> {
    const turn = random()
    if (turn < 0.15 || this.chats.length === 0) await this.#chat()
    else if (turn < 0.5) await this.#say()
    else if (turn < 0.6 && this.messages.length > 0) await this.#edit()
    else if (turn < 0.75) await this.#keep()
    else if (turn < 0.8 && this.messages.length > 0) await this.#delete()
    else if (turn < 0.87) await this.#purge()
    else if (turn < 0.99) await new Indexer(daybook.ledger).catchUp(whole(1, 40))
    else await rebuildIndex(daybook.ledger)
  }

  #take = (records: readonly object[]) => daybook.take(this.place.ingest, records)

  async #chat(): Promise<void> {
    const isNew = this.chats.length < 3 || chance(0.5)
    const id = isNew ? uuidOf(random) : pick(random, this.chats)
    if (isNew) this.chats.push(id)
    await this.#take([conversation(id, pick(random, people), { title: prose(), created_at: at(), updated_at: this.#later() })])
  }

  async #say(): Promise<void> {
    const said = Array.from({ length: whole(1, 5) }, () => ({ id: uuidOf(random), chat: pick(random, this.chats) }))
    this.messages.push(...said)
    await this.#take(said.map((one) => this.#message(one)))
  }

  #message({ id, chat }: { id: string; chat: string }) {
    const content = Array.from({ length: whole(1, 2) }, () => ({ type: 'text', text: prose() }))
    return message(id, chat, {
      content,
      created_at: at(),
      updated_at: this.#later(),
      ...(chance(0.5) ? { person_id: pick(random, people) } : {}),
    })
  }

  #edit = () => this.#take([this.#message(pick(random, this.messages))])

  async #keep(): Promise<void> {
    const kind = pick(random, ['memory', 'canvas', 'file'] as const)
    const known = this.items.filter((item) => item.kind === kind)
    const item = known.length > 0 && chance(0.5) ? pick(random, known) : { kind, id: uuidOf(random) }
    if (!known.includes(item)) this.items.push(item)
    const says = kind === 'file' ? { name: prose() } : kind === 'memory' ? { content: prose() } : { name: prose(), content: prose() }
    await this.#take([{ ...item, person_id: pick(random, people), updated_at: this.#later(), ...says }])
    if (kind !== 'file') return
    const payload = prose()
    this.#bytes.set(item.id, [...(this.#bytes.get(item.id) ?? []), payload])
    await daybook.inject({ method: 'PUT', url: `/api/intake/files/${item.id}/bytes`, key: this.place.ingest, payload })
  }

  async #delete(): Promise<void> {
    const { id, chat } = pick(random, this.messages)
    await this.#take([{ kind: 'deletion', of: { kind: 'message', id, conversation_id: chat }, deleted_at: at() }])
  }

  async #purge(): Promise<void> {
    const item = this.items.length > 0 && chance(0.3) ? this.items.splice(whole(0, this.items.length - 1), 1)[0] : undefined
    const said = item === undefined && this.messages.length > 0 ? this.messages.splice(whole(0, this.messages.length - 1), 1) : []
    if (item) this.#bytes.delete(item.id)
    await purgeNow(daybook.ledger, [
      ...(item ? await itemTargets(daybook, this.place, item.kind, [item.id]) : []),
      ...(await messageTargets(
        daybook,
        this.place,
        said.map(({ id }) => id),
      )),
    ])
  }

  /** The places of everything that is found, the newest first: by a scan of the raw records. */
  async scan({ asked, runs }: Query): Promise<number[]> {
    const records = (await daybook.records(this.place.read)).filter(({ erased }) => !erased)
    const times = await daybook.rows<{ seq: number; at: string }>('select seq, coalesce(occurred_at, received_at) as at from log')
    const whenOf = new Map(times.map((row) => [row.seq, Date.parse(row.at)]))
    const newest = new Map(records.map((record) => [`${record.kind} ${record.id}`, record]))
    const brought = new Map<string, number>()
    const isWanted = (record: StoredRecord) => {
      const nth = brought.get(String(record.id)) ?? 0
      if (record.kind === 'file_bytes') brought.set(String(record.id), nth + 1)
      const texts = record.kind === 'file_bytes' ? [this.#bytesOf(String(record.id))[nth] ?? ''] : textsOf(record)
      const kind = record.kind === 'file_bytes' ? 'file' : record.kind
      const holder = newest.get(kind === 'message' ? `conversation ${record.conversation_id}` : `${kind} ${record.id}`)
      const when = whenOf.get(record.seq) ?? 0
      return (
        runs.every((run) => texts.some((text) => follows(run, text))) &&
        (!asked.kinds || asked.kinds.some((one) => one === kind)) &&
        (!asked.person_id || (record.person_id ?? holder?.person_id) === asked.person_id) &&
        (!asked.since || when >= Date.parse(asked.since)) &&
        (!asked.until || when <= Date.parse(asked.until.length === 10 ? `${asked.until}T23:59:59.999Z` : asked.until))
      )
    }
    return records
      .filter(isWanted)
      .map(({ seq }) => seq)
      .reverse()
  }

  /** The same bytes again are no entry. */
  #bytesOf = (id: string) => (this.#bytes.get(id) ?? []).filter((one, n, all) => one !== all[n - 1])
}

function textsOf({ kind, title, name, content }: StoredRecord): string[] {
  if (kind === 'message') return (content as { text: string }[]).map(({ text }) => text) // as they were sent
  const field: Record<string, unknown[]> = { conversation: [title], file: [name], memory: [content], canvas: [name, content] }
  return (field[kind] ?? []).map(String)
}

function follows(run: readonly string[], text: string): boolean {
  const words = text.split(/[^a-z]+/)
  return words.some((_, n) => run.every((word, i) => words[n + i] === word))
}

async function head(): Promise<number> {
  return (await daybook.rows<{ seq: number }>('select seq from ledger_head'))[0]?.seq ?? 0
}

test(`whatever is said, changed and erased, a search finds what a scan finds, also when that goes on between its pages (seed ${seed})`, async () => {
  const histories = [new History(await daybook.place()), new History(await daybook.place())]
  for (const { place } of histories)
    await daybook.take(
      place.ingest,
      people.map((id) => person(id)),
    )
  let matches = 0
  for (let round = 0; round < 80; round++) {
    const history = pick(random, histories)
    for (let n = whole(1, 4); n > 0; n--) await history.step()
    const query = anyQuery()
    const [until, before] = [await head(), await history.scan(query)]
    const found: number[] = []
    const limit = pick(random, [1, 2, 5, 50])
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await searching.page(history.place, { ...query.asked, limit, ...(cursor === undefined ? {} : { cursor }) })
      found.push(...page.data.map(({ seq }) => seq))
      cursor = page.cursor
      if (cursor !== null && chance(0.2)) await pick(random, histories).step()
    }
    const after = new Set(await history.scan(query))
    expect(found, JSON.stringify(query.asked)).toEqual(found.toSorted((a, b) => b - a))
    expect(new Set(found).size).toBe(found.length)
    expect(
      before.filter((seq) => after.has(seq) && !found.includes(seq)),
      `missed by ${JSON.stringify(query.asked)}`,
    ).toEqual([])
    expect(
      found.filter((seq) => seq > until || !(before.includes(seq) || after.has(seq))),
      `too much by ${JSON.stringify(query.asked)}`,
    ).toEqual([])
    matches += found.length
  }
  expect(matches).toBeGreaterThan(150)
}, 180_000)

test(`a saved search finds what was recorded while it was active, each once (seed ${seed})`, async () => {
  const history = new History(await daybook.place())
  const { place } = history
  await daybook.take(
    place.ingest,
    people.map((id) => person(id)),
  )
  const saved: { id: string; query: Query; active: boolean; spans: [number, number][] }[] = []
  for (let round = 0; round < 120; round++) {
    await history.step()
    const now = await head()
    if (saved.length < 12 && chance(0.3)) {
      const query = anyQuery()
      // Whose something is may be known later only; a saved search looks once.
      if (query.asked.person_id) continue
      const payload = { workspace_id: place.id, name: 'one', purpose: 'a test', ...query.asked }
      const answer = await daybook.inject({ method: 'POST', url: '/api/saved-searches', key: place.read, payload })
      saved.push({ id: savedSearch.parse(answer.json()).id, query, active: true, spans: [[now, Number.POSITIVE_INFINITY]] })
    } else if (saved.length > 0 && chance(0.3)) {
      const one = pick(random, saved)
      one.active = !one.active
      if (one.active) one.spans.push([now, Number.POSITIVE_INFINITY])
      else for (const span of one.spans) span[1] = Math.min(span[1], now)
      const payload = { active: one.active }
      await daybook.inject({ method: 'PATCH', url: `/api/saved-searches/${one.id}`, key: place.read, payload })
    }
  }
  let matches = 0
  for (const again of [() => new Indexer(daybook.ledger).catchUp(), () => rebuildIndex(daybook.ledger)]) {
    await again()
    for (const { id, query, spans } of saved) {
      const expected = (await history.scan(query)).filter((seq) => spans.some(([from, to]) => seq > from && seq <= to))
      const payload = { purpose: 'a test', limit: 200 }
      const answer = await daybook.inject({ method: 'POST', url: `/api/saved-searches/${id}/matches`, key: place.read, payload })
      expect(
        searchReply.parse(answer.json()).data.map(({ seq }) => seq),
        JSON.stringify(query.asked),
      ).toEqual(expected)
      matches += expected.length
    }
  }
  expect(matches).toBeGreaterThan(20)
}, 180_000)
