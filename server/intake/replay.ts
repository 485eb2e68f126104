import type pg from 'pg'
import { z } from 'zod'
import { isErasedBefore } from '../../contract/records.ts'
import { type ReplayReply, replayInput, replayScopes } from '../../contract/sources.ts'
import { takeTurn } from '../ledger/append.ts'
import { type Candidate, type Intake, largestImported, prepareLine, type Rejected } from '../ledger/candidate.ts'
import { command } from '../ledger/command.ts'
import type { Context, Ledger, Workspace } from '../ledger/context.ts'
import { open } from '../ledger/entry.ts'
import { microseconds } from '../ledger/times.ts'
import { listWorkspaces, type WorkspaceRow, workspaceOf } from '../people/workspaces.ts'
import { type LetterFilter, rawPiece } from './dead-letters.ts'
import { sourceOfLetter } from './sources.ts'

export interface ReplayFilter {
  readonly numbers?: readonly number[]
  readonly workspace?: number
  readonly code?: string
  readonly interrupted?: AbortSignal
}

export interface Replayed {
  /** Stored now, or known already. */
  readonly taken: number[]
  /** Still refused, with the reason of this time. What is `purged` is kept no longer. */
  readonly refused: { number: number; code: string; message: string }[]
  /** Nothing was kept of them, or they are pieces of a source and no records: only a new import helps. */
  readonly unfit: number[]
}

const lettersPerBatch = 100

/** Sends dead letters through the intake again, in batches, each with its entry in the log. What is taken is a dead letter no more. */
export async function replayDeadLetters(ctx: Context, { interrupted, ...filter }: ReplayFilter): Promise<Replayed> {
  const all: Replayed = { taken: [], refused: [], unfit: [] }
  for (let after = 0; ; ) {
    interrupted?.throwIfAborted()
    const { last, taken, refused, unfit } = await replayBatch(ctx, { ...filter, numbers: filter.numbers?.slice(), after })
    all.taken.push(...taken)
    all.refused.push(...refused)
    all.unfit.push(...unfit)
    if (last === null) return all
    after = last
  }
}

const replayBatch = command({
  action: 'dead-letters.replay',
  scope: 'ingest:write',
  input: z.object({
    numbers: z.array(z.int().positive()).optional(),
    workspace: z.int().optional(),
    code: z.string().optional(),
    after: z.int(),
  }),
  run: (tx, ctx, { workspace, numbers, code, after }) =>
    replay(tx, ctx, { ...(workspace === undefined ? {} : { workspace }), numbers, code, after }, null),
})

/** One batch of a workspace's letters, for people and programs that ask over HTTP; `next_after` says where the next begins. */
export async function replayLetters(ctx: Context, raw: z.input<typeof replayInput>): Promise<ReplayReply> {
  // A replay holds a connection while the writer needs another: were many at it at once, all would wait for each other.
  const before = turn
  const mine = before.catch(() => undefined).then(() => replayAsked(ctx, raw))
  turn = mine
  const { last, ...outcome } = await mine
  return { ...outcome, next_after: last }
}

let turn: Promise<unknown> = Promise.resolve()

const replayAsked = command({
  action: 'dead-letters.replay',
  scope: replayScopes,
  input: replayInput,
  async run(tx, ctx, { workspace_id, ...wanted }) {
    const workspace = await workspaceOf(ctx, workspace_id)
    return replay(tx, ctx, { ...wanted, workspace: workspace.number, orNowhere: ctx.actor.workspace === null }, workspace)
  },
})

interface Wanted extends LetterFilter {
  readonly numbers?: readonly number[] | undefined
  readonly after: number
}

async function replay(tx: pg.ClientBase, ctx: Context, wanted: Wanted, workspace: Workspace | null) {
  const letters = await lockLetters(tx, ctx, wanted)
  const fit = letters.filter(({ payload, via }) => payload !== null && !via.endsWith(rawPiece))
  const outcomes = await sendAgain(ctx, fit)
  const taken = fit.filter((_, i) => outcomes[i] === null).map(({ number }) => number)
  const refused = fit.flatMap(({ number }, i) => (outcomes[i] ? [{ number, code: outcomes[i].code, message: outcomes[i].message }] : []))
  const over = refused.filter(({ code }) => isErasedBefore(code)).map(({ number }) => number)
  await close(tx, ctx.ledger, [...taken, ...over])
  await keepReasons(tx, ctx.ledger, refused)
  await forgetErased(tx, ctx.ledger, numbersOf(refused))
  const unfit = letters.filter((letter) => !fit.includes(letter)).map(({ number }) => number)
  return {
    ids: letters.map(({ number }) => String(number)),
    workspace,
    query: { taken: taken.length, refused: refused.length },
    result: { last: letters.length < lettersPerBatch ? null : (letters.at(-1)?.number ?? null), taken, refused, unfit },
  }
}

interface Row {
  number: number
  workspace_id: number | null
  via: string
  commitment: Buffer
  payload: Buffer | null
  salt: Buffer | null
}

