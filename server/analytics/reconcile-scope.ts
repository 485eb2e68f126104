import type pg from 'pg'
import type { Temporal } from 'temporal-polyfill'
import type { Period } from '../../contract/periods.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MessageFact } from './conversation-facts.ts'
import { modelFamily } from './model-family.ts'
import type { Filter } from './query-question.ts'

/** The record's side: nothing is decrypted, what a message is stands beside the sealed record. */
export interface RecordScope {
  readonly workspace: Workspace
  readonly period: Period
  readonly filters: readonly Filter[]
  /** The facts know the log up to here; what came later is left out on this side too. */
  readonly cursor: number
}

export const isModelFilter = ({ id }: Filter) => id === 'model' || id === 'model_family'

/**
 * Looked for as text, which costs a third of parsing: within a string of JSON a quotation mark is escaped, so these words can only be the
 * field itself; and no object within it has a field of these names.
 */
export function hasField(field: string, value = ''): string {
  return `strpos(l.remains, '"${field}":${value}') > 0`
}

const isRole = (role: string) => hasField('role', `"${role}"`)

/** For PostgreSQL: who wrote a message, by whom it was not seen, and that it is one a person sent. */
export const roleColumn = `case when ${isRole('user')} then 'user' when ${isRole('assistant')} then 'assistant' when ${isRole('tool')} then 'tool' else 'system' end`
export const isUnseen = `(${hasField('hidden', 'true')} or ${hasField('injected', 'true')})`
export const isByPerson = isRole('user')

/** Whose a message is and where it was said: as the facts have it. */
const columns: Partial<Record<Filter['id'], string>> = {
  person: `coalesce(case when ${isRole('user')} then m.person end, c.person, 0)`,
  gpt: 'coalesce(l.gpt, cl.gpt, 0)',
  project: 'coalesce(l.project, cl.project, 0)',
  source: 'l.source',
}

export const personColumn = columns.person ?? ''

const ofFact: Partial<Record<Filter['id'], (fact: MessageFact) => string | number>> = {
  person: ({ person }) => person,
  gpt: ({ gpt }) => gpt,
  project: ({ project }) => project,
  source: ({ source }) => source,
  model: ({ model }) => model,
  model_family: ({ model }) => modelFamily(model),
}

export function checkFilters(filters: readonly Filter[]): void {
  const unknown = filters.find(({ id }) => !ofFact[id])
  if (!unknown) return
  const { id } = unknown
  throw new Refusal('bad_request', `${id}: the record cannot be narrowed by ${id}, so its messages cannot be reconciled with it`, {
    param: id,
  })
}

export function fits(filters: readonly Filter[], fact: MessageFact): boolean {
  return filters.every((filter) => {
    const value = ofFact[filter.id]?.(fact)
    return value !== undefined && admits(filter, value)
  })
}

export const admits = ({ any, none }: Filter, value: string | number) => (any.length === 0 || any.includes(value)) && !none.includes(value)

/** `$1` organization, `$2` workspace, `$3` and `$4` the range as the moment it begins and the one after it, `$5` the cursor. */
export function valuesOf(ctx: Context, { workspace, period, cursor }: RecordScope): unknown[] {
  return [ctx.ledger.organization.number, workspace.number, startOf(period.first), startOf(period.last.add({ days: 1 })), cursor]
}

const startOf = (day: Temporal.PlainDate) => `${day}T00:00:00Z`

/**
 * Conversations that the API returns for the range, being changed since it began, and those that were active since: a message may be dated after it
 * arrived, and counts although the API does not return it.
 */
export const ofRange = '(c.changed_at >= $3 or c.last_active_at >= $3)'

/** A conversation that was purged is in no list, and a message that was is in no conversation. */
export const isListed = '(c.changed_at >= $3 and c.purged_at is null)'
export const isReturned = `(${isListed} and l.payload is not null)`
/** Like the facts, which have what is older on their first day. */
export const isInside = `(m.created_at is not null and greatest(m.created_at, 'epoch') >= $3 and greatest(m.created_at, 'epoch') < $4)`

/** The messages in scope of conversations in which nothing has happened since the cursor: they are now as the facts know them. `withRecord`: `cl` is the conversation's own. */
export function settledMessages(ctx: Context, scope: RecordScope, withRecord = false): { from: string; values: unknown[] } {
  const values = valuesOf(ctx, scope)
  const conditions = scope.filters.flatMap((filter) => condition(filter, (value) => `$${values.push(value)}`))
  const where = ['c.organization_id = $1 and c.workspace_id = $2', ofRange, 'c.position <= $5 and m.seq is not null', ...conditions].join(
    ' and ',
  )
  const from = `from conversation c ${withRecord || where.includes('cl.') ? ofConversation : ''}
    join message m on m.organization_id = c.organization_id and m.conversation = c.number
    join log l on l.organization_id = m.organization_id and l.seq = m.seq where ${where}`
  return { from, values }
}

/** The conversation's own record, for the GPT and the project of messages that name none. */
const ofConversation = `join item i on i.organization_id = c.organization_id and i.number = c.number
    left join log cl on cl.organization_id = i.organization_id and cl.seq = i.seq`

function condition({ id, any, none }: Filter, bind: (value: unknown) => string): string[] {
  const column = columns[id]
  if (!column) return []
  const type = id === 'source' ? 'text[]' : 'bigint[]'
  return [
    ...(any.length > 0 ? [`${column} = any(${bind(any)}::${type})`] : []),
    ...(none.length > 0 ? [`${column} <> all(${bind(none)}::${type})`] : []),
  ]
}

/** Somebody waits for it. Milliseconds, of one statement and of all reading together. */
const longest = 30_000

export const timeLimit = () => AbortSignal.timeout(longest)

export function checkTime(limit: AbortSignal): void {
  if (limit.aborted) throw tooMuch()
}

const tooMuch = () =>
  new Refusal('unprocessable', `range: so many messages cannot be looked through in ${longest / 1000} seconds: choose a shorter range`, {
    param: 'range',
  })

/** SQLSTATE of a statement that took too long. */
const canceled = '57014'

/** For what reads most of some tables: joined as the planner thinks best, and by one process, so that whoever writes keeps a core. */
const longReads = [
  `work_mem = '64MB'`,
  'max_parallel_workers_per_gather = 0',
  ...['hashjoin', 'mergejoin', 'seqscan'].map((plan) => `enable_${plan} = on`),
]
  .map((setting) => `set local ${setting}`)
  .join('; ')

/** Several reads of the record as it is at one moment, none of them for longer than somebody would wait. */
export async function snapshot<T>(ctx: Context, kind: 'look-ups' | 'long reads', work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await ctx.ledger.database.reads.connect()
  let broken: Error | undefined
  try {
    await client.query(
      `begin isolation level repeatable read read only; set local statement_timeout = ${longest}; ${kind === 'long reads' ? longReads : ''}`,
    )
    return await work(client)
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === canceled ? tooMuch() : error
  } finally {
    await client.query('rollback').catch((error: Error) => {
      broken = error
    })
    client.release(broken)
  }
}
