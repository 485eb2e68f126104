import { beforeAll, expect, test } from 'vitest'
import { pick, randomFrom, uuidOf, wholeBetween } from '../../bench/support/random.ts'
import { textOfWords, wordAt } from '../../bench/support/vocabulary.ts'
import { openTestApp, type Place } from '../../test/support/app.ts'
import { indexRows } from '../../test/support/index-rows.ts'
import { conversation, message } from '../../test/support/records.ts'
import { findInFiles } from '../../test/support/search-files.ts'
import { Searching } from '../../test/support/searching.ts'
import { Indexer } from './index-follow.ts'
import { rebuildIndex } from './index-rebuild.ts'

const size = 100_000
const inBatch = 5000
const random = randomFrom(100)

const daybook = openTestApp()
const searching = new Searching(daybook)

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const coined = () => `zq${Array.from({ length: 12 }, () => pick(random, [...letters])).join('')}`
const words = Array.from({ length: 40 }, coined)
/** Of words that stand elsewhere by themselves as well, and in other orders. */
const phrases = Array.from({ length: 40 }, () => Array.from({ length: wholeBetween(random, 2, 4) }, () => pick(random, words)))

/** What lies between two words of a phrase, and what does not make it one. */
const between = [' ', ', ', '\n', ' - ', '."', ' (']
const apart = [' and ', ' x ', ' 7 ']

function plant(): string {
  const turn = random()
  const word = pick(random, words)
  const phrase = pick(random, phrases)
  if (turn < 0.3) return random() < 0.5 ? word : word.toUpperCase()
  if (turn < 0.6) return phrase.join(pick(random, between))
  if (turn < 0.7) return phrase.join(pick(random, apart))
  if (turn < 0.8) return [...phrase].reverse().join(' ')
  if (turn < 0.9) return pick(random, [`${word}s`, `x${word}`, `${word}é`, word.slice(0, -1), phrase.join('')])
  return `${phrase[0]}-${word}_${phrase[1]}`
}

interface Said {
  readonly id: string
  /** Of the first fifty conversations, which are one person's. */
  readonly chat: number
  readonly text: string
}

function* saidOnes(): Generator<Said> {
  for (let n = 0; n < size; n++) {
    const before = textOfWords(random, wholeBetween(random, 10, 200))
    const planted = random() < 0.03 ? ` ${plant()} ${textOfWords(random, 40)}` : ''
    yield { id: uuidOf(random), chat: wholeBetween(random, 0, chats.length - 1), text: before + planted }
  }
}

/** The plain scan: nothing of ours, and nothing but ASCII is planted; what is longer than a word by an accent is another word. */
const pattern = (run: readonly string[]) => new RegExp(`(?<![a-z0-9é])${run.join('[^a-z0-9é]+')}(?![a-z0-9é])`, 'i')

const all: Said[] = []
let withPlants: Said[] = []
let place: Place
const chats = Array.from({ length: 500 }, () => uuidOf(random))

beforeAll(async () => {
  place = await daybook.place()
  await daybook.take(
    place.ingest,
    chats.map((id, n) => conversation(id, n < 50 ? 'u-1' : 'u-2', { title: textOfWords(random, 30) })),
  )
  const indexer = new Indexer(daybook.ledger)
  indexer.start()
  let batch: object[] = []
  for (const said of saidOnes()) {
    all.push(said)
    batch.push(message(said.id, chats[said.chat] ?? '', { content: [{ type: 'text', text: said.text }] }))
    if (batch.length < inBatch) continue
    await daybook.take(place.ingest, batch)
    batch = []
  }
  await indexer.stop()
  await new Indexer(daybook.ledger).catchUp()
  // Every plant has one of these in it, so the scans for them need to look at no more than these.
  withPlants = all.filter(({ text }) => /zq/i.test(text))
}, 180_000)

const sorted = (ids: readonly string[]) => [...ids].sort()
const scanned = (run: readonly string[], where = withPlants) =>
  sorted(where.filter(({ text }) => pattern(run).test(text)).map(({ id }) => id))

test(`of ${size.toLocaleString('en-US')} messages exactly those with a planted word are found`, async () => {
  expect(withPlants.length).toBeGreaterThan(2000)
  for (const word of words) {
    const expected = scanned([word])
    expect(expected.length).toBeGreaterThan(10)
    expect(sorted(await searching.ids(place, { text: word.toUpperCase() })), word).toEqual(expected)
  }
})

test('exactly those with a planted phrase, and not those that only have its words', async () => {
  let decoys = 0
  for (const phrase of phrases) {
    const expected = scanned(phrase)
    expect(expected.length).toBeGreaterThan(3)
    expect(sorted(await searching.ids(place, { text: `"${phrase.join(' ')}"` })), phrase.join(' ')).toEqual(expected)
    const loosely = sorted(withPlants.filter(({ text }) => phrase.every((word) => pattern([word]).test(text))).map(({ id }) => id))
    expect(sorted(await searching.ids(place, { text: phrase.join(' ') })), phrase.join(' ')).toEqual(loosely)
    decoys += loosely.length - expected.length
  }
  expect(decoys).toBeGreaterThan(100)
})

test('frequent words by themselves and together, over many pages, and what is nowhere', async () => {
  const frequent = [30, 40].map(wordAt)
  const rare = 'zqnothere'
  for (const run of [frequent.slice(0, 1), frequent]) {
    const expected = sorted(all.filter(({ text }) => run.every((word) => pattern([word]).test(text))).map(({ id }) => id))
    expect(expected.length).toBeGreaterThan(run.length === 1 ? 3000 : 100)
    expect(sorted(await searching.ids(place, { text: run.join(' '), kinds: ['message'] }))).toEqual(expected)
    expect(sorted(await searching.ids(place, { text: `"${run.join(' ')}"`, kinds: ['message'] }))).toEqual(scanned(run, all))
  }
  expect(await searching.page(place, { text: rare })).toMatchObject({ data: [], has_more: false, searched_back_to: null, checked: 0 })
})

test('of one person exactly those, though a word is frequent', async () => {
  const word = wordAt(30)
  const expected = sorted(all.filter(({ chat, text }) => chat < 50 && pattern([word]).test(text)).map(({ id }) => id))
  expect(expected.length).toBeGreaterThan(100)
  expect(sorted(await searching.ids(place, { text: word, person_id: 'u-1', kinds: ['message'] }))).toEqual(expected)
})

test('the index that followed them is the one that is made of them at once', async () => {
  const followed = await indexRows(daybook.ledger.database.writes)
  expect(new Set(followed.map((line) => line.split(' ')[4])).size).toBeGreaterThan(12)
  await rebuildIndex(daybook.ledger)
  expect((await indexRows(daybook.ledger.database.writes)).join('\n') === followed.join('\n')).toBe(true)
})

test('no byte of the data directory tells a planted word', async () => {
  await daybook.stop()
  expect(findInFiles(daybook.data, words.slice(0, 3))).toEqual([])
  await daybook.start()
  expect(sorted(await searching.ids(place, { text: words[0] ?? '' }))).toEqual(scanned(words.slice(0, 1)))
})
