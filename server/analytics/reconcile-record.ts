import type pg from 'pg'
import type { ReconciledMetric } from '../../contract/analytics.ts'
import type { Context } from '../ledger/context.ts'
import {
  add,
  type ConversationGroup,
  effectsOfConversations,
  effectsOfMessages,
  effectsOfPerson,
  isOfMessages,
  type MessageGroup,
  type MessageMetric,
  type Sums,
  sumOf,
} from './reconcile-effects.ts'
import { addSaid, People, settledSenders, usersListed } from './reconcile-people.ts'
import { type Conversation, conversationOf, groupOf, isWithin, type Said, said } from './reconcile-said.ts'
import {
  hasField,
  isByPerson,
  isInside,
  isListed,
  isModelFilter,
  isReturned,
  isUnseen,
  ofRange,
  type RecordScope,
  roleColumn,
  settledMessages,
  snapshot,
  timeLimit,
  valuesOf,
} from './reconcile-scope.ts'

/**
 * What the record says of a number, step by step, as it was at the cursor: PostgreSQL counts the conversations in which nothing has happened
 * since, the few others are worked out from what the log says of them. One snapshot tells the two kinds apart.
 */
export function countRecord(ctx: Context, scope: RecordScope, metric: ReconciledMetric): Promise<Sums> {
  if (isOfMessages(metric)) return countMessages(ctx, scope, metric)
  return metric === 'conversations' ? countConversations(ctx, scope) : countPeople(ctx, scope)
}

async function countMessages(ctx: Context, scope: RecordScope, metric: MessageMetric): Promise<Sums> {
  const limit = timeLimit()
  const { settled, others, callers } = await snapshot(ctx, 'long reads', async (client) => ({
    settled: isWorkedOut(scope) ? [] : await settledGroups(client, ctx, scope, metric),
    others: await unsettled(client, ctx, scope),
    callers: metric === 'tool_messages' && !isWorkedOut(scope) ? await answersWithTools(client, ctx, scope) : [],
  }))
  const sums = sumOf(settled.map((group) => effectsOfMessages(metric, group)))
  const count = (groups: readonly MessageGroup[]) => {
    for (const group of groups) add(sums, effectsOfMessages(metric, group))
  }
  for await (const { messages } of said(ctx, scope, others, limit)) count(messages.map((one) => groupOf(metric, scope.period, one)))
  for await (const one of said(ctx, scope, callers, limit)) count(resultsInside(scope, one))
  return sums
}

/** A model is known only by the whole conversation: with a filter on it all of them are worked out. */
const isWorkedOut = ({ filters }: RecordScope) => filters.some(isModelFilter)

/** Few messages have any. */
function lengthOf(list: string): string {
  return `case when ${hasField(list)} then json_array_length(l.remains::json->'${list}') else 0 end`
}

const uses: Partial<Record<MessageMetric, string>> = {
  skill_uses: lengthOf('skills'),
  connector_calls: lengthOf('connectors'),
}

/** Every message in scope is read once, and PostgreSQL does nothing but tell apart: which step takes what is decided in one place for all. */
async function settledGroups(client: pg.ClientBase, ctx: Context, scope: RecordScope, metric: MessageMetric): Promise<MessageGroup[]> {
  const [gpt, project] = [metric === 'gpt_messages', metric === 'project_messages']
  const { from, values } = settledMessages(ctx, scope, gpt || project)
  const { rows } = await client.query<MessageGroup>(
    `select returned, at, role, unseen, in_gpt, in_project, uses > 0 as used, count(*) as messages, sum(uses) as uses from (
       select ${isReturned} as returned, case when m.created_at is null then 'never' when ${isInside} then 'inside' else 'outside' end as at,
         ${roleColumn} as role, ${isUnseen} as unseen,
         ${gpt ? 'coalesce(l.gpt, cl.gpt) is not null' : 'false'} as in_gpt,
         ${project ? 'coalesce(l.project, cl.project) is not null' : 'false'} as in_project, ${uses[metric] ?? '0'} as uses
       ${from}) as message group by 1, 2, 3, 4, 5, 6, 7`,
    values,
  )
  return rows
}

/** Conversations in which something has happened since the cursor; with a filter on models, all in scope. */
function unsettled(client: pg.ClientBase, ctx: Context, scope: RecordScope): Promise<Conversation[]> {
  return conversations(client, `c.position > $5 ${isWorkedOut(scope) ? `or ${ofRange}` : ''}`, valuesOf(ctx, scope))
}

async function conversations(client: pg.ClientBase, where: string, values: unknown[]): Promise<Conversation[]> {
  const { rows } = await client.query<Conversation>(
    `select c.number, ${isListed} as returned from conversation c
     where c.organization_id = $1 and c.workspace_id = $2 and $4::timestamptz is not null and (${where}) order by c.number`,
    values,
  )
  return rows
}

