import { z } from 'zod'
import { type ReconciliationStep, reconciliationQuery, reconciliationSteps } from '../../contract/analytics.ts'
import { reconciliations } from '../../contract/reconciliation.ts'
import type { Context } from '../ledger/context.ts'
import { messageWireId } from '../ledger/identity.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { rangeOf } from './compare.ts'
import { readPosition } from './follow-position.ts'
import { todayOf } from './query-answer.ts'
import { resolveFilters } from './query-filters.ts'
import { type Effects, effectsOfConversations, effectsOfMessages, effectsOfPerson, isOfMessages } from './reconcile-effects.ts'
import { peopleSeen } from './reconcile-record.ts'
import { type Conversation, conversationOf, groupOf, type Said, said } from './reconcile-said.ts'
import { checkFilters, isListed, ofRange, type RecordScope, timeLimit, valuesOf } from './reconcile-scope.ts'

export const stepQuery = z.strictObject({
  ...reconciliationQuery.shape,
  step: z.enum(reconciliationSteps).default('counted').describe('The step of which is listed what it counts'),
  after: z.string().nullable().default(null).describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(500).describe('How many on a page'),
})

export const stepList = z.object({
  /** Of a number that counts messages or uses: a message is listed once, however many uses it holds. */
  messages: z.array(z.object({ conversation_id: z.string(), message_id: z.string() })),
  conversations: z.array(z.object({ conversation_id: z.string() })),
  people: z.array(z.object({ user_id: z.string() })),
  /** null: there are no more. A page may be shorter than asked, or empty, while there are. */
  next: z.string().nullable(),
})

/** What stands behind one step, by the ids it has on the provider's surface: a read of the record, and recorded like one. */
export const listOfStep = question({
  action: 'analytics.reconciliation_messages',
  scope: 'compliance:read',
  input: stepQuery,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: ({ metric, step, range, after, limit }) => ({ metric, step, range, after, limit }),
  async ask(ctx, input, workspace) {
    if (!workspace) throw new Error('this question is about one workspace')
    checkStep(input)
    const filters = await resolveFilters(ctx, workspace.number, input)
    checkFilters(filters)
    const { cursor } = await readPosition(ctx.ledger.database.reads, ctx.ledger.organization.number)
    const scope = { workspace, period: rangeOf(input.range, todayOf(ctx)), filters, cursor }
    const { found, next } = input.metric === 'active_people' ? await people(ctx, scope, input) : await spoken(ctx, scope, input)
    const result = { ...(await named(ctx, found)), next }
    return { ids: idsOf(result), result }
  },
})

type Input = z.output<typeof stepQuery>

function checkStep({ metric, step }: Input): void {
  if (reconciliations[metric].steps.some((one) => one.step === step)) return
  throw new Refusal('bad_request', `step: the reconciliation of ${metric} has no step ${step}`, { param: 'step' })
}

/** What was found, by the ledger's numbers: a message has both, a conversation or a person only the first. */
interface Found {
  readonly kind: 'message' | 'conversation' | 'person'
  readonly number: number
  readonly message: number
}

interface Page {
  readonly found: readonly Found[]
  readonly next: string | null
}

const nextAfter = ({ number, message }: Found) => `${number}-${message}`

const isIn = (effects: Effects, step: ReconciliationStep) => (effects[step] ?? 0) > 0

async function people(ctx: Context, scope: RecordScope, { step, after, limit }: Input): Promise<Page> {
  const place = placeOf(after)
  const found = (await peopleSeen(ctx, scope))
    .entries()
    .filter(([number, person]) => number > place.number && isIn(effectsOfPerson(person), step))
    .map(([number]): Found => ({ kind: 'person', number, message: 0 }))
  const last = found[limit - 1]
  return { found: found.slice(0, limit), next: last && found.length > limit ? nextAfter(last) : null }
}

/** Conversations that are looked through at once. */
const chunk = 250

