import pg from 'pg'
import { z } from 'zod'
import { HttpClient } from '../../bench/support/http.ts'
import { type Book, identityOf } from './book.ts'
import { sortedJson } from './client.ts'

export interface Source {
  readonly url: string
  readonly key: string
  readonly workspace: string
  /** Folder of PostgreSQL's socket. */
  readonly sockets: string
}

/** What reading everything back found. The three lists are empty when the server kept its word. */
export interface Findings {
  versions: number
  readonly lost: string[]
  readonly invented: string[]
  /** Everything else that does not agree. */
  readonly wrong: string[]
}

const rawRecord = z.looseObject({
  kind: z.string(),
  id: z.string().optional(),
  source: z.string(),
  conversation_id: z.string().optional(),
  seq: z.int(),
})

/**
 * Compares what is stored with what the clients know: the log version by version through the raw records, the newest state through the
 * conversations API, and the sequence in the tables themselves.
 */
export class ReadBack {
  readonly #book: Book
  /** The versions found so far of each record, by number. */
  readonly #found = new Map<string, Set<number>>()
  readonly #newest = new Map<string, { line: string; number: number }>()
  #seq = 0

  constructor(book: Book) {
    this.#book = book
  }

  /** Goes on in the log where the last check ended. */
  async check(source: Source): Promise<Findings> {
    const findings: Findings = { versions: 0, lost: [], invented: [], wrong: [] }
    const http = new HttpClient(source.url, source.key, 1)
    await this.#readLog(http, findings)
    this.#findLost(findings)
    await this.#readConversations(http, source.workspace, findings)
    http.close()
    await checkTables(source.sockets, this.#book.durableUpTo, findings)
    return findings
  }

  async #readLog(http: HttpClient, findings: Findings): Promise<void> {
    for (;;) {
      const text = await http.get(`/api/records?after_seq=${this.#seq}&limit=10000`)
      if (text === '') return
      for (const line of text.trimEnd().split('\n')) this.#meet(line, findings)
    }
  }

  #meet(text: string, findings: Findings): void {
    const { seq, received_at, ahead, ...record } = rawRecord.parse(JSON.parse(text))
    if (seq !== this.#seq + 1) findings.wrong.push(`after seq ${this.#seq} came ${seq}`)
    this.#seq = seq
    // Daybook's own entries: who wrote and read.
    if (record.source === 'daybook') return
    findings.versions++
    const identity = identityOf({ ...record, id: record.id ?? '' })
    const line = sortedJson(record)
    const number = this.#book.versionOf(identity, line)
    if (number === null) {
      findings.invented.push(`seq ${seq}: ${line.slice(0, 300)}`)
      return
    }
    const found = this.#found.get(identity) ?? new Set()
    this.#found.set(identity, found)
    if (found.has(number)) findings.wrong.push(`seq ${seq}: version ${number} of ${identity} is stored twice`)
    if (number !== found.size) findings.wrong.push(`seq ${seq}: version ${number} of ${identity} came after ${found.size} others`)
    found.add(number)
    this.#newest.set(identity, { line, number })
  }

  #findLost(findings: Findings): void {
    for (const [identity, versions] of this.#book.acknowledged()) {
      const found = this.#found.get(identity)?.size ?? 0
      if (found < versions) findings.lost.push(`${identity}: ${versions} versions were acknowledged, ${found} are there`)
    }
  }

  /** Everything current, as a connector sees it: every conversation once, each with the newest version of itself and its messages. */
  async #readConversations(http: HttpClient, workspace: string, findings: Findings): Promise<void> {
    const missing = new Set(this.#newest.keys())
    const compare = (identity: string, value: string) => {
      const newest = this.#newest.get(identity)
      missing.delete(identity)
      if (!newest) findings.invented.push(`${identity} is shown and not in the log`)
      else if (!newest.line.includes(JSON.stringify(value))) findings.wrong.push(`${identity} is not shown as in its newest version`)
    }
    let after = ''
    for (let more = true; more; ) {
      const page = conversationPage.parse(
        JSON.parse(await http.get(`/v1/compliance/workspaces/${workspace}/conversations?limit=500${after}`)),
      )
      for (const { id, title, messages } of page.data) {
        // A message may be there before its conversation; then there is no title, and nothing in the log to compare it with.
        if (title !== null) compare(identityOf({ kind: 'conversation', id }), title)
        for (const message of messages.data)
          compare(identityOf({ kind: 'message', id: message.id, conversation_id: id }), message.content.value)
      }
      after = `&after=${page.last_id}`
      more = page.has_more
    }
    for (const identity of missing) findings.lost.push(`${identity} is in the log and not shown`)
  }
}

const conversationPage = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      title: z.string().nullable(),
      messages: z.object({ data: z.array(z.object({ id: z.string(), content: z.object({ value: z.string() }) })) }),
    }),
  ),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
})

/** The sequence has no gap, every entry has its salt, and nothing acknowledged lies beyond its end. */
async function checkTables(sockets: string, durableUpTo: number, { wrong }: Findings): Promise<void> {
  const client = new pg.Client({ host: sockets, port: 5432, user: 'daybook', database: 'postgres' })
  await client.connect()
  const { rows } = await client.query<Record<'entries' | 'salts' | 'first' | 'last' | 'head', string>>(
    `select count(*) as entries, min(seq) as first, max(seq) as last, (select count(*) from salts.log) as salts, (select seq from ledger_head) as head from log`,
  )
  await client.end()
  const [row] = rows
  if (!row) throw new Error('the ledger has no tables')
  const { entries, salts, first, last, head } = row
  if (Number(first) !== 1 || entries !== last || entries !== head || entries !== salts)
    wrong.push(`${entries} entries from seq ${first} to ${last}, ${salts} salts, the head at ${head}`)
  if (Number(last) < durableUpTo) wrong.push(`acknowledged up to seq ${durableUpTo}, the log ends at ${last}`)
}
