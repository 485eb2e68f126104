import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react'
import type { ShownValue } from '../../contract/analytics.ts'
import type { Metric } from '../../contract/metrics.ts'
import { changeOf, shown } from '../format.ts'
import styles from './overview.module.css'

export interface ChangeWordsProps {
  readonly value: ShownValue | undefined
  readonly base: ShownValue | undefined
  readonly unit: Metric['unit']
  readonly compared: boolean
  /** Without what it was before. */
  readonly brief?: boolean
}

const icons = { up: IconArrowUpRight, down: IconArrowDownRight, same: IconMinus }
const words = { up: 'Up ', down: 'Down ', same: '' }

/** More is not better and less is not worse: an arrow and a word, no red and green. */
export function ChangeWords({ value, base, unit, compared, brief = false }: ChangeWordsProps) {
  if (!compared || value === null || value === undefined) return <p className={styles.change} />
  const change = changeOf(value, base, unit)
  if (change === null) return <p className={styles.change}>nothing to compare with</p>
  const Icon = icons[change.direction]
  return (
    <p className={styles.change} data-direction={change.direction}>
      <span className={styles.changed}>
        <Icon aria-hidden size={16} />
        <span className="unseen">{words[change.direction]}</span>
        <strong>{change.text}</strong>
      </span>
      {change.direction !== 'same' && !brief && <span className={styles.before}>from {shown(base, unit)}</span>}
    </p>
  )
}