/** Settled conversations with an answer within the range that calls a tool, or holds results. What is found too much has none when it is looked at. */
async function answersWithTools(client: pg.ClientBase, ctx: Context, scope: RecordScope): Promise<Conversation[]> {
  const { from, values } = settledMessages(ctx, scope)
  const { rows } = await client.query<Conversation>(
    `select c.number, bool_or(${isListed}) as returned ${from} and ${isInside} and (${hasField('tools')} or ${hasField('results')}) group by c.number`,
    values,
  )
  return rows
}

/** The answers themselves are counted already. */
function resultsInside({ period }: RecordScope, { messages }: Said): MessageGroup[] {
  return messages
    .filter(({ fact }) => fact.role === 'assistant' && fact.toolResults.length > 0 && isWithin(period, fact))
    .map((one) => ({ ...groupOf('tool_messages', period, one), messages: 0 }))
}

async function countConversations(ctx: Context, scope: RecordScope): Promise<Sums> {
  const limit = timeLimit()
  const { settled, others } = await snapshot(ctx, 'long reads', async (client) => ({
    settled: isWorkedOut(scope) ? [] : await settledConversations(client, ctx, scope),
    others: await unsettled(client, ctx, scope),
  }))
  const sums = sumOf(settled.map(effectsOfConversations))
  for await (const one of said(ctx, scope, others, limit)) {
    const group = conversationOf(scope, one)
    if (group) add(sums, effectsOfConversations(group))
  }
  return sums
}

async function settledConversations(client: pg.ClientBase, ctx: Context, scope: RecordScope): Promise<ConversationGroup[]> {
  const { from, values } = settledMessages(ctx, scope)
  const counted = `${isInside} and ${isByPerson} and not ${isUnseen}`
  const { rows } = await client.query<ConversationGroup>(
    `select returned, spoken, inside, seen, counted, count(*) as conversations from (
       select bool_or(${isListed}) as returned, bool_or(${isReturned}) as spoken, coalesce(bool_or(${isReturned} and ${isInside}), false) as inside,
         coalesce(bool_or(${isReturned} and ${counted}), false) as seen, coalesce(bool_or(${counted}), false) as counted
       ${from} group by c.number) as conversation group by 1, 2, 3, 4, 5`,
    values,
  )
  return scope.filters.length > 0 ? rows : [...rows, await withoutMessage(client, ctx, scope)]
}

async function withoutMessage(client: pg.ClientBase, ctx: Context, scope: RecordScope): Promise<ConversationGroup> {
  const { rows } = await client.query<{ conversations: number }>(
    `select count(*) as conversations from conversation c
     where c.organization_id = $1 and c.workspace_id = $2 and ${isListed} and $4::timestamptz is not null and c.position <= $5
       and not exists (select from message m where m.organization_id = c.organization_id and m.conversation = c.number and m.seq is not null)`,
    valuesOf(ctx, scope),
  )
  return { returned: true, spoken: false, inside: false, seen: false, counted: false, conversations: rows[0]?.conversations ?? 0 }
}

async function countPeople(ctx: Context, scope: RecordScope): Promise<Sums> {
  return sumOf((await peopleSeen(ctx, scope)).values().map(effectsOfPerson))
}

/** Everybody on the users list, and everybody who wrote within the range. */
export async function peopleSeen(ctx: Context, scope: RecordScope): Promise<People> {
  const limit = timeLimit()
  const people = new People()
  const others = await snapshot(ctx, 'long reads', async (client) => {
    for (const number of await usersListed(client, ctx, scope)) people.add(number, { listed: true })
    if (!isWorkedOut(scope))
      for (const { person, counted } of await settledSenders(client, ctx, scope)) people.add(person, { spoken: true, counted })
    return unsettled(client, ctx, scope)
  })
  for await (const one of said(ctx, scope, others, limit)) addSaid(people, scope, one)
  return people
}

/** Conversations that the API returns only for something that is no message, such as a title: their newest message came before the range. */
export function surfacedConversations(ctx: Context, scope: RecordScope): Promise<number> {
  const newest = `(select l.received_at from log l where l.organization_id = c.organization_id and l.seq = (
    select max(m.seq) from message m where m.organization_id = c.organization_id and m.conversation = c.number))`
  const { from, values } = settledMessages(ctx, scope)
  const narrowed = scope.filters.length > 0 ? `and c.number in (select c.number ${from})` : ''
  return snapshot(ctx, 'look-ups', async (client) => {
    const { rows } = await client.query<{ surfaced: number }>(
      `select count(*) as surfaced from conversation c
       where c.organization_id = $1 and c.workspace_id = $2 and ${isListed} and $4::timestamptz is not null and c.position <= $5
         ${narrowed} and ${newest} < $3 and not exists (
           select from log d where d.organization_id = c.organization_id and d.conversation = c.number and d.kind = 'deletion'
             and d.received_at >= $3 and d.remains::json->>'kind' = 'message')
         and not exists (select from message p where p.organization_id = c.organization_id and p.conversation = c.number and p.purged_at >= $3)`,
      values,
    )
    return rows[0]?.surfaced ?? 0
  })
}
