import type { AnalyticsReply } from '../../contract/analytics.ts'
import { metrics } from '../../contract/metrics.ts'
import { useFilterWords } from '../ask/groups.ts'
import type { Answer } from '../ask/use-answer.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { daysSpan, utcMoment, written } from '../format.ts'
import styles from './panel.module.css'
import type { PanelSpec } from './spec.ts'

/** Where the figures come from, down to the call that anybody with a key can make again. */
export function HowComputed({ spec, answer }: { spec: PanelSpec; answer: Answer<AnalyticsReply> }) {
  const { bookmark } = useBookmark()
  const filterWords = useFilterWords()
  const { reply, address } = answer
  const through = reply?.data_through == null ? null : utcMoment(reply.data_through)
  const filters = bookmark.filters.length === 0 ? 'none' : bookmark.filters.map(filterWords).join(', ')
  return (
    <section className={styles.how} aria-label={`How “${spec.title}” is computed`}>
      <dl>
        {spec.metrics.map((id) => (
          <div key={id}>
            <dt>{metrics[id].label}</dt>
            <dd>{metrics[id].sentence}</dd>
          </div>
        ))}
        {reply && (
          <>
            <Line name="Days">{`${daysSpan(reply.range)}, UTC, both ends included${reply.comparison ? `; compared with ${daysSpan(reply.comparison)}` : ''}`}</Line>
            <Line name="Filters">{filters}</Line>
            <Line name="Counted by">{`rules version ${reply.rules_version}, ${written(reply.rows_read, 'count')} rows read`}</Line>
            <Line name="Data through">{through ? `${through.day}, ${through.time} UTC` : 'nothing yet'}</Line>
          </>
        )}
        <div>
          <dt>The same from the API</dt>
          <dd>
            <code className={styles.call}>GET {decodeURIComponent(address)}</code>
          </dd>
        </div>
      </dl>
    </section>
  )
}

function Line({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
