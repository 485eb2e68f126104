import type { AnalyticsReply } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'

/** Why figures of a panel are missing, in sentences: what a filter does not fit, and what too few people stand behind. */
export function missingWords({ hidden }: Pick<AnalyticsReply, 'hidden'>, ids: readonly MetricId[]): string[] {
  const reasons = Map.groupBy(
    hidden.filter(({ dimension }) => dimension === 'metric').filter(({ key }) => ids.some((id) => id === key)),
    ({ reason }) => reason,
  )
  const unfit = [...reasons].map(([reason, ones]) => `${ones.map(({ key }) => labelOf(key)).join(', ')} ${reason}.`)
  const rows = hidden.filter(({ dimension }) => dimension !== 'metric')
  const [first] = rows
  if (!first) return unfit
  const words =
    rows.length === 1 ? `${first.dimension} ${first.key} (${first.reason.replaceAll('-', ' ')})` : `${rows.length} rows with too few people`
  return [...unfit, `Hidden for privacy: ${words}.`]
}

const labelOf = (key: string) => Object.entries(metrics).find(([id]) => id === key)?.[1].label ?? key
