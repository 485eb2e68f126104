import type { AnalyticsReply, ShownValue } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import type { Problem } from '../ask/problem.ts'
import type { Answer } from '../ask/use-answer.ts'
import { isHidden } from '../format.ts'

/** What a panel can honestly show; only `ready` has figures. */
export type PanelState =
  | { readonly kind: 'loading' | 'cancelled' | 'signed-out' | 'no-data' | 'nothing-matches' | 'hidden' | 'not-reported' }
  | { readonly kind: 'not-permitted' | 'unfit' | 'failed'; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly reply: AnalyticsReply; readonly problem: Problem | null }

export interface Expectation {
  readonly metrics: readonly MetricId[]
  readonly filtered: boolean
  /** Not every source says anything about it: without a filter, nothing at all means that none did. */
  readonly maybeUnreported: boolean
}

type Known = Pick<Answer<AnalyticsReply>, 'reply' | 'problem' | 'waiting'>

export function panelState({ reply, problem, waiting }: Known, expected: Expectation): PanelState {
  if (problem?.status === 401) return { kind: 'signed-out' }
  if (problem?.status === 403) return { kind: 'not-permitted', problem }
  // The page asks nothing that is wrong in itself: what is refused is the filter, as code belongs to no tool.
  if (problem?.status === 400) return { kind: 'unfit', problem }
  if (reply === null) return withoutReply(problem, waiting)
  if (reply.data_through === null) return { kind: 'no-data' }
  const values = [reply.total, ...reply.rows].flatMap((row) => expected.metrics.map((id) => row[id]))
  if (values.every((value) => isHidden(value))) return { kind: 'hidden' }
  if (values.every(isNothing)) {
    if (expected.filtered) return { kind: 'nothing-matches' }
    if (expected.maybeUnreported) return { kind: 'not-reported' }
  }
  return { kind: 'ready', reply, problem }
}

function withoutReply(problem: Problem | null, waiting: boolean): PanelState {
  if (problem !== null && !waiting) return { kind: 'failed', problem }
  return { kind: waiting ? 'loading' : 'cancelled' }
}

const isNothing = (value: string | ShownValue | undefined) => value === 0 || value === null || value === undefined
