import type { FilterId } from '../../contract/analytics.ts'
import type { Dimension } from '../../contract/metrics.ts'
import type { Binds } from './sql.ts'
import type { Slice } from './sql-facts.ts'

/** One query that yields some figures per cell, with what the engine needs to know to put it together with others. */
export interface Part {
  /** What it counts, as it is called in a refusal. */
  readonly counts: string
  readonly by: ReadonlySet<Dimension>
  readonly filters: ReadonlySet<FilterId>
  /** Its figures, and what they are in a cell of which it says nothing. */
  readonly columns: Readonly<Record<string, 0 | null>>
  /** Its figures are sums: those of cells that do not overlap add up to those of the whole, which is then not asked for again. */
  readonly adds?: true
  /** A rolling figure is that of so many days up to the last day of each step, and has one value per step. */
  readonly window?: number
  /** `wanted`: those of its figures that are asked for; some cost extra. */
  select(slice: Slice, binds: Binds, wanted: ReadonlySet<string>): string
}

export const calendarDimensions = ['day', 'week', 'month', 'weekday', 'hour'] as const
export const ownerDimensions = ['person', 'gpt', 'project', 'source'] as const
export const modelDimensions = ['model', 'model_family'] as const
export const usedDimensions = ['tool', 'skill', 'connector'] as const
export const messageFilters: ReadonlySet<FilterId> = new Set([...ownerDimensions, ...modelDimensions, ...usedDimensions])
export const messageDimensions: ReadonlySet<Dimension> = new Set([...calendarDimensions, ...messageFilters])
