import { Skeleton } from '@mantine/core'
import styles from './overview.module.css'

/** The room of a chart whose code is still on its way; the sentence is there at once. */
export function ChartSpace({ sentence }: { sentence: string }) {
  return (
    <div className={styles.chartSpace}>
      <p className={styles.sentence}>{sentence}</p>
      <Skeleton className={styles.chartSkeleton} />
    </div>
  )
}
