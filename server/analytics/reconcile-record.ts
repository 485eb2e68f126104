import type { Temporal } from 'temporal-polyfill'
import type { ReconciliationStep } from '../../contract/analytics.ts'
import type { Period } from '../../contract/periods.ts'
import type { Context, Workspace } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Filter } from './query-question.ts'
import { modelFits } from './reconcile-model.ts'

/** The record's side: nothing is decrypted, what a message is stands beside the sealed record. */
export interface RecordScope {
  readonly workspace: Workspace
  readonly period: Period
  readonly filters: readonly Filter[]
  /** The facts know the log up to here; what came later is left out on this side too. */
  readonly cursor: number
}

export type ExcludedStep = Exclude<ReconciliationStep, 'returned' | 'deleted_since' | 'counted'>

/** A message as the record sees it: whether the API returns it, and why it does not count, if it does not. */
export interface RecordMessage {
  readonly conversation: number
  readonly first_seq: number
  readonly id: string
  readonly repeated_id: boolean
  readonly conversation_id: string
  readonly returned: boolean
  readonly step: ExcludedStep | 'counted'
}

/**
 * The steps in their order; the first that fits wins. A message is in the scope when its conversation was changed since the range began
 * (the API returns it then) or was active since: it may be dated after it arrived, and counts although the API does not return it.
 */
const stepOf = `case when m.created_at < $3 or m.created_at >= $4 then 'outside_range' when m.created_at is null then 'no_time'
  when l.remains::json->>'role' = 'system' then 'system' when l.remains::json->>'role' = 'tool' then 'tool'
  when l.remains::json->>'role' = 'assistant' then 'assistant'
  when coalesce(l.remains::json->>'hidden', l.remains::json->>'injected') = 'true' then 'hidden_or_injected' else 'counted' end`

const returned = 'c.changed_at >= $3 and l.payload is not null'

/** Everything about the messages in scope but the columns wanted of them. */
function scopeOf(ctx: Context, { workspace, period, filters, cursor }: RecordScope): { from: string; values: unknown[] } {
  const values: unknown[] = [
    ctx.ledger.organization.number,
    workspace.number,
    startOf(period.first),
    startOf(period.last.add({ days: 1 })),
    cursor,
  ]
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = filters.flatMap((filter) => condition(filter, bind))
  const from = `from conversation c join message m on m.organization_id = c.organization_id and m.conversation = c.number
    join log l on l.organization_id = m.organization_id and l.seq = m.seq
    join item i on i.organization_id = c.organization_id and i.number = c.number
    left join log cl on cl.organization_id = i.organization_id and cl.seq = i.seq
    where c.organization_id = $1 and c.workspace_id = $2 and (c.changed_at >= $3 or c.last_active_at >= $3)
      and m.seq is not null and m.first_seq <= $5 ${conditions.map((one) => `and ${one}`).join(' ')}`
  return { from, values }
}

const startOf = (day: Temporal.PlainDate) => `${day}T00:00:00Z`

/** Whose a message is and where it was said: as the facts have it. */
const columns: Partial<Record<Filter['id'], string>> = {
  person: `coalesce(case when l.remains::json->>'role' = 'user' then m.person end, c.person, 0)`,
  gpt: 'coalesce(l.gpt, cl.gpt, 0)',
  project: 'coalesce(l.project, cl.project, 0)',
  source: 'l.source',
}

export const isModelFilter = ({ id }: Filter) => id === 'model' || id === 'model_family'

export function checkFilters(filters: readonly Filter[]): void {
  const unknown = filters.find((filter) => !isModelFilter(filter) && !columns[filter.id])
  if (unknown)
    throw new Refusal(
      'bad_request',
      `${unknown.id}: the record cannot be narrowed by ${unknown.id}, so its messages cannot be reconciled with it`,
      {
        param: unknown.id,
      },
    )
}

function condition({ id, any, none }: Filter, bind: (value: unknown) => string): string[] {
  const column = columns[id]
  if (!column) return []
  const type = id === 'source' ? 'text[]' : 'bigint[]'
  return [
    ...(any.length > 0 ? [`${column} = any(${bind(any)}::${type})`] : []),
    ...(none.length > 0 ? [`${column} <> all(${bind(none)}::${type})`] : []),
  ]
}

export interface RecordCounts {
  readonly returned: number
  readonly excluded: ReadonlyMap<ExcludedStep, number>
  readonly counted: number
  readonly deletedSince: number
  /** A message was changed after the facts' cursor: what it was then is not told here. */
  readonly isAhead: boolean
}

