import { type AnalyticsQuery, type FilterId, filterIds } from '../../contract/analytics.ts'
import type { Context } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import { sourceRoles } from './groups.ts'
import { type ItemDimension, isItem, pseudonymOf } from './names.ts'
import { checkAllowed, type Reader, readerOf } from './privacy.ts'
import type { Filter } from './query-question.ts'

/** Conditions as a question gives them: by the ids of the world outside, `!` in front of what is left out. */
export type FilterInput = Pick<AnalyticsQuery, FilterId>

const mostValues = 100

/**
 * The same conditions by the ledger's numbers, as far as this reader may use them. An id that nothing has is a mistake and is said, not
 * answered with zeros.
 */
export async function resolveFilters(ctx: Context, workspace: number, input: FilterInput): Promise<Filter[]> {
  const reader = await readerOf(ctx, workspace)
  const filters: Filter[] = []
  for (const id of filterIds) {
    const values = input[id]
    if (!values || values.length === 0) continue
    checkAllowed(reader, id, id)
    if (values.length > mostValues) throw refused(id, `${mostValues} values at most`)
    const left = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1))
    const kept = values.filter((value) => !value.startsWith('!'))
    const resolve = (some: readonly string[]) => valuesOf(ctx, { workspace, reader, id }, some)
    filters.push({ id, any: await resolve(kept), none: await resolve(left) })
  }
  return filters
}

interface Place {
  readonly workspace: number
  readonly reader: Reader
  readonly id: FilterId
}

function valuesOf(ctx: Context, { workspace, reader, id }: Place, values: readonly string[]): Promise<number[]> | readonly string[] {
  if (id === 'role') return values.map(knownRole)
  if (id === 'person' && reader.people === 'pseudonymous') return numbersOfPseudonyms(ctx, workspace, values)
  return isItem(id) || id === 'group' ? numbersOf(ctx, workspace, id, values) : values
}

function knownRole(value: string): string {
  const role = sourceRoles.find((one) => one === value)
  if (role === undefined) throw refused('role', `"${value.slice(0, 100)}" is none of ${sourceRoles.join(', ')}`)
  return role
}

/** By the id on the wire before the one at the source, which several sources may use for different items: then all of them are meant. */
async function numbersOf(ctx: Context, workspace: number, kind: ItemDimension | 'group', ids: readonly string[]): Promise<number[]> {
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
    if (found.length === 0) throw unknownId(kind, id)
    return found.map(({ number }) => number)
  })
}

/** A pseudonym says nothing about whom it stands for, so all are made again and compared: a few milliseconds for thousands of people. */
async function numbersOfPseudonyms(ctx: Context, workspace: number, pseudonyms: readonly string[]): Promise<number[]> {
  if (pseudonyms.length === 0) return []
  const rows = await ctx.ledger.database.reader
    .selectFrom('item')
    .select('number')
    .where('organization_id', '=', ctx.ledger.organization.number)
    .where('workspace_id', '=', workspace)
    .where('kind', '=', 'person')
    .execute()
  const numbers = new Map(rows.map(({ number }) => [pseudonymOf(ctx, workspace, number), number]))
  return pseudonyms.map((pseudonym) => {
    const number = numbers.get(pseudonym)
    if (number === undefined) throw unknownId('person', pseudonym)
    return number
  })
}

const unknownId = (kind: string, id: string) => refused(kind, `there is no ${kind} with the id "${id.slice(0, 100)}" in this workspace`)
const refused = (param: string, sentence: string) => new Refusal('bad_request', `${param}: ${sentence}`, { param })
