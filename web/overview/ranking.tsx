import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { ShownValue } from '../../contract/analytics.ts'
import type { Metric } from '../../contract/metrics.ts'
import { isHidden, shown } from '../format.ts'
import styles from './overview.module.css'

export interface SortHeadProps {
  readonly column: string
  readonly name: string
  /** A column, with `-` before it from the largest down. */
  readonly sort: string
  onSort(sort: string): void
}

/** The head of a column; pressed again it turns the order around. */
export function SortHead({ column, name, sort, onSort }: SortHeadProps) {
  const down = sort === `-${column}`
  const sorted = down || sort === column
  const Icon = down ? IconArrowDown : IconArrowUp
  return (
    <th scope="col" aria-sort={sorted ? (down ? 'descending' : 'ascending') : undefined}>
      <button type="button" className={styles.sort} onClick={() => onSort(down ? column : `-${column}`)}>
        {name}
        {sorted && <Icon aria-hidden size={14} />}
      </button>
    </th>
  )
}

/** A figure with its part of the largest. */
export function RankBar({ value, most, unit }: { value: ShownValue; most: number; unit: Metric['unit'] }) {
  return (
    <span className={styles.bar}>
      <span className={styles.barTrack}>
        <span style={{ width: `${((isHidden(value) ? 0 : (value ?? 0)) / most) * 100}%` }} />
      </span>
      {shown(value, unit)}
    </span>
  )
}
