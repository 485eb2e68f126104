import type pg from 'pg'
import { type SearchReply, searchInput } from '../../contract/search.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { demandPerson } from './held-questions.ts'
import { present } from './openai-conversations.ts'
import type { Found } from './search-candidates.ts'
import { type Filters, filtersOf } from './search-filters.ts'
import { hitsOf } from './search-hits.ts'
import { parseTerms, type Terms } from './search-terms.ts'
import { type Searched, walk } from './search-walk.ts'

/** Words and phrases over the record of a workspace, the newest entries first. */
export const search = question({
  action: 'search.run',
  scope: 'compliance:read',
  input: searchInput,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: ({ purpose, kinds, person_id, since, until, limit, cursor }) => ({
    purpose,
    kinds: kinds ?? null,
    person_id: person_id ?? null,
    since: since ?? null,
    until: until ?? null,
    limit,
    cursor: cursor ?? null,
  }),
  words: ({ text }) => text,
  async ask(ctx, input, workspace) {
    const its = present(workspace)
    const terms = parseTerms(input.text)
    const before = input.cursor === undefined ? Number.MAX_SAFE_INTEGER : placeOf(input.cursor)
    const filters = await filtersAsked(ctx, its, input)
    const result = await snapshot(ctx, (tx) => page(tx, ctx, { terms, filters, before, limit: input.limit }))
    return { ids: result.data.map(({ id }) => id), result }
  },
})

export async function filtersAsked(
  ctx: Context,
  workspace: Workspace,
  input: Parameters<typeof filtersOf>[0] & { person_id?: string | undefined },
): Promise<Filters> {
  const person = input.person_id === undefined ? null : await demandPerson(ctx, workspace, input.person_id)
  return filtersOf(input, workspace.number, person)
}

/** A cursor is the place before which to go on. */
export function placeOf(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new Refusal('bad_request', 'cursor: is not one of a reply', { param: 'cursor' })
  return Number(cursor)
}

interface Page {
  readonly terms: Terms
  readonly filters: Filters
  readonly before: number
  readonly limit: number
}

/** One hit more than the page where there is one: only then is there a next page for the sake of hits. */
async function page(tx: pg.ClientBase, ctx: Context, { terms, filters, before, limit }: Page): Promise<SearchReply> {
  const { ledger } = ctx
  const searched = await walk(tx, ledger, { terms, filters, before, enough: limit + 1 })
  const shown = searched.found.slice(0, limit)
  const downTo = lastPlace(searched, shown, limit)
  return {
    data: await hitsOf(tx, ledger, shown),
    cursor: downTo > 0 ? String(downTo) : null,
    has_more: downTo > 0,
    searched_back_to: downTo > 0 ? await timeOf(tx, ledger.organization.number, downTo) : null,
    checked: searched.opened,
    behind: searched.behind,
    skipped: searched.skipped,
  }
}

function lastPlace({ found, downTo }: Searched, shown: readonly Found[], limit: number): number {
  return found.length > limit ? (shown.at(-1)?.seq ?? downTo) : downTo
}

export async function timeOf(tx: pg.ClientBase, organization: number, seq: number): Promise<string | null> {
  const { rows } = await tx.query<{ at: string }>(
    'select received_at as at from log where organization_id = $1 and seq >= $2 order by seq limit 1',
    [organization, seq],
  )
  return rows[0]?.at ?? null
}

/** Everything is read as of one moment: neither the index nor the record moves under a walk. */
export async function snapshot<T>({ ledger }: Context, work: (tx: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await ledger.database.reads.connect()
  let broken: Error | undefined
  try {
    await client.query('begin isolation level repeatable read read only')
    return await work(client)
  } finally {
    await client.query('commit').catch((error: Error) => {
      broken = error
    })
    client.release(broken)
  }
}
