import { isErasedBefore } from '../../contract/records.ts'
import { type Candidate, largestImported } from '../ledger/candidate.ts'
import type { Ledger } from '../ledger/context.ts'
import { buryOnce, type Letter } from './dead-letters.ts'
import type { Place } from './found.ts'
import type { Tally } from './import-summary.ts'
import { namedIn } from './named-in.ts'

const recordsPerBatch = 500
const bytesPerBatch = 4 * 1_048_576

/** One on its way to the disk, one being gathered by the writer: more would only cost memory. */
const mostInFlight = 2

/** Where an import's letters go: one workspace, one importer, one input. */
export interface Destination {
  readonly ledger: Ledger
  readonly workspace: number
  readonly via: string
  /** Of records that name none. */
  readonly source: string
  /** Name of the input, so that a place is found again among several. */
  readonly input: string
  readonly unit: string
  /** Called with what is completely committed, in order. */
  readonly save: (positions: ReadonlyMap<string, number>) => Promise<void>
}

class Batch {
  readonly candidates: Candidate[] = []
  readonly places: Place[] = []
  readonly letters: Letter[] = []
  readonly positions = new Map<string, number>()
  bytes = 0
}

/**
 * Takes an import's records in batches, in order. What a batch holds counts as done only after its commit, and a later batch never
 * before an earlier one, so an interruption at any instant loses nothing and repeats little.
 */
export class Batches {
  readonly #to: Destination
  readonly #tally: Tally
  readonly #dryRun: boolean
  #open = new Batch()
  #flights: Promise<void>[] = []

  constructor(to: Destination, tally: Tally, dryRun: boolean) {
    this.#to = to
    this.#tally = tally
    this.#dryRun = dryRun
  }

  async take(candidate: Candidate, at: Place): Promise<void> {
    this.#open.candidates.push(candidate)
    this.#open.places.push(at)
    this.#open.bytes += candidate.sealed.payload.length
    if (this.#open.candidates.length >= recordsPerBatch || this.#open.bytes >= bytesPerBatch) await this.flush()
  }

  /** Something that will not be stored: named in the summary, its bytes kept as a dead letter. */
  async refuse(at: Place, why: { code: string; message: string }, bytes: Buffer | null, via: string = this.#to.via): Promise<void> {
    const kept = bytes && bytes.length <= largestImported ? bytes : null
    this.#open.letters.push(this.#letter(at, why, kept, via))
    this.#open.bytes += kept?.length ?? 0
    if (this.#open.letters.length >= recordsPerBatch || this.#open.bytes >= bytesPerBatch) await this.flush()
  }

  step(file: string, done: number): void {
    this.#open.positions.set(file, done)
  }

  /** Sends what has gathered on its way, as soon as there is room for it. */
  async flush(): Promise<void> {
    const batch = this.#open
    this.#open = new Batch()
    if (this.#dryRun) return
    while (this.#flights.length >= mostInFlight) await this.#flights.shift()
    const before = this.#flights.at(-1)
    const flight = this.#fly(batch, before)
    // Whoever waits for it next hears of a failure; until then it is not an unhandled one.
    flight.catch(() => undefined)
    this.#flights.push(flight)
  }

  async finish(): Promise<void> {
    await this.flush()
    await Promise.all(this.#flights.splice(0))
  }

  /** The writer is asked at once, so that records keep their order; what follows from its answer waits for the batch before. */
  async #fly(batch: Batch, before: Promise<void> | undefined): Promise<void> {
    const [receipt] = await Promise.all([batch.candidates.length > 0 ? this.#to.ledger.writer.take(batch.candidates) : null, before])
    receipt?.outcomes.forEach((outcome, i) => {
      const [candidate, at] = [batch.candidates[i], batch.places[i]]
      if (!candidate || !at) return
      if (outcome.taken === null && isErasedBefore(outcome.code)) this.#tally.reject(at, outcome.code, outcome.message)
      else if (outcome.taken === null) batch.letters.push(this.#letter(at, outcome, bytesOf(candidate), this.#to.via))
      else if (outcome.taken === 'accepted') this.#tally.accepted++
      else if (outcome.taken === 'updated') this.#tally.updated++
      else this.#tally.duplicates++
    })
    this.#tally.lastSeq = receipt?.lastSeq ?? this.#tally.lastSeq
    await buryOnce(this.#to.ledger, batch.letters)
    if (batch.positions.size > 0) await this.#to.save(batch.positions)
  }

  #letter(at: Place, { code, message }: { code: string; message: string }, bytes: Buffer | null, via: string): Letter {
    this.#tally.reject(at, code, message)
    const { workspace } = this.#to
    const source = (bytes && namedIn(bytes).source) ?? this.#to.source
    return { workspace, via, source, place: placeText(this.#to, at), recordId: at.id ?? null, code, message, bytes }
  }
}

/** The record as it can be sent again, its source in it. */
function bytesOf({ fields, source }: Candidate): Buffer {
  return Buffer.from(JSON.stringify({ ...fields, source }))
}

function placeText({ input, unit }: Destination, { file, index }: Place): string {
  const path = file === input ? file : `${input}/${file}`
  return index === null ? path : `${path}, ${unit} ${index + 1}`
}
