import type { AnalyticsReply } from '../../contract/analytics.ts'
import type { MetricId } from '../../contract/metrics.ts'
import type { Question } from '../ask/question.ts'
import type { Bookmark } from '../bookmark/bookmark.ts'
import type { Sheet } from '../sheet/sheet.ts'

/** A panel but for its drawing. The page, the download menu and the table view all read it. */
export interface PanelSpec {
  readonly id: string
  /** A question. */
  readonly title: string
  /** The metrics it is about, the most important first: their sentences are its definition. */
  readonly metrics: readonly MetricId[]
  readonly maybeUnreported?: boolean
  ask(bookmark: Bookmark): Question
  sheet(reply: AnalyticsReply, bookmark: Bookmark): Sheet
}

export function isTable({ tables }: Bookmark, id: string): boolean {
  return tables === 'all' || tables.includes(id)
}

/** The same with one panel turned over. */
export function turnedOver(tables: Bookmark['tables'], id: string, all: readonly string[]): string[] {
  const now = tables === 'all' ? all : tables
  return now.includes(id) ? now.filter((one) => one !== id) : [...now, id]
}
