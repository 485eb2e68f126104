import type { ReconciliationReply, ReconciliationStep } from '../../contract/analytics.ts'

export interface WaterfallStep {
  readonly step: ReconciliationStep
  readonly kind: 'start' | 'minus' | 'plus' | 'end'
  readonly name: string
  readonly sentence: string
  readonly messages: number
  /** Where its bar begins and ends, in hundredths of the widest. */
  readonly from: number
  readonly to: number
}

const names: Record<ReconciliationStep, string> = {
  returned: 'Returned by the API',
  outside_range: 'Outside the range',
  no_time: 'Without a time',
  system: 'From the system',
  tool: 'From tools',
  assistant: 'From the assistant',
  hidden_or_injected: 'Hidden or injected',
  deleted_since: 'Deleted or purged since',
  counted: 'Counted here',
}

function kindOf(step: ReconciliationStep): WaterfallStep['kind'] {
  if (step === 'returned') return 'start'
  if (step === 'counted') return 'end'
  return step === 'deleted_since' ? 'plus' : 'minus'
}

/** Each bar hangs where the one before it left off. */
export function prepareWaterfall({ steps }: Pick<ReconciliationReply, 'steps'>): WaterfallStep[] {
  let level = 0
  const placed = steps.map(({ step, messages, sentence }) => {
    const kind = kindOf(step)
    const before = level
    level = kind === 'minus' ? before - messages : kind === 'plus' ? before + messages : messages
    const [low, high] = kind === 'start' || kind === 'end' ? [0, messages] : [Math.min(before, level), Math.max(before, level)]
    return { step, kind, name: names[step], sentence, messages, low, high }
  })
  const widest = Math.max(1, ...placed.map(({ high }) => high))
  return placed.map(({ low, high, ...rest }) => ({ ...rest, from: (low / widest) * 100, to: (high / widest) * 100 }))
}
