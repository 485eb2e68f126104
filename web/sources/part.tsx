import { IconLock } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import type { Answer } from '../ask/use-answer.ts'
import panel from '../panel/panel.module.css'
import { Failed, Waiting, Words } from '../panel/state-words.tsx'

export interface PartProps {
  readonly id: string
  readonly title: string
  readonly sentence: string
  readonly children: ReactNode
  readonly waiting?: boolean
  readonly state?: string
}

/** A part of the page: its question, what it tells, and its answer. */
export function Part({ id, title, sentence, children, waiting = false, state = 'ready' }: PartProps) {
  const heading = useId()
  return (
    <section className={panel.panel} data-part={id} data-state={state} aria-labelledby={heading} aria-busy={waiting}>
      {waiting && <div className={panel.bar} />}
      <header className={panel.head}>
        <div>
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          <p className={panel.definition}>{sentence}</p>
        </div>
      </header>
      <div className={panel.body}>{children}</div>
    </section>
  )
}

/** The state an answer is in, as panels name theirs. */
export function stateOf({ reply, problem, waiting }: Pick<Answer<unknown>, 'reply' | 'problem' | 'waiting'>): string {
  if (problem?.status === 401) return 'signed-out'
  if (problem?.status === 403) return 'not-permitted'
  if (reply !== null) return 'ready'
  if (problem !== null && !waiting) return 'failed'
  return waiting ? 'loading' : 'cancelled'
}

export interface AnsweredProps<R> {
  readonly answer: Answer<R>
  /** Whom it is for, where the reader's role does not show it. */
  readonly seenBy: string
  children(reply: R): ReactNode
}

/** A reply in whatever state it is; the children only draw. */
export function Answered<R>({ answer, seenBy, children }: AnsweredProps<R>) {
  const { reply, problem, stale } = answer
  const state = stateOf(answer)
  if (state === 'signed-out') return <Words icon={IconLock} title="Your session has ended." act="Sign in" onAct={() => location.reload()} />
  if (state === 'not-permitted')
    return (
      <Words icon={IconLock} title="Your role does not show this.">
        It is for {seenBy}; an owner can give you such a role.
      </Words>
    )
  if (state === 'failed' && problem !== null) return <Failed problem={problem} retry={answer.retry} />
  if (reply === null)
    return state === 'loading' ? (
      <Waiting cancel={answer.cancel} />
    ) : (
      <Words icon={IconLock} title="Not loaded." act="Load" onAct={answer.retry} />
    )
  return (
    <div data-stale={stale}>
      {children(reply)}
      {problem !== null && (
        <p className={panel.failed} role="status">
          This is what was known before: {problem.message}.{' '}
          <button type="button" className={panel.link} onClick={answer.retry}>
            Retry
          </button>
        </p>
      )}
    </div>
  )
}
