import type pg from 'pg'
import { Refusal } from '../platform/refusal.ts'
import { takeNumbers, takeTurn } from './append.ts'
import type { Ledger } from './context.ts'
import { entriesOf, eraseEntries, eraseLetters, releaseBytes } from './purge-erase.ts'
import { type Located, locate } from './purge-locate.ts'
import { moveConversation, setPurged } from './purge-marks.ts'
import { reachOf } from './purge-reach.ts'
import type { Target, Why } from './purge-target.ts'
import { writeTombstone } from './tombstone.ts'
import { forgetWords, takeIndex } from './word-index.ts'

export interface Purged {
  /** Id of the receipt. */
  readonly receipt: string
  readonly kind: string
  /** As it stood on the wire. */
  readonly id: string
}

/**
 * Begins a transaction that erases: the turn, and before it the search index, for which one may have to wait a while. Whoever has the
 * turn waits for nobody.
 */
export async function takePurgeTurn(tx: pg.ClientBase, { organization }: Ledger): Promise<void> {
  await takeIndex(tx, organization.number, true)
  await takeTurn(tx, organization.number)
}

/**
 * The one way in which content leaves the record. Of each target and of what belongs to it payload, salt, fingerprint, searched words and
 * file bytes go at once, with every refused input under its id or of its conversation; its place in the log, its commitment and what may be counted
 * stay. A tombstone says what went. Runs after `takePurgeTurn`, so it and the intake never see each other half-way; files
 * without a reference are left to `removeReleasedBlobs`, after the commit.
 */
export async function purge(tx: pg.ClientBase, ledger: Ledger, targets: readonly Target[], why: Why): Promise<Purged[]> {
  const purged: Purged[] = []
  for (const target of targets) {
    const found = await locate(tx, ledger.organization.number, target)
    const refusal = check(found)
    if (refusal) throw refusal
    purged.push(await purgeOne(tx, ledger, found, why))
  }
  return purged
}

/** Why something may not be erased; null: it may. Whatever rule has a say in it speaks here, before anything is touched. */
function check({ kind, isThere }: Located): Refusal | null {
  return isThere ? null : new Refusal('not_found', `there is no such ${kind.replaceAll('_', ' ')}`)
}

async function purgeOne(tx: pg.ClientBase, ledger: Ledger, found: Located, why: Why): Promise<Purged> {
  const organization = ledger.organization.number
  const reach = await reachOf(tx, ledger, found)
  const head = await takeNumbers(tx, organization, 1, 0)
  const seqs = await entriesOf(tx, organization, reach)
  await forgetWords(tx, ledger, seqs)
  const erased = await eraseEntries(tx, organization, seqs)
  const blobs = await releaseBytes(tx, organization, reach.items)
  const letters = await eraseLetters(tx, organization, { ...reach, workspace: found.workspace.number, at: head.committedAt })
  await setPurged(tx, organization, found, { ...reach, at: head.committedAt })
  await moveConversation(tx, organization, found, head)
  const receipt = await writeTombstone(tx, ledger, { found, why, head, erased, blobs, letters })
  return { receipt, kind: found.kind, id: found.id }
}
