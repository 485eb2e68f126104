import type { AnalyticsReply } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { isHidden, shown, unitOf } from '../format.ts'
import { Panel, type PanelProps } from '../panel/panel.tsx'
import type { PanelSpec } from '../panel/spec.ts'
import { ChangeWords } from './change-words.tsx'
import { Definition } from './definition.tsx'
import styles from './overview.module.css'

/** Figures of the whole range side by side. */
export function TilesPanel({ spec, wide }: { spec: PanelSpec; wide: PanelProps['wide'] }) {
  return (
    <Panel spec={spec} size="tiles" wide={wide} definition={null}>
      {(reply) => (
        <dl className={styles.tiles}>
          {spec.metrics.map((id) => (
            <Tile key={id} id={id} reply={reply} />
          ))}
        </dl>
      )}
    </Panel>
  )
}

function Tile({ id, reply }: { id: MetricId; reply: AnalyticsReply }) {
  const value = reply.total[id]
  return (
    <div className={styles.tile}>
      <dt>
        {metrics[id].label} <Definition id={id} />
      </dt>
      <dd>
        <span className={styles.tileValue} data-hidden={isHidden(value)}>
          {shown(value, unitOf(id))}
        </span>
        <ChangeWords value={value} base={reply.comparison?.total[id]} unit={unitOf(id)} compared={reply.comparison !== null} />
      </dd>
    </div>
  )
}
