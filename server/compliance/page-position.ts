import { digest } from '../ledger/access-log.ts'
import type { Context } from '../ledger/context.ts'

/**
 * Where an item stood when a page ended with it. A provider's cursor is an item's id; an item that changes moves to the end of the
 * list, and a client that continues after it would skip all that lies between. So the position of each last id that is handed out
 * is remembered per key for seven days.
 *
 * The same key may walk the list several times at once with other parameters; those that a client repeats on every page tell the
 * walks apart. Of one walk the newest position counts, so that a walk always goes forward.
 */
export interface Walk {
  readonly list: string
  /** Parameters that select: the same on every page of a walk. */
  readonly selection: string
  /** Parameters that only say where to start: clients drop them once they send a cursor. */
  readonly start: string
}

const rememberedDays = 7

const nameOf = ({ list, selection }: Walk) => `${list} ${digest(selection)}`

/** The position after which to continue, or null when the id was never handed out to this caller. */
export async function recallPosition(ctx: Context, walk: Walk, lastId: string): Promise<number | null> {
  const rows = await ctx.ledger.database.reader
    .selectFrom('page_position')
    .select(['start', 'position'])
    .where('organization_id', '=', ctx.ledger.organization.number)
    .where('key_id', '=', ctx.actor.id)
    .where('list', '=', nameOf(walk))
    .where('last_id', '=', lastId)
    .orderBy('handed_out_at', 'desc')
    .execute()
  return (rows.find(({ start }) => start === walk.start) ?? rows[0])?.position ?? null
}

export async function rememberPosition(ctx: Context, walk: Walk, lastId: string, position: number): Promise<void> {
  await ctx.ledger.database.writes.query({
    name: 'remember position',
    text: `insert into page_position (organization_id, key_id, list, last_id, start, position, handed_out_at) values ($1, $2, $3, $4, $5, $6, clock_timestamp())
           on conflict (organization_id, key_id, list, last_id, start) do update set position = excluded.position, handed_out_at = excluded.handed_out_at`,
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
