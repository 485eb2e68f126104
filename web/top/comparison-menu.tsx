import { Menu } from '@mantine/core'
import { IconArrowsLeftRight, IconCheck } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { type Period, previous, type Range, sameWeekdays, yearEarlier } from '../../contract/periods.ts'
import { rangeOrNot } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { daysSpan } from '../format.ts'
import { today } from '../page.ts'
import styles from './top.module.css'

const ComparisonDays = lazy(() => import('./comparison-days.tsx').then(({ ComparisonDays }) => ({ default: ComparisonDays })))

const choices: readonly { vs: string; name: string; periodOf(range: Range): Period | null }[] = [
  { vs: 'prev', name: 'Previous period', periodOf: previous },
  { vs: 'year', name: 'Year earlier', periodOf: yearEarlier },
  { vs: 'weekdays', name: 'Same weekdays', periodOf: sameWeekdays },
  { vs: 'off', name: 'No comparison', periodOf: () => null },
]

/** With which days the range is compared. */
export function ComparisonMenu() {
  const { bookmark, change } = useBookmark()
  const [choosing, setChoosing] = useState(false)
  const own = choices.every(({ vs }) => vs !== bookmark.vs)
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={290}>
        <Menu.Target>
          <button type="button" className={styles.button}>
            <IconArrowsLeftRight aria-hidden size={17} />
            {chosenWords(bookmark.vs)}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {choices.map(({ vs, name, periodOf }) => (
            <Menu.Item key={vs} leftSection={<Mark chosen={vs === bookmark.vs} />} onClick={() => change({ vs })}>
              {name}
              {vs === bookmark.vs && <span className="unseen">, chosen</span>}
              <span className={styles.itemNote}>{spanWords(periodOf(bookmark.range))}</span>
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<Mark chosen={own} />} onClick={() => setChoosing(true)}>
            Choose the days …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{choosing && <ComparisonDays close={() => setChoosing(false)} />}</Suspense>
    </>
  )
}

function Mark({ chosen }: { chosen: boolean }) {
  return chosen ? <IconCheck aria-hidden size={16} /> : <span className={styles.noCheck} />
}

function chosenWords(vs: string): string {
  const choice = choices.find((one) => one.vs === vs)
  if (vs === 'off') return 'No comparison'
  return `vs ${choice ? choice.name.toLowerCase() : spanWords(rangeOrNot(vs, today()) ?? null)}`
}

function spanWords(period: Period | null): string {
  return period === null ? '' : daysSpan({ first: period.first.toString(), last: period.last.toString() })
}
