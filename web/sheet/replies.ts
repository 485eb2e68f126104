import type { AnalyticsReply, AnalyticsRow } from '../../contract/analytics.ts'

/** A reply for tests, with what matters to them. */
export function replyOf(rows: AnalyticsRow[], more: Partial<AnalyticsReply> = {}): AnalyticsReply {
  return {
    range: { text: '2026-11-01..2026-11-03', first: '2026-11-01', last: '2026-11-03', running: false },
    rows,
    total: {},
    comparison: null,
    hidden: [],
    data_through: '2026-11-21T07:12:00Z',
    rules_version: 1,
    rows_read: 10,
    ...more,
  }
}

export const daysBefore = (rows: AnalyticsRow[]): AnalyticsReply['comparison'] => ({
  range: '2026-10-29..2026-10-31',
  first: '2026-10-29',
  last: '2026-10-31',
  total: {},
  rows,
})
