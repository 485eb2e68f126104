import type { Temporal } from 'temporal-polyfill'
import type { AnalyticsReply, AnalyticsRow } from '../../contract/analytics.ts'
import type { Dimension, MetricId } from '../../contract/metrics.ts'
import type { Step } from '../../contract/periods.ts'
import { type Tick, ticksOf } from './axis.ts'
import { dimensionColumn, drawable, nameOf, type Sheet } from './sheet.ts'

/** What one layer of a stack stands for. `key` is null for all the small ones together. */
export interface Layer {
  readonly id: string
  readonly key: string | null
  readonly name: string
  readonly total: number
  readonly share: number
}

export interface Stack {
  /** The largest first. */
  readonly layers: readonly Layer[]
  readonly bars: readonly Bar[]
  readonly total: number
}

export interface Bar extends Tick {
  /** By the id of the layer. */
  readonly values: Readonly<Record<string, number>>
  readonly sum: number
  readonly sumBefore: number | null
}

export interface StackWish {
  readonly by: Dimension
  readonly metric: MetricId
  readonly step: Step
  readonly today: Temporal.PlainDate
}

const mostLayers = 7

/** A metric over time, in layers by a dimension; beyond seven the smallest become one. */
export function prepareStack(reply: AnalyticsReply, wish: StackWish): Stack {
  const { by, metric, step } = wish
  const layers = layersOf(reply, by, metric)
  const layerOf = (row: AnalyticsRow) => layers.find(({ key }) => key === String(row[by]))?.id ?? 'others'
  const bars = ticksOf(reply, step, wish.today).map((tick) => {
    const values: Record<string, number> = Object.fromEntries(layers.map(({ id }) => [id, 0]))
    const rows = reply.rows.filter((row) => row[step] === tick.key)
    for (const row of rows) values[layerOf(row)] = (values[layerOf(row)] ?? 0) + (drawable(row[metric]) ?? 0)
    const before = reply.comparison?.rows.filter((row) => row[step] === tick.beforeKey)
    return {
      ...tick,
      values,
      sum: sumOf(rows, metric),
      sumBefore: before && tick.beforeKey !== null ? sumOf(before, metric) : null,
    }
  })
  return { layers, bars, total: layers.reduce((sum, { total }) => sum + total, 0) }
}

const sumOf = (rows: readonly AnalyticsRow[], metric: MetricId) => rows.reduce((sum, row) => sum + (drawable(row[metric]) ?? 0), 0)

function layersOf(reply: AnalyticsReply, by: Dimension, metric: MetricId): Layer[] {
  const totals = new Map<string, { name: string; total: number }>()
  for (const row of reply.rows) {
    const key = String(row[by])
    const before = totals.get(key)?.total ?? 0
    totals.set(key, { name: String(nameOf(row, by)), total: before + (drawable(row[metric]) ?? 0) })
  }
  const all = [...totals.values()].reduce((sum, { total }) => sum + total, 0)
  const ranked = [...totals].map(([key, one]) => ({ key, ...one })).sort((a, b) => b.total - a.total || a.key.localeCompare(b.key))
  const kept = ranked.length > mostLayers ? ranked.slice(0, mostLayers - 1) : ranked
  const rest = ranked.slice(kept.length)
  const share = (total: number) => (all === 0 ? 0 : total / all)
  const layers: Layer[] = kept.map(({ key, name, total }, place) => ({ id: `layer${place}`, key, name, total, share: share(total) }))
  const total = rest.reduce((sum, one) => sum + one.total, 0)
  return rest.length === 0 ? layers : [...layers, { id: 'others', key: null, name: `${rest.length} others`, total, share: share(total) }]
}

/** A row for each step, a column for each layer. */
export function stackSheet(stack: Stack, step: Step): Sheet {
  return {
    columns: [
      dimensionColumn(step),
      ...stack.layers.map(({ id, name }) => ({ key: id, name, kind: 'count' as const })),
      { key: 'sum', name: 'Total', kind: 'count' },
    ],
    rows: stack.bars.map(({ key, values, sum }) => ({ [step]: key, ...values, sum })),
  }
}
