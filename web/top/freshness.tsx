import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Temporal } from 'temporal-polyfill'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { utcMoment } from '../format.ts'
import { now } from '../page.ts'
import { freshnessOf } from './how-fresh.ts'
import styles from './top.module.css'

export function Freshness({ dataThrough }: { dataThrough: string | null }) {
  const { bookmark } = useBookmark()
  if (dataThrough === null) return <p className={styles.fresh} />
  const { level, words } = freshnessOf(Temporal.Instant.from(dataThrough), now())
  const { day, time, localTime } = utcMoment(dataThrough)
  const Icon = level === 'fresh' ? IconCircleCheck : IconAlertTriangle
  return (
    <p className={styles.fresh} data-level={level}>
      <Icon aria-hidden size={16} />
      <Link to="/sources" search={sameWorkspace(bookmark)}>
        Data through{' '}
        <time dateTime={dataThrough}>
          {day}, {time} UTC
        </time>{' '}
        <span data-testid="your-time">({localTime} your time)</span>
        {words !== null && <strong> · {words}: which source?</strong>}
      </Link>
    </p>
  )
}
