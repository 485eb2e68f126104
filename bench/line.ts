import type { Cleanup } from './support/cleanup.ts'
import type { Quiet } from './support/quiet.ts'

/** What a line is run with. */
export interface Bench {
  readonly cleanup: Cleanup
  readonly quick: boolean
  readonly quiet: Quiet
  /** Says what is going on, on standard error. */
  say(text: string): void
}

/** A figure to reach, of what was measured or of its ratio to the control. */
export interface Goal {
  readonly of: 'measured' | 'ratio'
  readonly atLeast?: number
  readonly atMost?: number
}

export interface Row {
  readonly name: string
  readonly unit: string
  readonly measured: number
  /** The same done with nothing of ours in between, in the same run. */
  readonly control: number | null
  /** What the control was. */
  readonly against: string | null
  readonly goal: Goal | null
}

export interface Line {
  readonly name: string
  readonly about: string
  run(bench: Bench): Promise<Row[]>
}

export function ratioOf({ measured, control }: Row): number | null {
  return control === null || control === 0 ? null : measured / control
}

/** null: there is no goal. */
export function isMet(row: Row): boolean | null {
  if (!row.goal) return null
  const value = row.goal.of === 'ratio' ? ratioOf(row) : row.measured
  if (value === null) return null
  return value >= (row.goal.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (row.goal.atMost ?? Number.POSITIVE_INFINITY)
}
