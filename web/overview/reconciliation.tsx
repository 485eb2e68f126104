import { Modal, Skeleton } from '@mantine/core'
import { type ChangeEvent, useEffect, useState } from 'react'
import { type ReconciliationReply, reconciledMetrics } from '../../contract/analytics.ts'
import { metrics } from '../../contract/metrics.ts'
import { sentenceOf } from '../ask/problem.ts'
import { useReconciliation } from '../ask/use-answer.ts'
import { filterWords } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { daysSpan, utcMoment, written } from '../format.ts'
import styles from './reconciliation.module.css'
import { saveSheetOf } from './reconciliation-sheet.ts'
import { prepareWaterfall, type WaterfallStep } from './waterfall.ts'

export function Reconciliation() {
  const { change } = useBookmark()
  useFocusGivenBack()
  return (
    <Modal
      opened
      onClose={() => change({ open: null })}
      title="Why do these numbers differ from the API?"
      size="56rem"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: styles.title }}
    >
      <Opened />
    </Modal>
  )
}

/** Closing takes the whole dialog away, and with it what would give the focus back. */
function useFocusGivenBack(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus()
    },
    [before],
  )
}

function Opened() {
  const { bookmark } = useBookmark()
  const { reply, problem, waiting, retry } = useReconciliation()
  if (problem !== null && !waiting)
    return (
      <div role="alert" className={styles.problem}>
        <p>
          {problem.status === 400 || problem.status === 422 ? sentenceOf(problem) : `This could not be worked out: ${problem.message}`}.
        </p>
        {problem.requestId !== null && (
          <p>
            Request <code>{problem.requestId}</code>
          </p>
        )}
        <button type="button" className={styles.button} onClick={retry}>
          Retry
        </button>
      </div>
    )
  if (reply === null) return <Skeleton height={420} />
  return (
    <div aria-busy={waiting}>
      <Choice />
      <p className={styles.lead}>
        {lead(reply)}, {daysSpan(reply.range)}
        {bookmark.filters.length > 0 && <>, where {bookmark.filters.map(filterWords).join(', ')}</>}. From one to the other:
      </p>
      <Waterfall reply={reply} />
      <Verdict reply={reply} />
    </div>
  )
}

const leads = {
  messages: 'The compliance API returns whole conversations that changed since the range began; this page counts what belongs to it',
  conversations:
    'The compliance API returns conversations that changed since the range began; this page counts those in which people wrote within it',
  people: 'The compliance API lists everybody of the workspace; this page counts who sent messages within the range',
}

const lead = ({ metric, unit }: ReconciliationReply) =>
  metric === 'messages'
    ? 'The compliance API returns whole conversations that changed since the range began; this page counts what people sent within it'
    : leads[unit]

/** Every number that opens, one beside the other. */
function Choice() {
  const { bookmark, change } = useBookmark()
  const choose = (event: ChangeEvent<HTMLSelectElement>) => {
    const metric = reconciledMetrics.find((one) => one === event.target.value)
    if (metric) change({ metric })
  }
  return (
    <label className={styles.choice}>
      Number{' '}
      <select value={bookmark.metric} onChange={choose}>
        {reconciledMetrics.map((metric) => (
          <option key={metric} value={metric}>
            {metrics[metric].label}
          </option>
        ))}
      </select>
    </label>
  )
}

function Waterfall({ reply }: { reply: ReconciliationReply }) {
  return (
    <table className={styles.table}>
      <caption className="unseen">{metrics[reply.metric].label}: from what the API returns to what is counted here</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col" className={styles.number}>
            Number
          </th>
          <th scope="col" className={styles.wide}>
            What is left
          </th>
        </tr>
      </thead>
      <tbody>
        {prepareWaterfall(reply.steps).map((step) => (
          <Step key={step.step} {...step} />
        ))}
      </tbody>
    </table>
  )
}

const signs = { start: '', minus: '−', plus: '+', end: '=' }

function Step({ sign, name, sentence, amount, from, to }: WaterfallStep) {
  return (
    <tr data-kind={sign}>
      <th scope="row">
        {name}
        <span className={styles.sentence}>{sentence}</span>
      </th>
      <td className={styles.number}>
        {signs[sign]} {written(amount, 'count')}
      </td>
      <td className={styles.wide}>
        <span className={styles.track}>
          <span style={{ marginInlineStart: `${from}%`, width: `${Math.max(to - from, 0.4)}%` }} />
        </span>
      </td>
    </tr>
  )
}

function Verdict({ reply }: { reply: ReconciliationReply }) {
  const { bookmark } = useBookmark()
  const through = reply.data_through === null ? null : utcMoment(reply.data_through)
  const surfaced = reply.surfaced_conversations
  return (
    <>
      <p className={styles.verdict} data-holds={reply.adds_up}>
        {reply.adds_up
          ? 'It adds up: the last line is the figure on this page.'
          : 'It does not add up with the figure on this page: something was committed between the two counts, or one of them is wrong. Reload; if it stays, report it.'}
      </p>
      <p className={styles.small}>
        {reply.unit !== 'people' &&
          `${written(surfaced, 'count')} ${surfaced === 1 ? 'conversation was' : 'conversations were'} returned only because something other than a message changed, such as a title or who it is shared with. `}
        {through && `Data through ${through.day}, ${through.time} UTC.`}
      </p>
      <button type="button" className={styles.button} onClick={() => void saveSheetOf(reply, bookmark)}>
        Download as CSV
      </button>
    </>
  )
}
