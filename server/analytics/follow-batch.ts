import type pg from 'pg'
import type { Facts } from '../platform/clickhouse.ts'
import { codingDifference, readCodingSessions } from './coding-facts.ts'
import { factsOf } from './conversation-facts.ts'
import { type ConversationHistory, stateAt } from './conversation-facts-history.ts'
import { difference } from './conversation-facts-rows.ts'
import { chunkCheck } from './follow-check.ts'
import type { RowCounts } from './follow-position.ts'
import { readHistories, touchedConversations } from './follow-read.ts'
import { FactsWriter } from './follow-write.ts'

/** Conversations that are held in memory at once. */
const group = 250

export interface Batch {
  readonly organization: number
  /** Both included. */
  readonly from: number
  readonly to: number
  /** For a batch that was begun before: the rows that were there when it was. */
  readonly before: RowCounts | null
}

/**
 * Writes what the entries of a batch change in the facts. Everything follows from the log up to the batch's end, so the same batch
 * writes the same rows whenever it is done.
 */
export async function writeBatch(pool: pg.Pool, facts: Facts, { organization, from, to, before }: Batch): Promise<RowCounts> {
  const batch = `${organization}:${from}-${to}`
  const writer = new FactsWriter(facts, before ? { batch, check: chunkCheck(facts, organization, before) } : { batch })
  const touched = await touchedConversations(pool, organization, from, to)
  for (let at = 0; at < touched.length; at += group) {
    const histories = await readHistories(pool, organization, touched.slice(at, at + group), to)
    for (const history of histories) await writer.conversation(change(history, from - 1, to))
  }
  await writer.flush()
  const sessions = await readCodingSessions(pool, { organization, from, to, asOf: to })
  await writer.coding(sessions.flatMap((session) => codingDifference(session, from - 1, to)))
  return writer.rows
}

function change(history: ConversationHistory, before: number, after: number) {
  return difference(factsOf(stateAt(history, before)), factsOf(stateAt(history, after)))
}
