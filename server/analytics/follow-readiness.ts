import type { Ledger } from '../ledger/context.ts'
import { factsStatus } from './status.ts'

/** Seconds that the counts may stay behind the record; two are usual. */
const longestLag = 60

/** Followers that have more before them than what has just come: after a start or a rebuild, until they are within the limit again. */
const catchingUp = new WeakSet<Ledger>()

export function beginCatchingUp(ledger: Ledger): void {
  catchingUp.add(ledger)
}

export function endCatchingUp(ledger: Ledger, lagSeconds: number): void {
  if (lagSeconds <= longestLag) catchingUp.delete(ledger)
}

/** Whole seconds that the counts are behind the record, where that is more than they may be; else null. */
export async function tooFarBehind(ledger: Ledger): Promise<number | null> {
  if (catchingUp.has(ledger)) return null
  const { lag_seconds } = await factsStatus(ledger)
  return lag_seconds > longestLag ? Math.floor(lag_seconds) : null
}
