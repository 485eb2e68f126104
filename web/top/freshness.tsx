import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { Temporal } from 'temporal-polyfill'
import { utcMoment } from '../format.ts'
import { now } from '../page.ts'
import { freshnessOf } from './how-fresh.ts'
import styles from './top.module.css'

export function Freshness({ dataThrough }: { dataThrough: string | null }) {
  if (dataThrough === null) return <p className={styles.fresh} />
  const { level, words } = freshnessOf(Temporal.Instant.from(dataThrough), now())
  const { day, time, localTime } = utcMoment(dataThrough)
  const Icon = level === 'fresh' ? IconCircleCheck : IconAlertTriangle
  return (
    <p className={styles.fresh} data-level={level}>
      <Icon aria-hidden size={16} />
      <span>
        Data through{' '}
        <time dateTime={dataThrough}>
          {day}, {time} UTC
        </time>{' '}
        <span data-testid="your-time">({localTime} your time)</span>
        {words !== null && <strong> · {words}</strong>}
      </span>
    </p>
  )
}