/** Goes on until the page is full, or as long as somebody would wait. */
async function spoken(ctx: Context, scope: RecordScope, input: Input): Promise<Page> {
  const limit = timeLimit()
  const found: Found[] = []
  for (let place: { number: number; message: number } | null = placeOf(input.after); place; ) {
    const some = await conversationsAfter(ctx, scope, place)
    for await (const one of said(ctx, scope, some, null)) found.push(...foundIn(scope, input, one).filter(isAfter(place)))
    const last = some.length === chunk ? some.at(-1) : undefined
    const full = found[input.limit - 1]
    if (full && (last || found.length > input.limit)) return { found: found.slice(0, input.limit), next: nextAfter(full) }
    place = last ? { number: last.number, message: lastPlace } : null
    if (place && limit.aborted) return { found, next: `${place.number}-${place.message}` }
  }
  return { found, next: null }
}

/** After every message of a conversation. */
const lastPlace = 999_999_999_999_999

const isAfter = (place: { number: number; message: number }) => (one: Found) => one.number > place.number || one.message > place.message

function foundIn(scope: RecordScope, { metric, step }: Input, one: Said): Found[] {
  const { number } = one.conversation
  if (isOfMessages(metric))
    return one.messages
      .filter((message) => isIn(effectsOfMessages(metric, groupOf(metric, scope.period, message)), step))
      .map(({ fact }) => ({ kind: 'message', number, message: fact.message }))
  const group = conversationOf(scope, one)
  return group && isIn(effectsOfConversations(group), step) ? [{ kind: 'conversation', number, message: lastPlace }] : []
}

async function conversationsAfter(ctx: Context, scope: RecordScope, place: { number: number; message: number }): Promise<Conversation[]> {
  const { rows } = await ctx.ledger.database.reads.query<Conversation>(
    `select c.number, ${isListed} as returned from conversation c
     where c.organization_id = $1 and c.workspace_id = $2 and $4::timestamptz is not null and (${ofRange} or c.position > $5)
       and c.number >= $6 order by c.number limit $7`,
    [...valuesOf(ctx, scope), place.message === lastPlace ? place.number + 1 : place.number, chunk],
  )
  return rows
}

function placeOf(after: string | null): { number: number; message: number } {
  if (after === null) return { number: 0, message: 0 }
  const [, number, message] = /^(\d{1,15})-(\d{1,15})$/.exec(after) ?? []
  if (number === undefined || message === undefined)
    throw new Refusal('bad_request', 'after: is no `next` of a page before', { param: 'after' })
  return { number: Number(number), message: Number(message) }
}

type Named = Omit<z.output<typeof stepList>, 'next'>

async function named(ctx: Context, found: readonly Found[]): Promise<Named> {
  const { database, organization } = ctx.ledger
  const { rows } = await database.reads.query<{ kind: Found['kind']; number: number; item: string; id: string; repeated_id: boolean }>(
    `select k.kind, k.number, coalesce(i.wire_id, i.id) as item, m.id, m.repeated_id
     from unnest($2::text[], $3::bigint[], $4::bigint[]) with ordinality as k (kind, number, message, place)
     join item i on i.organization_id = $1 and i.number = k.number
     left join message m on k.kind = 'message' and m.organization_id = $1 and m.conversation = k.number and m.first_seq = k.message
     order by k.place`,
    [organization.number, found.map(({ kind }) => kind), found.map(({ number }) => number), found.map(({ message }) => message)],
  )
  const of = (kind: Found['kind']) => rows.filter((row) => row.kind === kind)
  return {
    messages: of('message').map(({ number, item, id, repeated_id }) => ({
      conversation_id: item,
      message_id: messageWireId(number, id, repeated_id),
    })),
    conversations: of('conversation').map(({ item }) => ({ conversation_id: item })),
    people: of('person').map(({ item }) => ({ user_id: item })),
  }
}

function idsOf({ messages, conversations, people }: Named): string[] {
  return [
    ...messages.map(({ message_id }) => message_id),
    ...conversations.map(({ conversation_id }) => conversation_id),
    ...people.map(({ user_id }) => user_id),
  ]
}
