import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { HttpClient } from '../../bench/support/http.ts'
import { pick, textOf, uuidOf, wholeBetween } from '../../bench/support/random.ts'
import { type Batch, type Book, identityOf, type Version } from './book.ts'

const acknowledgement = z.object({
  accepted: z.int(),
  updated: z.int(),
  duplicates: z.int(),
  rejected: z.array(z.unknown()),
  last_seq: z.int(),
})

/** Where the server is to be found, which changes with every restart, and the key for it. */
export interface Door {
  url: string
  readonly key: string
  readonly workspace: string
}

export interface Counts {
  batches: number
  /** Sent again because no acknowledgement had come. */
  resent: number
  /** Of those, how many turned out to have been stored the first time. */
  storedUnacknowledged: number
  /** Refused with words that say nothing was taken, although it was. */
  wronglyDenied: number
}

/**
 * A client as a connector should be: ids of its own making, one batch after the other, and what was not acknowledged is sent again
 * unchanged, for as long as it takes. Its records are its own, so it knows the order of their versions.
 */
export class Client {
  readonly counts: Counts = { batches: 0, resent: 0, storedUnacknowledged: 0, wronglyDenied: 0 }
  readonly #book: Book
  readonly #door: Door
  readonly #random: () => number
  readonly #records: { kind: 'conversation' | 'message'; id: string; conversation: string }[] = []
  #clock = Date.UTC(2025, 0, 1)
  #pending: { batch: Batch; sent: number; denied: boolean } | null = null
  #lastRefusal = 'none'
  /** Performance time at which the last acknowledged batch was sent. */
  lastSuccessSentAt = 0

  constructor(book: Book, door: Door, random: () => number) {
    this.#book = book
    this.#door = door
    this.#random = random
  }

  /**
   * Sends until told to stop, then until nothing is pending. With `cut`, the server is gone for good: what is pending stays so.
   */
  async run(stop: AbortSignal, cut: AbortSignal = never): Promise<void> {
    let http = new HttpClient(this.#door.url, this.#door.key, 1)
    let url = this.#door.url
    let failingSince: number | null = null
    while (!cut.aborted && (this.#pending || !stop.aborted)) {
      if (url !== this.#door.url) {
        http.close()
        url = this.#door.url
        http = new HttpClient(url, this.#door.key, 1)
      }
      if (await this.#sendOnce(http)) failingSince = null
      else {
        failingSince ??= performance.now()
        if (performance.now() - failingSince > 120_000)
          throw new Error(`nothing was acknowledged for two minutes; the last answer was ${this.#lastRefusal}`)
        await sleep(50)
      }
      await sleep(this.#random() * 3)
    }
    http.close()
  }

  /** True once the pending batch is acknowledged. */
  async #sendOnce(http: HttpClient): Promise<boolean> {
    this.#pending ??= { batch: this.#makeBatch(), sent: 0, denied: false }
    const pending = this.#pending
    const sentAt = performance.now()
    const again = pending.sent++ > 0
    if (again) this.counts.resent++
    const body = Buffer.from(pending.batch.versions.map(({ line }) => `${line}\n`).join(''))
    const reply = await http.tryPost('/api/intake/records', body).catch((error: Error) => {
      this.#lastRefusal = error.message
      return null
    })
    if (reply === null) return false
    if (reply.status === 503 || reply.status === 429) {
      this.#lastRefusal = reply.text
      pending.denied ||= reply.text.includes('nothing of this was taken')
      return false
    }
    if (reply.status !== 200) throw new Error(`a batch was answered ${reply.status}: ${reply.text}`)
    const said = acknowledgement.parse(JSON.parse(reply.text))
    this.#check(pending.batch, said, again, pending.denied)
    this.#book.acknowledge(pending.batch, said.last_seq)
    this.#pending = null
    this.counts.batches++
    this.lastSuccessSentAt = sentAt
    return true
  }

  /** A batch is stored as a whole or not at all, so its counts are those of one of the two. */
  #check(batch: Batch, said: z.output<typeof acknowledgement>, again: boolean, denied: boolean): void {
    const { accepted, updated, duplicates } = batch
    const isNew = said.accepted === accepted && said.updated === updated && said.duplicates === duplicates
    const isKnown = said.accepted === 0 && said.updated === 0 && said.duplicates === batch.versions.length
    if (said.rejected.length > 0 || !(isNew || (again && isKnown))) {
      throw new Error(
        `a batch of ${accepted} new, ${updated} changed and ${duplicates} known records${again ? ', sent again,' : ''} was answered ${JSON.stringify(said)}`,
      )
    }
    if (isNew) return
    this.counts.storedUnacknowledged++
    if (denied) this.counts.wronglyDenied++
  }

  #makeBatch(): Batch {
    const versions: Version[] = []
    const counts = { accepted: 0, updated: 0, duplicates: 0 }
    const settled = this.#records.length
    if (settled < 20 || this.#random() < 0.3) {
      const id = uuidOf(this.#random)
      this.#records.push({ kind: 'conversation', id, conversation: id })
      versions.push(this.#write(this.#records.length - 1))
      counts.accepted++
    }
    for (let n = wholeBetween(this.#random, 1, 30); n > 0; n--) {
      const { conversation } = pick(this.#random, this.#records.slice(-60))
      this.#records.push({ kind: 'message', id: uuidOf(this.#random), conversation })
      versions.push(this.#write(this.#records.length - 1))
      counts.accepted++
    }
    // New versions, of records of this very batch too; what is sent a second time comes before, so that it is the newest still.
    for (let n = wholeBetween(this.#random, 0, 4); n > 0 && settled > 0; n--) {
      versions.unshift(this.#book.newest(this.#identity(wholeBetween(this.#random, 0, settled - 1))))
      counts.duplicates++
    }
    for (let n = wholeBetween(this.#random, 0, 8); n > 0; n--) {
      versions.push(this.#write(wholeBetween(this.#random, 0, this.#records.length - 1)))
      counts.updated++
    }
    return { versions, ...counts }
  }

  #identity(index: number): string {
    const record = this.#records[index]
    if (!record) throw new Error('there is no such record')
    return identityOf({ ...record, conversation_id: record.kind === 'message' ? record.conversation : undefined })
  }

  /** Another version of a record, with a time after every earlier one and text that nothing else has. */
  #write(index: number): Version {
    const record = this.#records[index]
    if (!record) throw new Error('there is no such record')
    this.#clock += 1000
    const updatedAt = new Date(this.#clock).toISOString()
    const text = `${textOf(this.#random, wholeBetween(this.#random, 5, 800))} ${updatedAt} ${uuidOf(this.#random)}`
    const common = { id: record.id, kind: record.kind, source: 'crash', updated_at: updatedAt, workspace_id: this.#door.workspace }
    const line =
      record.kind === 'conversation'
        ? { ...common, person_id: 'user-crash', title: text }
        : { ...common, content: [{ text, type: 'text' }], conversation_id: record.conversation, role: 'user' }
    return this.#book.write(this.#identity(index), sortedJson(line))
  }
}

const never = new AbortController().signal

/** The members in the order of their names: the form in which the server stores a record. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
