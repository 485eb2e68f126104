/**
 * What the clients sent and what was acknowledged to them. It lives in a process that nobody kills: the clients' own word against the
 * server's.
 */

/** One version of one record, as it was sent. Its members are in the order of their names, as the server gives them back. */
export interface Version {
  readonly identity: string
  /** 0 for the first version of its record. */
  readonly number: number
  readonly line: string
}

export interface Batch {
  readonly versions: readonly Version[]
  /** What the reply has to say when nothing of it was known before. */
  readonly accepted: number
  readonly updated: number
  readonly duplicates: number
}

interface Kept {
  readonly lines: string[]
  /** How many of them, from the first on, were acknowledged. */
  acknowledged: number
}

export class Book {
  readonly #records = new Map<string, Kept>()
  /** The highest `last_seq` of any acknowledgement: "everything is durable up to here". */
  durableUpTo = 0

  /** Notes a version before it is sent for the first time. */
  write(identity: string, line: string): Version {
    const kept = this.#records.get(identity) ?? { lines: [], acknowledged: 0 }
    this.#records.set(identity, kept)
    return { identity, number: kept.lines.push(line) - 1, line }
  }

  acknowledge({ versions }: Batch, lastSeq: number): void {
    for (const { identity, number } of versions) {
      const kept = this.#records.get(identity)
      if (kept) kept.acknowledged = Math.max(kept.acknowledged, number + 1)
    }
    this.durableUpTo = Math.max(this.durableUpTo, lastSeq)
  }

  /** The number of the version that has these bytes; null for something nobody ever sent. */
  versionOf(identity: string, line: string): number | null {
    const number = this.#records.get(identity)?.lines.indexOf(line) ?? -1
    return number < 0 ? null : number
  }

  newest(identity: string): Version {
    const line = this.#records.get(identity)?.lines.at(-1)
    if (line === undefined) throw new Error('nothing was written about it')
    return { identity, number: (this.#records.get(identity)?.lines.length ?? 0) - 1, line }
  }

  acknowledged(): Iterable<[identity: string, versions: number]> {
    return [...this.#records].map(([identity, kept]) => [identity, kept.acknowledged])
  }

  get size(): number {
    return this.#records.size
  }
}

export const identityOf = (record: { kind: string; id: string; conversation_id?: string | undefined }) =>
  `${record.kind}/${record.conversation_id ?? ''}/${record.id}`