/** Locked, so that two replays at once do not send the same letter twice; one that another replay holds is left to it. */
async function lockLetters(
  tx: pg.ClientBase,
  ctx: Context,
  { numbers, workspace, orNowhere = false, source, via, code, after }: Wanted,
): Promise<Row[]> {
  const { rows } = await tx.query<Row>(
    `select d.number, d.workspace_id, d.via, d.commitment, d.payload, s.salt
     from dead_letter d left join salts.dead_letter s on s.organization_id = d.organization_id and s.number = d.number
     where d.organization_id = $1 and d.replayed_at is null and d.number > $2 and ($3::bigint[] is null or d.number = any($3))
       and ($4::integer is null or d.workspace_id = $4 or ($5 and d.workspace_id is null)) and ($6::text is null or d.code = $6)
       and ($7::text is null or d.source = $7) and ($8::text is null or d.via = $8)
     order by d.number limit $9 for update of d skip locked`,
    [
      ctx.ledger.organization.number,
      after,
      numbers ?? null,
      ctx.actor.workspace ?? workspace ?? null,
      orNowhere,
      code ?? null,
      source ?? null,
      via ?? null,
      lettersPerBatch,
    ],
  )
  return rows
}

/** For each letter null when it was taken, else why not. */
async function sendAgain(ctx: Context, letters: readonly Row[]): Promise<(Pick<Rejected, 'code' | 'message'> | null)[]> {
  const { ledger } = ctx
  const workspaces = await listWorkspaces(ledger)
  const prepared = letters.map(({ workspace_id, via, commitment, payload, salt }): Candidate | Rejected => {
    if (!payload || !salt) return { code: 'bad_record', message: 'its bytes are gone', id: null }
    const bytes = open(ledger.organization.keys, { commitment, payload, salt })
    return prepareLine(ledger.organization.keys, intakeOf(ledger, workspaces, workspace_id, via), bytes)
  })
  const good = prepared.filter((one) => 'sealed' in one)
  const { outcomes } = good.length > 0 ? await ledger.writer.take(good) : { outcomes: [] }
  const rest = outcomes.values()
  return prepared.map((one) => {
    if (!('sealed' in one)) return one
    const outcome = rest.next().value
    return outcome?.taken === null ? outcome : null
  })
}

/** A letter that came by a key of one workspace never gets into another; one of the organization may name any, also one made since. */
function intakeOf(ledger: Ledger, workspaces: readonly WorkspaceRow[], bound: number | null, via: string): Intake {
  const reach = workspaces.filter(({ number }) => bound === null || number === bound)
  return {
    workspace: (id) =>
      id === null ? (bound === null ? null : (reach[0] ?? null)) : (reach.find((one) => one.id === id.toLowerCase()) ?? null),
    source: sourceOfLetter(via),
    largest: largestImported,
    now: microseconds(ledger.clock.now().toString()),
  }
}

/** What was taken is in the log; a second copy of it shall not stay behind here. */
async function close(tx: pg.ClientBase, ledger: Ledger, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return
  const organization = ledger.organization.number
  await tx.query('update dead_letter set replayed_at = $3, payload = null where organization_id = $1 and number = any($2::bigint[])', [
    organization,
    numbers,
    ledger.clock.now().toString(),
  ])
  await tx.query('delete from salts.dead_letter where organization_id = $1 and number = any($2::bigint[])', [organization, numbers])
}

const numbersOf = (letters: readonly { number: number }[]) => letters.map(({ number }) => number)

/**
 * An erasure left these to their replay: what it would have taken of them goes now. In the turn: one that comes later finds them free again.
 */
async function forgetErased(tx: pg.ClientBase, ledger: Ledger, numbers: number[]): Promise<void> {
  if (numbers.length === 0) return
  const organization = ledger.organization.number
  await takeTurn(tx, organization)
  const { rows } = await tx.query<{ number: number }>(
    `select d.number from dead_letter d
     join workspace w on w.organization_id = d.organization_id and (d.workspace_id is null or w.workspace_id = d.workspace_id)
     where d.organization_id = $1 and d.number = any($2::bigint[]) and (
       exists (select from item i where i.organization_id = $1 and i.workspace_id = w.workspace_id and i.purged_at is not null
         and (i.id = d.record_id or (i.kind = 'conversation' and i.id = d.conversation_id and i.purged_at > d.received_at)))
       or exists (select from message m where m.organization_id = $1 and m.workspace_id = w.workspace_id and m.id = d.record_id and m.purged_at is not null))`,
    [organization, numbers],
  )
  const erased = [...new Set(numbersOf(rows))]
  await close(tx, ledger, erased)
  await tx.query("update dead_letter set place = '' where organization_id = $1 and number = any($2::bigint[])", [organization, erased])
}

async function keepReasons(tx: pg.ClientBase, ledger: Ledger, refused: Replayed['refused']): Promise<void> {
  if (refused.length === 0) return
  await tx.query(
    `update dead_letter d set code = r.code, message = r.message
     from unnest($2::bigint[], $3::text[], $4::text[]) as r (number, code, message) where d.organization_id = $1 and d.number = r.number`,
    [
      ledger.organization.number,
      refused.map(({ number }) => number),
      refused.map(({ code }) => code),
      refused.map(({ message }) => message),
    ],
  )
}
