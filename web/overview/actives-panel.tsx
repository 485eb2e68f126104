import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { steps } from '../../contract/periods.ts'
import { stepOf } from '../ask/question.ts'
import { activeSpans } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { today } from '../page.ts'
import { Panel } from '../panel/panel.tsx'
import { prepareTrend } from '../sheet/axis.ts'
import { ChartSpace } from './chart-space.tsx'
import { activeMetric, activeSpanOf, actives } from './panels.ts'
import { trendSentence } from './sentences.ts'

const TrendChart = lazy(() => import('../charts/trend-chart.tsx').then(({ TrendChart }) => ({ default: TrendChart })))

const spanNames = { daily: 'Daily', weekly: 'Weekly', monthly: 'Monthly' }
const stepNames = { day: 'By day', week: 'By week', month: 'By month' }

export function ActivesPanel() {
  const { bookmark } = useBookmark()
  const metric = activeMetric(bookmark)
  const step = stepOf(bookmark)
  return (
    <Panel spec={{ ...actives, metrics: [metric] }} size="chart" wide={8} controls={<Switches />}>
      {(reply) => {
        const trend = prepareTrend(reply, metric, { step, today: today() })
        const sentence = trendSentence(trend, metric)
        return (
          <Suspense fallback={<ChartSpace sentence={sentence} />}>
            <TrendChart trend={trend} metric={metric} sentence={sentence} />
          </Suspense>
        )
      }}
    </Panel>
  )
}

function Switches() {
  const { bookmark, change } = useBookmark()
  const { chosen, possible } = activeSpanOf(bookmark)
  return (
    <>
      <SegmentedControl
        aria-label="Active over"
        size="xs"
        data={activeSpans.map((value) => ({ value, label: spanNames[value], disabled: !possible.includes(value) }))}
        value={chosen}
        onChange={(value) => change({ active: activeSpans.find((span) => span === value) ?? null })}
      />
      <SegmentedControl
        aria-label="Step"
        size="xs"
        data={steps.map((value) => ({ value, label: stepNames[value] }))}
        value={stepOf(bookmark)}
        onChange={(value) => change({ step: steps.find((one) => one === value) ?? null })}
      />
    </>
  )
}
