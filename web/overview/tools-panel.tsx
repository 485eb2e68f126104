import type { AnalyticsReply } from '../../contract/analytics.ts'
import { metrics } from '../../contract/metrics.ts'
import { withFilter } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { shown } from '../format.ts'
import { Panel } from '../panel/panel.tsx'
import { drawable, figureOf, type SheetRow } from '../sheet/sheet.ts'
import { ChangeWords } from './change-words.tsx'
import styles from './overview.module.css'
import { tools } from './panels.ts'
import { RankBar, SortHead } from './ranking.tsx'

export function ToolsPanel() {
  return (
    <Panel spec={tools} size="list" wide={7}>
      {(reply) => <ToolTable reply={reply} />}
    </Panel>
  )
}

const columns = [
  { column: 'tool', name: 'Tool' },
  { column: 'tool_messages', name: metrics.tool_messages.label },
  { column: 'people_using_tools', name: 'People' },
  { column: 'tool_share', name: 'Of active people' },
]

/** The ranking; a tool narrows the page to it. */
function ToolTable({ reply }: { reply: AnalyticsReply }) {
  const { bookmark, change } = useBookmark()
  const { rows } = tools.sheet(reply, bookmark)
  const most = Math.max(1, ...rows.map((row) => drawable(row.tool_messages) ?? 0))
  const compared = reply.comparison !== null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section className={styles.toolBox} tabIndex={0} aria-label="Tools, ranked">
      <table className={styles.tools}>
        <caption className="unseen">Tools by tool messages, people and change</caption>
        <thead>
          <tr>
            {columns.map((one) => (
              <SortHead key={one.column} {...one} sort={bookmark.sort} onSort={(sort) => change({ sort })} />
            ))}
            {compared && <th scope="col">Change of messages</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ToolRow key={String(row.tool)} row={row} most={most} compared={compared} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={styles.quiet}>No tool was used.</p>}
    </section>
  )
}

interface ToolRowProps {
  readonly row: SheetRow
  readonly most: number
  readonly compared: boolean
}

function ToolRow({ row, most, compared }: ToolRowProps) {
  const { bookmark, change } = useBookmark()
  const name = String(row.tool)
  const messages = figureOf(row.tool_messages)
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className={styles.rowButton}
          aria-label={`${name}: show only conversations with it`}
          onClick={() => change({ filters: withFilter(bookmark.filters, { on: 'tool', value: name, not: false }) })}
        >
          {name}
        </button>
      </th>
      <td>
        <RankBar value={messages} most={most} unit="count" />
      </td>
      <td>{shown(figureOf(row.people_using_tools), 'count')}</td>
      <td>{shown(figureOf(row.tool_share), 'share')}</td>
      {compared && (
        <td>
          <ChangeWords value={messages} base={figureOf(row.tool_messages_before)} unit="count" compared brief />
        </td>
      )}
    </tr>
  )
}
