import type pg from 'pg'
import type { Facts } from '../platform/clickhouse.ts'
import { codingDifference, readCodingSessions } from './coding-facts.ts'
import { chunkCheck } from './follow-check.ts'
import type { ChunkMaker, Span } from './follow-chunks.ts'
import type { RowCounts } from './follow-position.ts'
import { touchedConversations } from './follow-read.ts'
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

interface With {
  readonly pool: pg.Pool
  readonly facts: Facts
  /** Asked for when there are conversations to work out: it may be a thread that has to be started. */
  readonly maker: () => ChunkMaker
}

/**
 * Writes what the entries of a batch change in the facts. Everything follows from the log up to the batch's end, so the same batch
 * writes the same rows whenever it is done.
 */
export async function writeBatch({ pool, facts, maker }: With, { organization, from, to, before }: Batch): Promise<RowCounts> {
  const batch = `${organization}:${from}-${to}`
  const writer = new FactsWriter(facts, before ? { batch, check: chunkCheck(facts, organization, before) } : { batch })
  const touched = await touchedConversations(pool, organization, from, to)
  if (touched.length > 0) await writeConversations(maker(), writer, { organization, conversations: touched, before: from - 1, after: to })
  const sessions = await readCodingSessions(pool, { organization, from, to, asOf: to })
  await writer.coding(sessions.flatMap((session) => codingDifference(session, from - 1, to)))
  return writer.rows
}

async function writeConversations(maker: ChunkMaker, writer: FactsWriter, span: Span): Promise<void> {
  for (let at = 0; at < span.conversations.length; at += group) {
    const conversations = span.conversations.slice(at, at + group)
    for (const chunk of await maker.add({ ...span, conversations })) await writer.chunk(chunk)
  }
  await writer.chunk(await maker.rest())
}
