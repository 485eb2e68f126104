/** What the ledger remembers of one version of an item. Times are microseconds; `seq` is 0 until the transaction has its numbers. */
export interface Version {
  seq: number
  readonly updatedAt: number | null
  readonly fingerprint: Buffer
}

/**
 * - `new`: nothing was known of it
 * - `duplicate`: this payload is stored already
 * - `newer`: another version, current from now on
 * - `older`: a version from before the current one that was not known yet; stored as history
 * - `conflict`: the source says two things at one time
 */
export type Verdict = 'new' | 'duplicate' | 'newer' | 'older' | 'conflict'

export interface Incoming {
  readonly updatedAt: number | null
  readonly fingerprint: Buffer
}

/** The rule of identity and versions. `history` holds the versions before the current one, as far as the incoming one may equal them. */
export function decide(current: Version | null, history: readonly Version[], incoming: Incoming): Verdict {
  if (!current) return 'new'
  if (current.fingerprint.equals(incoming.fingerprint)) return 'duplicate'
  if (incoming.updatedAt === null || current.updatedAt === null || incoming.updatedAt > current.updatedAt) return 'newer'
  if (incoming.updatedAt === current.updatedAt) return 'conflict'
  if (history.some((version) => version.fingerprint.equals(incoming.fingerprint))) return 'duplicate'
  return history.some((version) => version.updatedAt === incoming.updatedAt) ? 'conflict' : 'older'
}

/** Whether `decide` could need the history: the incoming version says it is from before the current one. */
export function looksBack(current: Version | null, incoming: Incoming): boolean {
  return current !== null && current.updatedAt !== null && incoming.updatedAt !== null && incoming.updatedAt < current.updatedAt
}
