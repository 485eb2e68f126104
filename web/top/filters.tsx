import { Popover } from '@mantine/core'
import { IconFilter, IconX } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useFilterWords } from '../ask/groups.ts'
import { type Filter, withFilter, withoutFilter } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { useHands } from '../shell/hands.tsx'
import { noTransition } from '../theme.ts'
import styles from './top.module.css'

const FilterForm = lazy(() => import('./filter-form.tsx').then(({ FilterForm }) => ({ default: FilterForm })))

export function FilterPicker() {
  const { bookmark, change } = useBookmark()
  const { opened, open, close } = useHands()
  const add = (filter: Filter) => {
    change({ filters: withFilter(bookmark.filters, filter) })
    close()
  }
  return (
    <Popover
      opened={opened === 'filters'}
      onDismiss={close}
      trapFocus
      returnFocus
      transitionProps={noTransition}
      withRoles
      position="bottom-start"
      shadow="md"
      width={320}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.button}
          aria-haspopup="dialog"
          onClick={() => (opened === 'filters' ? close() : open('filters'))}
        >
          <IconFilter aria-hidden size={17} />
          Filter
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense fallback={<div className={styles.formSpace} />}>
          <FilterForm add={add} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}

/** The only truth about what the page is narrowed by. */
export function FilterChips() {
  const { bookmark, change } = useBookmark()
  const { filters } = bookmark
  const filterWords = useFilterWords()
  if (filters.length === 0) return null
  return (
    <section className={styles.chips} aria-label="Filters">
      {filters.map((filter) => (
        <span key={`${filter.on} ${filter.value}`} className={styles.chip}>
          <button
            type="button"
            aria-label={`${filterWords(filter)}. Turn into “is${filter.not ? '' : ' not'}”`}
            onClick={() => change({ filters: withFilter(filters, { ...filter, not: !filter.not }) })}
          >
            {filterWords(filter)}
          </button>
          <button
            type="button"
            aria-label={`Remove the filter: ${filterWords(filter)}`}
            onClick={() => change({ filters: withoutFilter(filters, filter) })}
          >
            <IconX aria-hidden size={14} />
          </button>
        </span>
      ))}
      <button type="button" className={styles.clear} onClick={() => change({ filters: [] })}>
        Clear
      </button>
    </section>
  )
}
