import { gunzipSync } from 'node:zlib'
import type { z } from 'zod'
import { type intakeReply, isErasedBefore } from '../../contract/records.ts'
import { type Candidate, type Intake, largestOverHttp, prepareLine, type Rejected } from '../ledger/candidate.ts'
import { demand } from '../ledger/command.ts'
import type { Context } from '../ledger/context.ts'
import { microseconds } from '../ledger/times.ts'
import { listWorkspaces } from '../people/workspaces.ts'
import { recordsTotal } from '../platform/metrics.ts'
import { Refusal } from '../platform/refusal.ts'
import { bury } from './dead-letters.ts'
import { namedIn } from './named-in.ts'

/** Limits of one batch; a larger one is refused whole, before anything of it is taken. */
export const largestBatch = 10 * 1_048_576
export const mostRecords = 5000

type Reply = z.output<typeof intakeReply>

interface Line {
  readonly number: number
  readonly bytes: Buffer
}

/**
 * Takes a batch of NDJSON: every good line is stored, every bad one is kept as a dead letter and reported, and the reply is made
 * after the commit of both. Sending the same batch again is harmless.
 */
export async function takeBatch(ctx: Context, body: unknown, encoding: string | undefined): Promise<Reply> {
  await demand(ctx, 'change', 'records.write', 'ingest:write')
  if (!Buffer.isBuffer(body)) throw new Refusal('wrong_type', 'records are sent as application/x-ndjson')
  const lines = splitLines(unpack(body, encoding))
  const intake = await intakeOf(ctx)
  const { keys } = ctx.ledger.organization
  const good: { line: Line; candidate: Candidate }[] = []
  const bad: { line: Line; why: Rejected }[] = []
  for (const line of lines) {
    const prepared = prepareLine(keys, intake, line.bytes)
    if ('code' in prepared) bad.push({ line, why: prepared })
    else good.push({ line, candidate: prepared })
  }
  const { outcomes, lastSeq } = await ctx.ledger.writer.take(good.map(({ candidate }) => candidate))
  const reply: Reply = { accepted: 0, duplicates: 0, updated: 0, rejected: [], last_seq: lastSeq }
  outcomes.forEach((outcome, i) => {
    const one = good[i]
    if (outcome.taken === null) {
      if (one) bad.push({ line: one.line, why: { code: outcome.code, message: outcome.message, id: one.candidate.id } })
    } else if (outcome.taken === 'accepted') reply.accepted++
    else if (outcome.taken === 'updated') reply.updated++
    else reply.duplicates++
  })
  bad.sort((a, b) => a.line.number - b.line.number)
  await keepRejected(
    ctx,
    intake,
    bad.filter(({ why }) => !isErasedBefore(why.code)),
  )
  reply.rejected = bad.map(({ line, why }) => ({ line: line.number, id: why.id, code: why.code, message: why.message }))
  count(reply)
  return reply
}

function count(reply: Reply): void {
  recordsTotal.inc({ outcome: 'accepted' }, reply.accepted)
  recordsTotal.inc({ outcome: 'updated' }, reply.updated)
  recordsTotal.inc({ outcome: 'duplicate' }, reply.duplicates)
  recordsTotal.inc({ outcome: 'rejected' }, reply.rejected.length)
}

async function keepRejected(ctx: Context, intake: Intake, bad: readonly { line: Line; why: Rejected }[]): Promise<void> {
  if (bad.length === 0) return
  const letters = bad.map(({ line, why }) => {
    const { workspace, source } = namedIn(line.bytes)
    return {
      workspace: ctx.actor.workspace ?? intake.workspace(workspace)?.number ?? null,
      via: 'http',
      source: source ?? intake.source,
      place: `line ${line.number} of request ${ctx.requestId}`,
      recordId: why.id,
      code: why.code,
      message: why.message,
      bytes: line.bytes,
    }
  })
  await bury(ctx.ledger, letters)
}

/** How records of this caller are read: the workspaces it may write to, and its own where it is bound to one. */
export async function intakeOf(ctx: Context): Promise<Intake> {
  const all = await listWorkspaces(ctx.ledger)
  const reach = all.filter(({ number }) => ctx.actor.workspace === null || number === ctx.actor.workspace)
  const byId = new Map(reach.map((workspace) => [workspace.id, workspace]))
  const bound = ctx.actor.workspace === null ? null : (reach[0] ?? null)
  return {
    workspace: (id) => (id === null ? bound : (byId.get(id.toLowerCase()) ?? null)),
    source: 'api',
    largest: largestOverHttp,
    now: microseconds(ctx.ledger.clock.now().toString()),
  }
}

function unpack(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === 'identity') return body
  if (encoding !== 'gzip') throw new Refusal('wrong_type', 'a body may be sent as it is or with Content-Encoding: gzip')
  try {
    return gunzipSync(body, { maxOutputLength: largestBatch })
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal('too_large', `a batch may have at most ${largestBatch} bytes unpacked`)
    throw new Refusal('bad_request', 'the body is not gzip, or it is damaged')
  }
}

/** Lines count from 1; empty ones are counted and passed over. */
function splitLines(body: Buffer): Line[] {
  const lines: Line[] = []
  let at = 0
  for (let number = 1; at < body.length; number++) {
    const end = body.indexOf(10, at)
    const stop = end === -1 ? body.length : end
    const bytes = trimmed(body.subarray(at, stop))
    if (bytes.length > 0) lines.push({ number, bytes })
    if (lines.length > mostRecords) throw new Refusal('too_large', `a batch may have at most ${mostRecords} records`)
    at = stop + 1
  }
  return lines
}

function trimmed(line: Buffer): Buffer {
  const end = line.at(-1) === 13 ? line.length - 1 : line.length
  return line.subarray(0, end).every((byte) => byte === 32 || byte === 9) ? Buffer.alloc(0) : line.subarray(0, end)
}
