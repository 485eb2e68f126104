import { Skeleton } from '@mantine/core'
import { IconClockPause, IconEyeOff, IconFilterOff, IconLock, IconMoodEmpty, IconPlugOff, IconRefreshAlert } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { AnalyticsReply } from '../../contract/analytics.ts'
import { type MetricId, metrics } from '../../contract/metrics.ts'
import { roleScopes, roles } from '../../contract/people.ts'
import { useFilterWords } from '../ask/groups.ts'
import { type Problem, sentenceOf } from '../ask/problem.ts'
import type { Answer } from '../ask/use-answer.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import styles from './panel.module.css'
import type { PanelState } from './state.ts'

export interface StateWordsProps {
  readonly state: Exclude<PanelState, { kind: 'ready' }>
  readonly answer: Answer<AnalyticsReply>
  readonly metrics: readonly MetricId[]
}

/** What stands where figures would, and the one thing to do about it. */
export function StateWords({ state, answer, metrics: ids }: StateWordsProps) {
  const { bookmark, change } = useBookmark()
  const filterWords = useFilterWords()
  switch (state.kind) {
    case 'loading':
      return <Waiting cancel={answer.cancel} />
    case 'cancelled':
      return <Words icon={IconClockPause} title="Not loaded." act="Load" onAct={answer.retry} />
    case 'signed-out':
      return <Words icon={IconLock} title="Your session has ended." act="Sign in" onAct={() => location.reload()} />
    case 'not-permitted':
      return (
        <Words icon={IconLock} title="Your role does not show this.">
          It is for {seenBy}; an owner can give you such a role.
        </Words>
      )
    case 'unfit':
      return <Unfit problem={state.problem} />
    case 'failed':
      return <Failed problem={state.problem} retry={answer.retry} />
    case 'no-data':
      return (
        <Words icon={IconMoodEmpty} title="Nothing has been counted yet.">
          {metrics[ids[0] ?? 'messages'].label} will appear here once chats are imported or a source is connected.{' '}
          <a href="/sources">How to bring chats in</a>
        </Words>
      )
    case 'nothing-matches':
      return (
        <Words
          icon={IconMoodEmpty}
          title={`Nothing matches ${bookmark.filters.map(filterWords).join(', ')}.`}
          act="Remove the last filter"
          onAct={() => change({ filters: bookmark.filters.slice(0, -1) })}
        />
      )
    case 'hidden':
      return (
        <Words icon={IconEyeOff} title="Hidden for privacy.">
          Fewer than 10 people stand behind these figures.
        </Words>
      )
    case 'not-reported':
      return (
        <Words icon={IconPlugOff} title="No source reported any of this in the range.">
          A source that does not report it and one that has none look alike.
        </Words>
      )
  }
}

/** What is not answered as it is asked: where a range would help, one; else one filter less. */
function Unfit({ problem }: { problem: Problem }) {
  const { bookmark, change } = useBookmark()
  const words = { icon: IconFilterOff, title: `${sentenceOf(problem)}.` }
  if (problem.message.startsWith('range: '))
    return <Words {...words} act="Show the last whole month" onAct={() => change({ range: { text: 'last-month' }, vs: 'prev' })} />
  if (bookmark.filters.length === 0) return <Words {...words} />
  return <Words {...words} act="Remove the last filter" onAct={() => change({ filters: bookmark.filters.slice(0, -1) })} />
}

export function Failed({ problem: { message, requestId }, retry }: { problem: Problem; retry(): void }) {
  return (
    <Words icon={IconRefreshAlert} title={`This could not be counted: ${message}.`} act="Retry" onAct={retry} alarming>
      {requestId !== null && (
        <>
          Request <code>{requestId}</code>
        </>
      )}
    </Words>
  )
}

const seenBy = roles
  .filter((role) => roleScopes[role].includes('analytics:read'))
  .map((role) => role.replaceAll('_', ' '))
  .join(', ')

export interface WordsProps {
  readonly icon: typeof IconLock
  readonly title: string
  readonly children?: ReactNode
  readonly act?: string
  readonly alarming?: boolean
  onAct?(): void
}

export function Words({ icon: Icon, title, children, act, onAct, alarming = false }: WordsProps) {
  return (
    <div className={styles.words} role={alarming ? 'alert' : undefined}>
      <Icon aria-hidden size={28} stroke={1.5} />
      <p className={styles.wordsTitle}>{title}</p>
      {children !== undefined && <p className={styles.wordsMore}>{children}</p>}
      {act !== undefined && (
        <button type="button" className={styles.button} onClick={onAct}>
          {act}
        </button>
      )}
    </div>
  )
}

/** After this long a reader wants to know that it goes on. */
const longWait = 10_000

export function Waiting({ cancel }: { cancel(): void }) {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longWait)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={styles.waiting}>
      <Skeleton className={styles.skeleton} />
      <span className="unseen">Loading</span>
      {long && (
        <p className={styles.still} role="status">
          Still working.{' '}
          <button type="button" className={styles.link} onClick={cancel}>
            Cancel
          </button>
        </p>
      )}
    </div>
  )
}
