import { IconAlertTriangle, IconCircleCheck, IconMoodEmpty, IconPlugConnectedX } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { Temporal } from 'temporal-polyfill'
import type { SourceState, SourceStatus } from '../../contract/sources.ts'
import { written } from '../format.ts'
import { now } from '../page.ts'
import { Words } from '../panel/state-words.tsx'
import { Moment } from './moment.tsx'
import { ScrollBox } from './scroll-box.tsx'
import styles from './sources.module.css'
import { kindWords, sourceName, spanWords, stateNames, stateSentences } from './words.ts'

const count = (value: number) => written(value, 'count')

/** A row per source, the latest trouble in words; by kind on request. */
export function SourceTable({ sources }: { sources: readonly SourceStatus[] }) {
  if (sources.length === 0)
    return (
      <Words icon={IconMoodEmpty} title="Nothing has come into this workspace yet.">
        Each source will have its row here: when it last sent something, and what became of it. How to connect one stands below.
      </Words>
    )
  return (
    <ScrollBox name="Sources">
      <table className={styles.table}>
        <caption className="unseen">Sources of this workspace and what came from each</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            <th scope="col">Last record arrived</th>
            <th scope="col">Newest record is from</th>
            {['Accepted', 'Updated', 'Duplicates', 'Refused'].map((name) => (
              <th key={name} scope="col" data-number="true">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <SourceRow key={source.source} {...source} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function SourceRow(status: SourceStatus) {
  const { source, state, last_received_at: last, newest_at: newest, lag_seconds: lag, kinds } = status
  const [open, setOpen] = useState(false)
  return (
    <Fragment>
      <tr>
        <th scope="row">
          {sourceName(source)}
          {kinds.length > 0 && (
            <button type="button" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Hide kinds' : 'By kind'}
              <span className="unseen"> of {sourceName(source)}</span>
            </button>
          )}
        </th>
        <td>
          <State state={state} last={last} />
        </td>
        <td>{last === null ? 'never' : <Moment at={last} />}</td>
        <td>
          {newest === null ? (
            'not reported by this source'
          ) : (
            <>
              <Moment at={newest} />
              {lag !== null && <span className={styles.small}>{spanWords(lag)} old</span>}
            </>
          )}
        </td>
        <td data-number="true">{count(status.accepted)}</td>
        <td data-number="true">{count(status.updated)}</td>
        <td data-number="true">{count(status.duplicates)}</td>
        <td data-number="true">
          {count(status.rejected)}
          {status.waiting > 0 && <span className={styles.small}>{count(status.waiting)} to replay</span>}
        </td>
      </tr>
      {open &&
        kinds.map(({ kind, accepted, updated, duplicates }) => (
          <tr key={kind} data-kind={kind}>
            <th scope="row">{kindWords(kind, 2)}</th>
            <td colSpan={3} />
            <td data-number="true">{count(accepted)}</td>
            <td data-number="true">{count(updated)}</td>
            <td data-number="true">{count(duplicates)}</td>
            <td />
          </tr>
        ))}
    </Fragment>
  )
}

/** Never a color alone: a mark, a word, and since when. */
function State({ state, last }: { state: SourceState; last: string | null }) {
  const Icon = state === 'on-time' ? IconCircleCheck : state === 'silent' ? IconPlugConnectedX : IconAlertTriangle
  const since = last === null ? null : Temporal.Instant.from(last).until(now()).total('seconds')
  return (
    <span className={styles.state} data-state={state} title={stateSentences[state]}>
      <Icon aria-hidden size={16} />
      {stateNames[state]}
      {state !== 'on-time' && since !== null && <span className={styles.since}>: nothing for {spanWords(since)}</span>}
    </span>
  )
}
