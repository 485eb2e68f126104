import type { AnalyticsReply } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { shown } from '../format.ts'
import { Panel } from '../panel/panel.tsx'
import { drawable } from '../sheet/sheet.ts'
import { ChangeWords } from './change-words.tsx'
import styles from './overview.module.css'
import { shares } from './panels.ts'

const lines = [
  { share: 'tool_share', people: 'people_using_tools', name: 'Tools' },
  { share: 'gpt_share', people: 'people_using_gpts', name: 'GPTs' },
  { share: 'project_share', people: 'people_using_projects', name: 'Projects' },
  { share: 'connector_share', people: 'people_using_connectors', name: 'Connectors' },
  { share: 'skill_share', people: 'people_using_skills', name: 'Skills' },
] as const satisfies { share: MetricId; people: MetricId; name: string }[]

export function SharesPanel() {
  return (
    <Panel spec={shares} size="chart" wide={4} definition="Each among all active people of the range. A person may be in several.">
      {(reply) => (
        <ul className={styles.shares}>
          {lines.map((line) => (
            <Share key={line.share} {...line} reply={reply} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Share({ share, people, name, reply }: (typeof lines)[number] & { reply: AnalyticsReply }) {
  const value = reply.total[share]
  return (
    <li>
      <div className={styles.shareHead}>
        <span>{name}</span>
        <span>
          <strong>{shown(value, 'share')}</strong>{' '}
          {value !== null && <span className={styles.quiet}>{shown(reply.total[people], 'count')} people</span>}
        </span>
      </div>
      <div className={styles.track} title={metrics[share].sentence}>
        <div style={{ width: `${Math.min(1, drawable(value) ?? 0) * 100}%` }} />
      </div>
      <ChangeWords value={value} base={reply.comparison?.total[share]} unit="share" compared={reply.comparison !== null} />
    </li>
  )
}
