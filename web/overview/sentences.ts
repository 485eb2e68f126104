import { type MetricId, metrics } from '../../contract/metrics.ts'
import { shown, written } from '../format.ts'
import type { Trend } from '../sheet/axis.ts'
import { drawable } from '../sheet/sheet.ts'
import type { Stack } from '../sheet/stack.ts'

/** A chart in one sentence, for those who do not see it and for those in a hurry. */
export function trendSentence({ step, points }: Trend, metric: MetricId): string {
  const { label, unit } = metrics[metric]
  const known = points.filter(({ value, partial }) => drawable(value) !== null && !partial)
  const [first] = known
  const last = known.at(-1)
  if (!first || !last) return `${label}: no finished step in the range yet.`
  const peak = known.reduce((best, point) => ((drawable(point.value) ?? 0) > (drawable(best.value) ?? 0) ? point : best), first)
  if (drawable(peak.value) === 0) return `${label}: none in the range.`
  const [from, to] = [drawable(first.value) ?? 0, drawable(last.value) ?? 0]
  const went = to === from ? 'level at' : to > from ? `up from ${written(from, unit)} to` : `down from ${written(from, unit)} to`
  return `${label} ${went} ${shown(last.value, unit)}; most ${step === 'day' ? 'on' : 'in'} ${peak.name}: ${shown(peak.value, unit)}.`
}

export function stackSentence({ layers, total }: Stack, metric: MetricId): string {
  const { label, unit } = metrics[metric]
  if (total === 0) return `${label}: none in the range.`
  const top = layers.slice(0, 3).map(({ name, share }) => `${name} ${written(share, 'share')}`)
  return `${written(total, unit)} ${label.toLowerCase()}: ${top.join(', ')}${layers.length > 3 ? ' and others' : ''}.`
}
