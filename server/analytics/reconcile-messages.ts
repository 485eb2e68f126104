import { z } from 'zod'
import { type ReconciliationStep, reconciliationQuery, reconciliationSteps } from '../../contract/analytics.ts'
import type { Context } from '../ledger/context.ts'
import { question } from '../ledger/question.ts'
import { workspaceOf } from '../people/workspaces.ts'
import { Refusal } from '../platform/refusal.ts'
import { rangeOf } from './compare.ts'
import { readPosition } from './follow-position.ts'
import { todayOf } from './query-answer.ts'
import { resolveFilters } from './query-filters.ts'
import { checkFilters, type Place, type RecordMessage, type RecordScope, recordPage, wireIdOf } from './reconcile-record.ts'

export const stepQuery = z.strictObject({
  ...reconciliationQuery.shape,
  step: z.enum(reconciliationSteps).default('counted').describe('The step whose messages are listed'),
  after: z.string().nullable().default(null).describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(500).describe('Messages on a page'),
})

export const stepMessages = z.object({
  messages: z.array(z.object({ conversation_id: z.string(), message_id: z.string() })),
  /** null: there are no more. */
  next: z.string().nullable(),
})

/** The messages behind one step, by the ids they have on the provider's surface: a read of the record, and recorded like one. */
export const messagesOfStep = question({
  action: 'analytics.reconciliation_messages',
  scope: 'compliance:read',
  input: stepQuery,
  workspace: (ctx, input) => workspaceOf(ctx, input.workspace_id),
  query: ({ step, range, after, limit }) => ({ step, range, after, limit }),
  async ask(ctx, input, workspace) {
    if (!workspace) throw new Error('this question is about one workspace')
    const filters = await resolveFilters(ctx, workspace.number, input)
    checkFilters(filters)
    const { cursor } = await readPosition(ctx.ledger.database.reads, ctx.ledger.organization.number)
    const period = rangeOf(input.range, todayOf(ctx))
    const { found, next } = await page(ctx, { workspace, period, filters, cursor }, input)
    const messages = found.map((message) => ({ conversation_id: message.conversation_id, message_id: wireIdOf(message) }))
    return { ids: messages.map(({ message_id }) => message_id), result: { messages, next } }
  },
})

interface Page {
  readonly found: readonly RecordMessage[]
  readonly next: string | null
}

/** Looks through the scope until a page is full. */
async function page(ctx: Context, scope: RecordScope, { step, after, limit }: z.output<typeof stepQuery>): Promise<Page> {
  const found: RecordMessage[] = []
  for (let place: Place | null = placeOf(after); place; ) {
    const read: { messages: RecordMessage[]; next: Place | null } = await recordPage(ctx, scope, place)
    found.push(...read.messages.filter((message) => isIn(message, step)))
    const last = found[limit - 1]
    if (last && (found.length > limit || read.next)) return { found: found.slice(0, limit), next: `${last.conversation}-${last.first_seq}` }
    place = read.next
  }
  return { found, next: null }
}

function isIn({ returned, step }: RecordMessage, wanted: ReconciliationStep): boolean {
  if (wanted === 'returned') return returned
  if (wanted === 'counted') return step === 'counted'
  return wanted === 'deleted_since' ? !returned && step === 'counted' : returned && step === wanted
}

function placeOf(after: string | null): Place {
  if (after === null) return { conversation: 0, firstSeq: 0 }
  const [, conversation, firstSeq] = /^(\d{1,15})-(\d{1,15})$/.exec(after) ?? []
  if (conversation === undefined || firstSeq === undefined)
    throw new Refusal('bad_request', 'after: is no `next` of a page before', { param: 'after' })
  return { conversation: Number(conversation), firstSeq: Number(firstSeq) }
}
