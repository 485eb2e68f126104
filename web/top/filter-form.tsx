import { SegmentedControl } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { AnalyticsReply, FilterId } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import { useAnswer } from '../ask/use-answer.ts'
import { type Filter, filterNames } from '../bookmark/filters.ts'
import { shown } from '../format.ts'
import { drawable, nameOf } from '../sheet/sheet.ts'
import styles from './top.module.css'

/** Groups and roles need a directory, people a page of their own: those filters come with them. */
const offered = ['model_family', 'model', 'tool', 'gpt', 'project', 'source'] as const satisfies FilterId[]

/** What a value is ranked by: tools answer, they do not send. */
const rankedBy = (on: FilterId): MetricId => (on === 'tool' ? 'tool_messages' : 'messages')

export function FilterForm({ add }: { add(filter: Filter): void }) {
  const [on, setOn] = useState<(typeof offered)[number]>('model_family')
  const [not, setNot] = useState(false)
  const [text, setText] = useState('')
  const search = useRef<HTMLInputElement>(null)
  // The form arrives after the popover that holds the focus.
  useEffect(() => search.current?.focus(), [])
  const answer = useAnswer({ metrics: [rankedBy(on)], by: [on] })
  const choices = choicesOf(answer.reply, on).filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
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

interface Choice {
  readonly value: string
  readonly name: string
  readonly amount: string
}

function choicesOf(reply: AnalyticsReply | null, on: FilterId): Choice[] {
  const metric = rankedBy(on)
  const rows = (reply?.rows ?? []).filter((row) => typeof row[on] === 'string' && row[on] !== '')
  return [...rows]
    .sort((a, b) => (drawable(b[metric]) ?? 0) - (drawable(a[metric]) ?? 0))
    .map((row) => ({ value: String(row[on]), name: String(nameOf(row, on)), amount: shown(drawable(row[metric]), 'count') }))
}

interface ChoicesProps {
  readonly choices: readonly Choice[]
  readonly waiting: boolean
  readonly failed: boolean
  choose(value: string): void
}

function Choices({ choices, waiting, failed, choose }: ChoicesProps) {
  if (failed) return <p className={styles.note}>The values could not be read.</p>
  if (choices.length === 0) return <p className={styles.note}>{waiting ? 'Reading the values …' : 'Nothing like this in the range.'}</p>
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
