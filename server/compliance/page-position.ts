import { digest } from '../ledger/access-log.ts'
import type { Context } from '../ledger/context.ts'
import { transaction } from '../ledger/writer.ts'

/**
 * Where an item stood when a page ended with it. A provider's cursor is an item's id; an item that changes moves to the end of the
 * list, and a client that continues after it would skip all that lies between. So the positions at which each last id was handed
 * out are remembered per key for seven days.
 */
export interface Walk {
  readonly list: string
  /** Parameters that select: the same on every page of a walk. */
  readonly selection: string
  /** Parameters that only say where to start: clients drop them once they send a cursor. */
  readonly start: string
}

const rememberedDays = 7

/** A place that a walk left unfinished must not hold up later ones for ever. */
const mostContinued = 3

const nameOf = ({ list, selection }: Walk) => `${list} ${digest(selection)}`

/** On the disk no later than the access record, which is committed after it and before anything leaves: it need not wait for a flush of its own. */
const flushedLater = `(select set_config('synchronous_commit', 'off', true)) as flushed_later`

interface Remembered {
  start: string
  position: number
  continued: number
  spent: boolean
}

/**
 * The position after which to continue, or null when the id was never handed out to this caller.
 *
 * Two walks with the same key and the same parameters cannot be told apart. When both were handed the same id at different positions, the
 * earlier one is served until each had its turn: one of them sees some items twice, and none loses any. What is served when all
 * had their turn (a reply was lost) is the newest.
 */
export async function recallPosition(ctx: Context, walk: Walk, lastId: string): Promise<number | null> {
  const key = [ctx.ledger.organization.number, ctx.actor.id, nameOf(walk), lastId]
  return transaction(ctx.ledger.database.writes, async (tx) => {
    const { rows } = await tx.query<Remembered>({
      name: 'recall positions',
      text: `select start, position, continued, spent from page_position
             where organization_id = $1 and key_id = $2 and list = $3 and last_id = $4 order by handed_out_at for update`,
      values: key,
    })
    const same = walk.start === '' ? [] : rows.filter(({ start }) => start === walk.start)
    const candidates = same.length > 0 ? same : rows
    const waiting = candidates.filter(({ spent, continued }) => !spent && continued < mostContinued).sort((a, b) => a.position - b.position)
    const chosen = waiting[0] ?? candidates.at(-1)
    if (!chosen) return null
    await tx.query({
      name: 'continue from position',
      text: `update page_position set continued = continued + (start = $5 and position = $6)::integer, spent = spent or (start = $7 and position = $8)
             from ${flushedLater} where organization_id = $1 and key_id = $2 and list = $3 and last_id = $4`,
      values: [...key, chosen.start, chosen.position, ...placeOf(waiting.at(-1) ?? chosen)],
    })
    return chosen.position
  })
}

const placeOf = ({ start, position }: Remembered) => [start, position]

export async function rememberPosition(ctx: Context, walk: Walk, lastId: string, position: number): Promise<void> {
  await ctx.ledger.database.writes.query({
    name: 'remember position',
    text: `insert into page_position (organization_id, key_id, list, last_id, start, position, handed_out_at)
           select $1::integer, $2::uuid, $3, $4, $5, $6::bigint, clock_timestamp() from ${flushedLater}
           on conflict (organization_id, key_id, list, last_id, start, position)
           do update set handed_out_at = excluded.handed_out_at, continued = 0, spent = false`,
    values: [ctx.ledger.organization.number, ctx.actor.id, nameOf(walk), lastId, walk.start, position],
  })
}

/** Run now and then by the server. */
export async function forgetOldPositions(ctx: Pick<Context, 'ledger'>): Promise<void> {
  const before = ctx.ledger.clock.now().subtract({ hours: 24 * rememberedDays })
  await ctx.ledger.database.writes.query('delete from page_position where organization_id = $1 and handed_out_at < $2', [
    ctx.ledger.organization.number,
    before.toString(),
  ])
}
