import { Modal } from '@mantine/core'
import { rangeOrNot } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { today } from '../page.ts'
import { Calendar } from './calendar.tsx'
import styles from './top.module.css'

/** A comparison with days of one's own, which may be of another number than those of the range. */
export function ComparisonDays({ close }: { close(): void }) {
  const { bookmark, change } = useBookmark()
  const day = today()
  const choose = (vs: string) => {
    change({ vs })
    close()
  }
  return (
    <Modal opened onClose={close} title="Compare with" size="auto" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Calendar range={rangeOrNot(bookmark.vs, day) ?? bookmark.range} today={day} act="Compare with these days" choose={choose} />
      <p className={styles.note}>Where their number differs from that of the range, totals differ for that reason alone.</p>
    </Modal>
  )
}
