import { IconCircleCheck, IconClock } from '@tabler/icons-react'
import type { SourcesReply } from '../../contract/sources.ts'
import { utcMoment, written } from '../format.ts'
import styles from './sources.module.css'
import { spanWords } from './words.ts'

/** More than this is worth a word: the counts are usually there within two seconds. */
const worthAWord = 10

/** How far the counts of every page have come. */
export function CountedLine({ counted }: { counted: SourcesReply['counted'] | null }) {
  if (counted === null) return <p className={styles.counted} />
  const { data_through: through, lag_seconds: lag, entries_behind: behind } = counted
  if (through === null) return <p className={styles.counted}>Nothing has been counted yet.</p>
  const { day, time, localTime } = utcMoment(through)
  const isBehind = lag > worthAWord
  const Icon = isBehind ? IconClock : IconCircleCheck
  return (
    <p className={styles.counted} data-behind={isBehind}>
      <Icon aria-hidden size={16} />
      <span>
        The counts hold everything up to{' '}
        <time dateTime={through}>
          {day}, {time} UTC
        </time>{' '}
        ({localTime} your time)
        {isBehind && (
          <strong>
            {' '}
            · {spanWords(lag)} behind, {written(behind, 'count')} entries to go
          </strong>
        )}
      </span>
    </p>
  )
}
