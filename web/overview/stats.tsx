import { Skeleton } from '@mantine/core'
import { useEffect, useId } from 'react'
import type { AnalyticsReply } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { announce } from '../announce.tsx'
import { stepOf } from '../ask/question.ts'
import type { Answer } from '../ask/use-answer.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { isHidden, shown, unitOf } from '../format.ts'
import { today } from '../page.ts'
import { isTable } from '../panel/spec.ts'
import { panelState } from '../panel/state.ts'
import { StateWords } from '../panel/state-words.tsx'
import { prepareTrend } from '../sheet/axis.ts'
import { SheetTable } from '../sheet/sheet-table.tsx'
import { ChangeWords } from './change-words.tsx'
import { Definition } from './definition.tsx'
import styles from './overview.module.css'
import { headline, headlineIds } from './panels.ts'
import { Sparkline } from './sparkline.tsx'

/** The four numbers that everybody looks at first. */
export function Stats({ answer }: { answer: Answer<AnalyticsReply> }) {
  const { bookmark } = useBookmark()
  const state = panelState(answer, { metrics: headlineIds, filtered: bookmark.filters.length > 0, maybeUnreported: false })
  const heading = useId()
  useSpoken(answer)
  return (
    <section
      className={styles.stats}
      aria-labelledby={heading}
      aria-busy={answer.waiting}
      data-panel={headline.id}
      data-state={state.kind}
      id={headline.id}
      data-stale={answer.stale}
    >
      <h2 className="unseen" id={heading}>
        {headline.title}
      </h2>
      {state.kind === 'ready' && isTable(bookmark, headline.id) ? (
        <div className={styles.whole}>
          <SheetTable caption={headline.title} sheet={headline.sheet(state.reply, bookmark)} />
        </div>
      ) : state.kind === 'ready' || state.kind === 'loading' ? (
        headlineIds.map((id) => <Stat key={id} id={id} reply={state.kind === 'ready' ? state.reply : null} />)
      ) : (
        <div className={styles.whole}>
          <StateWords state={state} answer={answer} metrics={headlineIds} />
        </div>
      )}
    </section>
  )
}

/** Who does not see the page hears what a change of it came to. */
function useSpoken({ reply, stale }: Answer<AnalyticsReply>): void {
  useEffect(() => {
    if (reply === null || stale) return
    const [people, messages] = [reply.total.active_people, reply.total.messages]
    announce(`${shown(people, 'count')} active people, ${shown(messages, 'count')} messages.`)
  }, [reply, stale])
}

function Stat({ id, reply }: { id: MetricId; reply: AnalyticsReply | null }) {
  const { change } = useBookmark()
  const value = reply?.total[id]
  return (
    <article className={styles.stat} aria-label={metrics[id].label}>
      <div className={styles.statHead}>
        <h3>{metrics[id].label}</h3>
        <Definition id={id} />
      </div>
      {reply === null ? (
        <Skeleton className={styles.statSkeleton} />
      ) : (
        <>
          <p className={styles.value} data-hidden={isHidden(value)}>
            {shown(value, unitOf(id))}
          </p>
          <ChangeWords value={value} base={reply.comparison?.total[id]} unit={unitOf(id)} compared={reply.comparison !== null} />
          {id === 'messages' && (
            <button type="button" className={styles.why} onClick={() => change({ open: 'reconciliation' })}>
              Why does this differ from the API?
            </button>
          )}
          <StatSpark id={id} reply={reply} />
        </>
      )}
    </article>
  )
}

function StatSpark({ id, reply }: { id: MetricId; reply: AnalyticsReply }) {
  const { bookmark } = useBookmark()
  const { points } = prepareTrend(reply, id, { step: stepOf(bookmark), today: today() })
  return (
    <Sparkline
      values={points.map(({ value }) => (typeof value === 'number' ? value : null))}
      lastIsPartial={points.at(-1)?.partial === true}
    />
  )
}
