import type { Temporal } from 'temporal-polyfill'

export interface HowFresh {
  readonly level: 'fresh' | 'late' | 'too-late'
  /** null: nothing to say. */
  readonly words: string | null
}

/** Amber past 12 hours, red past the 48 that the providers promise. */
export function freshnessOf(dataThrough: Temporal.Instant, now: Temporal.Instant): HowFresh {
  const hours = dataThrough.until(now).total('hours')
  if (hours <= 12) return { level: 'fresh', words: null }
  const late = hours < 48 ? `${Math.floor(hours)} hours ago` : `${Math.floor(hours / 24)} days ago`
  return { level: hours <= 48 ? 'late' : 'too-late', words: `${late}: counting is behind` }
}
