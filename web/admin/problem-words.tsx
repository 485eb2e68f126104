import { createContext, useContext } from 'react'
import { Problem } from '../ask/problem.ts'
import styles from './admin.module.css'

/** What was refused in the form that a field stands in. */
export const ProblemContext = createContext<Problem | null>(null)

/** What was said about one field; null: nothing. */
export function useFieldProblem(name: string): string | null {
  const problem = useContext(ProblemContext)
  if (problem === null) return null
  const said = problem.message.split('; ').find((part) => part.startsWith(`${name}: `) || part.startsWith(`${name}.`))
  if (said !== undefined) return said.replace(/^[^ ]*: /, '')
  return problem.param === name ? problem.message : null
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(0, error instanceof Error ? error.message : 'that did not work', null)
}

/** A no in words, with the way on where there is one. */
export function ProblemWords({ problem }: { problem: Problem }) {
  const next = encodeURIComponent(`${location.pathname}${location.search}`)
  return (
    <div className={styles.problem} role="alert">
      {problem.code === 'sign_in_again' ? (
        <p>
          This is sensitive, and you signed in a while ago: sign in again, then repeat it here.{' '}
          <a href={`/sign-in?next=${next}`}>Sign in again</a>
        </p>
      ) : (
        <p>
          {problem.message.charAt(0).toUpperCase() + problem.message.slice(1)}.{' '}
          {problem.status === 401 && <a href={`/sign-in?next=${next}`}>Sign in</a>}
        </p>
      )}
      {problem.status >= 500 && problem.requestId !== null && (
        <p>
          Request <code>{problem.requestId}</code>
        </p>
      )}
    </div>
  )
}