/** Reads every message in scope once; a model is known only by the whole conversation, so with a filter on it they are looked at one by one. */
export async function countRecord(ctx: Context, scope: RecordScope): Promise<RecordCounts> {
  const groups = scope.filters.some(isModelFilter) ? await countOneByOne(ctx, scope) : await countAll(ctx, scope)
  const sum = (fits: (group: Group) => boolean) => groups.filter(fits).reduce((total, { messages }) => total + messages, 0)
  const steps = [...new Set(groups.flatMap(({ step }) => (step === 'counted' ? [] : [step])))]
  return {
    returned: sum((group) => group.returned),
    excluded: new Map(steps.map((step) => [step, sum((group) => group.returned && group.step === step)])),
    counted: sum((group) => group.returned && group.step === 'counted'),
    deletedSince: sum((group) => !group.returned && group.step === 'counted'),
    isAhead: groups.some(({ ahead }) => ahead),
  }
}

interface Group {
  readonly returned: boolean
  readonly step: RecordMessage['step']
  readonly ahead: boolean
  readonly messages: number
}

async function countAll(ctx: Context, scope: RecordScope): Promise<Group[]> {
  const { from, values } = scopeOf(ctx, scope)
  const { rows } = await ctx.ledger.database.reads.query<Group>(
    `select ${returned} as returned, ${stepOf} as step, m.seq > $5 as ahead, count(*) as messages ${from} group by 1, 2, 3`,
    values,
  )
  return rows
}

async function countOneByOne(ctx: Context, scope: RecordScope): Promise<Group[]> {
  const groups: Group[] = []
  for (let after: Place | null = { conversation: 0, firstSeq: 0 }; after; ) {
    const page: { messages: RecordMessage[]; next: Place | null } = await recordPage(ctx, scope, after)
    groups.push(...page.messages.map(({ returned, step }) => ({ returned, step, ahead: false, messages: 1 })))
    after = page.next
  }
  return groups
}

/** Where a page ends. */
export interface Place {
  readonly conversation: number
  readonly firstSeq: number
}

const pageSize = 5000

/** The messages in scope in the order of conversation and arrival, so many at a time; `next` is null at the end. */
export async function recordPage(
  ctx: Context,
  scope: RecordScope,
  after: Place,
): Promise<{ messages: RecordMessage[]; next: Place | null }> {
  const { from, values } = scopeOf(ctx, scope)
  const bind = (value: unknown) => `$${values.push(value)}`
  const { rows } = await ctx.ledger.database.reads.query<RecordMessage>(
    `select m.conversation, m.first_seq, m.id, m.repeated_id, coalesce(i.wire_id, i.id) as conversation_id, ${returned} as returned, ${stepOf} as step
     ${from} and (m.conversation, m.first_seq) > (${bind(after.conversation)}::bigint, ${bind(after.firstSeq)}::bigint)
     order by m.conversation, m.first_seq limit ${bind(pageSize)}`,
    values,
  )
  const last = rows.at(-1)
  const fits = await modelFits(ctx, scope, [...new Set(rows.map(({ conversation }) => conversation))])
  return {
    messages: rows.filter(fits),
    next: last && rows.length === pageSize ? { conversation: last.conversation, firstSeq: last.first_seq } : null,
  }
}

export const wireIdOf = ({ conversation, id, repeated_id }: RecordMessage) => messageWireId(conversation, id, repeated_id)

/** Conversations of which nothing but something that is no message has changed since the range began: a title, a sharing. */
export async function surfacedConversations(ctx: Context, scope: RecordScope): Promise<number> {
  const { from, values } = scopeOf(ctx, { ...scope, filters: scope.filters.filter((filter) => !isModelFilter(filter)) })
  const { rows } = await ctx.ledger.database.reads.query<{ surfaced: number }>(
    `select count(*) as surfaced from (
       select c.number ${from} and c.changed_at >= $3 and $4::timestamptz is not null group by c.organization_id, c.number
       having not bool_or(l.received_at >= $3) and not exists (
         select from log d where d.organization_id = c.organization_id and d.conversation = c.number and d.kind = 'deletion'
           and d.received_at >= $3 and d.remains::json->>'kind' = 'message')) as surfaced`,
    values,
  )
  return rows[0]?.surfaced ?? 0
}
