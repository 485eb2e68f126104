import type { ReactNode } from 'react'
import styles from './charts.module.css'

/** What every chart has in common with the others. */
export const axis = {
  stroke: 'var(--line)',
  tick: { fill: 'var(--quiet)', fontSize: 12 },
  tickLine: false,
  axisLine: false,
} as const
export const grid = { stroke: 'var(--line)', strokeDasharray: '2 4', vertical: false } as const

export interface FigureProps {
  readonly name: string
  readonly sentence: string
  readonly keys?: ReactNode
  readonly children: ReactNode
}

/** A chart with its name and its sentence; the table view says the rest. */
export function Figure({ name, sentence, keys, children }: FigureProps) {
  return (
    <figure className={styles.figure} aria-label={name}>
      <figcaption className={styles.caption}>
        <span>{sentence}</span>
        {keys !== undefined && <span className={styles.keys}>{keys}</span>}
      </figcaption>
      <div className={styles.space}>
        <div className={styles.chart}>{children}</div>
      </div>
    </figure>
  )
}

export function TooltipBox({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.tooltip}>
      <p className={styles.tooltipTitle}>{title}</p>
      {children}
    </div>
  )
}
