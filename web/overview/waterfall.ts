import type { ReconciliationReply } from '../../contract/analytics.ts'

type ReplyStep = ReconciliationReply['steps'][number]

export interface WaterfallStep extends Pick<ReplyStep, 'step' | 'sign' | 'name' | 'sentence' | 'amount'> {
  /** Where its bar begins and ends, in hundredths of the widest. */
  readonly from: number
  readonly to: number
}

/** Each bar hangs where the one before it left off; what the steps are, the reply says. */
export function prepareWaterfall(steps: readonly ReplyStep[]): WaterfallStep[] {
  let level = 0
  const placed = steps.map(({ step, sign, name, sentence, amount }) => {
    const before = level
    level = levelAfter(before, sign, amount)
    const isWhole = sign === 'start' || sign === 'end'
    return {
      step,
      sign,
      name,
      sentence,
      amount,
      low: isWhole ? 0 : Math.min(before, level),
      high: isWhole ? amount : Math.max(before, level),
    }
  })
  const widest = Math.max(1, ...placed.map(({ high }) => high))
  return placed.map(({ low, high, ...rest }) => ({ ...rest, from: (low / widest) * 100, to: (high / widest) * 100 }))
}

function levelAfter(before: number, sign: ReplyStep['sign'], amount: number): number {
  if (sign === 'minus') return before - amount
  return sign === 'plus' ? before + amount : amount
}
