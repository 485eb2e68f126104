import { z } from 'zod'
import { matchesInput, type SearchReply } from '../../contract/search.ts'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { openSaved } from './saved-search.ts'
import { demandSaved } from './saved-searches.ts'
import { placeOf, snapshot, timeOf } from './search.ts'
import { check } from './search-candidates.ts'
import { filtersOf } from './search-filters.ts'
import { hitsOf } from './search-hits.ts'
import { parseTerms } from './search-terms.ts'

const matchesRead = matchesInput.extend({ id: z.uuid() })

const readMatches = question({
  action: 'saved-search.read',
  scope: 'compliance:read',
  input: matchesRead,
  workspace: async (ctx, { id }) => (await demandSaved(ctx, id)).workspace,
  query: ({ id, purpose, limit, cursor }) => ({ saved_search: id, purpose, limit, cursor: cursor ?? null }),
  async ask(ctx, input) {
    const result = await page(ctx, input)
    return { ids: result.reply.data.map(({ id }) => id), result }
  },
})

/** What a saved search has found since it was saved. What is given out is new to nobody any more, once the reading is on record. */
export async function givenMatches(ctx: Context, raw: z.input<typeof matchesRead>): Promise<SearchReply> {
  const { reply, seqs } = await readMatches(ctx, raw)
  const { database, organization } = ctx.ledger
  await database.writes.query(
    'update saved_search_match set seen = true where organization_id = $1 and saved_search = $2 and seq = any($3::bigint[])',
    [organization.number, raw.id, seqs],
  )
  return reply
}

/** Also with what has changed so since that it is found no more, and is new to nobody either. */
interface Page {
  readonly reply: SearchReply
  readonly seqs: readonly number[]
}

/** What was found is opened and read again: places of words are kept nowhere. */
async function page(ctx: Context, { id, cursor: asked, limit }: { id: string; cursor?: string | undefined; limit: number }): Promise<Page> {
  const { ledger } = ctx
  const { row } = await demandSaved(ctx, id)
  const { text, person, ...filters } = openSaved(ledger.organization, row)
  const before = asked === undefined ? Number.MAX_SAFE_INTEGER : placeOf(asked)
  return snapshot(ctx, async (tx) => {
    const { rows } = await tx.query<{ seq: number }>({
      name: 'matches',
      text: `select seq from saved_search_match where organization_id = $1 and saved_search = $2 and recorded and seq < $3 order by seq desc limit $4`,
      values: [ledger.organization.number, id, before, limit + 1],
    })
    const seqs = rows.slice(0, limit).map(({ seq }) => seq)
    const { found, opened } = await check(tx, ledger, parseTerms(text), filtersOf(filters, row.workspace_id, person), { seqs })
    const last = rows.length > limit ? (seqs.at(-1) ?? null) : null
    const data = await hitsOf(tx, ledger, found)
    const searched_back_to = last === null ? null : await timeOf(tx, ledger.organization.number, last)
    const cursor = last === null ? null : String(last)
    return { reply: { data, cursor, has_more: last !== null, searched_back_to, checked: opened, behind: 0, skipped: 0 }, seqs }
  })
}
