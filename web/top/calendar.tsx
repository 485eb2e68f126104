import { DatePicker } from '@mantine/dates'
import { useState } from 'react'
import type { Temporal } from 'temporal-polyfill'
import '@mantine/dates/styles.css'
import type { Range } from '../../contract/periods.ts'
import { rangeOrNot } from '../bookmark/bookmark.ts'
import styles from './top.module.css'

export interface CalendarProps {
  readonly range: Range
  readonly today: Temporal.PlainDate
  /** What its button says. */
  readonly act: string
  choose(text: string): void
}

type Ends = [string | null, string | null]

/** Days by hand. The calendar deals in days as texts, so no time zone comes near them. */
export function Calendar({ range, today, act, choose }: CalendarProps) {
  const [ends, setEnds] = useState<Ends>([range.first.toString(), range.last.toString()])
  const [first, last] = ends
  const text = first !== null && last !== null ? `${first}..${last}` : null
  const possible = text !== null && rangeOrNot(text, today) !== undefined
  return (
    <div>
      <DatePicker
        type="range"
        size="xs"
        value={ends}
        onChange={setEnds}
        allowSingleDateInRange
        firstDayOfWeek={0}
        hideOutsideDates
        weekendDays={[]}
        highlightToday={false}
        defaultDate={range.last.toString()}
        maxDate={today.toString()}
        ariaLabels={{ previousMonth: 'Previous month', nextMonth: 'Next month' }}
      />
      <button type="button" className={styles.main} disabled={!possible} onClick={() => text !== null && choose(text)}>
        {act}
      </button>
      {text !== null && !possible && <p className={styles.note}>That is longer than 12 months.</p>}
    </div>
  )
}
