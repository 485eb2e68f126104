import { Popover } from '@mantine/core'
import { IconCalendar, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { type KeyboardEvent, lazy, Suspense } from 'react'
import type { Range } from '../../contract/periods.ts'
import { neighbour, presets, rangeName, recentMonths, recentWeeks } from '../bookmark/ranges.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { today } from '../page.ts'
import { useHands } from '../shell/hands.tsx'
import { noTransition } from '../theme.ts'
import styles from './top.module.css'

const Calendar = lazy(() => import('./calendar.tsx').then(({ Calendar }) => ({ default: Calendar })))

export function RangePicker() {
  const { bookmark, change } = useBookmark()
  const { opened, open, close } = useHands()
  const choose = (text: string) => {
    change({ range: { text } })
    close()
  }
  return (
    <div className={styles.joined}>
      <Neighbour direction={-1} range={bookmark.range} />
      <Popover
        opened={opened === 'range'}
        onDismiss={close}
        trapFocus
        returnFocus
        transitionProps={noTransition}
        position="bottom-start"
        withRoles
        shadow="md"
        middlewares={{ flip: true, shift: { padding: 8 } }}
      >
        <Popover.Target>
          <button
            type="button"
            className={styles.button}
            aria-label={`Range: ${rangeName(bookmark.range)}`}
            aria-haspopup="dialog"
            onClick={() => (opened === 'range' ? close() : open('range'))}
          >
            <IconCalendar aria-hidden size={17} />
            {rangeName(bookmark.range)}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={styles.picker}>
          <Choices chosen={bookmark.range} choose={choose} />
        </Popover.Dropdown>
      </Popover>
      <Neighbour direction={1} range={bookmark.range} />
    </div>
  )
}

function Neighbour({ direction, range }: { direction: -1 | 1; range: Range }) {
  const { move } = useHands()
  const Icon = direction < 0 ? IconChevronLeft : IconChevronRight
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={direction < 0 ? 'One period back' : 'One period on'}
      disabled={neighbour(range, direction, today()) === null}
      onClick={() => move(direction)}
    >
      <Icon aria-hidden size={18} />
    </button>
  )
}

interface ChoicesProps {
  readonly chosen: Range
  choose(text: string): void
}

/** While it is open, each preset's letter chooses it. */
function Choices({ chosen, choose }: ChoicesProps) {
  const day = today()
  const byLetter = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey) return
    const preset = presets.find(({ letter }) => letter === event.key)
    if (preset) choose(preset.text)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the letters are shortcuts to the buttons inside
    <div className={styles.choices} onKeyDown={byLetter}>
      <ul className={styles.presets}>
        {presets.map(({ text, letter, name }) => (
          <li key={text}>
            <button
              type="button"
              aria-pressed={chosen.text === text}
              data-autofocus={chosen.text === text || undefined}
              onClick={() => choose(text)}
            >
              <span>{name}</span> <kbd>{letter}</kbd>
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.custom}>
        <Named label="A month" options={recentMonths(day)} chosen={chosen.text} choose={choose} />
        <Named label="A week, Sunday to Saturday" options={recentWeeks(day)} chosen={chosen.text} choose={choose} />
        <Suspense fallback={<div className={styles.calendarSpace} />}>
          <Calendar range={chosen} today={day} act="Show these days" choose={choose} />
        </Suspense>
        <p className={styles.note}>Days are UTC. At most 12 months, and never past today.</p>
      </div>
    </div>
  )
}

interface NamedProps extends Omit<ChoicesProps, 'chosen'> {
  readonly label: string
  readonly options: readonly { text: string; name: string }[]
  readonly chosen: string
}

function Named({ label, options, chosen, choose }: NamedProps) {
  const known = options.some(({ text }) => text === chosen)
  return (
    <label className={styles.named}>
      {label}
      <select value={known ? chosen : ''} onChange={(event) => choose(event.currentTarget.value)}>
        {!known && <option value="">choose …</option>}
        {options.map(({ text, name }) => (
          <option key={text} value={text}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
