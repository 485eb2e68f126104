import styles from './overview.module.css'

export interface SparklineProps {
  readonly values: readonly (number | null)[]
  readonly lastIsPartial: boolean
}

const [width, height] = [200, 36]

/** The shape of a figure over the range; the chart below says it in full, so it is no more than decoration to a screen reader. */
export function Sparkline({ values, lastIsPartial }: SparklineProps) {
  const largest = Math.max(1, ...values.map((value) => value ?? 0))
  const stride = values.length > 1 ? width / (values.length - 1) : 0
  const points = values.map(
    (value, at) => `${(at * stride).toFixed(1)},${(height - 2 - ((value ?? 0) / largest) * (height - 4)).toFixed(1)}`,
  )
  const finished = lastIsPartial ? points.slice(0, -1) : points
  const [first = '0,0'] = points
  return (
    <svg className={styles.spark} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {finished.length > 1 && (
        <>
          <polygon
            className={styles.sparkArea}
            points={`${first.split(',')[0]},${height} ${finished.join(' ')} ${finished.at(-1)?.split(',')[0]},${height}`}
          />
          <polyline className={styles.sparkLine} points={finished.join(' ')} />
        </>
      )}
      {lastIsPartial && points.length > 1 && <polyline className={styles.sparkPartial} points={points.slice(-2).join(' ')} />}
    </svg>
  )
}
