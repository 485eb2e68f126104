import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReplayReply } from '../../contract/sources.ts'
import { announce } from '../announce.tsx'
import { Problem } from '../ask/problem.ts'
import { written } from '../format.ts'
import type { LetterView } from './letter-view.ts'
import { sendAgain } from './send-again.ts'
import styles from './sources.module.css'
import { reasonWords } from './words.ts'

export interface ReplayProps {
  readonly workspace: string
  readonly view: LetterView
  readonly selected: readonly number[]
  /** null: a replay has begun. */
  onOutcome(outcome: Outcome | null): void
}

export type Outcome = Pick<ReplayReply, 'taken' | 'refused' | 'unfit'>

/** Sends refusals through the intake again and says what became of them. */
export function Replay({ workspace, view, selected, onOutcome }: ReplayProps) {
  const queries = useQueryClient()
  const [running, setRunning] = useState<number | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const start = async (numbers: readonly number[] | null) => {
    if (running !== null) return
    setRunning(0)
    setProblem(null)
    onOutcome(null)
    try {
      const done = await sendAgain(workspace, view, numbers, setRunning)
      onOutcome(done)
      announce(outcomeWords(done))
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, 'the server cannot be reached', null))
    } finally {
      setRunning(null)
      await queries.invalidateQueries()
    }
  }
  return (
    <div className={styles.replay}>
      <button
        type="button"
        className={styles.main}
        data-command="replay"
        aria-keyshortcuts="p"
        disabled={selected.length === 0 || running !== null}
        onClick={() => void start(selected)}
      >
        Replay {selected.length === 0 ? 'the selected' : written(selected.length, 'count')} <kbd aria-hidden>p</kbd>
      </button>
      <button type="button" className={styles.button} disabled={running !== null} onClick={() => void start(null)}>
        Replay all of this list
      </button>
      {running !== null && <p role="status">Sending again … {running > 0 && `${written(running, 'count')} done`}</p>}
      {problem !== null && (
        <p className={styles.bad} role="alert">
          This could not be replayed: {problem.message}. {problem.requestId !== null && <code>Request {problem.requestId}</code>}
        </p>
      )}
    </div>
  )
}

function outcomeWords({ taken, refused, unfit }: Outcome): string {
  const parts = [`${written(taken.length, 'count')} accepted`, `${written(refused.length, 'count')} refused again`]
  if (unfit.length > 0) parts.push(`${written(unfit.length, 'count')} left as they are`)
  return parts.join(', ')
}

/** Stays when the list it was about is empty. */
export function OutcomeWords(outcome: Outcome) {
  const reasons = Map.groupBy(outcome.refused, ({ code }) => code)
  return (
    <div className={styles.outcome} data-testid="outcome">
      <p>
        <strong>{outcomeWords(outcome)}.</strong>
        {outcome.unfit.length > 0 && ' Of those, nothing was kept that could be sent again.'}
      </p>
      {reasons.size > 0 && (
        <ul>
          {[...reasons].map(([code, letters]) => (
            <li key={code}>
              {reasonWords(code)}:{' '}
              {letters
                .slice(0, 20)
                .map(({ number }) => number)
                .join(', ')}
              {letters.length > 20 && ' …'}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
