import { lazy, Suspense } from 'react'
import { withFilter } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { written } from '../format.ts'
import { Panel } from '../panel/panel.tsx'
import type { Stack } from '../sheet/stack.ts'
import { ChartSpace } from './chart-space.tsx'
import { familyColor } from './family-colors.ts'
import styles from './overview.module.css'
import { models, stackOf } from './panels.ts'
import { stackSentence } from './sentences.ts'

const StackChart = lazy(() => import('../charts/stack-chart.tsx').then(({ StackChart }) => ({ default: StackChart })))

export function ModelsPanel() {
  const { bookmark } = useBookmark()
  return (
    <Panel spec={models} size="chart" wide={8} high={2}>
      {(reply) => {
        const stack = stackOf(reply, bookmark)
        const sentence = stackSentence(stack, 'messages')
        return (
          <>
            <Suspense fallback={<ChartSpace sentence={sentence} />}>
              <StackChart stack={stack} metric="messages" sentence={sentence} colorOf={familyColor} />
            </Suspense>
            <Legend stack={stack} />
          </>
        )
      }}
    </Panel>
  )
}

/** An entry narrows the page to it. */
function Legend({ stack }: { stack: Stack }) {
  const { bookmark, change } = useBookmark()
  return (
    <ul className={styles.legend} aria-label="Model families">
      {stack.layers.map((layer) => {
        const { id, key, name, share } = layer
        const inside = (
          <>
            <span className={styles.swatch} style={{ background: familyColor(layer) }} />
            {name} <span className={styles.quiet}>{written(share, 'share')}</span>
          </>
        )
        if (key === null || key === '') return <li key={id}>{inside}</li>
        return (
          <li key={id}>
            <button
              type="button"
              aria-label={`${name}, ${written(share, 'share')}: show only these`}
              onClick={() => change({ filters: withFilter(bookmark.filters, { on: 'model_family', value: key, not: false }) })}
            >
              {inside}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
