import type { Period } from '../../contract/periods.ts'
import type { Context } from '../ledger/context.ts'
import { factsOf, type MessageFact } from './conversation-facts.ts'
import { stateAt } from './conversation-facts-history.ts'
import { dayOf } from './conversation-facts-rows.ts'
import { readHistories } from './follow-read.ts'
import type { ConversationGroup, MessageGroup, MessageMetric } from './reconcile-effects.ts'
import { checkTime, fits, type RecordScope } from './reconcile-scope.ts'

/**
 * Conversations worked out anew from everything the log says about them up to the cursor. It is for what one row cannot tell: what a message
 * was before its last change, the model that answered it, which tool answered inside which answer.
 */

export interface Conversation {
  readonly number: number
  /** The API returns it for the range. */
  readonly returned: boolean
}

/** What was said in one conversation and fits the filters. */
export interface Said {
  readonly conversation: Conversation
  readonly messages: readonly { readonly fact: MessageFact; readonly returned: boolean }[]
}

/** Conversations in memory at once. */
const chunk = 250

/** Of the conversations that were there at the cursor. */
export async function* said(
  ctx: Context,
  scope: RecordScope,
  conversations: readonly Conversation[],
  limit: AbortSignal | null,
): AsyncGenerator<Said> {
  const { database, organization } = ctx.ledger
  for (let at = 0; at < conversations.length; at += chunk) {
    if (limit) checkTime(limit)
    const some = new Map(conversations.slice(at, at + chunk).map((one) => [one.number, one]))
    const numbers = [...some.keys()]
    const [histories, purged] = await Promise.all([
      readHistories(database.reads, organization.number, numbers, scope.cursor),
      purgedMessages(ctx, numbers),
    ])
    for (const history of histories) {
      const conversation = some.get(history.number)
      if (!conversation) continue
      const facts = factsOf(stateAt(history, scope.cursor)).messages.filter((fact) => fits(scope.filters, fact))
      const isReturned = (fact: MessageFact) => conversation.returned && !purged.has(`${fact.conversation}/${fact.message}`)
      yield { conversation, messages: facts.map((fact) => ({ fact, returned: isReturned(fact) })) }
    }
  }
}

async function purgedMessages(ctx: Context, conversations: readonly number[]): Promise<Set<string>> {
  const { rows } = await ctx.ledger.database.reads.query<{ conversation: number; first_seq: number }>(
    `select m.conversation, m.first_seq from message m join log l on l.organization_id = m.organization_id and l.seq = m.seq
     where m.organization_id = $1 and m.conversation = any($2::bigint[]) and l.payload is null`,
    [ctx.ledger.organization.number, conversations],
  )
  return new Set(rows.map(({ conversation, first_seq }) => `${conversation}/${first_seq}`))
}

/** One message as a group of its own. */
export function groupOf(metric: MessageMetric, { first, last }: Period, { fact, returned }: Said['messages'][number]): MessageGroup {
  const uses = usesOf(metric, fact)
  return {
    returned,
    at: !fact.timed ? 'never' : isWithin({ first, last }, fact) ? 'inside' : 'outside',
    role: fact.role,
    unseen: fact.unseen,
    in_gpt: fact.gpt !== 0,
    in_project: fact.project !== 0,
    used: uses > 0,
    messages: 1,
    uses,
  }
}

export function isWithin({ first, last }: Period, { at, timed }: MessageFact): boolean {
  const day = dayOf(at)
  return timed && day >= first.toString() && day <= last.toString()
}

function usesOf(metric: MessageMetric, { toolResults, skillsActivated, connectorsCalled }: MessageFact): number {
  if (metric === 'skill_uses') return skillsActivated.length
  if (metric === 'connector_calls') return connectorsCalled.length
  return metric === 'tool_messages' ? toolResults.length : 0
}

/** One conversation as a group of its own; null where a filter leaves nothing of it. */
export function conversationOf({ period, filters }: RecordScope, { conversation, messages }: Said): ConversationGroup | null {
  if (filters.length > 0 && messages.length === 0) return null
  const returned = messages.filter((one) => one.returned)
  const counts = ({ fact }: Said['messages'][number]) => fact.counted && isWithin(period, fact)
  return {
    returned: conversation.returned,
    spoken: returned.length > 0,
    inside: returned.some(({ fact }) => isWithin(period, fact)),
    seen: returned.some(counts),
    counted: messages.some(counts),
    conversations: 1,
  }
}
