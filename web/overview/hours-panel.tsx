import { SegmentedControl } from '@mantine/core'
import type { AnalyticsReply } from '../../contract/analytics.ts'
import { metrics } from '../../contract/metrics.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { isHidden, shown, written } from '../format.ts'
import { Panel } from '../panel/panel.tsx'
import styles from './hours.module.css'
import { type HourCell, heatKey, prepareHours } from './hours.ts'
import { hours } from './panels.ts'

export function HoursPanel() {
  const { bookmark, change } = useBookmark()
  const controls = (
    <SegmentedControl
      aria-label="What is counted"
      size="xs"
      data={[
        { value: 'messages', label: metrics.messages.label },
        { value: 'active_people', label: metrics.active_people.label },
      ]}
      value={bookmark.hours}
      onChange={(value) => change({ hours: value === 'active_people' ? value : 'messages' })}
    />
  )
  return (
    <Panel spec={{ ...hours, metrics: [bookmark.hours] }} size="heat" wide={12} controls={controls}>
      {(reply) => <HeatMap reply={reply} metric={bookmark.hours} />}
    </Panel>
  )
}

/** A heat map is a table: the figure stands in the cell, the colour only repeats it. */
function HeatMap({ reply, metric }: { reply: AnalyticsReply; metric: 'messages' | 'active_people' }) {
  const grid = prepareHours(reply, metric)
  const [monday] = grid.days
  return (
    <>
      <p className={styles.sentence}>
        {grid.peak === null ? 'Nothing in the range.' : `Most on ${grid.peak} UTC: ${written(grid.largest, 'count')}.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
      <section className={styles.box} tabIndex={0} aria-label={`${metrics[metric].label} by weekday and hour`}>
        <table className={styles.heat}>
          <caption className="unseen">{metrics[metric].label} by weekday and hour, UTC</caption>
          <thead>
            <tr>
              <th scope="col">UTC</th>
              {monday?.cells.map(({ hour }) => (
                <th key={hour} scope="col">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.days.map(({ name, cells }) => (
              <tr key={name}>
                <th scope="row">
                  <abbr title={name}>{name.slice(0, 3)}</abbr>
                </th>
                {cells.map((cell) => (
                  <Heat key={cell.hour} cell={cell} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Key largest={grid.largest} />
    </>
  )
}

function Heat({ cell: { value, heat } }: { cell: HourCell }) {
  if (isHidden(value)) return <td data-heat="0">hidden</td>
  return <td data-heat={heat}>{shown(value, 'count')}</td>
}

function Key({ largest }: { largest: number }) {
  return (
    <ul className={styles.key} aria-label="Colours">
      {heatKey(largest).map(({ heat, from, to }) => (
        <li key={heat}>
          <span data-heat={heat} />
          {from === to ? written(from, 'count') : `${written(from, 'count')}–${written(to, 'count')}`}
        </li>
      ))}
    </ul>
  )
}
