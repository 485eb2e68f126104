import { Bar, BarChart, CartesianGrid, Cell, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { brief, written } from '../format.ts'
import type { Layer, Stack, Bar as StackBar } from '../sheet/stack.ts'
import { axis, Figure, grid, TooltipBox } from './figure.tsx'

export interface StackChartProps {
  readonly stack: Stack
  readonly metric: MetricId
  readonly sentence: string
  colorOf(layer: Layer): string
}

/** Bars over time in layers; a bar that is not a whole step is pale. */
export function StackChart({ stack, metric, sentence, colorOf }: StackChartProps) {
  const { label } = metrics[metric]
  const bars = [...stack.bars]
  return (
    <Figure name={label} sentence={sentence}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={bars} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} title={label} desc={sentence} maxBarSize={48}>
          <CartesianGrid {...grid} />
          <XAxis dataKey="label" {...axis} minTickGap={24} />
          <YAxis {...axis} width={44} tickFormatter={brief} allowDecimals={false} />
          <Tooltip
            content={({ payload }) => <BarWords bar={barOf(payload)} stack={stack} metric={metric} colorOf={colorOf} />}
            cursor={{ fill: 'var(--raised)', opacity: 0.6 }}
            isAnimationActive={false}
          />
          {stack.layers.map((layer) => (
            <Bar
              key={layer.id}
              dataKey={(bar: StackBar) => bar.values[layer.id] ?? 0}
              name={layer.name}
              stackId="all"
              fill={colorOf(layer)}
              stroke="var(--panel)"
              strokeWidth={0.5}
              isAnimationActive={false}
            >
              {bars.map(({ key, partial }) => (
                <Cell key={key} fillOpacity={partial ? 0.5 : 1} />
              ))}
            </Bar>
          ))}
        </BarChart>
      </ResponsiveContainer>
    </Figure>
  )
}

function barOf(payload: readonly { payload?: unknown }[] | undefined): StackBar | null {
  const [first] = payload ?? []
  // What stands in `payload` is one of the bars passed as `data` above.
  return (first?.payload as StackBar | undefined) ?? null
}

interface BarWordsProps extends Omit<StackChartProps, 'sentence'> {
  readonly bar: StackBar | null
}

function BarWords({ bar, stack, metric, colorOf }: BarWordsProps) {
  if (bar === null) return null
  const { unit } = metrics[metric]
  return (
    <TooltipBox title={`${bar.name}${bar.partial ? ', partial' : ''}`}>
      <p>
        {metrics[metric].label}: <strong>{written(bar.sum, unit)}</strong>
      </p>
      {bar.sumBefore !== null && (
        <p>
          {bar.beforeName}: {written(bar.sumBefore, unit)}
        </p>
      )}
      <ul>
        {stack.layers
          .filter(({ id }) => (bar.values[id] ?? 0) > 0)
          .map((layer) => (
            <li key={layer.id}>
              <i style={{ background: colorOf(layer) }} />
              {layer.name}: {written(bar.values[layer.id] ?? 0, unit)} ({written((bar.values[layer.id] ?? 0) / bar.sum, 'share')})
            </li>
          ))}
      </ul>
    </TooltipBox>
  )
}
