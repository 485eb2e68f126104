import { type AnalyticsQuery, type FilterId, filterIds } from '../../contract/analytics.ts'
import type { Context } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { type ItemDimension, isItem } from './names.ts'
import type { Filter } from './query-question.ts'

/** Conditions as a question gives them: by the ids of the world outside, `!` in front of what is left out. */
export type FilterInput = Pick<AnalyticsQuery, FilterId>

const mostValues = 100

/** The same conditions by the ledger's numbers. An id that nothing has is a mistake and is said, not answered with zeros. */
export async function resolveFilters(ctx: Context, workspace: number, input: FilterInput): Promise<Filter[]> {
  const filters: Filter[] = []
  for (const id of filterIds) {
    const values = input[id]
    if (!values || values.length === 0) continue
    if (id === 'group' || id === 'role') throw refused(id, `counts cannot be narrowed by ${id} yet`)
    if (values.length > mostValues) throw refused(id, `${mostValues} values at most`)
    const left = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1))
    const kept = values.filter((value) => !value.startsWith('!'))
    const resolve = (some: readonly string[]) => (isItem(id) ? numbersOf(ctx, workspace, id, some) : some)
    filters.push({ id, any: await resolve(kept), none: await resolve(left) })
  }
  return filters
}

/** By the id on the wire before the one at the source, which several sources may use for different items: then all of them are meant. */
async function numbersOf(ctx: Context, workspace: number, kind: ItemDimension, ids: readonly string[]): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await ctx.ledger.database.reader
    .selectFrom('item')
    .select(['number', 'id', 'wire_id'])
    .where('organization_id', '=', ctx.ledger.organization.number)
    .where('workspace_id', '=', workspace)
    .where('kind', '=', kind)
    .where((where) => where.or([where('id', 'in', [...ids]), where('wire_id', 'in', [...ids])]))
    .execute()
  return ids.flatMap((id) => {
    const onWire = rows.filter((row) => (row.wire_id ?? row.id) === id)
    const found = onWire.length > 0 ? onWire : rows.filter((row) => row.id === id)
    if (found.length === 0) throw refused(kind, `there is no ${kind} with the id "${id.slice(0, 100)}" in this workspace`)
    return found.map(({ number }) => number)
  })
}

const refused = (param: string, sentence: string) => new Refusal('bad_request', `${param}: ${sentence}`, { param })
