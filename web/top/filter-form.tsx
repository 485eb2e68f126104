import { SegmentedControl } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { type AnalyticsReply, type AnalyticsRow, analyticsReply, type FilterId } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import { useGroups } from '../ask/groups.ts'
import { questionAddress } from '../ask/question.ts'
import { type Answer, useReply } from '../ask/use-answer.ts'
import { type Filter, filterNames, roleNames } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { isHidden, shown } from '../format.ts'
import { drawable, figureOf, nameOf } from '../sheet/sheet.ts'
import styles from './top.module.css'

/** People have a page of their own: that filter comes with it. */
const offered = ['model_family', 'group', 'role', 'model', 'tool', 'gpt', 'project', 'source'] as const satisfies FilterId[]
type Offered = (typeof offered)[number]

/** What a value is ranked by: tools answer, they do not send, and a group has members. */
const rankedBy = (on: Offered): MetricId => (on === 'tool' ? 'tool_messages' : on === 'group' ? 'members' : 'messages')

export function FilterForm({ add }: { add(filter: Filter): void }) {
  const [on, setOn] = useState<Offered>('model_family')
  const [not, setNot] = useState(false)
  const [text, setText] = useState('')
  const search = useRef<HTMLInputElement>(null)
  // The form arrives after the popover that holds the focus.
  useEffect(() => search.current?.focus(), [])
  const answer = useValues(on)
  const all = on === 'role' ? roleChoices : choicesOf(answer.reply, on)
  const choices = all.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        const [first] = choices
        if (first) add({ on, value: first.value, not })
      }}
    >
      <label className={styles.named}>
        What
        <select value={on} onChange={(event) => setOn(offered.find((one) => one === event.currentTarget.value) ?? on)}>
          {offered.map((one) => (
            <option key={one} value={one}>
              {filterNames[one]}
            </option>
          ))}
        </select>
      </label>
      <SegmentedControl
        aria-label="Is or is not"
        size="xs"
        data={[
          { value: 'is', label: 'is' },
          { value: 'not', label: 'is not' },
        ]}
        value={not ? 'not' : 'is'}
        onChange={(value) => setNot(value === 'not')}
      />
      <label className={styles.named}>
        Search
        <input ref={search} type="search" value={text} autoComplete="off" onChange={(event) => setText(event.currentTarget.value)} />
      </label>
      <Choices choices={choices} waiting={answer.waiting} failed={answer.problem !== null} choose={(value) => add({ on, value, not })} />
    </form>
  )
}

/** The values that occur in what the page shows; of groups all there are. Roles are always the same ones. */
function useValues(on: Offered): Answer<AnalyticsReply> {
  const { bookmark, workspace } = useBookmark()
  const groups = useGroups(on === 'group')
  const isAsked = workspace !== null && on !== 'group' && on !== 'role'
  const answer = useReply(isAsked ? questionAddress({ metrics: [rankedBy(on)], by: [on] }, bookmark, workspace) : null, analyticsReply)
  return on === 'group' ? groups : answer
}

interface Choice {
  readonly value: string
  readonly name: string
  readonly amount: string
}

const roleChoices: Choice[] = Object.entries(roleNames).map(([value, name]) => ({ value, name, amount: '' }))
const origins: Readonly<Record<string, string>> = { directory: 'directory', manual: 'made by hand' }

function choicesOf(reply: AnalyticsReply | null, on: Offered): Choice[] {
  const metric = rankedBy(on)
  const rows = (reply?.rows ?? []).filter((row) => typeof row[on] === 'string' && row[on] !== '')
  return [...rows]
    .sort((a, b) => (drawable(b[metric]) ?? 0) - (drawable(a[metric]) ?? 0))
    .map((row) => ({
      value: String(row[on]),
      name: String(nameOf(row, on)),
      amount: on === 'group' ? groupWords(row) : shown(drawable(row[metric]), 'count'),
    }))
}

/** `12 people, directory` */
function groupWords(row: AnalyticsRow): string {
  const members = figureOf(row.members)
  const people = `${shown(members, 'count')}${isHidden(members) ? '' : members === 1 ? ' person' : ' people'}`
  return `${people}, ${origins[String(row.group_origin)] ?? 'unknown'}`
}

interface ChoicesProps {
  readonly choices: readonly Choice[]
  readonly waiting: boolean
  readonly failed: boolean
  choose(value: string): void
}

function Choices({ choices, waiting, failed, choose }: ChoicesProps) {
  if (failed) return <p className={styles.note}>The values could not be read.</p>
  if (choices.length === 0) return <p className={styles.note}>{waiting ? 'Reading the values …' : 'There is nothing like this.'}</p>
  return (
    <ul className={styles.values}>
      {choices.slice(0, 50).map(({ value, name, amount }) => (
        <li key={value}>
          <button type="button" onClick={() => choose(value)}>
            <span>{name}</span> <span className={styles.amount}>{amount}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
