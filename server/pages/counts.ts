import { type SelectQueryBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Ledger } from '../ledger/context.ts'
import type { Tables } from '../platform/tables.ts'

/** How much there is; `about` where counting would take longer than looking at the page. */
export interface Amount {
  readonly number: number
  readonly about: boolean
}

export interface Counts {
  readonly people: Amount
  readonly conversations: Amount
  readonly messages: Amount
}

/** Rows up to which they are counted one by one: about a quarter of a second. Beyond it PostgreSQL's own estimate is near enough. */
const countedUpTo = 1_000_000

export async function countsOf(ledger: Ledger, workspace: number): Promise<Counts> {
  const organization = ledger.organization.number
  const { reader } = ledger.database
  const items = (kind: string) =>
    reader
      .selectFrom('item')
      .where('organization_id', '=', organization)
      .where('workspace_id', '=', workspace)
      .where('kind', '=', kind)
      .where('seq', 'is not', null)
  const messages = reader
    .selectFrom('message')
    .where('organization_id', '=', organization)
    .where('workspace_id', '=', workspace)
    .where('seq', 'is not', null)
  return {
    people: await amountOf(items('person')),
    conversations: await amountOf(items('conversation')),
    messages: await amountOf(messages),
  }
}

async function amountOf<T extends 'item' | 'message'>(query: SelectQueryBuilder<Tables, T, object>): Promise<Amount> {
  const [plan] = await query.select(sql`1`.as('one')).explain('json')
  const estimate = plannedRows.parse(plan)['QUERY PLAN'][0].Plan['Plan Rows']
  if (estimate > countedUpTo) return { number: Number(estimate.toPrecision(2)), about: true }
  const { number } = await query.select(sql<number>`count(*)`.as('number')).executeTakeFirstOrThrow()
  return { number, about: false }
}

const plannedRows = z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]) })
