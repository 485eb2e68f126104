import { Menu } from '@mantine/core'
import { IconArrowsLeftRight, IconCheck } from '@tabler/icons-react'
import { type Period, previous, sameWeekdays, yearEarlier } from '../../contract/periods.ts'
import type { Bookmark } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { daysSpan } from '../format.ts'
import styles from './top.module.css'

const names: Record<string, string> = {
  prev: 'Previous period',
  year: 'Year earlier',
  weekdays: 'Same weekdays',
  off: 'No comparison',
}

/** With which days the range is compared. A range of one's own comes by link: `vs=2026-08-01..2026-08-28`. */
export function ComparisonMenu() {
  const { bookmark, change } = useBookmark()
  const { vs } = bookmark
  const name = names[vs] ?? 'Own days'
  return (
    <Menu position="bottom-start" shadow="md" width={290}>
      <Menu.Target>
        <button type="button" className={styles.button}>
          <IconArrowsLeftRight aria-hidden size={17} />
          {vs === 'off' ? name : `vs ${name.toLowerCase()}`}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(names).map(([key, label]) => (
          <Menu.Item
            key={key}
            leftSection={vs === key ? <IconCheck aria-hidden size={16} /> : <span className={styles.noCheck} />}
            onClick={() => change({ vs: key })}
          >
            {label}
            {vs === key && <span className="unseen">, chosen</span>}
            <span className={styles.itemNote}>{spanOf(bookmark, key)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function spanOf({ range }: Bookmark, vs: string): string {
  const period: Period | null =
    vs === 'prev' ? previous(range) : vs === 'year' ? yearEarlier(range) : vs === 'weekdays' ? sameWeekdays(range) : null
  return period === null ? '' : daysSpan({ first: period.first.toString(), last: period.last.toString() })
}
