import type { Temporal } from 'temporal-polyfill'
import type { FilterId } from '../../contract/analytics.ts'
import type { Dimension, MetricId } from '../../contract/metrics.ts'
import type { Period } from '../../contract/periods.ts'
import type { Membership } from './groups.ts'

/** A condition on rows, with items as the ledger's numbers: any of `any` (when there are any), and none of `none`. */
export interface Filter {
  readonly id: FilterId
  readonly any: readonly (string | number)[]
  readonly none: readonly (string | number)[]
}

/** What is asked of the facts: numbers only, no name and no id of the world outside. */
export interface Question {
  readonly metrics: readonly MetricId[]
  readonly by: readonly Dimension[]
  readonly period: Period
  readonly comparison: Period | null
  readonly filters: readonly Filter[]
  readonly today: Temporal.PlainDate
  /** Who belongs where at the end of the period, and of the comparison; not needed where nothing of the question is about groups or roles. */
  readonly membership?: Membership | null
  readonly membershipBefore?: Membership | null
}

/** A key is what a dimension's column holds: a day, a name, the number of an item, a weekday or an hour. */
export type Key = string | number

export interface CountedRow {
  /** In the order of the question's dimensions. */
  readonly keys: readonly Key[]
  /** In the order of the question's metrics; null where one is not defined, such as a mean over nothing. */
  readonly values: readonly (number | null)[]
}

export interface Counted {
  readonly rows: readonly CountedRow[]
  readonly total: readonly (number | null)[]
}
