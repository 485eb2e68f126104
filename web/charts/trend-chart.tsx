import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { brief, changeOf, shown } from '../format.ts'
import type { Trend, TrendPoint } from '../sheet/axis.ts'
import { axis, Figure, grid, TooltipBox } from './figure.tsx'

export interface TrendChartProps {
  readonly trend: Trend
  readonly metric: MetricId
  readonly sentence: string
}

/** One line over time; dashed and pale behind it the comparison, dotted what is not over yet. */
export function TrendChart({ trend: { points, compared }, metric, sentence }: TrendChartProps) {
  const { label } = metrics[metric]
  return (
    <Figure name={label} sentence={sentence} keys={<Keys compared={compared} partial={points.some(({ partial }) => partial)} />}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={[...points]} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} title={label} desc={sentence}>
          <CartesianGrid {...grid} />
          <XAxis dataKey="label" {...axis} minTickGap={24} />
          <YAxis {...axis} width={44} tickFormatter={brief} allowDecimals={false} />
          <Tooltip content={({ payload }) => <PointWords point={pointOf(payload)} metric={metric} />} isAnimationActive={false} />
          {compared && (
            <Line dataKey="base" stroke="var(--series-6)" strokeWidth={1.5} strokeDasharray="5 4" dot={false} isAnimationActive={false} />
          )}
          <Area
            dataKey="solid"
            stroke="var(--series-0)"
            strokeWidth={2.5}
            fill="var(--wash)"
            dot={points.length < 3}
            isAnimationActive={false}
          />
          <Line
            dataKey="dotted"
            stroke="var(--series-0)"
            strokeWidth={2.5}
            strokeDasharray="1 5"
            strokeLinecap="round"
            dot={points.length < 3}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </Figure>
  )
}

function Keys({ compared, partial }: { compared: boolean; partial: boolean }) {
  return (
    <>
      <span data-line="solid">this range</span>
      {compared && <span data-line="dashed">before</span>}
      {partial && <span data-line="dotted">not a whole step</span>}
    </>
  )
}

/** Recharts hands back the data it was given, as `unknown`. */
function pointOf(payload: readonly { payload?: unknown }[] | undefined): TrendPoint | null {
  const [first] = payload ?? []
  // What stands in `payload` is one of the points passed as `data` above.
  return (first?.payload as TrendPoint | undefined) ?? null
}

function PointWords({ point, metric }: { point: TrendPoint | null; metric: MetricId }) {
  if (point === null) return null
  const { unit } = metrics[metric]
  const change = changeOf(point.value, point.before, unit)
  return (
    <TooltipBox title={`${point.name}${point.partial ? ', partial' : ''}`}>
      <p>
        {metrics[metric].label}: <strong>{shown(point.value, unit)}</strong>
      </p>
      {point.beforeName !== null && (
        <p>
          {point.beforeName}: {shown(point.before, unit)}
          {change && ` (${change.text})`}
        </p>
      )}
    </TooltipBox>
  )
}
