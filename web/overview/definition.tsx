import { Popover } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { reconciledMetrics } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import styles from './overview.module.css'

/** What a figure counts, behind a button of its own, and the way to what it is made of. */
export function Definition({ id }: { id: MetricId }) {
  const { change } = useBookmark()
  const [opened, setOpened] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const metric = reconciledMetrics.find((one) => one === id)
  const open = () => {
    // The dialog gives the focus back to where it was, and this popover will be gone.
    button.current?.focus()
    setOpened(false)
    if (metric) change({ open: 'reconciliation', metric })
  }
  return (
    <Popover width={280} position="bottom-end" shadow="md" withRoles opened={opened} onChange={setOpened}>
      <Popover.Target>
        <button
          ref={button}
          type="button"
          className={styles.info}
          aria-label={`What are ${metrics[id].label.toLowerCase()}?`}
          onClick={() => setOpened(!opened)}
        >
          <IconInfoCircle aria-hidden size={17} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={styles.definition}>{metrics[id].sentence}</p>
        {metric && (
          <button type="button" className={styles.why} onClick={open}>
            Why does this differ from the API?
          </button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
