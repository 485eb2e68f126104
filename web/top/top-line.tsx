import type { AnalyticsReply } from '../../contract/analytics.ts'
import { fixed } from '../bookmark/ranges.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { daysSpan } from '../format.ts'
import type { PanelSpec } from '../panel/spec.ts'
import { Alert } from './alert.tsx'
import { ComparisonMenu } from './comparison-menu.tsx'
import { DownloadMenu } from './download-menu.tsx'
import { FilterChips, FilterPicker } from './filters.tsx'
import { Freshness } from './freshness.tsx'
import { RangePicker } from './range-picker.tsx'
import styles from './top.module.css'

export interface TopLineProps {
  readonly title: string
  readonly specs: readonly PanelSpec[]
  /** The first answer of the page: it says which days were meant and how fresh they are. */
  readonly reply: AnalyticsReply | null
}

/** The top of every page: what it is, and of which days, compared with what, narrowed by what. */
export function TopLine({ title, specs, reply }: TopLineProps) {
  const { ignored, change } = useBookmark()
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          <SpanWords reply={reply} />
        </div>
        <Freshness dataThrough={reply?.data_through ?? null} />
      </header>
      <div className={styles.line} role="toolbar" aria-label="Range, comparison, filters">
        <RangePicker />
        <ComparisonMenu />
        <FilterPicker />
        <DownloadMenu specs={specs} />
      </div>
      <FilterChips />
      {ignored.length > 0 && (
        <Alert onDismiss={() => change({})} words="All right">
          {ignored.join(' ')}
        </Alert>
      )}
    </>
  )
}

function SpanWords({ reply }: Pick<TopLineProps, 'reply'>) {
  const { bookmark } = useBookmark()
  const [first = '', last = ''] = fixed(bookmark.range).split('..')
  const comparison = bookmark.vs === 'off' ? null : reply?.comparison
  return (
    <p className={styles.span} data-testid="span">
      <time dateTime={`${first}/${last}`}>{daysSpan({ first, last })}</time>
      {reply?.range.running === true && ', so far'}
      {comparison && (
        <>
          {' '}
          compared with <time dateTime={`${comparison.first}/${comparison.last}`}>{daysSpan(comparison)}</time>
        </>
      )}
      <span className={styles.zone}> · days in UTC</span>
    </p>
  )
}
