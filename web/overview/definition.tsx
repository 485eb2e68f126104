import { Popover } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import styles from './overview.module.css'

/** What a figure counts, behind a button of its own. */
export function Definition({ id }: { id: MetricId }) {
  return (
    <Popover width={280} position="bottom-end" shadow="md" withRoles>
      <Popover.Target>
        <button type="button" className={styles.info} aria-label={`What are ${metrics[id].label.toLowerCase()}?`}>
          <IconInfoCircle aria-hidden size={17} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={styles.definition}>{metrics[id].sentence}</p>
      </Popover.Dropdown>
    </Popover>
  )
}
