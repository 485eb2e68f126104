import type { Place } from './found.ts'

/** One thing that was not taken, with its place in the input. */
export interface NotTaken extends Place {
  readonly code: string
  /** Never holds content. */
  readonly message: string
}

/** What an import did; `--json` prints it as it is. */
export interface ImportSummary {
  readonly source: string
  readonly workspace_id: string
  readonly dry_run: boolean
  /** Records the input holds, those that were rejected included. */
  readonly read: number
  readonly kinds: Readonly<Record<string, number>>
  readonly accepted: number
  readonly updated: number
  readonly duplicates: number
  readonly rejected: readonly NotTaken[]
  readonly rejected_count: number
  readonly rejected_by_code: Readonly<Record<string, number>>
  readonly skipped: readonly NotTaken[]
  readonly skipped_count: number
  readonly skipped_by_reason: Readonly<Record<string, number>>
  readonly files: { readonly stored: number; readonly duplicates: number; readonly bytes: number }
  /** Elements that an earlier, interrupted run had taken already. */
  readonly resumed: number
  /** Where the log stood after the last commit; null when nothing was written. */
  readonly last_seq: number | null
}

/** How many are named one by one where nobody asked for all of them; the rest is only counted. */
export const namedInFull = 100

/** Things that were not taken. Memory stays flat over a million of them unless all are to be named. */
class Names {
  readonly named: NotTaken[] = []
  readonly by: Record<string, number> = {}
  readonly #most: number
  count = 0

  constructor(all: boolean) {
    this.#most = all ? Number.POSITIVE_INFINITY : namedInFull
  }

  add(one: NotTaken): void {
    this.count++
    const why = one.code === 'skipped' ? one.message : one.code
    this.by[why] = (this.by[why] ?? 0) + 1
    if (this.named.length < this.#most) this.named.push(one)
  }
}

/** Counts while an import runs. */
export class Tally {
  readonly rejected: Names
  readonly skipped: Names
  /** Set where there are several inputs: the same file name may be in each. */
  input: string | null = null
  readonly kinds: Record<string, number> = {}
  read = 0
  accepted = 0
  updated = 0
  duplicates = 0
  filesStored = 0
  fileDuplicates = 0
  fileBytes = 0
  resumed = 0
  lastSeq: number | null = null

  constructor(nameAll: boolean) {
    this.rejected = new Names(nameAll)
    this.skipped = new Names(nameAll)
  }

  reject(at: Place, code: string, message: string): void {
    this.rejected.add({ ...this.#placed(at), code, message })
  }

  skip(at: Place, reason: string): void {
    this.skipped.add({ ...this.#placed(at), code: 'skipped', message: reason })
  }

  #placed(at: Place): Place {
    return this.input === null || at.file === this.input ? at : { ...at, file: `${this.input}/${at.file}` }
  }

  readOne(kind: unknown): void {
    this.read++
    const name = typeof kind === 'string' && /^[a-z_]{1,40}$/.test(kind) ? kind : 'unknown'
    this.kinds[name] = (this.kinds[name] ?? 0) + 1
  }

  summary(source: string, workspaceId: string, dryRun: boolean): ImportSummary {
    return {
      source,
      workspace_id: workspaceId,
      dry_run: dryRun,
      read: this.read,
      kinds: this.kinds,
      accepted: this.accepted,
      updated: this.updated,
      duplicates: this.duplicates,
      rejected: this.rejected.named,
      rejected_count: this.rejected.count,
      rejected_by_code: this.rejected.by,
      skipped: this.skipped.named,
      skipped_count: this.skipped.count,
      skipped_by_reason: this.skipped.by,
      files: { stored: this.filesStored, duplicates: this.fileDuplicates, bytes: this.fileBytes },
      resumed: this.resumed,
      last_seq: this.lastSeq,
    }
  }
}
