import type { Dimension, MetricId } from '../../contract/metrics.ts'
import { type Step, usualStep } from '../../contract/periods.ts'
import { type Bookmark, printSearch } from '../bookmark/bookmark.ts'
import { printFilters } from '../bookmark/filters.ts'

/** What a panel asks; the range, the comparison and the filters are the page's. */
export interface Question {
  readonly metrics: readonly MetricId[]
  readonly by: readonly Dimension[]
}

/** The call of the API that answers it: what is on the screen, anybody with a key can ask again. */
export function questionAddress({ metrics, by }: Question, bookmark: Bookmark, workspace: string): string {
  const search = printSearch({
    workspace_id: workspace,
    metrics: metrics.join(','),
    ...(by.length > 0 ? { by: by.join(',') } : {}),
    range: bookmark.range.text,
    ...(bookmark.vs === 'off' ? {} : { vs: bookmark.vs }),
    ...printFilters(bookmark.filters),
  })
  return `/api/analytics/query${search}`
}

export function reconciliationAddress(bookmark: Bookmark, workspace: string): string {
  const { range, metric, filters } = bookmark
  const opened = metric === 'messages' ? {} : { metric }
  const search = printSearch({ workspace_id: workspace, range: range.text, ...opened, ...printFilters(filters) })
  return `/api/analytics/reconciliation${search}`
}

/** Days, weeks or months: the reader's choice, or what the length of the range suggests. */
export function stepOf({ step, range }: Bookmark): Step {
  return step ?? usualStep(range)
}
