import { IconUsersGroup } from '@tabler/icons-react'
import type { AnalyticsReply } from '../../contract/analytics.ts'
import { withFilter } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { isHidden, shown } from '../format.ts'
import { Panel } from '../panel/panel.tsx'
import { Words } from '../panel/state-words.tsx'
import { figureOf, type SheetRow } from '../sheet/sheet.ts'
import { ChangeWords } from './change-words.tsx'
import { groupSheet, groups } from './groups-spec.ts'
import styles from './overview.module.css'
import { RankBar, SortHead } from './ranking.tsx'

export function GroupsPanel() {
  return (
    <Panel
      spec={groups}
      size="list"
      wide={12}
      definition="Groups as of the last day of the range. A person may be in several, so they do not add up. Active in a week: of the members, in the whole weeks of the range."
    >
      {(reply) => <GroupTable reply={reply} />}
    </Panel>
  )
}

const columns = [
  { column: 'group', name: 'Group' },
  { column: 'weekly_share', name: 'Active in a week' },
  { column: 'members', name: 'People' },
  { column: 'activation_rate', name: 'Activated' },
  { column: 'messages_per_weekly_person', name: 'Messages per weekly user' },
  { column: 'messages', name: 'Messages' },
]

/** The ranking; a group narrows the page to it. */
function GroupTable({ reply }: { reply: AnalyticsReply }) {
  const { bookmark, change } = useBookmark()
  const { rows } = groupSheet(reply, bookmark.groupSort)
  const compared = reply.comparison !== null
  if (rows.length === 0) return <NoGroups filtered={bookmark.filters.length > 0} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section className={styles.toolBox} tabIndex={0} aria-label="Groups, ranked">
      <table className={styles.tools}>
        <caption className="unseen">Groups by people, activity, messages and change</caption>
        <thead>
          <tr>
            {columns.map((one) => (
              <SortHead key={one.column} {...one} sort={bookmark.groupSort} onSort={(groupSort) => change({ groupSort })} />
            ))}
            {compared && <th scope="col">Change of messages</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) =>
            isHiddenRow(row) ? (
              <HiddenRow key={String(row.id)} row={row} compared={compared} />
            ) : (
              <GroupRow key={String(row.id)} row={row} compared={compared} />
            ),
          )}
        </tbody>
      </table>
    </section>
  )
}

const isHiddenRow = (row: SheetRow) => isHidden(row.members) || isHidden(row.messages)

interface RowProps {
  readonly row: SheetRow
  readonly compared: boolean
}

function GroupRow({ row, compared }: RowProps) {
  const { bookmark, change } = useBookmark()
  const name = String(row.group)
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className={styles.rowButton}
          aria-label={`${name}: show only its members`}
          onClick={() => change({ filters: withFilter(bookmark.filters, { on: 'group', value: String(row.id), not: false }) })}
        >
          {name}
        </button>
        <Origin row={row} />
      </th>
      <td>
        <RankBar value={figureOf(row.weekly_share)} most={1} unit="share" />
      </td>
      <td>{shown(figureOf(row.members), 'count')}</td>
      <td>{shown(figureOf(row.activation_rate), 'share')}</td>
      <td>{shown(figureOf(row.messages_per_weekly_person), 'ratio')}</td>
      <td>{shown(figureOf(row.messages), 'count')}</td>
      {compared && (
        <td>
          <ChangeWords value={figureOf(row.messages)} base={figureOf(row.messages_before)} unit="count" compared brief />
        </td>
      )}
    </tr>
  )
}

/** One sentence for the whole row: a figure of it would be as good as another. */
function HiddenRow({ row, compared }: RowProps) {
  return (
    <tr data-hidden>
      <th scope="row">
        {String(row.group)}
        <Origin row={row} />
      </th>
      <td colSpan={columns.length - (compared ? 0 : 1)} className={styles.quiet}>
        Hidden for privacy: fewer than 10 people, or what would give them away
      </td>
    </tr>
  )
}

const Origin = ({ row }: { row: SheetRow }) => (row.group_origin === 'manual' ? <span className={styles.quiet}> made by hand</span> : null)

function NoGroups({ filtered }: { filtered: boolean }) {
  if (filtered) return <Words icon={IconUsersGroup} title="No group has a member who fits the filters." />
  return (
    <Words icon={IconUsersGroup} title="No source has reported groups yet.">
      They appear here once a directory is connected or groups are sent.
    </Words>
  )
}
