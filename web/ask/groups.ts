import { type AnalyticsReply, analyticsReply } from '../../contract/analytics.ts'
import { printSearch } from '../bookmark/bookmark.ts'
import { type Filter, filterCalled, filterWords } from '../bookmark/filters.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { nameOf } from '../sheet/sheet.ts'
import { type Answer, useReply } from './use-answer.ts'

/** All groups of the workspace with their members, whatever the page is narrowed to: those of last week, which every reader may ask for. */
export function useGroups(wanted: boolean): Answer<AnalyticsReply> {
  const { workspace } = useBookmark()
  const search = printSearch({ workspace_id: workspace ?? '', metrics: 'members', by: 'group', range: 'last-week' })
  return useReply(workspace === null || !wanted ? null : `/api/analytics/query${search}`, analyticsReply)
}

/** Filters in words, groups by their names once these are known. */
export function useFilterWords(): (filter: Filter) => string {
  const { bookmark } = useBookmark()
  const { reply } = useGroups(bookmark.filters.some(({ on }) => on === 'group'))
  const names = new Map((reply?.rows ?? []).map((row) => [row.group, String(nameOf(row, 'group'))]))
  return (filter) => {
    const name = filter.on === 'group' ? names.get(filter.value) : undefined
    return name === undefined ? filterWords(filter) : filterCalled(filter, name)
  }
}
