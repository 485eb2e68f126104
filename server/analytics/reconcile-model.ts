import type { Context } from '../ledger/context.ts'
import { factsOf } from './conversation-facts.ts'
import { stateAt } from './conversation-facts-history.ts'
import { readHistories } from './follow-read.ts'
import { modelFamily } from './model-family.ts'
import type { Filter } from './query-question.ts'

/** The model of a message depends on the answer it got: it is worked out anew from the record, for some conversations at a time. */
export async function modelFits(
  ctx: Context,
  { filters, cursor }: { readonly filters: readonly Filter[]; readonly cursor: number },
  conversations: readonly number[],
): Promise<(message: { readonly conversation: number; readonly first_seq: number }) => boolean> {
  const its = filters.filter(({ id }) => id === 'model' || id === 'model_family')
  if (its.length === 0) return () => true
  const models = new Map<string, string>()
  for (const history of await readHistories(ctx.ledger.database.reads, ctx.ledger.organization.number, conversations, cursor))
    for (const { conversation, message, model } of factsOf(stateAt(history, cursor)).messages)
      models.set(`${conversation}/${message}`, model)
  return ({ conversation, first_seq }) => {
    const model = models.get(`${conversation}/${first_seq}`)
    return model !== undefined && its.every((filter) => admits(filter, filter.id === 'model' ? model : modelFamily(model)))
  }
}

const admits = ({ any, none }: Filter, value: string) => (any.length === 0 || any.includes(value)) && !none.includes(value)
