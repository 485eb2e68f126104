import { type ReactNode, useId, useState } from 'react'
import type { AnalyticsReply } from '../../contract/analytics.ts'
import { metrics } from '../../contract/metrics.ts'
import { type Answer, useAnswer } from '../ask/use-answer.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { SheetTable } from '../sheet/sheet-table.tsx'
import { missingWords } from './hidden.ts'
import { HowComputed } from './how-computed.tsx'
import styles from './panel.module.css'
import { PanelMenu } from './panel-menu.tsx'
import { isTable, type PanelSpec } from './spec.ts'
import { type PanelState, panelState } from './state.ts'
import { StateWords } from './state-words.tsx'

export interface PanelProps {
  readonly spec: PanelSpec
  /** How much room it takes while its figures are on their way, so that nothing moves when they come. */
  readonly size: 'chart' | 'tiles' | 'list' | 'heat'
  /** In a row of twelve. */
  readonly wide: 4 | 5 | 6 | 7 | 8 | 12
  /** How many rows of the page it takes. */
  readonly high?: 2
  readonly controls?: ReactNode
  /** Its definition, where it is not the sentence of its one metric; null: each figure has its own. */
  readonly definition?: string | null
  children(reply: AnalyticsReply): ReactNode
}

/** A question, its definition, and its answer in whatever state that is; the children only draw. */
export function Panel({ spec, size, wide, high, controls, definition = sentenceOf(spec), children }: PanelProps) {
  const { bookmark } = useBookmark()
  const answer = useAnswer(spec.ask(bookmark))
  const state = panelState(answer, {
    metrics: spec.metrics,
    filtered: bookmark.filters.length > 0,
    maybeUnreported: spec.maybeUnreported ?? false,
  })
  const [how, setHow] = useState(false)
  const heading = useId()
  return (
    <section
      className={styles.panel}
      data-wide={wide}
      data-high={high}
      data-panel={spec.id}
      data-state={state.kind}
      id={spec.id}
      aria-labelledby={heading}
      aria-busy={answer.waiting}
    >
      {answer.waiting && <div className={styles.bar} />}
      <header className={styles.head}>
        <div>
          <h2 id={heading}>{spec.title}</h2>
          {definition !== null && <p className={styles.definition}>{definition}</p>}
        </div>
        <PanelMenu spec={spec} state={state} how={how} onHow={() => setHow(!how)} />
      </header>
      {controls !== undefined && <div className={styles.controls}>{controls}</div>}
      <div className={styles.body} data-size={size} data-stale={answer.stale}>
        <Body spec={spec} state={state} answer={answer}>
          {children}
        </Body>
      </div>
      {how && <HowComputed spec={spec} answer={answer} />}
    </section>
  )
}

const sentenceOf = ({ metrics: [first] }: PanelSpec) => (first === undefined ? null : metrics[first].sentence)

interface BodyProps extends Pick<PanelProps, 'spec' | 'children'> {
  readonly state: PanelState
  readonly answer: Answer<AnalyticsReply>
}

function Body({ spec, state, answer, children }: BodyProps) {
  const { bookmark } = useBookmark()
  if (state.kind !== 'ready') return <StateWords state={state} answer={answer} metrics={spec.metrics} />
  const { reply } = state
  const missing = missingWords(reply, spec.metrics)
  return (
    <>
      {isTable(bookmark, spec.id) ? <SheetTable caption={spec.title} sheet={spec.sheet(reply, bookmark)} /> : children(reply)}
      {missing.length > 0 && <p className={styles.note}>{missing.join(' ')}</p>}
      {state.problem !== null && (
        <p className={styles.failed} role="status">
          These are earlier figures: {state.problem.message}.{' '}
          <button type="button" className={styles.link} onClick={answer.retry}>
            Retry
          </button>
        </p>
      )}
    </>
  )
}
