import { pick, randomFrom, textOf, uuidOf, wholeBetween } from './random.ts'
import { textOfWords } from './vocabulary.ts'

/** How large a made-up company's record is to be, and where its random choices come from. */
export interface Corpus {
  readonly seed: number
  readonly conversations: number
  readonly messagesEach: number
  /** Characters of text in a message: from, to. */
  readonly text: readonly [number, number]
  /** Of as many words as people use, for what depends on that; else of a few hundred. */
  readonly manyWords?: boolean
}

/** What benches speak of unless they say otherwise: records of about 300 to 1,200 bytes, 12 messages in a conversation. */
export const usual = { messagesEach: 12, text: [20, 900] } as const

const people = 300
const models = ['gpt-4o', 'gpt-4o-mini', 'o1', 'gpt-5', 'gpt-5-mini']
const firstDay = Date.UTC(2025, 0, 6)
const spanOfDays = 400

export const personId = (n: number) => `user-${String(n).padStart(24, 'Daybook0')}`

/** The records of its people, once for every corpus. */
export function peopleLines(): string[] {
  return Array.from({ length: people }, (_, n) =>
    JSON.stringify({
      kind: 'person',
      id: personId(n),
      source: 'chatgpt',
      email: `person${n}@example.com`,
      name: `Person ${n}`,
      role: 'member',
    }),
  )
}

/** Its records as lines of NDJSON, each conversation before its messages, with random UUIDs as real sources have them. */
export function* linesOf(corpus: Corpus): Generator<string> {
  const random = randomFrom(corpus.seed)
  for (let n = 0; n < corpus.conversations; n++) {
    const id = uuidOf(random)
    const person = personId(wholeBetween(random, 0, people - 1))
    const started = firstDay + Math.floor(random() * spanOfDays * 86_400_000)
    yield JSON.stringify({
      kind: 'conversation',
      id,
      source: 'chatgpt',
      person_id: person,
      title: textOf(random, wholeBetween(random, 10, 60)),
      created_at: new Date(started).toISOString(),
      default_model: pick(random, models),
    })
    yield* messagesOf(corpus, random, { id, person, started })
  }
}

function* messagesOf(corpus: Corpus, random: () => number, of: { id: string; person: string; started: number }): Generator<string> {
  let parent: string | null = null
  for (let n = 0; n < corpus.messagesEach; n++) {
    const id = uuidOf(random)
    const asked = n % 2 === 0
    yield JSON.stringify({
      kind: 'message',
      id,
      source: 'chatgpt',
      conversation_id: of.id,
      role: asked ? 'user' : 'assistant',
      parent_id: parent,
      person_id: asked ? of.person : null,
      created_at: new Date(of.started + n * 20_000).toISOString(),
      model: asked ? null : pick(random, models),
      content: [{ type: 'text', text: (corpus.manyWords ? textOfWords : textOf)(random, wholeBetween(random, ...corpus.text)) }],
    })
    parent = id
  }
}

/** Lines gathered into request bodies of so many records. */
export function bodiesOf(lines: Iterable<string>, recordsEach: number): Buffer[] {
  const bodies: Buffer[] = []
  let gathered: string[] = []
  const close = () => {
    if (gathered.length > 0) bodies.push(Buffer.from(`${gathered.join('\n')}\n`))
    gathered = []
  }
  for (const line of lines) if (gathered.push(line) === recordsEach) close()
  close()
  return bodies
}
